/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bulk and interrupt transfers: writes that are not waited for, reads that are posted ahead. */
#include "usbip/urbs.h"

#include <stdlib.h>
#include <string.h>

/*
 * Under way at most: 72 URBs of 16 KiB, which is 1 MiB, the part of a file that libgphoto2 asks for
 * at once, with its header and the response. They fill 50 Mbit/s at 180 ms. Each costs the server's
 * kernel its buffer.
 */
#define WINDOW_MAX 72
#define WINDOW_MIN 2 /* a data phase and the response behind it */
/*
 * Posted behind a request are as many as the longest of the last 32 to 64 transfers took: of a dozen
 * live view frames with the small transfers between them, or of some parts of a file. What is left
 * over when that shrinks stays, and is used up.
 */
#define LOT 32
/* Unread data held for a caller that writes and never reads. */
#define QUEUE_MAX 256
/* Writes under way. */
#define OUT_BYTES_MAX (1024 * 1024)
#define OUT_COUNT_MAX 64
/* Interrupt URBs kept posted, and their size: no camera's event is longer. */
#define INTERRUPT_POSTED 2
#define INTERRUPT_SIZE   256

void stream_init(struct stream *stream)
{
	*stream = (struct stream){ .ahead = WINDOW_MIN, .most = WINDOW_MIN };
	stream->tail = &stream->head;
}

static void push(struct stream *stream, struct urb *urb)
{
	urb->next = NULL;
	*stream->tail = urb;
	stream->tail = &urb->next;
	stream->length++;
}

static void pop(struct usbip_client *client, struct stream *stream)
{
	struct urb *urb = stream->head;

	stream->head = urb->next;
	if (!stream->head)
		stream->tail = &stream->head;
	stream->length--;
	urbs_put(client, urb);
}

void stream_drop(struct usbip_client *client, struct stream *stream)
{
	while (stream->head)
		pop(client, stream);
	stream->burst = 0;
}

static int post(struct usbip_client *client, uint8_t ep, size_t len)
{
	struct urb *urb = urbs_get(client, ep, len);
	int r;

	if (!urb)
		return ORC_ENOMEM;
	r = urbs_submit(client, urb, NULL, NULL);
	if (r < 0) {
		urbs_put(client, urb);
		return r;
	}
	push(&client->streams[ep & 0x0f], urb);
	return 0;
}

static bool reads_ahead(const struct usbip_client *client, uint8_t ep_in)
{
	return !client->options.no_read_ahead && client->read_ahead_in &&
		client->read_ahead_in == ep_in;
}

/*
 * Behind a request as many reads as are usual; and one new one at least, for a device that has
 * answered an early IN with NAK may stay silent until a new one arrives (QEMU's does). Where enough
 * are posted that one waits for the reader: data that is sent comes in many writes.
 */
int stream_after_write(struct usbip_client *client, uint8_t ep)
{
	struct stream *stream = &client->streams[client->read_ahead_in & 0x0f];
	int r = 0;

	if (ep != client->read_ahead_out || !reads_ahead(client, client->read_ahead_in))
		return 0;
	stream->owed = true;
	while (r == 0 && stream->posted < stream->ahead && stream->length < QUEUE_MAX) {
		r = post(client, client->read_ahead_in, URB_SIZE);
		stream->owed = false;
	}
	return r;
}

/* While a reader waits for `wanted` more bytes. */
static int post_for_read(
	struct usbip_client *client, struct stream *stream, uint8_t ep, size_t wanted)
{
	size_t target = (wanted + URB_SIZE - 1) / URB_SIZE;
	int r = 0;

	if (!reads_ahead(client, ep)) {
		if (stream->posted > 0)
			return 0;
		return post(client, ep, wanted < URB_SIZE ? wanted : URB_SIZE);
	}
	/* In the middle of a transfer: its end, and the response, want to be covered as well. */
	if (stream->burst > 0)
		target++;
	/* Longer than any lately, and nobody knows how long: twice as many each round trip. */
	if (stream->burst + WINDOW_MIN > stream->ahead && target < 2 * stream->burst)
		target = 2 * stream->burst;
	if (target < WINDOW_MIN)
		target = WINDOW_MIN;
	if (target > WINDOW_MAX)
		target = WINDOW_MAX;
	while (r == 0 && (stream->owed || stream->posted < target)) {
		r = post(client, ep, URB_SIZE);
		stream->owed = false;
	}
	return r;
}

