/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scripted USB/IP server for one client: what a test says, when it says it. */
#include "peer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/bytes.h"

#define PATIENCE_SEC 30

void peer_complain(struct peer *peer, const char *format, ...)
{
	va_list ap;

	if (peer->complaint[0])
		return;
	va_start(ap, format);
	vsnprintf(peer->complaint, sizeof(peer->complaint), format, ap);
	va_end(ap);
	/* Whatever the client waits for will not come. */
	shutdown(peer->fd, SHUT_RDWR);
}

void peer_check(struct peer *peer, bool right, const char *what)
{
	if (!right)
		peer_complain(peer, "%s", what);
}

static void set_patience(int fd)
{
	struct timeval patience = { .tv_sec = PATIENCE_SEC };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static void *run(void *data)
{
	struct peer *peer = data;

	peer->fd = accept(peer->listen_fd, NULL, NULL);
	if (peer->fd < 0) {
		peer_complain(peer, "nobody connected");
		return NULL;
	}
	set_patience(peer->fd);
	peer->script(peer);
	close(peer->fd);
	return NULL;
}

void peer_start(struct peer *peer, void (*script)(struct peer *peer), void *data)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(in);

	*peer = (struct peer){ .script = script, .data = data, .fd = -1 };
	peer->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	set_patience(peer->listen_fd);
	if (pipe(peer->gate) < 0 || bind(peer->listen_fd, (struct sockaddr *)&in, len) < 0 ||
		listen(peer->listen_fd, 4) < 0 ||
		getsockname(peer->listen_fd, (struct sockaddr *)&in, &len) < 0)
		abort();
	snprintf(peer->address.host, sizeof(peer->address.host), "127.0.0.1");
	snprintf(peer->address.port, sizeof(peer->address.port), "%u", ntohs(in.sin_port));
	snprintf(peer->address.busid, sizeof(peer->address.busid), "1-1");
	if (pthread_create(&peer->thread, NULL, run, peer) != 0)
		abort();
}

const char *peer_join(struct peer *peer)
{
	pthread_join(peer->thread, NULL);
	close(peer->listen_fd);
	close(peer->gate[0]);
	close(peer->gate[1]);
	return peer->complaint[0] ? peer->complaint : NULL;
}

void peer_open_gate(struct peer *peer)
{
	if (write(peer->gate[1], "", 1) != 1)
		abort();
}

void peer_wait_gate(struct peer *peer)
{
	struct pollfd pfd = { .fd = peer->gate[0], .events = POLLIN };
	char byte;

	if (poll(&pfd, 1, PATIENCE_SEC * 1000) != 1 || read(peer->gate[0], &byte, 1) != 1)
		peer_complain(peer, "the test never opened the gate");
}

void peer_read(struct peer *peer, void *buf, size_t len)
{
	if (!peer->complaint[0] && len && recv(peer->fd, buf, len, MSG_WAITALL) != (ssize_t)len)
		peer_complain(peer, "the client sent less than was expected");
	if (peer->complaint[0])
		memset(buf, 0, len);
}

