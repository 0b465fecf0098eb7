/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USB/IP server, talked to in raw bytes, with a loopback device behind it. */
/* Over 600 lines: every test needs that device, the server's thread and the raw client, which are half of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "usbip/server.h"

#define BUSID "1-1"
#define DEVID (1u << 16 | 2)
/* Longer than anything here takes; a test that waits so long has failed. */
#define PATIENCE_SEC 30

/* Gives back on endpoint 0x81 what came in on 0x02. */
struct loopback {
	struct usb_device device; /* first */
	struct usbip_connection *connection;
	struct usb_urb *waiting; /* oldest first */
	uint8_t bytes[65536];
	size_t have;
	int attached, detached, resets, unlinks; /* read when the server has stopped */
};

struct fixture {
	struct loopback loopback;
	struct usbip_server *server;
	int stop[2];
	pthread_t thread;
	struct sockaddr_in address;
};

static void loopback_feed(struct loopback *loopback)
{
	while (loopback->waiting && loopback->have > 0) {
		struct usb_urb *urb = loopback->waiting;
		size_t n = urb->len < loopback->have ? urb->len : loopback->have;

		loopback->waiting = urb->next;
		memcpy(urb->data, loopback->bytes, n);
		loopback->have -= n;
		memmove(loopback->bytes, loopback->bytes + n, loopback->have);
		usb_urb_complete(loopback->connection, urb, 0, n);
	}
}

static void loopback_attach(struct usb_device *device, struct usbip_connection *connection)
{
	struct loopback *loopback = (struct loopback *)device;

	loopback->connection = connection;
	loopback->attached++;
}

static void loopback_submit(struct usb_device *device, struct usb_urb *urb)
{
	struct loopback *loopback = (struct loopback *)device;
	struct usb_urb **end = &loopback->waiting;

	switch (urb->ep) {
	case 0x02:
		if (urb->len > sizeof(loopback->bytes) - loopback->have) {
			usb_urb_complete(loopback->connection, urb, USBIP_STATUS_PIPE, 0);
			return;
		}
		memcpy(loopback->bytes + loopback->have, urb->data, urb->len);
		loopback->have += urb->len;
		usb_urb_complete(loopback->connection, urb, 0, urb->len);
		loopback_feed(loopback);
		return;
	case 0x81:
		while (*end)
			end = &(*end)->next;
		urb->next = NULL;
		*end = urb;
		loopback_feed(loopback);
		return;
	case 0x80: /* three bytes, whatever is asked */
		memcpy(urb->data, "abc", urb->len < 3 ? urb->len : 3);
		usb_urb_complete(loopback->connection, urb, 0, urb->len < 3 ? urb->len : 3);
		return;
	case 0x05: /* pulls itself out */
		device->unplugged = true;
		return;
	default:
		usb_urb_complete(loopback->connection, urb, USBIP_STATUS_PIPE, 0);
	}
}

static bool loopback_unlink(struct usb_device *device, struct usb_urb *urb)
{
	struct loopback *loopback = (struct loopback *)device;
	struct usb_urb **at = &loopback->waiting;

	loopback->unlinks++;
	while (*at && *at != urb)
		at = &(*at)->next;
	if (!*at)
		return false;
	*at = urb->next;
	return true;
}

static void loopback_reset(struct usb_device *device)
{
	struct loopback *loopback = (struct loopback *)device;

	loopback->resets++;
	loopback->have = 0;
}

static void loopback_detach(struct usb_device *device)
{
	struct loopback *loopback = (struct loopback *)device;

	loopback->connection = NULL;
	loopback->have = 0;
	loopback->detached++;
}

static const struct usb_device_ops loopback_ops = {
	.attach = loopback_attach,
	.submit = loopback_submit,
	.unlink = loopback_unlink,
	.reset = loopback_reset,
	.detach = loopback_detach,
};

static void *serve(void *data)
{
	struct fixture *fixture = data;
	struct orc_error err;

	return usbip_server_run(fixture->server, fixture->stop[0], &err) == 0 ? fixture : NULL;
}

