/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client against a scripted server: order, short packets, cancels, errors, bad servers. */
/* Over 600 lines: seventeen conversations, each a script for the server and its test, with helpers in common. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "peer.h"
#include "usbip/client.h"

#define IN    0x81
#define OUT   0x02
#define EVENT 0x83
#define URB   16384
#define SOON  deadline_after_msec(60000)
#define PIPE  USBIP_STATUS_PIPE
#define RESET USBIP_STATUS_CONNRESET

static uint8_t pattern[4 * URB];

static void write_succeeds(struct usbip_client *client, size_t len)
{
	assert_int_equal(usbip_client_bulk_write(client, OUT, pattern, len, SOON), len);
}

/* A read of `len` gives `got` bytes, and they are those of the pattern from `at` on. */
static void read_gives(struct usbip_client *client, size_t len, ssize_t got, size_t at)
{
	static uint8_t buf[4 * URB];

	assert_int_equal(usbip_client_bulk_read(client, IN, buf, len, SOON), got);
	assert_memory_equal(buf, pattern + at, got);
}

static struct usbip_client *open_client(struct peer *peer, void (*script)(struct peer *peer),
	const struct usbip_client_options *options)
{
	struct usbip_client *client;
	struct orc_error err;

	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i * 31 + i / 251);
	peer_start(peer, script, NULL);
	assert_int_equal(usbip_client_open(&client, &peer->address, options, SOON, &err), 0);
	usbip_client_set_endpoint(client, IN, 512);
	usbip_client_set_endpoint(client, OUT, 512);
	usbip_client_set_read_ahead(client, IN, OUT);
	return client;
}

static void close_client(struct usbip_client *client, struct peer *peer)
{
	const char *complaint;

	usbip_client_close(client);
	complaint = peer_join(peer);
	if (complaint)
		fail_msg("the server: %s", complaint);
}

/* What a command looks like on the wire: the write, and the reads posted behind it. */
static void expect_command(struct peer *peer, uint32_t len, uint32_t in[2])
{
	uint32_t out = peer_expect_submit(peer, OUT, len);

	in[0] = peer_expect_submit(peer, IN, URB);
	in[1] = peer_expect_submit(peer, IN, URB);
	peer_reply(peer, out, 0, NULL, len);
}

static void script_transaction(struct peer *peer)
{
	uint8_t all[3 * USBIP_HEADER_SIZE + 100 + 12], *p = all;
	uint32_t out, in[2];

	peer_accept_import(peer, USBIP_ST_OK);
	out = peer_expect_submit(peer, OUT, 12);
	in[0] = peer_expect_submit(peer, IN, URB);
	in[1] = peer_expect_submit(peer, IN, URB);
	for (int i = 0; i < 3; i++) {
		struct usbip_header header = { .command = USBIP_RET_SUBMIT,
			.seqnum = i == 0 ? out : in[i - 1],
			.actual_length = i == 1 ? 100 : 12 };

		usbip_encode_header(p, &header);
		p += USBIP_HEADER_SIZE;
		if (i == 0)
			continue;
		memcpy(p, pattern + (i == 1 ? 0 : 100), header.actual_length);
		p += header.actual_length;
	}
	peer_write(peer, all, sizeof(all));
	peer_drain(peer);
}

static void a_transaction_waits_for_the_network_once(void **state)
{
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_transaction, NULL);

	(void)state;
	write_succeeds(client, 12);
	read_gives(client, 512, 100, 0);
	read_gives(client, 512, 12, 100);
	/* None if the server was quicker than we. */
	assert_in_range(usbip_client_stats(client)->waits, 0, 1);
	assert_int_equal(usbip_client_stats(client)->urbs, 3);
	close_client(client, &peer);
}

static void script_order(struct peer *peer)
{
	uint32_t in[2];

	peer_accept_import(peer, USBIP_ST_OK);
	expect_command(peer, 12, in);
	/* A server may answer out of order; the data is in the order of the requests. */
	peer_reply(peer, in[1], 0, pattern + 700, 12);
	peer_reply(peer, in[0], 0, pattern, 700);
	peer_drain(peer);
}

