/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The URBs under way: submitting, cancelling, receiving, and the one place that waits. */
#include "usbip/urbs.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Kept for the next transfer: a full window and a few. */
#define POOL_LIMIT 80
/* What waits to be sent is bounded by the writes under way; this is a guard, never met. */
#define TX_LIMIT (4 * 1024 * 1024)
/* Interrupt URBs need one for the kernel to take them; the endpoint's own interval rules. */
#define INTERVAL    16
#define FLAG_DIR_IN 0x200 /* URB_DIR_IN of Linux */
/* A peer that trickles bytes cannot hold a call for longer than this after its deadline. */
#define OVERTIME_NSEC NSEC_PER_SEC

static int broken(struct usbip_client *client, const char *why)
{
	orc_fail(&client->error, ORC_EPROTO, "%s", why);
	orc_what(&client->error, "the USB/IP server broke the protocol");
	client->fatal = ORC_EPROTO;
	return ORC_EPROTO;
}

static void complete(struct usbip_client *client, struct urb *urb);

static int lost(struct usbip_client *client)
{
	struct urb *urb = steal_pointer(&client->rx_urb);

	orc_what(&client->error, "the connection to the camera is lost");
	client->fatal = ORC_ELOST;
	/* The camera counts as read what has come of a payload. */
	if (urb && urb->actual > client->rx_left) {
		urb->actual -= client->rx_left;
		complete(client, urb);
	}
	return ORC_ELOST;
}

static int no_memory(struct usbip_client *client)
{
	return orc_fail(&client->error, ORC_ENOMEM, "out of memory");
}

int urbs_take_write_error(struct usbip_client *client)
{
	int r = client->fatal ? client->fatal : client->write_error;

	client->write_error = 0;
	return r;
}

int urbs_other_write_error(struct usbip_client *client, int r)
{
	/* It is not the caller's endpoint that is halted: clearing that would not help. */
	if (r == ORC_ESTALL)
		r = orc_fail(&client->error, ORC_EPROTO,
			"the camera refused what was written before (endpoint 0x%02x)",
			(unsigned int)client->halted_out);
	return r;
}

int urbs_begin(struct usbip_client *client)
{
	client->waited = false;
	if (!client->fatal && !client->write_error)
		memset(&client->error, 0, sizeof(client->error));
	return urbs_take_write_error(client);
}

/* NULL: URBs of that room are not kept. */
static struct urb_pool *pool_of(struct usbip_client *client, size_t room)
{
	if (room == 0)
		return &client->bare;
	return room == URB_SIZE ? &client->pool : NULL;
}

struct urb *urbs_get(struct usbip_client *client, uint8_t ep, size_t len)
{
	size_t room = !(ep & 0x80) ? 0 : len > URB_SIZE ? len : URB_SIZE;
	struct urb_pool *pool = pool_of(client, room);
	struct urb *urb = pool ? pool->first : NULL;

	if (urb) {
		pool->first = urb->next;
		pool->count--;
	} else {
		urb = malloc(sizeof(*urb) + room);
	}
	if (!urb) {
		no_memory(client);
		return NULL;
	}
	*urb = (struct urb){ .ep = ep, .len = len, .room = room };
	return urb;
}

void urbs_put(struct usbip_client *client, struct urb *urb)
{
	struct urb_pool *pool = pool_of(client, urb->room);

	if (!pool || pool->count >= POOL_LIMIT) {
		free(urb);
		return;
	}
	urb->next = pool->first;
	pool->first = urb;
	pool->count++;
}

/* Gives the room back of what has been sent. */
static void tx_compact(struct usbip_client *client)
{
	client->tx_len -= client->tx_sent;
	memmove(client->tx, client->tx + client->tx_sent, client->tx_len);
	client->tx_sent = 0;
}

