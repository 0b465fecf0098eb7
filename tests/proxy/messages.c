/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the USB/IP messages of one connection, both ways, to find where the Nth of a kind ends. */
#include "messages.h"

#include <string.h>

#include "base/bytes.h"

static const char *const kind_names[MESSAGE_KINDS] = {
	[MESSAGE_SUBMIT] = "submit",
	[MESSAGE_UNLINK] = "unlink",
	[MESSAGE_RET_SUBMIT] = "ret-submit",
	[MESSAGE_RET_UNLINK] = "ret-unlink",
	[MESSAGE_DATA] = "data",
};

const char *message_kind_name(enum message_kind kind)
{
	return kind_names[kind];
}

enum message_kind message_kind_parse(const char *text)
{
	enum message_kind kind;

	for (kind = 0; kind < MESSAGE_KINDS; kind++)
		if (strcmp(kind_names[kind], text) == 0)
			break;
	return kind;
}

/* How much of the head must be there before the next decision. */
static size_t head_size(const struct message_way *way, int direction)
{
	if (way->urbs)
		return USBIP_HEADER_SIZE;
	if (way->got < USBIP_OP_SIZE)
		return USBIP_OP_SIZE;
	return direction == 0 ? USBIP_IMPORT_SIZE : USBIP_OP_SIZE + USBIP_DEVICE_SIZE;
}

/* The head has its eight bytes, or is whole. */
static void op_passed(struct message_way *way, int direction)
{
	uint16_t import = direction == 0 ? USBIP_OP_REQ_IMPORT : USBIP_OP_REP_IMPORT;
	struct usbip_op op;

	if (way->got == USBIP_OP_SIZE) {
		way->lost = usbip_decode_op(way->head, &op) < 0 || op.code != import ||
			(direction == 1 && op.status != USBIP_ST_OK);
		return;
	}
	way->urbs = true;
	way->got = 0;
}

static void header_passed(struct messages *messages, struct message_way *way)
{
	uint8_t *endpoint;
	struct usbip_header header;

	way->got = 0;
	if (usbip_decode_header(way->head, &header) < 0) {
		way->lost = true;
		return;
	}
	endpoint = &messages->endpoints[header.seqnum % MESSAGES_REMEMBERED];
	switch (header.command) {
	case USBIP_CMD_SUBMIT:
		*endpoint = (uint8_t)(header.ep | (header.in ? 0x80 : 0));
		way->skip = header.in ? 0 : header.transfer_buffer_length;
		way->ends[MESSAGE_SUBMIT] = true;
		break;
	case USBIP_CMD_UNLINK:
		way->ends[MESSAGE_UNLINK] = true;
		break;
	case USBIP_RET_SUBMIT:
		way->skip = *endpoint & 0x80 ? header.actual_length : 0;
		way->ends[MESSAGE_RET_SUBMIT] = true;
		way->ends[MESSAGE_DATA] = *endpoint != 0x80 && way->skip > 0;
		break;
	case USBIP_RET_UNLINK:
		way->ends[MESSAGE_RET_UNLINK] = true;
		break;
	}
}

static bool message_ended(struct message_way *way, bool ended[MESSAGE_KINDS])
{
	enum message_kind kind;
	bool any = false;

	if (way->skip > 0 || way->got > 0)
		return false;
	for (kind = 0; kind < MESSAGE_KINDS; kind++) {
		ended[kind] = way->ends[kind];
		any |= ended[kind];
	}
	memset(way->ends, 0, sizeof(way->ends));
	return any;
}

size_t messages_pass(struct messages *messages, int direction, const uint8_t *bytes, size_t len,
	bool ended[MESSAGE_KINDS])
{
	struct message_way *way = &messages->way[direction];
	size_t done = 0;

	memset(ended, 0, MESSAGE_KINDS * sizeof(*ended));
	while (done < len && !way->lost) {
		size_t n = len - done, room;

		if (way->skip > 0) {
			n = n < way->skip ? n : (size_t)way->skip;
			way->skip -= n;
			done += n;
		} else {
			room = head_size(way, direction) - way->got;
			n = n < room ? n : room;
			memcpy(way->head + way->got, bytes + done, n);
			way->got += n;
			done += n;
			if (n < room)
				break;
			if (way->urbs)
				header_passed(messages, way);
			else
				op_passed(way, direction);
		}
		if (way->urbs && message_ended(way, ended))
			return done;
	}
	return len;
}
