/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was heard of servers on the network, sorted into servers; sans I/O, and nothing is believed. */
#ifndef USBIP_HEARD_H
#define USBIP_HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "usbip/discover.h"

/* Addresses of one server: a machine on a wire and on Wi-Fi has three of each. */
#define HEARD_MAX_ADDRESSES 8

struct heard_server {
	char host[64]; /* "router.local"; empty where the name is none that could be one */
	uint16_t port;
	struct sockaddr_storage addresses[HEARD_MAX_ADDRESSES];
	size_t address_count;
};

/* Zero-initialised: nothing was heard. */
struct heard {
	struct heard_server servers[DISCOVER_MAX_SERVERS];
	size_t count;
};

/*
 * A server's announcement: its host's name as it came from the network, its port, one of its
 * addresses (IPv4 or IPv6; a link-local one with its scope). What has the same port, and the name or an
 * address in common, is one server. False where nothing became of it: no port, an address that
 * is none of another machine's (loopback, multicast, unspecified), too many of them.
 */
bool heard_add(struct heard *heard, const char *host, uint16_t port,
	const struct sockaddr_storage *address);

/* Is it one of the server's addresses? The scope does not count: a resolver may not tell it. */
bool heard_has(const struct heard_server *server, const struct sockaddr *address);

/*
 * How it is called with -r, and by which name it is shown. By number: an IPv4 address if there is one, else
 * an IPv6 address that is not link-local, else that with its interface ("fe80::1%eth0"). By name
 * where by_name, which is for the caller to find out. False: the interface is gone.
 */
bool heard_call(
	const struct heard_server *server, bool by_name, struct usbip_found *found) must_check;

#endif
