/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A responder that announces a USB/IP server as OpenWrt's umdns does, or tells lies in its manner. */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/bytes.h"

/*
 * What umdns does (openwrt/mdnsd, dns.c and service.c, as of 2026), and RFC 6762 would have otherwise:
 * - each question that it answers gets a packet of its own, at once, and all in the answer section;
 * - the answer for a service has PTR, SRV and TXT, without the cache-flush bit; SRV and TXT are not answered
 *   when they are asked for;
 * - a service that was told within the last minute is not told again, unless the question wants a
 *   unicast answer, or the list of services was asked for since;
 * - an address is told when the host's name is asked for.
 */
#define SERVICES       "_services._dns-sd._udp.local"
#define SERVICE        "_usbip._tcp.local"
#define MDNS_PORT      5353
#define TTL_SECONDS    4500
#define SILENT_SECONDS 60
#define CLASS_UNICAST  0x8000

static const char *address, *shown_address, *instance;
static char host[NS_MAXDNAME];
static uint16_t port;
static time_t told; /* 0: not since the list of services was asked for */
static int fd;

struct packet {
	uint8_t bytes[1500];
	size_t len;
	uint16_t answers;
};

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + SILENT_SECONDS + 1;
}

static size_t put_name(uint8_t *out, size_t room, const char *name)
{
	int len = dn_comp(name, out, (int)room, NULL, NULL);

	if (len < 0) {
		fprintf(stderr, "announcer: no name: %s\n", name);
		exit(1);
	}
	return (size_t)len;
}

static void add_answer(
	struct packet *packet, const char *name, uint16_t type, const uint8_t *data, size_t len)
{
	uint8_t *p;

	packet->len += put_name(packet->bytes + packet->len, 512, name);
	p = packet->bytes + packet->len;
	put_be16(p, type);
	put_be16(p + 2, ns_c_in);
	put_be32(p + 4, TTL_SECONDS);
	put_be16(p + 8, (uint16_t)len);
	memcpy(p + 10, data, len);
	packet->len += 10 + len;
	packet->answers++;
}

static struct packet new_packet(void)
{
	return (struct packet){ .len = NS_HFIXEDSZ };
}

static void send_to(struct packet *packet, const struct sockaddr_in *to)
{
	struct sockaddr_in group = { .sin_family = AF_INET, .sin_port = htons(MDNS_PORT) };

	inet_pton(AF_INET, "224.0.0.251", &group.sin_addr);
	put_be16(packet->bytes + 2, 0x8400);
	put_be16(packet->bytes + 6, packet->answers);
	if (sendto(fd, packet->bytes, packet->len, 0, (const struct sockaddr *)(to ? to : &group),
		    sizeof(group)) < 0)
		perror("announcer: sendto");
}

static void tell_services(const struct sockaddr_in *to)
{
	struct packet packet = new_packet();
	uint8_t data[512];

	told = 0;
	add_answer(&packet, SERVICES, ns_t_ptr, data, put_name(data, sizeof(data), SERVICE));
	send_to(&packet, to);
}

static void tell_service(const struct sockaddr_in *to)
{
	static const uint8_t txt[] = "\011txtvers=1";
	struct packet packet = new_packet();
	uint8_t data[512] = { 0 };
	char name[512];

	if (!to && now() - told <= SILENT_SECONDS)
		return;
	told = now();
	snprintf(name, sizeof(name), "%s." SERVICE, instance);
	add_answer(&packet, SERVICE, ns_t_ptr, data, put_name(data, sizeof(data), name));
	memset(data, 0, 4); /* priority, weight */
	put_be16(data + 4, port);
	add_answer(&packet, name, ns_t_srv, data, 6 + put_name(data + 6, sizeof(data) - 6, host));
	add_answer(&packet, name, ns_t_txt, txt, sizeof(txt) - 1);
	send_to(&packet, to);
}

static void tell_address(const struct sockaddr_in *to)
{
	struct packet packet = new_packet();
	struct in_addr data;

	inet_pton(AF_INET, shown_address, &data);
	add_answer(&packet, host, ns_t_a, (const uint8_t *)&data, sizeof(data));
	send_to(&packet, to);
}

static void answer(const char *name, uint16_t type, const struct sockaddr_in *to)
{
	if (type == ns_t_ptr && strcasecmp(name, SERVICES) == 0)
		tell_services(to);
	else if (type == ns_t_ptr && strcasecmp(name, SERVICE) == 0)
		tell_service(to);
	else if ((type == ns_t_a || type == ns_t_aaaa) && strcasecmp(name, host) == 0)
		tell_address(to);
}

static void take(const uint8_t *bytes, size_t len, const struct sockaddr_in *from)
{
	const uint8_t *p = bytes + NS_HFIXEDSZ, *end = bytes + len;
	char name[NS_MAXDNAME];
	uint16_t count;
	int used;

	/* Answers of others are of no interest. */
	if (len < NS_HFIXEDSZ || get_be16(bytes + 2) & 0x8000)
		return;
	for (count = get_be16(bytes + 4); count > 0; count--) {
		used = dn_expand(bytes, end, p, name, sizeof(name));
		if (used < 0 || end - p < used + NS_QFIXEDSZ)
			return;
		p += used;
		answer(name, get_be16(p), get_be16(p + 2) & CLASS_UNICAST ? from : NULL);
		p += NS_QFIXEDSZ;
	}
}

static void open_socket(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(MDNS_PORT) };
	struct ip_mreq group;
	int yes = 1, hops = 255;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	inet_pton(AF_INET, "224.0.0.251", &group.imr_multiaddr);
	inet_pton(AF_INET, address, &group.imr_interface);
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group.imr_interface,
			sizeof(group.imr_interface)) < 0 ||
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof(hops)) < 0) {
		perror("announcer");
		exit(1);
	}
}

/* As dn_expand() writes it, odd characters escaped: questions are compared with it. */
static void set_host(const char *name)
{
	uint8_t wire[512];
	size_t len = put_name(wire, sizeof(wire), name);

	if (dn_expand(wire, wire + len, wire, host, sizeof(host)) < 0)
		exit(1);
}

int main(int argc, char **argv)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	uint8_t bytes[9000];
	ssize_t len;

	if (argc != 6) {
		fprintf(stderr, "usage: announcer OWN-ADDRESS INSTANCE HOST SHOWN-ADDRESS PORT\n");
		return 2;
	}
	address = argv[1];
	instance = argv[2];
	set_host(argv[3]);
	shown_address = argv[4];
	port = (uint16_t)atoi(argv[5]);
	open_socket();
	printf("listening on %s:%d\n", address, MDNS_PORT);
	fflush(stdout);
	while ((len = recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &size)) >= 0)
		take(bytes, (size_t)len, &from);
	return 1;
}