static void transfer_ended(struct stream *stream)
{
	unsigned int used = stream->burst + WINDOW_MIN; /* its last URB, and one for the response */

	if (used > WINDOW_MAX)
		used = WINDOW_MAX;
	if (used > stream->most)
		stream->most = used;
	if (used > stream->ahead)
		stream->ahead = used;
	stream->burst = 0;
	if (++stream->transfers < LOT)
		return;
	stream->ahead = stream->most;
	stream->most = WINDOW_MIN;
	stream->transfers = 0;
}

/* What a reader has got so far. */
struct reading {
	uint8_t *buf;
	size_t len, total;
};

/* How far a read was when it was last looked at, and until when it must have gone on. */
struct progress {
	uint64_t received;
	struct deadline stalled;
};

/* Takes from the first URB, which is done: 1 when the read is over, 0 to go on, or an error. */
static int take_head(struct usbip_client *client, struct stream *stream, struct reading *reading)
{
	struct urb *urb = stream->head;
	unsigned int maxpacket = client->maxpacket[endpoint_index(urb->ep)];
	size_t n = urb->actual - urb->taken;
	bool ended_short = urb->actual < urb->len;
	int r;

	if (urb->unlinking && urb->status == USBIP_STATUS_CONNRESET && urb->actual == 0) {
		pop(client, stream);
		return 0;
	}
	/* What came before an error is a read of its own; the error stays for the next one. */
	if (urb->status != USBIP_STATUS_OK && reading->total > 0)
		return 1;
	r = urbs_status(client, urb);
	if (r < 0) {
		pop(client, stream);
		transfer_ended(stream);
		return r;
	}
	if (n > reading->len - reading->total)
		n = reading->len - reading->total;
	memcpy(reading->buf + reading->total, urb->data + urb->taken, n);
	urb->taken += n;
	reading->total += n;
	if (urb->taken < urb->actual)
		return 1;
	/* A zero-length packet behind data that filled the read is a read of its own. */
	if (ended_short && n > 0 && reading->total == reading->len && urb->actual % maxpacket == 0)
		return 1;
	pop(client, stream);
	if (ended_short)
		transfer_ended(stream);
	else
		stream->burst++;
	return ended_short || reading->total == reading->len;
}

static int take(struct usbip_client *client, struct stream *stream, struct reading *reading)
{
	int r = 0;

	while (r == 0 && stream->head && stream->head->done)
		r = take_head(client, stream, reading);
	return r;
}

/* Of a link that has ended, what had come is still given out: then the end. */
static ssize_t take_last(
	struct usbip_client *client, struct stream *stream, struct reading *reading)
{
	int r = take(client, stream, reading);

	return r == 1 || reading->total > 0 ? (ssize_t)reading->total : client->fatal;
}

/* A read that is given up returns what it had taken, ahead of all that is still to come. */
static int put_back(struct usbip_client *client, struct stream *stream, uint8_t ep,
	const struct reading *reading)
{
	struct urb *urb;

	if (reading->total == 0)
		return 0;
	urb = urbs_get(client, ep, reading->total);
	if (!urb)
		return ORC_ENOMEM;
	memcpy(urb->data, reading->buf, reading->total);
	urb->done = true;
	urb->actual = urb->len;
	urb->next = stream->head;
	if (!stream->head)
		stream->tail = &urb->next;
	stream->head = urb;
	stream->length++;
	return 0;
}

/*
 * Waits until something comes. A transfer that has begun goes on by itself: one that stands still is
 * given up earlier than the caller's deadline, which is meant for a camera that thinks.
 */
static int wait_for_more(struct usbip_client *client, const struct stream *stream,
	struct progress *progress, struct deadline deadline)
{
	char text[DURATION_WORDS_SIZE];
	int r;

	if (!stream->burst)
		return urbs_wait(client, deadline);
	if (progress->received != stream->received) {
		progress->received = stream->received;
		progress->stalled = deadline_after_msec(client->options.progress_msec);
	}
	r = urbs_wait(client, deadline_min(deadline, progress->stalled));
	if (r != ORC_ETIMEOUT || deadline_passed(deadline))
		return r;
	return orc_fail(&client->error, ORC_ETIMEOUT,
		"the camera stopped in the middle of a transfer, %s ago",
		duration_words(client->options.progress_msec, text));
}

ssize_t usbip_client_bulk_read(
	struct usbip_client *client, uint8_t ep, void *buf, size_t len, struct deadline deadline)
{
	struct stream *stream = &client->streams[ep & 0x0f];
	struct reading reading = { .buf = buf, .len = len };
	struct progress progress = { .received = UINT64_MAX };
	int r = urbs_other_write_error(client, urbs_begin(client));

