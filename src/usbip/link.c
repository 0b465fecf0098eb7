/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A byte stream to a server: read, written and waited for without ever blocking by itself. */
#include "usbip/link.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "usbip/tcp.h"

/* To start an ssh takes less. */
#define BESIDE_MSEC 1000

/* Of the process: it is in a sandbox, or it is not. */
static usbip_connector *connect_by;

void usbip_link_connect_by(usbip_connector *connector)
{
	connect_by = connector;
}

bool usbip_link_is_sandboxed(void)
{
	return connect_by != NULL;
}

int usbip_link_connect_from(struct usbip_link *link, const struct usbip_address *address,
	uint16_t local_port, struct deadline deadline, struct orc_error *err)
{
	*link = USBIP_LINK_CLOSED;
	if (connect_by)
		return connect_by(link, address, local_port, deadline, err);
	if (address->ssh)
		return usbip_ssh_start(&link->ssh, &link->fd, address, err);
	return usbip_tcp_connect(&link->fd, address, local_port, deadline, err);
}

int usbip_link_connect(struct usbip_link *link, const struct usbip_address *address,
	struct deadline deadline, struct orc_error *err)
{
	return usbip_link_connect_from(link, address, 0, deadline, err);
}

bool usbip_link_peer(const struct usbip_link *link, struct usbip_address *address)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	return link->ssh.pid == 0 && getpeername(link->fd, (struct sockaddr *)&peer, &len) == 0 &&
		getnameinfo((struct sockaddr *)&peer, len, address->host, sizeof(address->host),
			address->port, sizeof(address->port), NI_NUMERICHOST | NI_NUMERICSERV) == 0;
}

uint16_t usbip_link_local_port(const struct usbip_link *link)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(link->fd, &address.any, &len) < 0)
		return 0;
	/* Both families have it in the same place. */
	return address.any.sa_family == AF_INET || address.any.sa_family == AF_INET6
		? ntohs(address.in.sin_port)
		: 0;
}

void usbip_link_connect_beside(struct usbip_link *link, const struct usbip_link *first,
	const struct usbip_address *address)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	*link = USBIP_LINK_CLOSED;
	if (connect_by && address->ssh)
		(void)!connect_by(link, address, 0, deadline_after_msec(BESIDE_MSEC), NULL);
	else if (connect_by)
		return;
	else if (address->ssh)
		(void)!usbip_ssh_start(&link->ssh, &link->fd, address, NULL);
	else if (getpeername(first->fd, (struct sockaddr *)&peer, &len) == 0)
		link->fd = usbip_tcp_start((struct sockaddr *)&peer, len, 0);
}

void usbip_link_leave(struct usbip_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}

void usbip_link_close(struct usbip_link *link)
{
	usbip_link_leave(link);
	usbip_ssh_end(&link->ssh);
}

/* errnum 0: the stream has ended. */
static int broken(const struct usbip_link *link, int errnum, struct orc_error *err)
{
	if (errnum == EAGAIN || errnum == EINTR)
		return ORC_EAGAIN;
	if (link->ssh.pid)
		return usbip_ssh_explain(
			&link->ssh, false, link->heard ? ORC_ELOST : ORC_ENOCAMERA, err);
	if (errnum == 0)
		return orc_fail(err, ORC_ELOST, "the server closed the connection");
	return orc_fail_errno(err, ORC_ELOST, errnum);
}

ssize_t usbip_link_readv(
	struct usbip_link *link, const struct iovec *iov, int iovcnt, struct orc_error *err)
{
	ssize_t n = readv(link->fd, iov, iovcnt);

	if (n <= 0)
		return broken(link, n < 0 ? errno : 0, err);
	link->heard = true;
	return n;
}

ssize_t usbip_link_writev(
	struct usbip_link *link, const struct iovec *iov, int iovcnt, struct orc_error *err)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)iovcnt };
	ssize_t n = sendmsg(link->fd, &msg, MSG_NOSIGNAL);

	return n >= 0 ? n : broken(link, errno, err);
}

int usbip_link_wait(struct usbip_link *link, short events, struct deadline deadline)
{
	struct pollfd pfd = { .fd = link->fd, .events = events };
	int r = poll(&pfd, 1, deadline_left_msec(deadline));

	if (r < 0)
		return errno == EINTR ? ORC_ESIGNAL : ORC_ELOST;
	/* An error shows in the read or write that follows. */
	return r > 0 ? pfd.revents : 0;
}

static int wait_more(
	struct usbip_link *link, short events, struct deadline deadline, struct orc_error *err)
{
	int r = usbip_link_wait(link, events, deadline);

	if (r > 0 || r == ORC_ESIGNAL)
		return 0;
	if (r == 0 && link->ssh.pid && !link->heard)
		return usbip_ssh_explain(&link->ssh, true, ORC_ENOCAMERA, err);
	if (r == 0)
		return orc_fail(err, ORC_ETIMEOUT, "the server does not answer");
	return orc_fail(err, ORC_ELOST, "cannot wait for the server");
}

int usbip_link_read_all(struct usbip_link *link, void *buf, size_t len, struct deadline deadline,
	struct orc_error *err)
{
	uint8_t *p = buf;

	while (len > 0) {
		struct iovec iov = { .iov_base = p, .iov_len = len };
		ssize_t n = usbip_link_readv(link, &iov, 1, err);

		if (n == ORC_EAGAIN)
			n = wait_more(link, POLLIN, deadline, err);
		if (n < 0)
			return (int)n;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int usbip_link_write_all(struct usbip_link *link, const void *buf, size_t len,
	struct deadline deadline, struct orc_error *err)
{
	const uint8_t *p = buf;

	while (len > 0) {
		struct iovec iov = { .iov_base = (void *)p, .iov_len = len };
		ssize_t n = usbip_link_writev(link, &iov, 1, err);

		if (n == ORC_EAGAIN)
			n = wait_more(link, POLLOUT, deadline, err);
		if (n < 0)
			return (int)n;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}