void peer_write(struct peer *peer, const void *buf, size_t len)
{
	/* A client that has hung up is for the test to judge. */
	for (size_t done = 0; done < len;) {
		ssize_t n = send(peer->fd, (const char *)buf + done, len - done, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

int peer_next_connection(struct peer *peer)
{
	int before = peer->fd;

	peer->fd = accept(peer->listen_fd, NULL, NULL);
	if (peer->fd < 0)
		peer_complain(peer, "nobody connected again");
	set_patience(peer->fd);
	return before;
}

void peer_expect_list(struct peer *peer)
{
	uint8_t bytes[USBIP_OP_SIZE];
	struct usbip_op op;

	peer_read(peer, bytes, sizeof(bytes));
	if (!peer->complaint[0])
		peer_check(peer,
			usbip_decode_op(bytes, &op) == 0 && op.code == USBIP_OP_REQ_DEVLIST,
			"the client did not ask for the list");
}

void peer_answer_list(struct peer *peer, const struct usbip_device_info *devices, uint32_t count)
{
	struct usbip_op op = { USBIP_VERSION, USBIP_OP_REP_DEVLIST, USBIP_ST_OK };
	uint8_t head[USBIP_OP_SIZE + 4], device[USBIP_DEVICE_SIZE];

	usbip_encode_op(head, &op);
	put_be32(head + USBIP_OP_SIZE, count);
	peer_write(peer, head, sizeof(head));
	for (uint32_t i = 0; i < count; i++) {
		usbip_encode_device(device, &devices[i]);
		peer_write(peer, device, sizeof(device));
	}
}

void peer_accept_import(struct peer *peer, uint32_t status)
{
	struct usbip_op op = { USBIP_VERSION, USBIP_OP_REP_IMPORT, status };
	struct usbip_device_info info = {
		.path = "/sys/1-1", .busid = "1-1", .busnum = 1, .devnum = 7, .speed = 3
	};
	uint8_t request[USBIP_IMPORT_SIZE], reply[USBIP_OP_SIZE + USBIP_DEVICE_SIZE];

	peer_read(peer, request, sizeof(request));
	usbip_encode_op(reply, &op);
	usbip_encode_device(reply + USBIP_OP_SIZE, &info);
	peer_write(peer, reply, status == USBIP_ST_OK ? sizeof(reply) : USBIP_OP_SIZE);
}

struct usbip_header peer_next(struct peer *peer, void *buf, size_t size)
{
	uint8_t bytes[USBIP_HEADER_SIZE], rest[256];
	struct usbip_header header = { 0 };
	size_t left;

	peer_read(peer, bytes, sizeof(bytes));
	if (peer->complaint[0])
		return header;
	if (usbip_decode_header(bytes, &header) < 0)
		peer_complain(peer, "the client sent a header that makes no sense");
	if (header.command != USBIP_CMD_SUBMIT || header.in)
		return header;
	left = header.transfer_buffer_length;
	if (size > left)
		size = left;
	peer_read(peer, buf, size);
	for (left -= size; left > 0 && !peer->complaint[0];) {
		size_t n = left < sizeof(rest) ? left : sizeof(rest);

		peer_read(peer, rest, n);
		left -= n;
	}
	return header;
}

uint32_t peer_expect_submit(struct peer *peer, uint8_t ep, uint32_t len)
{
	struct usbip_header header = peer_next(peer, NULL, 0);
	uint8_t is = (uint8_t)(header.ep | (header.in ? 0x80u : 0u));

	if (header.command != USBIP_CMD_SUBMIT || is != ep || header.transfer_buffer_length != len)
		peer_complain(peer, "expected submit ep %02x len %u, got command %u ep %02x len %u",
			ep, len, header.command, is, header.transfer_buffer_length);
	if (header.devid != (1u << 16 | 7))
		peer_complain(peer, "wrong devid %08x", header.devid);
	return header.seqnum;
}

uint32_t peer_expect_unlink(struct peer *peer, uint32_t target)
{
	struct usbip_header header = peer_next(peer, NULL, 0);

	if (header.command != USBIP_CMD_UNLINK || header.unlink_seqnum != target)
		peer_complain(peer, "expected unlink of %u, got command %u of %u", target,
			header.command, header.unlink_seqnum);
	return header.seqnum;
}

void peer_reply(
	struct peer *peer, uint32_t seqnum, int32_t status, const void *data, uint32_t actual)
{
	struct usbip_header header = { .command = USBIP_RET_SUBMIT,
		.seqnum = seqnum,
		.status = status,
		.actual_length = actual };
	uint8_t bytes[USBIP_HEADER_SIZE + 65536];
	size_t len = data ? actual : 0;

	usbip_encode_header(bytes, &header);
	if (len)
		memcpy(bytes + USBIP_HEADER_SIZE, data, len);
	peer_write(peer, bytes, USBIP_HEADER_SIZE + len);
}

void peer_reply_unlink(struct peer *peer, uint32_t seqnum, int32_t status)
{
	struct usbip_header header = {
		.command = USBIP_RET_UNLINK, .seqnum = seqnum, .status = status
	};
	uint8_t bytes[USBIP_HEADER_SIZE];

	usbip_encode_header(bytes, &header);
	peer_write(peer, bytes, sizeof(bytes));
}

void peer_drain(struct peer *peer)
{
	uint8_t bytes[USBIP_HEADER_SIZE];
	struct usbip_header header;

	while (!peer->complaint[0] &&
		recv(peer->fd, bytes, sizeof(bytes), MSG_WAITALL) == (ssize_t)sizeof(bytes)) {
		if (usbip_decode_header(bytes, &header) == 0 && header.command == USBIP_CMD_UNLINK)
			peer_reply_unlink(peer, header.seqnum, USBIP_STATUS_CONNRESET);
		else
			peer->drained++;
	}
}