	if (client->fatal)
		return take_last(client, stream, &reading);
	if (r < 0)
		return r;
	if (len == 0)
		return 0;
	while ((r = take(client, stream, &reading)) == 0) {
		r = urbs_other_write_error(client, urbs_take_write_error(client));
		if (r == 0)
			r = post_for_read(client, stream, ep, len - reading.total);
		if (r == 0)
			r = wait_for_more(client, stream, &progress, deadline);
		if (r == 0)
			continue;
		if (client->fatal)
			return take_last(client, stream, &reading);
		return put_back(client, stream, ep, &reading) < 0 ? ORC_ENOMEM : r;
	}
	return r < 0 ? r : (ssize_t)reading.total;
}

/* One URB of a write; 0, or the error of this or an earlier one. */
static int write_piece(struct usbip_client *client, uint8_t ep, const uint8_t *data, size_t len,
	struct deadline deadline)
{
	struct urb *urb;
	int r = 0;

	while (r == 0 &&
		(client->out_bytes + len > OUT_BYTES_MAX || client->out_count >= OUT_COUNT_MAX))
		r = urbs_wait(client, deadline);
	if (r == 0)
		r = urbs_take_write_error(client);
	if (r < 0)
		return r;
	urb = urbs_get(client, ep, len);
	if (!urb)
		return ORC_ENOMEM;
	r = urbs_submit(client, urb, NULL, data);
	if (r < 0) {
		urbs_put(client, urb);
		return r;
	}
	if (!client->options.no_read_ahead)
		return 0;
	while (r == 0 && client->out_count > 0)
		r = urbs_wait(client, deadline);
	if (r == ORC_ETIMEOUT && client->out_count > 0 && urbs_unlink(client, urb) == 0)
		return ORC_ETIMEOUT;
	return r < 0 ? r : urbs_take_write_error(client);
}

/* A peer that reads slowly must not let the data wait here until somebody calls again. */
static int send_all(struct usbip_client *client, struct deadline deadline)
{
	int r = urbs_flush(client);

	while (r == 0 && client->tx_len > 0)
		r = urbs_wait(client, deadline);
	return r == ORC_ETIMEOUT ? 0 : r;
}

ssize_t usbip_client_bulk_write(struct usbip_client *client, uint8_t ep, const void *data,
	size_t len, struct deadline deadline)
{
	const uint8_t *p = data;
	size_t done = 0;
	int r = urbs_begin(client);

	/* As it stays at the device: until it is cleared, no write gets through. */
	if (r == 0 && client->halted_out == ep)
		r = orc_fail(&client->error, ORC_ESTALL, "the endpoint is stalled");
	if (r < 0)
		return r;
	do {
		size_t n = len - done < URB_SIZE ? len - done : URB_SIZE;

		r = write_piece(client, ep, p + done, n, deadline);
		if (r == ORC_ETIMEOUT && done > 0)
			break;
		if (r < 0)
			return r;
		done += n;
	} while (done < len);
	r = stream_after_write(client, ep);
	if (r == 0)
		r = send_all(client, deadline);
	return r < 0 ? r : (ssize_t)done;
}

static size_t interrupt_size(const struct usbip_client *client, uint8_t ep)
{
	size_t maxpacket = client->maxpacket[endpoint_index(ep)];

	return (INTERRUPT_SIZE + maxpacket - 1) / maxpacket * maxpacket;
}

static int post_interrupts(struct usbip_client *client, uint8_t ep)
{
	struct stream *stream = &client->streams[ep & 0x0f];
	int r = 0;

	while (r == 0 && stream->length < INTERRUPT_POSTED)
		r = post(client, ep, interrupt_size(client, ep));
	return r;
}

ssize_t usbip_client_interrupt_read(
	struct usbip_client *client, uint8_t ep, void *buf, size_t len, struct deadline deadline)
{
	struct stream *stream = &client->streams[ep & 0x0f];
	struct urb *urb = NULL;
	int r = urbs_other_write_error(client, urbs_begin(client));

	while (r == 0) {
		urb = stream->head;
		if (urb && urb->done && urb->status != USBIP_STATUS_CONNRESET)
			break;
		if (urb && urb->done) {
			pop(client, stream);
			continue;
		}
		r = post_interrupts(client, ep);
		if (r == 0)
			r = urbs_wait(client, deadline);
		if (r == 0)
			r = urbs_other_write_error(client, urbs_take_write_error(client));
	}
	if (r < 0)
		return r;
	r = urbs_status(client, urb);
	if (urb->actual < len)
		len = urb->actual;
	memcpy(buf, urb->data, len);
	pop(client, stream);
	if (r == 0)
		r = post_interrupts(client, ep);
	if (r == 0)
		r = urbs_flush(client);
	return r < 0 ? r : (ssize_t)len;
}
