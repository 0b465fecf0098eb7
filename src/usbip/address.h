/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a shared camera is: HOST[:PORT][/BUSID] and its kin. */
#ifndef USBIP_ADDRESS_H
#define USBIP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "usbip/codec.h"

/*
 * Every text is terminated. busid is empty where none was given: the only camera is meant.
 * By way of ssh, host is what ssh is told (a name of its configuration as well), in small letters, and
 * the server listens on that host's own 127.0.0.1; user and ssh_port are empty where ssh is to know.
 */
struct usbip_address {
	char host[256]; /* a name, an IPv4 address, or an IPv6 address without brackets */
	char port[8];   /* of the server, decimal; "3240" where none was given */
	char busid[USBIP_BUSID_SIZE];
	bool ssh;
	char user[64];
	char ssh_port[8];
	char ssh_command[256]; /* no part of the address as a text; empty: "ssh" */
};

/*
 * Takes HOST, HOST:PORT, HOST/BUSID, HOST:PORT/BUSID, [IPv6], [IPv6]:PORT/BUSID; a bare IPv6 address
 * (two colons or more) is understood without brackets, then without a port. And
 * ssh://[USER@]HOST[:[SSHPORT][:PORT]][/BUSID], an IPv6 address in brackets. Neither a host nor a user
 * begins with "-" or has a letter that means something to a shell. ORC_EUSAGE with the reason in err
 * for anything else.
 */
int usbip_address_parse(
	struct usbip_address *address, const char *text, struct orc_error *err) must_check;
/* Does it look like one? What a server names its devices is shown, and typed. */
bool usbip_busid_is_sane(const char *busid);
/* The canonical form: default port left out, brackets where needed. Returns buf. */
const char *usbip_address_format(const struct usbip_address *address, char *buf, size_t size);
/* Room for any formatted address, its NUL included. */
#define USBIP_ADDRESS_TEXT_SIZE 400

/* The address in a port of our driver ("usbip:router/1-1"); NULL where it is another driver's. */
static inline const char *usbip_port_address(const char *port)
{
	return strncmp(port, "usbip:", 6) == 0 ? port + 6 : NULL;
}

/* Do both mean the same server, whatever the busid? Capital letters do not count in names of hosts. */
bool usbip_address_same_server(const struct usbip_address *a, const struct usbip_address *b);

#endif
