/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One client of a USB/IP server: its operations, its URBs, and the replies on their way to it. */
#include "usbip/server-internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/log.h"

/* Messages taken from one client before the others get their turn. */
#define MESSAGES_A_TURN 64
#define REPLIES_A_SEND  32

static void reply_queue(struct usbip_connection *connection, struct server_reply *reply)
{
	reply->next = NULL;
	*connection->replies_end = reply;
	connection->replies_end = &reply->next;
	connection->queued += reply->len;
}

/* A reply of its own, not tied to a URB. */
static uint8_t *reply_add(struct usbip_connection *connection, size_t len)
{
	struct server_reply *reply = malloc(sizeof(*reply) + len);

	if (!reply) {
		server_connection_cut(connection, "out of memory");
		return NULL;
	}
	*reply = (struct server_reply){ .len = len };
	reply_queue(connection, reply);
	return reply->bytes;
}

static void reply_drop_first(struct usbip_connection *connection)
{
	struct server_reply *reply = connection->replies;

	connection->replies = reply->next;
	if (!connection->replies)
		connection->replies_end = &connection->replies;
	connection->queued -= reply->len;
	connection->charged -= reply->charged;
	free(reply);
}

static struct server_urb *urb_new(
	struct usbip_connection *connection, const struct usbip_header *header)
{
	size_t len = header->transfer_buffer_length;
	struct server_urb *urb = calloc(1, sizeof(*urb));
	struct server_reply *reply = malloc(sizeof(*reply) + USBIP_HEADER_SIZE + len);

	if (!urb || !reply) {
		free(urb);
		free(reply);
		return NULL;
	}
	*reply = (struct server_reply){ .charged = USBIP_HEADER_SIZE + len };
	connection->charged += reply->charged;
	urb->reply = reply;
	urb->in = header->in;
	urb->urb.seqnum = header->seqnum;
	urb->urb.ep = (uint8_t)(header->ep | (header->in ? 0x80 : 0));
	memcpy(urb->urb.setup, header->setup, USBIP_SETUP_SIZE);
	urb->urb.data = reply->bytes + USBIP_HEADER_SIZE;
	urb->urb.len = len;
	return urb;
}

static void urb_free(struct usbip_connection *connection, struct server_urb *urb)
{
	connection->charged -= urb->reply->charged;
	free(urb->reply);
	free(urb);
}

static void urb_hold(struct usbip_connection *connection, struct server_urb *urb)
{
	struct server_urb **end = &connection->urbs;

	while (*end)
		end = &(*end)->newer;
	urb->newer = NULL;
	*end = urb;
	connection->urb_count++;
}

static void urb_release(struct usbip_connection *connection, const struct server_urb *urb)
{
	struct server_urb **at = &connection->urbs;

	while (*at != urb)
		at = &(*at)->newer;
	*at = urb->newer;
	connection->urb_count--;
}

/* The reply to a submit, as the kernel's stub sends it: only the seqnum names the transfer. */
static void urb_answer(
	struct usbip_connection *connection, struct server_urb *urb, int32_t status, size_t actual)
{
	struct usbip_header header = {
		.command = USBIP_RET_SUBMIT,
		.seqnum = urb->urb.seqnum,
		.status = status,
		.actual_length = (uint32_t)actual,
	};
	struct server_reply *reply = steal_pointer(&urb->reply);

	usbip_encode_header(reply->bytes, &header);
	reply->len = USBIP_HEADER_SIZE + (urb->in ? actual : 0);
	reply_queue(connection, reply);
	free(urb);
}

void usb_urb_complete(
	struct usbip_connection *connection, struct usb_urb *urb, int32_t status, size_t actual)
{
	struct server_urb *mine = (struct server_urb *)urb;

	if (actual > urb->len) {
		actual = urb->len;
		status = USBIP_STATUS_OVERFLOW;
	}
	urb_release(connection, mine);
	urb_answer(connection, mine, status, actual);
}

