/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what is made of mDNS announcements: each server can be shown, typed and called. */
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "usbip/heard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	HEAD_SIZE = 20, /* family, length of the name, port, address */
	NAME_MAX_LEN = 80,
};

/* One announcement of the input; returns how long it is. */
static size_t announce(struct heard *heard, const uint8_t *data, size_t size)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_scope_id = 1 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_storage address = { .ss_family = AF_UNIX };
	size_t len = data[1] % NAME_MAX_LEN;
	char host[NAME_MAX_LEN + 1] = "";

	len = len < size - HEAD_SIZE ? len : size - HEAD_SIZE;
	memcpy(host, data + HEAD_SIZE, len);
	memcpy(&six.sin6_addr, data + 4, sizeof(six.sin6_addr));
	memcpy(&four.sin_addr, data + 4, sizeof(four.sin_addr));
	if (data[0] % 4 == 1)
		memcpy(&address, &four, sizeof(four));
	else if (data[0] % 4 >= 2)
		memcpy(&address, &six, sizeof(six));
	if (heard_add(heard, host, (uint16_t)(data[2] << 8 | data[3]), &address) &&
		heard->count == 0)
		abort();
	return HEAD_SIZE + len;
}

static void check_call(const struct heard_server *server, bool by_name)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	struct usbip_address again;
	struct usbip_found found;

	if (!heard_call(server, by_name, &found))
		return;
	for (const char *p = found.name; *p; p++)
		if (*p <= ' ' || *p > '~')
			abort();
	usbip_address_format(&found.server, text, sizeof(text));
	if (usbip_address_parse(&again, text, NULL) < 0 || again.ssh || again.busid[0] ||
		!usbip_address_same_server(&again, &found.server))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard heard = { 0 };
	size_t done = 0;

	while (size - done > HEAD_SIZE)
		done += announce(&heard, data + done, size - done);
	if (heard.count > DISCOVER_MAX_SERVERS)
		abort();
	for (size_t i = 0; i < heard.count; i++) {
		const struct heard_server *server = &heard.servers[i];

		if (server->port == 0 || server->address_count == 0 ||
			server->address_count > HEARD_MAX_ADDRESSES)
			abort();
		check_call(server, false);
		check_call(server, true);
	}
	return 0;
}
