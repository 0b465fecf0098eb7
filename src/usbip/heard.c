/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was heard of servers on the network, sorted into servers; sans I/O, and nothing is believed. */
#include "usbip/heard.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct in_addr *in4(const void *address)
{
	return &((const struct sockaddr_in *)address)->sin_addr;
}

static const struct in6_addr *in6(const void *address)
{
	return &((const struct sockaddr_in6 *)address)->sin6_addr;
}

/* Could it be another machine's? What is sent there would stay here, or go to everyone. */
static bool is_sane(const struct sockaddr_storage *address)
{
	static const uint8_t zeros[12];
	const struct in6_addr *six;
	uint32_t four;

	if (address->ss_family == AF_INET) {
		four = ntohl(in4(address)->s_addr);
		return four >> 24 != 0 && four >> 24 != IN_LOOPBACKNET && !IN_MULTICAST(four) &&
			four != INADDR_BROADCAST;
	}
	if (address->ss_family != AF_INET6)
		return false;
	six = in6(address);
	/* ::/96 has the unspecified address, the loopback, and IPv4's as they once were written. */
	return memcmp(six, zeros, sizeof(zeros)) != 0 && !IN6_IS_ADDR_MULTICAST(six) &&
		!IN6_IS_ADDR_V4MAPPED(six);
}

static bool is_link_local(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(in6(address));
}

/* A name that can be shown and typed: letters, digits, dots, hyphens, and no option. */
static bool name_is_sane(const char *host)
{
	if (!isalnum((unsigned char)*host))
		return false;
	for (const char *p = host; *p; p++)
		if (!isascii((unsigned char)*p) ||
			(!isalnum((unsigned char)*p) && !strchr(".-_", *p)))
			return false;
	return true;
}

bool heard_has(const struct heard_server *server, const struct sockaddr *address)
{
	for (size_t i = 0; i < server->address_count; i++) {
		const struct sockaddr_storage *own = &server->addresses[i];

		if (own->ss_family != address->sa_family)
			continue;
		if (own->ss_family == AF_INET ? in4(own)->s_addr == in4(address)->s_addr
					      : IN6_ARE_ADDR_EQUAL(in6(own), in6(address)))
			return true;
	}
	return false;
}

static struct heard_server *find(
	struct heard *heard, const char *host, uint16_t port, const struct sockaddr *address)
{
	for (size_t i = 0; i < heard->count; i++) {
		struct heard_server *server = &heard->servers[i];

		if (server->port == port &&
			((*host && strcasecmp(server->host, host) == 0) ||
				heard_has(server, address)))
			return server;
	}
	return NULL;
}

bool heard_add(struct heard *heard, const char *host, uint16_t port,
	const struct sockaddr_storage *address)
{
	const struct sockaddr *plain = (const struct sockaddr *)address;
	struct heard_server *server;

	if (port == 0 || !is_sane(address))
		return false;
	if (strlen(host) >= sizeof(server->host) || !name_is_sane(host))
		host = "";
	server = find(heard, host, port, plain);
	if (!server) {
		if (heard->count == DISCOVER_MAX_SERVERS)
			return false;
		server = &heard->servers[heard->count++];
		*server = (struct heard_server){ .port = port };
	}
	if (!server->host[0])
		snprintf(server->host, sizeof(server->host), "%s", host);
	if (heard_has(server, plain))
		return true;
	if (server->address_count == HEARD_MAX_ADDRESSES)
		return false;
	server->addresses[server->address_count++] = *address;
	return true;
}

/* The lower, the likelier it is to work from here, and the easier it is to type. */
static int rank(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET)
		return 0;
	return is_link_local(address) ? 2 : 1;
}

static bool print_address(const struct sockaddr_storage *address, char *buf, size_t size)
{
	char text[INET6_ADDRSTRLEN], interface[IF_NAMESIZE];

	if (address->ss_family == AF_INET) {
		inet_ntop(AF_INET, in4(address), text, sizeof(text));
	} else {
		inet_ntop(AF_INET6, in6(address), text, sizeof(text));
		if (is_link_local(address)) {
			if (!if_indextoname(((const struct sockaddr_in6 *)address)->sin6_scope_id,
				    interface))
				return false;
			return (size_t)snprintf(buf, size, "%s%%%s", text, interface) < size;
		}
	}
	return (size_t)snprintf(buf, size, "%s", text) < size;
}

bool heard_call(const struct heard_server *server, bool by_name, struct usbip_found *found)
{
	const struct sockaddr_storage *best = &server->addresses[0];

	*found = (struct usbip_found){ 0 };
	snprintf(found->name, sizeof(found->name), "%s", server->host);
	snprintf(found->server.port, sizeof(found->server.port), "%u", server->port);
	if (by_name && server->host[0]) {
		snprintf(found->server.host, sizeof(found->server.host), "%s", server->host);
		return true;
	}
	for (size_t i = 1; i < server->address_count; i++)
		if (rank(&server->addresses[i]) < rank(best))
			best = &server->addresses[i];
	return server->address_count > 0 &&
		print_address(best, found->server.host, sizeof(found->server.host));
}
