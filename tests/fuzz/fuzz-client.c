/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the client after the import. The first byte says what it is asked to do, the second how, and
 * the rest is what the server says: all of it at once as it stands, or message by message, a byte
 * that says what is in it (enum say) and what it announces.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "peers.h"
#include "usbip/client.h"
#include "usbip/urbs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum how {
	HOW_MESSAGES = 1,
	HOW_RESET = 2,    /* the remedy, in place of clear-halt */
	HOW_CONTROLS = 4, /* several requests at once */
	HOW_NO_AHEAD = 8,
	HOW_IMPATIENT = 16, /* the link is to show life at once, and is asked for it */
};

enum say {
	SAY_UNLINKED = 1, /* RET_UNLINK, else RET_SUBMIT */
	SAY_STATUS = 2,   /* one of statuses: a byte */
	SAY_LENGTH = 4,   /* actual_length: two bytes; else none */
	SAY_SEQNUM = 8,   /* a byte; else the next */
	SAY_DATA = 16,    /* so many bytes as announced follow */
	SAY_RAW = 32,     /* none of all that: a byte that is a length, and the bytes */
	SAY_LATER = 64,   /* behind it comes the next call's answer */
};

static struct server {
	const uint8_t *at, *end;
	bool messages, leaves;
	uint32_t seqnum;
	struct peers peers;
} server;

static uint8_t take(void)
{
	return server.at < server.end ? *server.at++ : 0;
}

static size_t message(uint8_t *out, uint8_t say)
{
	static const int32_t statuses[] = { USBIP_STATUS_OK, USBIP_STATUS_PIPE,
		USBIP_STATUS_CONNRESET, USBIP_STATUS_NODEV, USBIP_STATUS_SHUTDOWN,
		USBIP_STATUS_TIMEDOUT, USBIP_STATUS_OVERFLOW, -1 };
	struct usbip_header header = {
		.command = say & SAY_UNLINKED ? USBIP_RET_UNLINK : USBIP_RET_SUBMIT,
	};
	size_t len = 0;

	if (say & SAY_RAW) {
		for (size_t left = take(); left > 0 && server.at < server.end; left--)
			out[len++] = take();
		return len;
	}
	if (say & SAY_STATUS)
		header.status = statuses[take() % ARRAY_LENGTH(statuses)];
	if (say & SAY_LENGTH) {
		header.actual_length = take();
		header.actual_length |= (uint32_t)take() << 8;
	}
	header.seqnum = say & SAY_SEQNUM ? take() : ++server.seqnum;
	usbip_encode_header(out, &header);
	if (say & SAY_DATA)
		len = header.actual_length;
	return USBIP_HEADER_SIZE + len;
}

/* What the server says to the next call. */
static void answer(void)
{
	static uint8_t out[4 * 65536];
	size_t len = 0;
	uint8_t say = 0;

	if (!server.messages) {
		len = (size_t)(server.end - server.at);
		memcpy(out, server.at, len);
		server.at = server.end;
	}
	while (server.at < server.end && len < sizeof(out) / 2 && !(say & SAY_LATER)) {
		say = take();
		len += message(out + len, say);
	}
	/* What does not fit was lost. */
	if (len > 0)
		(void)!send(server.peers.other, out, len, MSG_NOSIGNAL);
	if (server.at == server.end && server.leaves)
		peers_leave(&server.peers);
}

static struct usbip_client *imported(unsigned int how)
{
	struct usbip_client *client = malloc(sizeof(*client));
	const size_t rx_end = offsetof(struct usbip_client, rx) + sizeof(client->rx);

	if (!client)
		abort();
	/* All but its largest part, which is written before it is read. */
	memset(client, 0, offsetof(struct usbip_client, rx));
	memset((uint8_t *)client + rx_end, 0, sizeof(*client) - rx_end);
	client->link.fd = server.peers.ours;
	client->options.progress_msec = how & HOW_IMPATIENT ? 0 : 1000;
	client->options.no_read_ahead = how & HOW_NO_AHEAD;
	for (size_t i = 0; i < ARRAY_LENGTH(client->maxpacket); i++)
		client->maxpacket[i] = 512;
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		stream_init(&client->streams[i]);
	usbip_client_set_read_ahead(client, 0x81, 0x02);
	return client;
}

static ssize_t control(struct usbip_client *client, uint8_t *buf, unsigned int how)
{
	struct deadline now = deadline_after_msec(0);
	struct usbip_control controls[USBIP_CONTROLS_MAX];

	if (!(how & HOW_CONTROLS))
		return usbip_client_control(client, 0x80, 6, 0x100, 0, buf, 64, now);
	for (size_t i = 0; i < ARRAY_LENGTH(controls); i++)
		controls[i] = (struct usbip_control){
			.request_type = i & 1 ? 0x00 : 0x80, .data = buf + 64 * i, .len = 64
		};
	return usbip_client_controls(client, controls, ARRAY_LENGTH(controls), now);
}

/* What it is asked to do, four times; then the remedy for all that went wrong. */
static void use(struct usbip_client *client, int calls, unsigned int how)
{
	static uint8_t buf[65536];
	struct deadline now = deadline_after_msec(0);

	for (int i = 0; i < 4; i++) {
		ssize_t r = 0;

		answer();
		if (calls >> i & 1)
			r = usbip_client_bulk_write(client, 0x02, buf, 12, now);
		if (r >= 0 && (calls >> i & 0x10))
			r = control(client, buf, how);
		if (r >= 0 && (i & 1))
			r = usbip_client_interrupt_read(client, 0x83, buf, 24, now);
		r = usbip_client_bulk_read(client, 0x81, buf, sizeof(buf) >> i, now);
		if (r > (ssize_t)sizeof(buf))
			abort();
	}
	answer();
	if ((how & HOW_RESET ? usbip_client_reset(client, now)
			     : usbip_client_clear_halt(client, 0x81, now)) > 0)
		abort();
	answer();
	(void)!usbip_client_bulk_read(client, 0x81, buf, sizeof(buf), now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usbip_client *client;

	if (size < 2 || size > 32768)
		return 0;
	/* A server that leaves, or one that falls silent. What the client sends stays unread. */
	server = (struct server){ .at = data + 2, .end = data + size };
	server.messages = data[1] & HOW_MESSAGES;
	server.leaves = size % 8 == 0;
	server.peers = peers_new();
	client = imported(data[1]);
	use(client, data[0], data[1]);
	usbip_client_close(client);
	peers_free(&server.peers);
	return 0;
}