static void data_comes_in_the_order_of_submission_and_leftovers_stay(void **state)
{
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_order, NULL);

	(void)state;
	write_succeeds(client, 12);
	read_gives(client, 512, 512, 0);
	read_gives(client, 100, 100, 512);
	read_gives(client, 512, 88, 612);
	read_gives(client, 512, 12, 700);
	close_client(client, &peer);
}

static void script_zero_length(struct peer *peer)
{
	uint32_t in[2];

	peer_accept_import(peer, USBIP_ST_OK);
	expect_command(peer, 12, in);
	peer_reply(peer, in[0], 0, pattern, 1024);
	peer_reply(peer, in[1], 0, pattern + 1024, 512);
	peer_drain(peer);
}

static void a_zero_length_packet_is_a_read_only_behind_a_full_one(void **state)
{
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_zero_length, NULL);

	(void)state;
	write_succeeds(client, 12);
	/* 1024 bytes and the packet that ends them: exactly filled, so it comes by itself. */
	read_gives(client, 512, 512, 0);
	read_gives(client, 512, 512, 512);
	read_gives(client, 512, 0, 0);
	/* 512 bytes into room for more: it ended the read. */
	read_gives(client, 600, 512, 1024);
	close_client(client, &peer);
}

static void script_late(struct peer *peer)
{
	uint32_t in[2];

	peer_accept_import(peer, USBIP_ST_OK);
	expect_command(peer, 12, in);
	peer_reply(peer, in[0], 0, pattern, URB);
	peer_wait_gate(peer);
	peer_reply(peer, in[1], 0, pattern + URB, 100);
	peer_drain(peer);
}

static void a_read_that_timed_out_loses_nothing(void **state)
{
	static uint8_t buf[2 * URB];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_late, NULL);

	(void)state;
	write_succeeds(client, 12);
	assert_int_equal(
		usbip_client_bulk_read(client, IN, buf, sizeof(buf), deadline_after_msec(100)),
		ORC_ETIMEOUT);
	peer_open_gate(&peer);
	read_gives(client, 2 * URB, URB + 100, 0);
	close_client(client, &peer);
}

static void script_stall(struct peer *peer)
{
	struct usbip_header header;
	uint32_t in[2], cancel, next[2];

	peer_accept_import(peer, USBIP_ST_OK);
	expect_command(peer, 12, in);
	peer_reply(peer, in[0], PIPE, NULL, 0);
	cancel = peer_expect_unlink(peer, in[1]);
	/* The race: it was filled just before the cancel arrived. */
	peer_reply(peer, in[1], 0, pattern, 50);
	peer_reply_unlink(peer, cancel, 0);
	header = peer_next(peer, NULL, 0);
	peer_check(peer,
		header.command == USBIP_CMD_SUBMIT && header.ep == 0 &&
			memcmp(header.setup, "\x02\x01\0\0\x81\0\0\0", 8) == 0,
		"no CLEAR_FEATURE(ENDPOINT_HALT)");
	peer_reply(peer, header.seqnum, 0, NULL, 0);
	expect_command(peer, 24, next);
	peer_reply(peer, next[0], 0, pattern + 5, 12);
	peer_drain(peer);
}

static void a_stall_is_reported_and_cleared_and_old_data_is_dropped(void **state)
{
	uint8_t buf[512];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_stall, NULL);

	(void)state;
	write_succeeds(client, 12);
	assert_int_equal(usbip_client_bulk_read(client, IN, buf, sizeof(buf), SOON), ORC_ESTALL);
	assert_int_equal(usbip_client_clear_halt(client, IN, SOON), 0);
	write_succeeds(client, 24);
	read_gives(client, 512, 12, 5);
	close_client(client, &peer);
}

static void script_write_error(struct peer *peer)
{
	struct usbip_header header;
	uint32_t out, in;

	peer_accept_import(peer, USBIP_ST_OK);
	out = peer_expect_submit(peer, OUT, 12);
	in = peer_expect_submit(peer, IN, URB);
	peer_expect_submit(peer, IN, URB);
	peer_reply(peer, out, PIPE, NULL, 0);
	peer_reply(peer, in, 0, pattern, 7);
	header = peer_next(peer, NULL, 0);
	peer_check(peer, header.ep == 0 && memcmp(header.setup, "\x02\x01\0\0\x02\0\0\0", 8) == 0,
		"no CLEAR_FEATURE(ENDPOINT_HALT)");
	peer_reply(peer, header.seqnum, 0, NULL, 0);
	out = peer_expect_submit(peer, OUT, 13);
	peer_reply(peer, out, 0, NULL, 13);
	peer_drain(peer);
}