static int start_with(void **state, bool plain_list)
{
	struct usbip_server_options options = {
		.listen = "127.0.0.1:0",
		.quiet = true,
		.plain_list = plain_list,
	};
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct usb_device *device = &fixture->loopback.device;
	struct orc_error err;

	device->ops = &loopback_ops;
	device->fd = -1;
	device->wake_at = deadline_never();
	device->info = (struct usbip_device_info){
		.path = "/sys/devices/loop/1-1",
		.busid = BUSID,
		.busnum = 1,
		.devnum = 2,
		.speed = USBIP_SPEED_HIGH,
		.vendor = 0x04a9,
		.product = 0x3218,
		.configuration_value = 1,
		.num_configurations = 1,
		.num_interfaces = 1,
		.interfaces = { { 6, 1, 1 } },
	};
	assert_int_equal(usbip_server_new(&fixture->server, &options, &err), 0);
	usbip_server_add(fixture->server, device);
	assert_int_equal(pipe(fixture->stop), 0);
	fixture->address.sin_family = AF_INET;
	fixture->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fixture->address.sin_port =
		htons((uint16_t)atoi(strrchr(usbip_server_address(fixture->server), ':') + 1));
	assert_int_equal(pthread_create(&fixture->thread, NULL, serve, fixture), 0);
	*state = fixture;
	return 0;
}

static int start(void **state)
{
	return start_with(state, false);
}

static int start_plain(void **state)
{
	return start_with(state, true);
}

/* What the device counted may be read behind this. */
static void stop_server(struct fixture *fixture)
{
	void *result = NULL;

	if (!fixture->server)
		return;
	assert_int_equal(write(fixture->stop[1], "x", 1), 1);
	assert_int_equal(pthread_join(fixture->thread, &result), 0);
	assert_ptr_equal(result, fixture);
	usbip_server_destroy(fixture->server);
	fixture->server = NULL;
}

static int stop(void **state)
{
	struct fixture *fixture = *state;

	stop_server(fixture);
	close(fixture->stop[0]);
	close(fixture->stop[1]);
	free(fixture);
	return 0;
}

static int dial(const struct fixture *fixture)
{
	struct timeval patience = { .tv_sec = PATIENCE_SEC };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	assert_int_equal(
		connect(fd, (const struct sockaddr *)&fixture->address, sizeof(fixture->address)),
		0);
	return fd;
}

