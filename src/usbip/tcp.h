/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connecting over TCP: the addresses of a host race, the socket is told to notice a dead link. */
#ifndef USBIP_TCP_H
#define USBIP_TCP_H

#include <stdint.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "usbip/address.h"

/* What usbip_link_connect_from() promises of an address that is not ssh's. */
int usbip_tcp_connect(int *fd, const struct usbip_address *address, uint16_t local_port,
	struct deadline deadline, struct orc_error *err) must_check;
/*
 * The socket of an attempt that is under way, or -1 with errno. `port`, in network order, is the one
 * at this end; from any where it is 0.
 */
int usbip_tcp_start(const struct sockaddr *to, socklen_t len, uint16_t port);

#endif
