/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Servers on the network that announce themselves by multicast DNS. */
#ifndef USBIP_DISCOVER_H
#define USBIP_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "usbip/address.h"

/* More than that in one network are somebody's joke; each of them would be asked. */
#define DISCOVER_MAX_SERVERS 32
/*
 * Who announces need not send the same answer twice within a second (RFC 6762, 6); so the question is
 * asked again after 1 s, and answered within 0.2 s of that. What was heard of without its address is
 * waited for longer, since that is a question of its own.
 */
#define DISCOVER_MSEC     1500
#define DISCOVER_MAX_MSEC 3000

struct usbip_found {
	struct usbip_address server; /* no busid */
	char name[64];               /* what it calls itself: printable ASCII; may be empty */
};

/*
 * Asks all networks that this machine is on for _usbip._tcp, by IPv4 and IPv6, and takes
 * DISCOVER_MSEC whatever is heard, for the next to speak may be the second camera; at most
 * DISCOVER_MAX_MSEC. On success *found is an array of *count, to be free()d: nothing heard, or no network,
 * is 0 of them. A server with several addresses is one. Its address is its name where the system's
 * resolver knows that, and by an address that was heard; else a number. None of it was checked: whoever
 * is on the network may announce what he likes.
 *
 * Sends multicast from and to port 5353, which it shares with whatever else is there; nothing is
 * announced. `cancelled` is asked every 50 ms and may be NULL: true ends it with ORC_ESIGNAL.
 * ORC_EREFUSED: built without.
 */
int usbip_discover(bool (*cancelled)(void *data), void *data, struct usbip_found **found,
	size_t *count, struct orc_error *err) must_check;

/* The library that does it, "avahi 0.8"; NULL: built without. */
const char *usbip_discover_library(void);

#endif