static void a_stall_of_a_write_surfaces_once_and_stops_writes_until_cleared(void **state)
{
	uint8_t buf[512];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_write_error, NULL);

	(void)state;
	write_succeeds(client, 12);
	assert_int_equal(usbip_client_bulk_read(client, IN, buf, sizeof(buf), SOON), ORC_EPROTO);
	read_gives(client, 512, 7, 0);
	assert_int_equal(usbip_client_bulk_write(client, OUT, pattern, 13, SOON), ORC_ESTALL);
	assert_int_equal(usbip_client_clear_halt(client, OUT, SOON), 0);
	write_succeeds(client, 13);
	close_client(client, &peer);
}

#define LONG_URBS 200

/* Answers all that is asked for, a round trip at a time; twice as much is asked for then. */
static void script_long(struct peer *peer)
{
	uint32_t out, filled = 0, asked = 0, wanted = 2;
	uint32_t pending[LONG_URBS + 512];

	peer_accept_import(peer, USBIP_ST_OK);
	out = peer_expect_submit(peer, OUT, 12);
	while (filled < LONG_URBS && !peer->complaint[0]) {
		while (asked < filled + wanted && !peer->complaint[0])
			pending[asked++] = peer_expect_submit(peer, IN, URB);
		if (filled == 0)
			peer_reply(peer, out, 0, NULL, 12);
		for (; filled < asked && filled < LONG_URBS; filled++)
			peer_reply(peer, pending[filled], 0, pattern + filled % 3 * URB, URB);
		wanted = 2 * filled < 72 ? 2 * filled : 72;
	}
	while (asked < filled + wanted && !peer->complaint[0])
		pending[asked++] = peer_expect_submit(peer, IN, URB);
	peer_reply(peer, pending[filled], 0, pattern, 1);
	peer_drain(peer);
	peer_check(peer, peer->drained == 0, "the window grew beyond its limit");
}

static void a_long_transfer_grows_the_window_within_its_limit(void **state)
{
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_long, NULL);

	(void)state;
	write_succeeds(client, 12);
	for (size_t i = 0; i < LONG_URBS; i++)
		read_gives(client, URB, URB, i % 3 * URB);
	read_gives(client, 512, 1, 0);
	close_client(client, &peer);
}

static void script_many_writes(struct peer *peer)
{
	uint32_t out[301], in[3];

	peer_accept_import(peer, USBIP_ST_OK);
	out[0] = peer_expect_submit(peer, OUT, 12);
	in[0] = peer_expect_submit(peer, IN, URB);
	in[1] = peer_expect_submit(peer, IN, URB);
	for (size_t i = 1; i < ARRAY_LENGTH(out); i++) {
		out[i] = peer_expect_submit(peer, OUT, 4096);
		peer_reply(peer, out[i - 1], 0, NULL, i == 1 ? 12 : 4096);
	}
	peer_reply(peer, out[300], 0, NULL, 4096);
	/* A new one behind the last of them. */
	in[2] = peer_expect_submit(peer, IN, URB);
	peer_reply(peer, in[0], 0, pattern, 12);
	peer_drain(peer);
	peer_check(peer, in[2] > in[1] && peer->drained == 0, "more reads than are of use");
}

static void many_writes_do_not_pile_up_reads(void **state)
{
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_many_writes, NULL);

	(void)state;
	write_succeeds(client, 12);
	for (int i = 0; i < 300; i++)
		write_succeeds(client, 4096);
	read_gives(client, 512, 12, 0);
	close_client(client, &peer);
}

#define LONG_WRITE ((size_t)6 << 20)

static void *take_all_writes(void *data)
{
	struct peer *peer = data;

	for (size_t done = 0; done < LONG_WRITE && !peer->complaint[0]; done += URB)
		peer_reply(peer, peer_expect_submit(peer, OUT, URB), 0, NULL, URB);
	return NULL;
}