/* Takes every URB back from the device; answers them, or forgets them where nobody listens. */
static void take_back_all(struct usbip_connection *connection, bool answer)
{
	struct server_urb *urb;

	while ((urb = connection->urbs)) {
		connection->device->ops->unlink(connection->device, &urb->urb);
		urb_release(connection, urb);
		if (answer)
			urb_answer(connection, urb, USBIP_STATUS_SHUTDOWN, 0);
		else
			urb_free(connection, urb);
	}
}

/* The client is gone, and the device free for the next. */
static void release_device(struct usbip_connection *connection)
{
	struct usb_device *device = connection->device;

	if (!device)
		return;
	take_back_all(connection, false);
	connection->device = NULL;
	if (!connection->server->quiet)
		log_info("%s: released by %s", device->info.busid, connection->peer);
	if (device->ops->detach)
		device->ops->detach(device);
}

static bool is_port_reset(const struct usb_urb *urb)
{
	return (urb->ep & 0x0f) == 0 && urb->setup[0] == USBIP_RESET_TYPE &&
		urb->setup[1] == USBIP_RESET_REQUEST &&
		get_le16(urb->setup + 2) == USBIP_RESET_VALUE;
}

/* Whole now: to the device, or to the server itself where it asks for a reset of the port. */
static void urb_arrived(struct usbip_connection *connection, struct server_urb *urb)
{
	struct usb_device *device = connection->device;

	if (is_port_reset(&urb->urb)) {
		take_back_all(connection, true);
		if (device->ops->reset)
			device->ops->reset(device);
		urb_answer(connection, urb, USBIP_STATUS_OK, 0);
		return;
	}
	urb_hold(connection, urb);
	device->ops->submit(device, &urb->urb);
}

static void submit_received(struct usbip_connection *connection, const struct usbip_header *header)
{
	struct server_urb *urb;

	/* A control request names its direction twice. */
	if (header->ep == 0 && header->transfer_buffer_length > 0 &&
		header->in != !!(header->setup[0] & 0x80)) {
		server_connection_cut(connection, "the directions of a control request differ");
		return;
	}
	if (connection->urb_count >= SERVER_MAX_URBS ||
		connection->charged + header->transfer_buffer_length > SERVER_MAX_POSTED) {
		server_connection_cut(connection, "too many transfers at once");
		return;
	}
	urb = urb_new(connection, header);
	if (!urb) {
		server_connection_cut(connection, "out of memory");
		return;
	}
	if (header->in || urb->urb.len == 0) {
		urb_arrived(connection, urb);
		return;
	}
	connection->arriving = urb;
	connection->phase = CONNECTION_PAYLOAD;
}

static void unlink_received(struct usbip_connection *connection, const struct usbip_header *header)
{
	struct usbip_header ret = { .command = USBIP_RET_UNLINK, .seqnum = header->seqnum };
	struct server_urb *urb = connection->urbs;
	uint8_t *out;

	while (urb && urb->urb.seqnum != header->unlink_seqnum)
		urb = urb->newer;
	/* 0 also says: too late, the reply to the submit is on its way or was never due. */
	if (urb && connection->device->ops->unlink(connection->device, &urb->urb)) {
		urb_release(connection, urb);
		urb_free(connection, urb);
		ret.status = USBIP_STATUS_CONNRESET;
	}
	out = reply_add(connection, USBIP_HEADER_SIZE);
	if (out)
		usbip_encode_header(out, &ret);
}

static void header_received(struct usbip_connection *connection)
{
	struct usbip_header header;

	if (usbip_decode_header(connection->head, &header) < 0) {
		server_connection_cut(connection, "not a USB/IP message");
		return;
	}
	if (header.devid != connection->devid) {
		server_connection_cut(
			connection, "a message for a device that it has not imported");
		return;
	}
	if (header.command == USBIP_CMD_SUBMIT)
		submit_received(connection, &header);
	else if (header.command == USBIP_CMD_UNLINK)
		unlink_received(connection, &header);
	else
		server_connection_cut(connection, "it sent what only a server sends");
}

/* As usbip-host does it where that is asked for: a bound device has no configuration. */
static void info_plain(struct usbip_device_info *info, bool plain)
{
	if (!plain)
		return;
	info->configuration_value = 0;
	info->num_interfaces = 0;
}