/* Room for len more bytes to be sent, or NULL. */
static uint8_t *tx_append(struct usbip_client *client, size_t len)
{
	size_t need;
	uint8_t *p;

	if (client->tx_sent > 0 && client->tx_len + len > client->tx_room)
		tx_compact(client);
	need = client->tx_len + len;
	if (need > TX_LIMIT)
		return NULL;
	if (need > client->tx_room) {
		need = need < 32768 ? 32768 : need * 2;
		p = realloc(client->tx, need);
		if (!p)
			return NULL;
		client->tx = p;
		client->tx_room = need;
	}
	p = client->tx + client->tx_len;
	client->tx_len += len;
	return p;
}

/* The next seqnum whose place in the table is free; NULL if the server owes too many answers. */
static struct slot *take_slot(struct usbip_client *client, enum slot_kind kind)
{
	for (size_t i = 0; i < URB_TABLE_SIZE; i++) {
		uint32_t seqnum = ++client->last_seqnum;
		struct slot *slot = &client->table[seqnum % URB_TABLE_SIZE];

		if (seqnum == 0 || slot->kind != SLOT_FREE)
			continue;
		*slot = (struct slot){ .kind = kind, .seqnum = seqnum };
		return slot;
	}
	return NULL;
}

static struct slot *find_slot(struct usbip_client *client, enum slot_kind kind, uint32_t seqnum)
{
	struct slot *slot = &client->table[seqnum % URB_TABLE_SIZE];

	return slot->kind == kind && slot->seqnum == seqnum ? slot : NULL;
}

int urbs_submit(
	struct usbip_client *client, struct urb *urb, const uint8_t *setup, const void *payload)
{
	bool in = urb->ep & 0x80;
	size_t payload_len = in ? 0 : urb->len;
	uint8_t *out = tx_append(client, USBIP_HEADER_SIZE + payload_len);
	struct slot *slot;
	struct usbip_header header = {
		.command = USBIP_CMD_SUBMIT,
		.devid = usbip_devid(&client->device),
		.in = in,
		.ep = urb->ep & 0x0f,
		.transfer_flags = in ? FLAG_DIR_IN : 0,
		.transfer_buffer_length = (uint32_t)urb->len,
		.interval = setup ? 0 : INTERVAL,
	};

	if (!out)
		return no_memory(client);
	slot = take_slot(client, SLOT_SUBMIT);
	if (!slot)
		return broken(client, "it leaves too many requests unanswered");
	slot->urb = urb;
	urb->seqnum = header.seqnum = slot->seqnum;
	if (setup)
		memcpy(header.setup, setup, sizeof(header.setup));
	usbip_encode_header(out, &header);
	if (payload_len)
		memcpy(out + USBIP_HEADER_SIZE, payload, payload_len);
	if (!in && (urb->ep & 0x0f)) {
		client->out_bytes += urb->len;
		client->out_count++;
	} else if (in && (urb->ep & 0x0f)) {
		client->streams[urb->ep & 0x0f].posted++;
	}
	client->stats.urbs++;
	return 0;
}

static int send_unlink(struct usbip_client *client, uint32_t target_seqnum)
{
	uint8_t *out = tx_append(client, USBIP_HEADER_SIZE);
	struct slot *slot;
	struct usbip_header header = {
		.command = USBIP_CMD_UNLINK,
		.devid = usbip_devid(&client->device),
		.unlink_seqnum = target_seqnum,
	};

	if (!out)
		return no_memory(client);
	slot = take_slot(client, SLOT_UNLINK);
	if (!slot)
		return broken(client, "it leaves too many requests unanswered");
	slot->target_seqnum = target_seqnum;
	header.seqnum = slot->seqnum;
	usbip_encode_header(out, &header);
	return 0;
}

int urbs_unlink(struct usbip_client *client, struct urb *urb)
{
	int r;

	if (urb->unlinking)
		return 0;
	r = send_unlink(client, urb->seqnum);
	if (r < 0)
		return r;
	urb->unlinking = true;
	if ((urb->ep & 0x80) && (urb->ep & 0x0f))
		client->streams[urb->ep & 0x0f].posted--;
	client->stats.unlinks++;
	return 0;
}