/* Only a few kilobytes fit into the link at once: something is always left that waits to be sent. */
static void a_long_write_to_a_slow_server_needs_no_more_memory_than_what_is_under_way(void **state)
{
	cleanup_free uint8_t *data = calloc(1, LONG_WRITE);
	struct peer peer = { 0 };
	struct usbip_client *client;
	struct orc_error err = { 0 };
	char text[USBIP_HANDOVER_SIZE];
	int fds[2], size = 4096;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	peer.fd = fds[1];
	snprintf(text, sizeof(text), "%d 1 7 3 4a9 3299 1 1-1", fds[0]);
	assert_int_equal(usbip_client_take_over(&client, text, NULL, &err), 0);
	assert_int_equal(pthread_create(&peer.thread, NULL, take_all_writes, &peer), 0);
	assert_int_equal(usbip_client_bulk_write(client, OUT, data, LONG_WRITE, SOON), LONG_WRITE);
	pthread_join(peer.thread, NULL);
	assert_string_equal(peer.complaint, "");
	usbip_client_close(client);
	close(fds[1]);
}

static void script_interrupt(struct peer *peer)
{
	uint32_t first;

	peer_accept_import(peer, USBIP_ST_OK);
	first = peer_expect_submit(peer, EVENT, 512);
	peer_expect_submit(peer, EVENT, 512);
	peer_wait_gate(peer);
	peer_reply(peer, first, 0, pattern, 24);
	/* Nothing was asked for or cancelled in between. */
	peer_expect_submit(peer, EVENT, 512);
	peer_drain(peer);
}

static void an_event_that_comes_after_the_timeout_is_there_for_the_next_call(void **state)
{
	uint8_t buf[64];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_interrupt, NULL);

	(void)state;
	assert_int_equal(usbip_client_interrupt_read(
				 client, EVENT, buf, sizeof(buf), deadline_after_msec(50)),
		ORC_ETIMEOUT);
	peer_open_gate(&peer);
	assert_int_equal(usbip_client_interrupt_read(client, EVENT, buf, sizeof(buf), SOON), 24);
	assert_memory_equal(buf, pattern, 24);
	close_client(client, &peer);
}

static void script_plain(struct peer *peer)
{
	uint32_t seqnum;

	peer_accept_import(peer, USBIP_ST_OK);
	seqnum = peer_expect_submit(peer, OUT, 12);
	peer_reply(peer, seqnum, 0, NULL, 12);
	seqnum = peer_expect_submit(peer, IN, 512);
	peer_reply(peer, seqnum, 0, pattern, 512);
	seqnum = peer_expect_submit(peer, OUT, 12);
	peer_reply(peer, seqnum, PIPE, NULL, 0);
	peer_drain(peer);
}

static void without_read_ahead_each_transfer_is_waited_for(void **state)
{
	struct usbip_client_options options = { .no_read_ahead = true };
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_plain, &options);

	(void)state;
	write_succeeds(client, 12);
	read_gives(client, 512, 512, 0);
	assert_int_equal(usbip_client_bulk_write(client, OUT, pattern, 12, SOON), ORC_ESTALL);
	close_client(client, &peer);
}

static void script_dead(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_OK);
	peer_expect_submit(peer, 0x80, 4);
	peer_expect_unlink(peer, 0);
	/* Silent from here on, but connected. */
	peer_wait_gate(peer);
}

static void a_link_without_a_sign_of_life_is_lost(void **state)
{
	struct usbip_client_options options = { .progress_msec = 200 };
	uint8_t buf[4];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_dead, &options);

	(void)state;
	assert_int_equal(usbip_client_control(client, 0x80, 0, 0, 0, buf, 4, SOON), ORC_ELOST);
	assert_int_equal(usbip_client_stats(client)->pings, 1);
	assert_int_equal(usbip_client_control(client, 0x80, 0, 0, 0, buf, 4, SOON), ORC_ELOST);
	assert_string_not_equal(usbip_client_error(client)->why, "");
	peer_open_gate(&peer);
	close_client(client, &peer);
}

static void script_slow(struct peer *peer)
{
	uint32_t seqnum;

	peer_accept_import(peer, USBIP_ST_OK);
	seqnum = peer_expect_submit(peer, 0x80, 4);
	/* The camera thinks for one and a half times the limit; the server is well. */
	for (int i = 0; i < 3; i++)
		peer_reply_unlink(peer, peer_expect_unlink(peer, 0), 0);
	peer_reply(peer, seqnum, 0, pattern, 4);
	peer_drain(peer);
}