static size_t device_encode(uint8_t *out, const struct usb_device *device, bool plain)
{
	struct usbip_device_info info = device->info;
	size_t i, size = USBIP_DEVICE_SIZE;

	info_plain(&info, plain);
	usbip_encode_device(out, &info);
	for (i = 0; i < info.num_interfaces; i++, size += USBIP_INTERFACE_SIZE)
		usbip_encode_interface(out + size, &info.interfaces[i]);
	return size;
}

static void list_received(struct usbip_connection *connection)
{
	const struct usbip_server *server = connection->server;
	struct usbip_op op = { .version = USBIP_VERSION, .code = USBIP_OP_REP_DEVLIST };
	uint8_t room[USBIP_DEVICE_SIZE + USBIP_MAX_INTERFACES * USBIP_INTERFACE_SIZE];
	size_t size = USBIP_OP_SIZE + 4;
	const struct usb_device *device;
	uint32_t count = 0;
	uint8_t *out;

	for (device = server->devices; device; device = device->next) {
		if (device->unplugged)
			continue;
		size += device_encode(room, device, server->plain_list);
		count++;
	}
	connection->phase = CONNECTION_FLUSH;
	out = reply_add(connection, size);
	if (!out)
		return;
	usbip_encode_op(out, &op);
	put_be32(out + USBIP_OP_SIZE, count);
	out += USBIP_OP_SIZE + 4;
	for (device = server->devices; device; device = device->next)
		if (!device->unplugged)
			out += device_encode(out, device, server->plain_list);
}

static void import_refuse(struct usbip_connection *connection, enum usbip_op_status status)
{
	struct usbip_op op = {
		.version = USBIP_VERSION,
		.code = USBIP_OP_REP_IMPORT,
		.status = status,
	};
	uint8_t *out = reply_add(connection, USBIP_OP_SIZE);

	if (out)
		usbip_encode_op(out, &op);
	connection->phase = CONNECTION_FLUSH;
}

static void import_received(struct usbip_connection *connection)
{
	const struct usbip_server *server = connection->server;
	const char *busid = (const char *)connection->head + USBIP_OP_SIZE;
	struct usbip_op op = { .version = USBIP_VERSION, .code = USBIP_OP_REP_IMPORT };
	struct usbip_device_info info;
	struct usb_device *device;
	uint8_t *out;

	if (!memchr(busid, 0, USBIP_BUSID_SIZE)) {
		server_connection_cut(connection, "a bus id without an end");
		return;
	}
	device = server_find(server, busid);
	if (!device || server_is_imported(server, device)) {
		import_refuse(connection, device ? USBIP_ST_DEV_BUSY : USBIP_ST_NODEV);
		return;
	}
	out = reply_add(connection, USBIP_OP_SIZE + USBIP_DEVICE_SIZE);
	if (!out)
		return;
	info = device->info;
	info_plain(&info, server->plain_list);
	usbip_encode_op(out, &op);
	usbip_encode_device(out + USBIP_OP_SIZE, &info);
	connection->phase = CONNECTION_HEADER;
	connection->deadline = deadline_never();
	connection->device = device;
	connection->devid = usbip_devid(&info);
	if (!server->quiet)
		log_info("%s: imported by %s", device->info.busid, connection->peer);
	device->ops->attach(device, connection);
}

static void op_received(struct usbip_connection *connection)
{
	struct usbip_op op;

	if (usbip_decode_op(connection->head, &op) < 0)
		server_connection_cut(connection, "not a USB/IP client, or of another version");
	else if (op.code == USBIP_OP_REQ_DEVLIST)
		list_received(connection);
	else if (op.code == USBIP_OP_REQ_IMPORT)
		connection->phase = CONNECTION_BUSID;
	else
		server_connection_cut(connection, "an unknown operation");
}