/*
 * Asks for a sign of life: cancels a request that was never made. The kernel's server answers
 * that at once (stub_rx.c, stub_recv_cmd_unlink), however long the camera thinks.
 */
static int ping(struct usbip_client *client)
{
	client->pinged = true;
	/*
	 * Half of the limit is left for the answer, however late it is now: this process may have been
	 * stopped, and then it was not the server that showed no life.
	 */
	client->silent_nsec = client->options.progress_msec * NSEC_PER_MSEC / 2;
	client->stats.pings++;
	log_debug("usbip: no sign of life, asking for one");
	return send_unlink(client, 0);
}

int urbs_status(struct usbip_client *client, const struct urb *urb)
{
	switch (urb->status) {
	case USBIP_STATUS_OK:
		return 0;
	case USBIP_STATUS_PIPE:
		return orc_fail(&client->error, ORC_ESTALL, "%s", usbip_status_text(urb->status));
	case USBIP_STATUS_TIMEDOUT:
		return orc_fail(&client->error, ORC_ETIMEOUT, "%s", usbip_status_text(urb->status));
	case USBIP_STATUS_NODEV:
	case USBIP_STATUS_SHUTDOWN:
		orc_fail(&client->error, ORC_ELOST, "%s", usbip_status_text(urb->status));
		return lost(client);
	default:
		return orc_fail(&client->error, ORC_EPROTO, "%s (status %d, endpoint 0x%02x)",
			usbip_status_text(urb->status), urb->status, urb->ep);
	}
}

/* The URB is over: its place in the table is free, its owner may look at it. */
static void complete(struct usbip_client *client, struct urb *urb)
{
	unsigned int number = urb->ep & 0x0f;

	find_slot(client, SLOT_SUBMIT, urb->seqnum)->kind = SLOT_FREE;
	urb->done = true;
	if (number && (urb->ep & 0x80)) {
		if (!urb->unlinking)
			client->streams[number].posted--;
		return;
	}
	if (number) {
		client->out_bytes -= urb->len;
		client->out_count--;
		if (!urb->unlinking && urb->status == USBIP_STATUS_OK && urb->actual < urb->len)
			urb->status = USBIP_STATUS_REMOTEIO;
		if (!urb->unlinking && !client->write_error)
			client->write_error = urbs_status(client, urb);
		if (urb->status == USBIP_STATUS_PIPE)
			client->halted_out = urb->ep;
		urbs_put(client, urb);
		return;
	}
	if (urb->abandoned)
		urbs_put(client, urb);
}

static int on_submit_reply(struct usbip_client *client, const struct usbip_header *header)
{
	struct slot *slot = find_slot(client, SLOT_SUBMIT, header->seqnum);
	struct urb *urb;

	if (!slot)
		return broken(client, "it answers a request that was not made");
	urb = slot->urb;
	if (header->actual_length > urb->len)
		return broken(client, "it answers with more bytes than were asked for");
	urb->status = header->status;
	urb->actual = header->actual_length;
	if ((urb->ep & 0x80) && urb->actual > 0) {
		client->rx_urb = urb;
		client->rx_left = urb->actual;
		return 0;
	}
	complete(client, urb);
	return 0;
}

static int on_unlink_reply(struct usbip_client *client, const struct usbip_header *header)
{
	struct slot *slot = find_slot(client, SLOT_UNLINK, header->seqnum);

	if (!slot)
		return broken(client, "it answers a cancel that was not asked for");
	slot->kind = SLOT_FREE;
	/* Whatever the status: had the URB an answer, it came before this one. */
	slot = find_slot(client, SLOT_SUBMIT, slot->target_seqnum);
	if (!slot)
		return 0;
	slot->urb->status = USBIP_STATUS_CONNRESET;
	slot->urb->actual = 0;
	complete(client, slot->urb);
	return 0;
}