static void put(int fd, const void *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static void get(int fd, void *bytes, size_t len)
{
	assert_int_equal(recv(fd, bytes, len, MSG_WAITALL), len);
}

static void assert_closed(int fd)
{
	uint8_t byte;
	ssize_t n = recv(fd, &byte, 1, 0);

	assert_true(n == 0 || (n < 0 && errno == ECONNRESET));
	close(fd);
}

static uint32_t import(int fd, const char *busid)
{
	uint8_t request[USBIP_IMPORT_SIZE], reply[USBIP_OP_SIZE + USBIP_DEVICE_SIZE];

	usbip_encode_import(request, busid);
	put(fd, request, sizeof(request));
	get(fd, reply, USBIP_OP_SIZE);
	assert_int_equal(get_be16(reply), 0x0111);
	assert_int_equal(get_be16(reply + 2), USBIP_OP_REP_IMPORT);
	if (get_be32(reply + 4) == USBIP_ST_OK) {
		struct usbip_device_info info;

		get(fd, reply + USBIP_OP_SIZE, USBIP_DEVICE_SIZE);
		assert_int_equal(usbip_decode_device(reply + USBIP_OP_SIZE, &info), 0);
		assert_string_equal(info.busid, busid);
		assert_int_equal(info.devnum, 2);
	}
	return get_be32(reply + 4);
}

static int imported(const struct fixture *fixture)
{
	int fd = dial(fixture);

	assert_int_equal(import(fd, BUSID), USBIP_ST_OK);
	return fd;
}

static void submit(int fd, uint32_t seqnum, uint8_t ep, const void *data, uint32_t len)
{
	struct usbip_header header = {
		.command = USBIP_CMD_SUBMIT,
		.seqnum = seqnum,
		.devid = DEVID,
		.in = ep & 0x80,
		.ep = ep & 0x0f,
		.transfer_buffer_length = len,
	};
	uint8_t bytes[USBIP_HEADER_SIZE];

	if (ep == 0x80)
		header.setup[0] = 0x80;
	usbip_encode_header(bytes, &header);
	put(fd, bytes, sizeof(bytes));
	if (data)
		put(fd, data, len);
}

static void unlink_urb(int fd, uint32_t seqnum, uint32_t victim)
{
	struct usbip_header header = {
		.command = USBIP_CMD_UNLINK,
		.seqnum = seqnum,
		.devid = DEVID,
		.unlink_seqnum = victim,
	};
	uint8_t bytes[USBIP_HEADER_SIZE];

	usbip_encode_header(bytes, &header);
	put(fd, bytes, sizeof(bytes));
}

/* Reads a reply and its fixed part; the caller reads the data. */
static void expect(int fd, uint32_t command, uint32_t seqnum, int32_t status, uint32_t actual)
{
	struct usbip_header header;
	uint8_t bytes[USBIP_HEADER_SIZE];

	get(fd, bytes, sizeof(bytes));
	assert_int_equal(usbip_decode_header(bytes, &header), 0);
	assert_int_equal(header.command, command);
	assert_int_equal(header.seqnum, seqnum);
	assert_int_equal(header.status, status);
	assert_int_equal(header.actual_length, actual);
	assert_int_equal(header.devid, 0);
	assert_int_equal(header.in, 0);
	assert_int_equal(header.ep, 0);
}

static void lists_its_device_with_interfaces(void **state)
{
	int fd = dial(*state);
	uint8_t reply[12 + USBIP_DEVICE_SIZE + USBIP_INTERFACE_SIZE];
	struct usbip_device_info info;

	put(fd, "\x01\x11\x80\x05\0\0\0\0", 8);
	get(fd, reply, sizeof(reply));
	assert_memory_equal(reply, "\x01\x11\x00\x05\0\0\0\0\0\0\0\1", 12);
	assert_int_equal(usbip_decode_device(reply + 12, &info), 0);
	assert_string_equal(info.busid, BUSID);
	assert_int_equal(info.vendor, 0x04a9);
	assert_int_equal(info.num_interfaces, 1);
	assert_memory_equal(reply + 12 + USBIP_DEVICE_SIZE, "\6\1\1\0", 4);
	assert_closed(fd);
}

static void a_plain_list_hides_configuration_and_interfaces(void **state)
{
	int fd = dial(*state);
	uint8_t reply[12 + USBIP_DEVICE_SIZE];
	struct usbip_device_info info;

	put(fd, "\x01\x11\x80\x05\0\0\0\0", 8);
	get(fd, reply, sizeof(reply));
	assert_int_equal(usbip_decode_device(reply + 12, &info), 0);
	assert_int_equal(info.configuration_value, 0);
	assert_int_equal(info.num_interfaces, 0);
	assert_closed(fd);
}

static void an_unknown_busid_is_refused(void **state)
{
	int fd = dial(*state);

	assert_int_equal(import(fd, "9-9"), USBIP_ST_NODEV);
	assert_closed(fd);
}

static void a_second_client_finds_it_busy_until_the_first_leaves(void **state)
{
	int first = imported(*state), second = dial(*state), third;

	assert_int_equal(import(second, BUSID), USBIP_ST_DEV_BUSY);
	assert_closed(second);
	/* Connected before the first leaves, asking right behind: it must be free by then. */
	third = dial(*state);
	close(first);
	assert_int_equal(import(third, BUSID), USBIP_ST_OK);
	close(third);
	stop_server(*state);
	assert_int_equal(((struct fixture *)*state)->loopback.attached, 2);
	assert_int_equal(((struct fixture *)*state)->loopback.detached, 2);
}

static void bulk_data_comes_back_and_short_ones_say_so(void **state)
{
	int fd = imported(*state);
	uint8_t back[512];

	submit(fd, 1, 0x02, "hello", 5);
	expect(fd, USBIP_RET_SUBMIT, 1, 0, 5);
	submit(fd, 2, 0x81, NULL, sizeof(back));
	expect(fd, USBIP_RET_SUBMIT, 2, 0, 5);
	get(fd, back, 5);
	assert_memory_equal(back, "hello", 5);
	close(fd);
}

static void urbs_posted_ahead_complete_in_order(void **state)
{
	int fd = imported(*state);
	uint8_t sent[3000], back[1000];
	size_t i;

	for (i = 0; i < sizeof(sent); i++)
		sent[i] = (uint8_t)(i * 7);
	for (i = 0; i < 3; i++)
		submit(fd, (uint32_t)(10 + i), 0x81, NULL, sizeof(back));
	submit(fd, 20, 0x02, sent, sizeof(sent));
	expect(fd, USBIP_RET_SUBMIT, 20, 0, sizeof(sent));
	for (i = 0; i < 3; i++) {
		expect(fd, USBIP_RET_SUBMIT, (uint32_t)(10 + i), 0, sizeof(back));
		get(fd, back, sizeof(back));
		assert_memory_equal(back, sent + i * sizeof(back), sizeof(back));
	}
	close(fd);
}

static void control_transfers_and_stalls_are_answered(void **state)
{
	int fd = imported(*state);
	uint8_t back[3];

	submit(fd, 1, 0x80, NULL, 64);
	expect(fd, USBIP_RET_SUBMIT, 1, 0, 3);
	get(fd, back, 3);
	assert_memory_equal(back, "abc", 3);
	submit(fd, 2, 0x87, NULL, 64);
	expect(fd, USBIP_RET_SUBMIT, 2, USBIP_STATUS_PIPE, 0);
	submit(fd, 3, 0x02, NULL, 0);
	expect(fd, USBIP_RET_SUBMIT, 3, 0, 0);
	close(fd);
}

static void an_unlinked_urb_gets_one_answer_only(void **state)
{
	int fd = imported(*state);

	submit(fd, 1, 0x81, NULL, 512);
	unlink_urb(fd, 2, 1);
	expect(fd, USBIP_RET_UNLINK, 2, USBIP_STATUS_CONNRESET, 0);
	/* Too late, and unknown: both 0. */
	submit(fd, 3, 0x02, "x", 1);
	expect(fd, USBIP_RET_SUBMIT, 3, 0, 1);
	unlink_urb(fd, 4, 3);
	expect(fd, USBIP_RET_UNLINK, 4, 0, 0);
	unlink_urb(fd, 5, 77);
	expect(fd, USBIP_RET_UNLINK, 5, 0, 0);
	close(fd);
}

static void a_port_reset_ends_what_is_posted(void **state)
{
	struct usbip_header header = {
		.command = USBIP_CMD_SUBMIT,
		.seqnum = 2,
		.devid = DEVID,
		.setup = { 0x23, 0x03, 4, 0, 0, 0, 0, 0 },
	};
	uint8_t bytes[USBIP_HEADER_SIZE];
	int fd = imported(*state);

	submit(fd, 1, 0x81, NULL, 512);
	usbip_encode_header(bytes, &header);
	put(fd, bytes, sizeof(bytes));
	expect(fd, USBIP_RET_SUBMIT, 1, USBIP_STATUS_SHUTDOWN, 0);
	expect(fd, USBIP_RET_SUBMIT, 2, 0, 0);
	close(fd);
	stop_server(*state);
	assert_int_equal(((struct fixture *)*state)->loopback.resets, 1);
}

static void a_client_that_leaves_takes_its_urbs_along(void **state)
{
	struct fixture *fixture = *state;
	int fd = imported(fixture);

	submit(fd, 1, 0x81, NULL, 512);
	submit(fd, 2, 0x81, NULL, 512);
	submit(fd, 3, 0x80, NULL, 0);
	expect(fd, USBIP_RET_SUBMIT, 3, 0, 0);
	close(fd);
	fd = imported(fixture);
	submit(fd, 1, 0x02, "new", 3);
	expect(fd, USBIP_RET_SUBMIT, 1, 0, 3);
	close(fd);
	stop_server(fixture);
	assert_int_equal(fixture->loopback.unlinks, 2);
	assert_null(fixture->loopback.waiting);
}

static void an_unplugged_device_takes_its_client_along(void **state)
{
	int fd = imported(*state);

	submit(fd, 1, 0x81, NULL, 512);
	submit(fd, 2, 0x05, NULL, 0);
	assert_closed(fd);
	fd = dial(*state);
	assert_int_equal(import(fd, BUSID), USBIP_ST_NODEV);
	close(fd);
}

/* Each is sent by a client of its own, while another one is served. */
static void garbage_is_cut_off_and_others_are_not_disturbed(void **state)
{
	static const struct {
		bool after_import;
		const char *bytes;
		size_t len;
	} garbage[] = {
		{ false, "GET / HTTP/1.1\r\n\r\n", 18 },
		{ false, "\x01\x10\x80\x05\0\0\0\0", 8 },
		{ false, "\x01\x11\x80\x77\0\0\0\0", 8 },
		{ false, "\x01\x11\x80\x03\0\0\0\0AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 40 },
		/* an unknown command, a reply, a foreign devid, endpoint 16, 2 GB */
		{ true, "\0\0\0\x09\0\0\0\1\0\1\0\2\0\0\0\0\0\0\0\1", 20 },
		{ true, "\0\0\0\x03\0\0\0\1\0\1\0\2\0\0\0\0\0\0\0\1", 20 },
		{ true, "\0\0\0\x01\0\0\0\1\0\7\0\7\0\0\0\1\0\0\0\1", 20 },
		{ true, "\0\0\0\x01\0\0\0\1\0\1\0\2\0\0\0\1\0\0\0\x10", 20 },
		{ true, "\0\0\0\x01\0\0\0\1\0\1\0\2\0\0\0\1\0\0\0\1\0\0\0\0\x7f\0\0\0", 28 },
		/* an isochronous transfer; a control request with two directions */
		{ true,
			"\0\0\0\x01\0\0\0\1\0\1\0\2\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0"
			"\5",
			36 },
		{ true, "\0\0\0\x01\0\0\0\1\0\1\0\2\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1", 28 },
	};
	size_t i;

	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		int bystander = garbage[i].after_import ? -1 : imported(*state);
		int fd = garbage[i].after_import ? imported(*state) : dial(*state);
		uint8_t bytes[USBIP_HEADER_SIZE] = { 0 };

		memcpy(bytes, garbage[i].bytes, garbage[i].len);
		put(fd, bytes, garbage[i].after_import ? sizeof(bytes) : garbage[i].len);
		assert_closed(fd);
		if (bystander < 0)
			bystander = imported(*state);
		submit(bystander, 1, 0x02, "ok", 2);
		expect(bystander, USBIP_RET_SUBMIT, 1, 0, 2);
		close(bystander);
	}
}

static void too_many_urbs_end_the_connection(void **state)
{
	int fd = imported(*state);
	uint32_t i;

	for (i = 0; i < 257; i++)
		submit(fd, i, 0x81, NULL, 64);
	assert_closed(fd);
	fd = imported(*state);
	for (i = 0; i < 5; i++)
		submit(fd, i, 0x81, NULL, USBIP_MAX_TRANSFER);
	assert_closed(fd);
}

#define LATE_ROUNDS 512
#define LATE_BLOCK  32768

static void *send_for_late_reader(void *data)
{
	static uint8_t block[LATE_BLOCK];
	int fd = *(int *)data;
	uint32_t i;

	memset(block, 0x5a, sizeof(block));
	for (i = 0; i < LATE_ROUNDS; i++) {
		submit(fd, 2 * i, 0x02, block, sizeof(block));
		submit(fd, 2 * i + 1, 0x81, NULL, sizeof(block));
	}
	return NULL;
}

/* 16 MiB through a client that hardly buffers: four times what the server lets pile up. */
static void a_client_that_reads_slowly_gets_all(void **state)
{
	static uint8_t block[LATE_BLOCK], back[LATE_BLOCK];
	const int small = 65536;
	int fd = imported(*state);
	pthread_t thread;
	uint32_t i;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	memset(block, 0x5a, sizeof(block));
	assert_int_equal(pthread_create(&thread, NULL, send_for_late_reader, &fd), 0);
	for (i = 0; i < LATE_ROUNDS; i++) {
		expect(fd, USBIP_RET_SUBMIT, 2 * i, 0, sizeof(block));
		expect(fd, USBIP_RET_SUBMIT, 2 * i + 1, 0, sizeof(block));
		get(fd, back, sizeof(back));
		assert_memory_equal(back, block, sizeof(back));
	}
	pthread_join(thread, NULL);
	close(fd);
}

static void bad_addresses_are_told_apart_from_taken_ones(void **state)
{
	static const char *const bad[] = { "", "localhost", "127.0.0.1:", ":1", "::1:5", "[::1:5",
		"127.0.0.1:65536", "127.0.0.1:x" };
	struct usbip_server_options options = { .quiet = true };
	struct fixture *fixture = *state;
	struct usbip_server *server = NULL;
	struct orc_error err;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		options.listen = bad[i];
		assert_int_equal(usbip_server_new(&server, &options, &err), ORC_EUSAGE);
	}
	options.listen = usbip_server_address(fixture->server);
	assert_int_equal(usbip_server_new(&server, &options, &err), ORC_EFILE);
	assert_int_equal(err.errnum, EADDRINUSE);
	assert_null(server);
}

int main(void)
{
#define served(test) cmocka_unit_test_setup_teardown(test, start, stop)
	const struct CMUnitTest tests[] = {
		served(lists_its_device_with_interfaces),
		cmocka_unit_test_setup_teardown(
			a_plain_list_hides_configuration_and_interfaces, start_plain, stop),
		served(an_unknown_busid_is_refused),
		served(a_second_client_finds_it_busy_until_the_first_leaves),
		served(bulk_data_comes_back_and_short_ones_say_so),
		served(urbs_posted_ahead_complete_in_order),
		served(control_transfers_and_stalls_are_answered),
		served(an_unlinked_urb_gets_one_answer_only),
		served(a_port_reset_ends_what_is_posted),
		served(a_client_that_leaves_takes_its_urbs_along),
		served(an_unplugged_device_takes_its_client_along),
		served(garbage_is_cut_off_and_others_are_not_disturbed),
		served(too_many_urbs_end_the_connection),
		served(a_client_that_reads_slowly_gets_all),
		served(bad_addresses_are_told_apart_from_taken_ones),
	};

	log_set_level(LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