/* What the phase waits for: where it goes, how much it is in all. */
static uint8_t *wanted(struct usbip_connection *connection, size_t *len)
{
	*len = 0;
	switch (connection->phase) {
	case CONNECTION_OP:
		*len = USBIP_OP_SIZE;
		break;
	case CONNECTION_BUSID:
		*len = USBIP_IMPORT_SIZE;
		break;
	case CONNECTION_HEADER:
		*len = USBIP_HEADER_SIZE;
		break;
	case CONNECTION_PAYLOAD:
		*len = connection->arriving->urb.len;
		return connection->arriving->urb.data;
	case CONNECTION_FLUSH:
		break;
	}
	return connection->head;
}

static void act(struct usbip_connection *connection)
{
	switch (connection->phase) {
	case CONNECTION_OP:
		/* An import request is read on behind these eight bytes. */
		op_received(connection);
		return;
	case CONNECTION_BUSID:
		connection->got = 0;
		import_received(connection);
		return;
	case CONNECTION_HEADER:
		connection->got = 0;
		header_received(connection);
		return;
	case CONNECTION_PAYLOAD:
		connection->got = 0;
		connection->phase = CONNECTION_HEADER;
		urb_arrived(connection, steal_pointer(&connection->arriving));
		return;
	case CONNECTION_FLUSH:
		return;
	}
}

static bool wants_input(const struct usbip_connection *connection)
{
	return !connection->dead && connection->phase != CONNECTION_FLUSH &&
		connection->queued <= SERVER_MAX_QUEUED;
}

void server_connection_readable(struct usbip_connection *connection)
{
	int turn = 0;

	while (wants_input(connection) && turn < MESSAGES_A_TURN) {
		size_t len;
		uint8_t *to = wanted(connection, &len);
		ssize_t n = recv(
			connection->fd, to + connection->got, len - connection->got, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n <= 0) {
			/* Now, not when swept: who connects again at once shall find it free. */
			release_device(connection);
			connection->dead = true;
			return;
		}
		connection->got += (size_t)n;
		if (connection->got < len)
			continue;
		act(connection);
		turn++;
	}
}

static void account_sent(struct usbip_connection *connection, size_t n)
{
	while (n > 0) {
		struct server_reply *reply = connection->replies;
		size_t rest = reply->len - reply->sent;

		if (n < rest) {
			reply->sent += n;
			return;
		}
		n -= rest;
		reply_drop_first(connection);
	}
}

void server_connection_flush(struct usbip_connection *connection)
{
	while (connection->replies && !connection->dead) {
		struct iovec iov[REPLIES_A_SEND];
		struct msghdr message = { .msg_iov = iov };
		struct server_reply *reply = connection->replies;
		ssize_t n;

		for (; reply && message.msg_iovlen < REPLIES_A_SEND; reply = reply->next) {
			iov[message.msg_iovlen].iov_base = reply->bytes + reply->sent;
			iov[message.msg_iovlen++].iov_len = reply->len - reply->sent;
		}
		n = sendmsg(connection->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0)
			account_sent(connection, (size_t)n);
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return;
		else if (errno != EINTR)
			connection->dead = true;
	}
	if (connection->phase == CONNECTION_FLUSH)
		connection->dead = true;
}

short server_connection_events(const struct usbip_connection *connection)
{
	return (short)((wants_input(connection) ? POLLIN : 0) |
		(connection->replies ? POLLOUT : 0));
}

void server_connection_cut(struct usbip_connection *connection, const char *why)
{
	log_warning("%s: cut off: %s", connection->peer, why);
	connection->dead = true;
}

struct usbip_connection *server_connection_new(
	struct usbip_server *server, int fd, const char *peer)
{
	struct usbip_connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		close(fd);
		return NULL;
	}
	connection->server = server;
	connection->fd = fd;
	connection->phase = CONNECTION_OP;
	connection->deadline = deadline_after_msec(SERVER_OP_MSEC);
	connection->replies_end = &connection->replies;
	snprintf(connection->peer, sizeof(connection->peer), "%s", peer);
	return connection;
}

void server_connection_destroy(struct usbip_connection *connection)
{
	release_device(connection);
	if (connection->arriving)
		urb_free(connection, connection->arriving);
	while (connection->replies)
		reply_drop_first(connection);
	close(connection->fd);
	free(connection);
}