static void a_slow_camera_is_not_a_lost_link(void **state)
{
	struct usbip_client_options options = { .progress_msec = 2000 };
	uint8_t buf[4];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_slow, &options);

	(void)state;
	assert_int_equal(usbip_client_control(client, 0x80, 0, 0, 0, buf, 4, SOON), 4);
	close_client(client, &peer);
}

static void script_thoughtful(struct peer *peer)
{
	uint32_t seqnum, ping;

	peer_accept_import(peer, USBIP_ST_OK);
	seqnum = peer_expect_submit(peer, 0x80, 4);
	ping = peer_expect_unlink(peer, 0);
	/* The way of a link: no answer is there at once. */
	clock_sleep_until(deadline_after_msec(20));
	peer_reply_unlink(peer, ping, 0);
	peer_reply(peer, seqnum, 0, pattern, 4);
	peer_drain(peer);
}

/* While a signal's handler runs, the thread that waits for the server stands still. */
static void stand_still(int number)
{
	struct deadline deadline = deadline_after_msec(1500);

	(void)number;
	while (!deadline_passed(deadline))
		clock_sleep_until(deadline);
}

/* A connection, and the program stands still from 50 ms on. */
static struct usbip_client *open_and_stop(struct peer *peer, void (*script)(struct peer *peer),
	const struct usbip_client_options *options)
{
	const struct itimerval once = { .it_value = { .tv_usec = 50000 } };
	struct usbip_client *client;
	sigset_t alarm;

	signal(SIGALRM, stand_still);
	/* The server's thread has it blocked from here on. */
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL);
	client = open_client(peer, script, options);
	setitimer(ITIMER_REAL, &once, NULL);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	return client;
}

static void a_program_that_was_stopped_asks_the_server_before_it_gives_up(void **state)
{
	struct usbip_client_options options = { .progress_msec = 1000 };
	uint8_t buf[4];
	struct peer peer;
	struct usbip_client *client = open_and_stop(&peer, script_thoughtful, &options);

	(void)state;
	assert_int_equal(usbip_client_control(client, 0x80, 0, 0, 0, buf, 4, SOON), 4);
	close_client(client, &peer);
}

static void script_while_stopped(struct peer *peer)
{
	uint32_t seqnum;

	peer_accept_import(peer, USBIP_ST_OK);
	seqnum = peer_expect_submit(peer, IN, URB);
	/* The program stands still by now. */
	clock_sleep_until(deadline_after_msec(300));
	peer_reply(peer, seqnum, 0, pattern, URB);
	peer_drain(peer);
}

static void what_came_while_a_program_was_stopped_is_no_time_out(void **state)
{
	struct usbip_client_options options = { .no_read_ahead = true };
	static uint8_t buf[URB];
	struct peer peer;
	struct usbip_client *client = open_and_stop(&peer, script_while_stopped, &options);

	(void)state;
	/* Which is more than a second before the program goes on. */
	assert_int_equal(
		usbip_client_bulk_read(client, IN, buf, sizeof(buf), deadline_after_msec(100)),
		sizeof(buf));
	assert_memory_equal(buf, pattern, sizeof(buf));
	close_client(client, &peer);
}

static void script_half_a_transfer(struct peer *peer)
{
	static const uint8_t data[16384];

	peer_accept_import(peer, USBIP_ST_OK);
	peer_reply(peer, peer_expect_submit(peer, IN, sizeof(data)), 0, data, sizeof(data));
	/* The server is well, and answers pings; the camera sends nothing any more. */
	peer_drain(peer);
}

static void a_transfer_that_stands_still_is_given_up_before_the_deadline(void **state)
{
	struct usbip_client_options options = { .progress_msec = 2000, .no_read_ahead = true };
	static uint8_t buf[20000];
	struct peer peer;
	struct usbip_client *client = open_client(&peer, script_half_a_transfer, &options);
	nsec_t start = clock_now_nsec();

	(void)state;
	assert_int_equal(
		usbip_client_bulk_read(client, IN, buf, sizeof(buf), deadline_after_msec(60000)),
		ORC_ETIMEOUT);
	assert_non_null(strstr(usbip_client_error(client)->why, "in the middle of a transfer"));
	assert_true(clock_now_nsec() - start >= 2 * NSEC_PER_SEC);
	assert_true(clock_now_nsec() - start < 30 * NSEC_PER_SEC);
	close_client(client, &peer);
}