static int on_header(struct usbip_client *client, const uint8_t *bytes)
{
	struct usbip_header header;

	if (usbip_decode_header(bytes, &header) < 0)
		return broken(client, "its answer makes no sense");
	if (header.command == USBIP_RET_SUBMIT)
		return on_submit_reply(client, &header);
	if (header.command == USBIP_RET_UNLINK)
		return on_unlink_reply(client, &header);
	return broken(client, "it sends requests to a client");
}

static void payload_came(struct usbip_client *client, size_t n)
{
	struct urb *urb = client->rx_urb;

	client->rx_left -= n;
	client->streams[urb->ep & 0x0f].received += n;
	if (client->rx_left > 0)
		return;
	client->rx_urb = NULL;
	complete(client, urb);
}

/* Understands what is in client->rx, as far as it is whole. */
static int parse(struct usbip_client *client)
{
	int r = 0;

	while (r == 0 && client->rx_pos < client->rx_end) {
		size_t have = client->rx_end - client->rx_pos;
		const uint8_t *p = client->rx + client->rx_pos;
		struct urb *urb = client->rx_urb;

		if (urb) {
			size_t n = have < client->rx_left ? have : client->rx_left;

			memcpy(urb->data + urb->actual - client->rx_left, p, n);
			client->rx_pos += n;
			payload_came(client, n);
		} else if (have >= USBIP_HEADER_SIZE) {
			client->rx_pos += USBIP_HEADER_SIZE;
			r = on_header(client, p);
		} else {
			break;
		}
	}
	memmove(client->rx, client->rx + client->rx_pos, client->rx_end - client->rx_pos);
	client->rx_end -= client->rx_pos;
	client->rx_pos = 0;
	return r;
}

/* One read for the payload that is awaited and whatever comes behind it. */
static int receive(struct usbip_client *client)
{
	struct urb *urb = client->rx_urb;
	struct iovec iov[2];
	int iovcnt = 0;
	size_t payload;
	ssize_t n;

	if (urb)
		iov[iovcnt++] = (struct iovec){ urb->data + urb->actual - client->rx_left,
			client->rx_left };
	iov[iovcnt++] =
		(struct iovec){ client->rx + client->rx_end, sizeof(client->rx) - client->rx_end };
	n = usbip_link_readv(&client->link, iov, iovcnt, &client->error);
	if (n == ORC_EAGAIN)
		return ORC_EAGAIN;
	if (n < 0)
		return lost(client);
	client->stats.bytes_in += (uint64_t)n;
	client->silent_nsec = 0;
	client->pinged = false;
	payload = urb ? client->rx_left : 0;
	if (payload > (size_t)n)
		payload = (size_t)n;
	client->rx_end += (size_t)n - payload;
	if (payload)
		payload_came(client, payload);
	return parse(client);
}

int urbs_flush(struct usbip_client *client)
{
	while (client->tx_sent < client->tx_len) {
		struct iovec iov = { client->tx + client->tx_sent,
			client->tx_len - client->tx_sent };
		ssize_t n = usbip_link_writev(&client->link, &iov, 1, &client->error);

		if (n == ORC_EAGAIN)
			return 0;
		if (n < 0)
			return lost(client);
		client->stats.bytes_out += (uint64_t)n;
		client->tx_sent += (size_t)n;
	}
	client->tx_sent = client->tx_len = 0;
	return 0;
}

/* When to look at the silence next: at half of the limit it gets a ping, then it is final. */
static struct deadline silence_deadline(const struct usbip_client *client)
{
	nsec_t limit = client->options.progress_msec * NSEC_PER_MSEC;

	if (!client->pinged)
		limit /= 2;
	limit -= client->silent_nsec;
	return (struct deadline){ .at_nsec = clock_now_nsec() + (limit > 0 ? limit : 0) };
}

