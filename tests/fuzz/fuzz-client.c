/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the client: the input is all that a server says after the import. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "usbip/client.h"
#include "usbip/urbs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A client as it is after an import, on a link whose other end has said everything and left. */
static struct usbip_client *imported(const uint8_t *data, size_t size)
{
	struct usbip_client *client = calloc(1, sizeof(*client));
	int fds[2];

	if (!client || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		abort();
	if (send(fds[1], data, size, MSG_NOSIGNAL) < 0)
		abort();
	shutdown(fds[1], SHUT_WR);
	client->link.fd = fds[0];
	client->options.progress_msec = 1000;
	for (size_t i = 0; i < ARRAY_LENGTH(client->maxpacket); i++)
		client->maxpacket[i] = 512;
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		stream_init(&client->streams[i]);
	/* What the client sends stays unread in the socket. */
	client->device.devnum = (uint32_t)fds[1];
	return client;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buf[65536];
	struct usbip_client *client;
	int peer, calls = size ? data[0] : 0;

	if (size < 1 || size > 32768)
		return 0;
	client = imported(data + 1, size - 1);
	peer = (int)client->device.devnum;
	usbip_client_set_read_ahead(client, 0x81, 0x02);
	for (int i = 0; i < 4; i++) {
		struct deadline now = deadline_after_msec(0);
		ssize_t r = 0;

		if (calls >> i & 1)
			r = usbip_client_bulk_write(client, 0x02, buf, 12, now);
		if (r >= 0 && (calls >> i & 0x10))
			r = usbip_client_control(client, 0x80, 6, 0x100, 0, buf, 64, now);
		if (r >= 0 && (i & 1))
			r = usbip_client_interrupt_read(client, 0x83, buf, 24, now);
		r = usbip_client_bulk_read(client, 0x81, buf, sizeof(buf) >> i, now);
		if (r > (ssize_t)sizeof(buf))
			abort();
	}
	if (usbip_client_clear_halt(client, 0x81, deadline_after_msec(0)) > 0)
		abort();
	usbip_client_close(client);
	close(peer);
	return 0;
}