static void script_unknown(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_OK);
	peer_expect_submit(peer, 0x80, 4);
	peer_reply(peer, 4711, 0, pattern, 4);
}

static void script_too_long(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_OK);
	peer_reply(peer, peer_expect_submit(peer, 0x80, 4), 0, pattern, 5);
}

static void script_request(struct peer *peer)
{
	struct usbip_header header = { .command = USBIP_CMD_UNLINK, .seqnum = 1 };
	uint8_t bytes[USBIP_HEADER_SIZE];

	peer_accept_import(peer, USBIP_ST_OK);
	peer_expect_submit(peer, 0x80, 4);
	usbip_encode_header(bytes, &header);
	peer_write(peer, bytes, sizeof(bytes));
}

static void script_garbage(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_OK);
	peer_expect_submit(peer, 0x80, 4);
	peer_write(peer, pattern + 3, USBIP_HEADER_SIZE);
}

static void script_cut(struct peer *peer)
{
	struct usbip_header header = { .command = USBIP_RET_SUBMIT, .actual_length = 4 };
	uint8_t bytes[USBIP_HEADER_SIZE + 2] = { 0 };

	peer_accept_import(peer, USBIP_ST_OK);
	header.seqnum = peer_expect_submit(peer, 0x80, 4);
	usbip_encode_header(bytes, &header);
	peer_write(peer, bytes, sizeof(bytes));
}

static void script_unplugged(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_OK);
	peer_reply(peer, peer_expect_submit(peer, 0x80, 4), USBIP_STATUS_NODEV, NULL, 0);
	peer_drain(peer);
}

static void a_bad_server_ends_the_link_with_a_reason(void **state)
{
	static const struct {
		void (*script)(struct peer *peer);
		int code;
	} cases[] = {
		{ script_unknown, ORC_EPROTO },
		{ script_too_long, ORC_EPROTO },
		{ script_request, ORC_EPROTO },
		{ script_garbage, ORC_EPROTO },
		{ script_cut, ORC_ELOST },
		{ script_unplugged, ORC_ELOST },
	};
	uint8_t buf[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct peer peer;
		struct usbip_client *client = open_client(&peer, cases[i].script, NULL);

		for (int again = 0; again < 2; again++) {
			assert_int_equal(usbip_client_control(client, 0x80, 0, 0, 0, buf, 4, SOON),
				cases[i].code);
			assert_string_not_equal(usbip_client_error(client)->why, "");
		}
		close_client(client, &peer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_transaction_waits_for_the_network_once),
		cmocka_unit_test(data_comes_in_the_order_of_submission_and_leftovers_stay),
		cmocka_unit_test(a_zero_length_packet_is_a_read_only_behind_a_full_one),
		cmocka_unit_test(a_read_that_timed_out_loses_nothing),
		cmocka_unit_test(a_stall_is_reported_and_cleared_and_old_data_is_dropped),
		cmocka_unit_test(a_stall_of_a_write_surfaces_once_and_stops_writes_until_cleared),
		cmocka_unit_test(many_writes_do_not_pile_up_reads),
		cmocka_unit_test(
			a_long_write_to_a_slow_server_needs_no_more_memory_than_what_is_under_way),
		cmocka_unit_test(a_long_transfer_grows_the_window_within_its_limit),
		cmocka_unit_test(an_event_that_comes_after_the_timeout_is_there_for_the_next_call),
		cmocka_unit_test(without_read_ahead_each_transfer_is_waited_for),
		cmocka_unit_test(a_link_without_a_sign_of_life_is_lost),
		cmocka_unit_test(a_slow_camera_is_not_a_lost_link),
		cmocka_unit_test(a_program_that_was_stopped_asks_the_server_before_it_gives_up),
		cmocka_unit_test(what_came_while_a_program_was_stopped_is_no_time_out),
		cmocka_unit_test(a_transfer_that_stands_still_is_given_up_before_the_deadline),
		cmocka_unit_test(a_bad_server_ends_the_link_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
