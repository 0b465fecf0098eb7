/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the USB/IP messages of one connection, both ways, to find where the Nth of a kind ends. */
#ifndef PROXY_MESSAGES_H
#define PROXY_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "usbip/codec.h"

enum message_kind {
	MESSAGE_SUBMIT,
	MESSAGE_UNLINK,
	MESSAGE_RET_SUBMIT,
	MESSAGE_RET_UNLINK,
	MESSAGE_DATA, /* a RET_SUBMIT that carries bytes of a bulk or interrupt endpoint */
	MESSAGE_KINDS,
};

const char *message_kind_name(enum message_kind kind);
/* "submit", "ret-submit"…; MESSAGE_KINDS for an unknown one. */
enum message_kind message_kind_parse(const char *text);

/* Of which submits the direction is remembered: more than any client posts at once. */
#define MESSAGES_REMEMBERED 4096

struct message_way {
	uint8_t head[USBIP_OP_SIZE + USBIP_DEVICE_SIZE];
	size_t got;
	uint64_t skip;            /* payload still to pass */
	bool urbs;                /* the operations are over */
	bool lost;                /* not USB/IP, or a device list: not followed further */
	bool ends[MESSAGE_KINDS]; /* what the message under way counts as when it ends */
};

/* Zero-initialised to start with. [0] is client to server, [1] the way back. */
struct messages {
	struct message_way way[2];
	/* Endpoint address of a submit, by seqnum: only that tells whether its reply has data. */
	uint8_t endpoints[MESSAGES_REMEMBERED];
};

/*
 * Passes bytes of one way, but not beyond the end of a message. Returns how many were passed, and
 * sets ended[kind] for what ended with the last of them.
 */
size_t messages_pass(struct messages *messages, int way, const uint8_t *bytes, size_t len,
	bool ended[MESSAGE_KINDS]);

#endif
