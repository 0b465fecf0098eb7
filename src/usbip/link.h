/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A byte stream to a server: TCP, or a spawned `ssh -W`. */
#ifndef USBIP_LINK_H
#define USBIP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/clock.h"
#include "usbip/address.h"
#include "usbip/ssh.h"

/* Embedded; fd is -1 when closed. The descriptor is non-blocking. One thread at a time. */
struct usbip_link {
	int fd;
	struct usbip_ssh ssh; /* where the address says so */
	bool heard;           /* something has come: ssh has connected */
};
#define USBIP_LINK_CLOSED ((struct usbip_link){ .fd = -1 })

/*
 * Resolves and connects, trying each address of the host in turn (IPv6 and IPv4 interleaved, the
 * next one started 250 ms after the last, RFC 8305) within the deadline. Sets TCP_NODELAY,
 * keepalive (2 s idle, every 1 s, 4 times) and TCP_USER_TIMEOUT. ORC_ENOCAMERA with "cannot connect to HOST:PORT",
 * the reason and what to do.
 *
 * By way of ssh it only begins: an ssh that does not connect makes the first reading fail with
 * ORC_ENOCAMERA.
 */
int usbip_link_connect(struct usbip_link *link, const struct usbip_address *address,
	struct deadline deadline, struct orc_error *err) must_check;
/*
 * The same from the local port of an earlier link to the same server, if it can be had: for where the
 * network was down, and the server may not have heard of the end of that link. Its TCP takes the new
 * connection's first packet for one of the old, answers, and is told by this machine's TCP that the
 * old connection is no more (RFC 9293, 3.5.1, "half-open connections"). A server that has no
 * keepalive, as usbipd, would count the old client for ever. 0: from any port; ssh starts from any.
 */
int usbip_link_connect_from(struct usbip_link *link, const struct usbip_address *address,
	uint16_t local_port, struct deadline deadline, struct orc_error *err) must_check;
/*
 * For a process in a sandbox, which makes no connections: from now on `connector` does what
 * usbip_link_connect_from() says, and there is no second connection beside the first, but by ssh.
 */
typedef int usbip_connector(struct usbip_link *link, const struct usbip_address *address,
	uint16_t local_port, struct deadline deadline, struct orc_error *err);
void usbip_link_connect_by(usbip_connector *connector);
bool usbip_link_is_sandboxed(void);
/* Host and port of the other end, in numbers; false where it is not connected, or by way of ssh. */
bool usbip_link_peer(const struct usbip_link *link, struct usbip_address *address);
/* The port at this end; 0 where there is none. */
uint16_t usbip_link_local_port(const struct usbip_link *link);
/*
 * Starts a second connection to where the first one goes, and does not wait for it: writing and
 * reading do, and fail where it comes to nothing. The descriptor is -1 where it cannot be started.
 */
void usbip_link_connect_beside(struct usbip_link *link, const struct usbip_link *first,
	const struct usbip_address *address);
/* With ssh it waits for the end of that process, for half a second at most: see usbip_ssh_end(). */
void usbip_link_close(struct usbip_link *link);
/*
 * The kernel has it: this end's descriptor is closed, while ssh goes on until the kernel lets go of
 * its own. usbip_link_close() ends that ssh as well; where this process ends first, it is init's.
 */
void usbip_link_leave(struct usbip_link *link);

/*
 * Reads what is there now, without waiting: how many bytes; ORC_EAGAIN where there is nothing; ORC_ELOST
 * at the stream's end or on an error, with the reason in err; ORC_ENOCAMERA where ssh has not connected.
 */
ssize_t usbip_link_readv(struct usbip_link *link, const struct iovec *iov, int iovcnt,
	struct orc_error *err) must_check;
/* Writes what fits now, without waiting: how many bytes, or as above. Never raises SIGPIPE. */
ssize_t usbip_link_writev(struct usbip_link *link, const struct iovec *iov, int iovcnt,
	struct orc_error *err) must_check;
/*
 * Waits until it can be read from or written to (POLLIN, POLLOUT): poll()'s revents, 0 when the deadline
 * has passed, ORC_ESIGNAL when a signal arrived, ORC_ELOST when poll() itself failed.
 */
int usbip_link_wait(struct usbip_link *link, short events, struct deadline deadline) must_check;

/*
 * All of the buffer, or an error: for the operations before there are URBs. Signals do not end them.
 * As above, and ORC_ETIMEOUT (by way of ssh that has not connected: ORC_ENOCAMERA).
 */
int usbip_link_read_all(struct usbip_link *link, void *buf, size_t len, struct deadline deadline,
	struct orc_error *err) must_check;
int usbip_link_write_all(struct usbip_link *link, const void *buf, size_t len,
	struct deadline deadline, struct orc_error *err) must_check;

#endif