static int check_silence(struct usbip_client *client)
{
	nsec_t limit = client->options.progress_msec * NSEC_PER_MSEC;
	char text[DURATION_WORDS_SIZE];

	if (!client->pinged && client->silent_nsec >= limit / 2)
		return ping(client);
	if (client->silent_nsec < limit)
		return 0;
	orc_fail(&client->error, ORC_ELOST, "no sign of life from the server for %s",
		duration_words(client->options.progress_msec, text));
	return lost(client);
}

/* Blocks; returns whether something can be read, 0 or an error. */
static int wait_blocking(struct usbip_client *client, struct deadline deadline)
{
	short events = client->tx_len ? POLLIN | POLLOUT : POLLIN;
	nsec_t before = clock_now_nsec();
	int revents;

	if (!client->waited)
		client->stats.waits++;
	client->waited = true;
	revents = usbip_link_wait(
		&client->link, events, deadline_min(deadline, silence_deadline(client)));
	client->silent_nsec += clock_now_nsec() - before;
	if (revents == ORC_ELOST) {
		orc_fail(&client->error, ORC_ELOST, "cannot wait for the server");
		return lost(client);
	}
	/* A signal is the program's business; a driver goes on. */
	return revents > 0 ? revents & ~POLLOUT : 0;
}

/* Has a peer had its overtime? It counts from when we saw the deadline passed: we may have been stopped. */
static bool is_over(struct usbip_client *client, struct deadline deadline)
{
	nsec_t now = clock_now_nsec();

	if (deadline.at_nsec > now)
		return false;
	if (client->over.at_nsec != deadline.at_nsec) {
		client->over = deadline;
		client->over_seen_nsec = now;
	}
	return now - client->over_seen_nsec > OVERTIME_NSEC;
}

int urbs_wait(struct usbip_client *client, struct deadline deadline)
{
	bool sending;
	int r = urbs_flush(client);

	if (r < 0)
		return r;
	if (is_over(client, deadline))
		return orc_fail(&client->error, ORC_ETIMEOUT, "the camera did not answer in time");
	r = receive(client);
	if (r != ORC_EAGAIN)
		return r;
	if (deadline_passed(deadline))
		return orc_fail(&client->error, ORC_ETIMEOUT, "the camera did not answer in time");
	sending = client->tx_len > 0;
	r = wait_blocking(client, deadline);
	if (r < 0)
		return r;
	if (r > 0) {
		r = receive(client);
		return r == ORC_EAGAIN ? 0 : r;
	}
	r = sending ? urbs_flush(client) : 0;
	return r < 0 ? r : check_silence(client);
}

static bool matches(const struct slot *slot, int ep)
{
	return slot->kind == SLOT_SUBMIT && (ep < 0 || slot->urb->ep == ep);
}

static bool any_under_way(const struct usbip_client *client, int ep)
{
	for (size_t i = 0; i < URB_TABLE_SIZE; i++)
		if (matches(&client->table[i], ep))
			return true;
	return false;
}

int urbs_cancel(struct usbip_client *client, int ep, struct deadline deadline)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < URB_TABLE_SIZE; i++)
		if (matches(&client->table[i], ep))
			r = urbs_unlink(client, client->table[i].urb);
	while (r == 0 && any_under_way(client, ep))
		r = urbs_wait(client, deadline);
	return r;
}

static void free_pool(const struct urb_pool *pool)
{
	for (struct urb *urb = pool->first, *next; urb; urb = next) {
		next = urb->next;
		free(urb);
	}
}

void urbs_free(struct usbip_client *client)
{
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		for (struct urb *urb = client->streams[i].head, *next; urb; urb = next) {
			next = urb->next;
			if (!urb->done)
				find_slot(client, SLOT_SUBMIT, urb->seqnum)->kind = SLOT_FREE;
			free(urb);
		}
	for (size_t i = 0; i < URB_TABLE_SIZE; i++)
		if (client->table[i].kind == SLOT_SUBMIT)
			free(client->table[i].urb);
	free_pool(&client->pool);
	free_pool(&client->bare);
	free(client->tx);
}
