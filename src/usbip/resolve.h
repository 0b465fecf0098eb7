/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Host names to socket addresses, within a deadline. */
#ifndef USBIP_RESOLVE_H
#define USBIP_RESOLVE_H

#include <netdb.h>

#include "base/clock.h"
#include "usbip/address.h"

/*
 * getaddrinfo() that can be given up: it has no deadline of its own, and a name server that is
 * down holds it for ten seconds and more. A name is looked up in a detached thread, which cleans
 * up after itself when nobody waits any more; a numeric address is answered at once. On success
 * *list is to be freed with freeaddrinfo(). ORC_ENOCAMERA: there is no such host, or nobody says so in
 * time; ORC_ENOMEM, ORC_EREFUSED: no memory, thread or descriptor. A signal does not end it.
 */
int usbip_resolve(const struct usbip_address *address, struct deadline deadline,
	struct addrinfo **list, struct orc_error *err) must_check;

#endif
