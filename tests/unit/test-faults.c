/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The client when a device or a link does the unusual: nothing that came is lost, nothing hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "usbip/client.h"

#define IN    0x81
#define OUT   0x02
#define EVENT 0x83
#define URB   16384
#define HEAD  USBIP_HEADER_SIZE
#define SOON  deadline_after_msec(60000)
/* For a call that must wait in vain. */
#define BRIEFLY deadline_after_msec(1)

/*
 * A client on one end of a socket pair; what the server says is written to the other end, ahead of
 * the client's calls where that suits: it looks only when it waits.
 */
struct pair {
	struct usbip_client *client;
	int server;
};

static uint8_t pattern[3 * URB];

static struct pair pair_open(void)
{
	struct orc_error err = { 0 };
	struct pair pair;
	char text[64];
	int fds[2], size = 1 << 20;

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	snprintf(text, sizeof(text), "%d 1 7 3 4a9 3299 1 1-1", fds[0]);
	assert_int_equal(usbip_client_take_over(&pair.client, text, NULL, &err), 0);
	pair.server = fds[1];
	usbip_client_set_endpoint(pair.client, IN, 512);
	usbip_client_set_endpoint(pair.client, OUT, 512);
	usbip_client_set_read_ahead(pair.client, IN, OUT);
	return pair;
}

static void pair_close(struct pair *pair)
{
	usbip_client_close(pair->client);
	close(pair->server);
}

/* What a server says: replies one behind the other. */
struct speech {
	uint8_t bytes[4 * URB];
	size_t len;
};

static void add_reply(struct speech *speech, uint32_t seqnum, int32_t status, const uint8_t *data,
	uint32_t actual)
{
	struct usbip_header header = { .command = USBIP_RET_SUBMIT,
		.seqnum = seqnum,
		.status = status,
		.actual_length = actual };

	usbip_encode_header(speech->bytes + speech->len, &header);
	speech->len += HEAD;
	if (data)
		memcpy(speech->bytes + speech->len, data, actual);
	if (data)
		speech->len += actual;
}

static void say(struct pair *pair, const uint8_t *bytes, size_t len)
{
	assert_int_equal(send(pair->server, bytes, len, MSG_NOSIGNAL), len);
}

/* The client's first request is number 1, and the reads posted behind it are 2 and 3. */
static void request(struct pair *pair)
{
	assert_int_equal(usbip_client_bulk_write(pair->client, OUT, pattern, 12, SOON), 12);
}

/* A short data phase and a response. */
static void short_transaction(struct speech *speech)
{
	speech->len = 0;
	add_reply(speech, 1, 0, NULL, 12);
	add_reply(speech, 2, 0, pattern, 700);
	add_reply(speech, 3, 0, pattern + 700, 12);
}

/* The payload within the first `len` bytes of that speech. */
static size_t payload_within(size_t len)
{
	size_t first = 2 * HEAD, second = first + 700 + HEAD, got = 0;

	if (len > first)
		got += len - first < 700 ? len - first : 700;
	if (len > second)
		got += len - second;
	return got;
}

/* Reads until an error, which is returned; what comes is the pattern from *at on. */
static ssize_t read_to_the_end(struct pair *pair, size_t size, struct deadline deadline, size_t *at)
{
	uint8_t buf[1024];
	ssize_t n;

	while ((n = usbip_client_bulk_read(pair->client, IN, buf, size, deadline)) > 0) {
		assert_memory_equal(buf, pattern + *at, n);
		*at += (size_t)n;
		if (*at == 712)
			break;
	}
	return n;
}

static void a_cut_at_any_byte_loses_nothing_that_came(void **state)
{
	static const size_t sizes[] = { 1, 512, 1024 };
	static struct speech speech;

	(void)state;
	short_transaction(&speech);
	for (size_t cut = 0; cut < speech.len; cut++) {
		struct pair pair = pair_open();
		nsec_t before = clock_now_nsec();
		size_t got = 0;
		uint8_t byte;

		say(&pair, speech.bytes, cut);
		shutdown(pair.server, SHUT_WR);
		request(&pair);
		assert_int_equal(read_to_the_end(&pair, sizes[cut % 3], SOON, &got), ORC_ELOST);
		assert_int_equal(got, payload_within(cut));
		/* And so it stays. */
		assert_int_equal(
			usbip_client_bulk_read(pair.client, IN, &byte, 1, SOON), ORC_ELOST);
		assert_int_equal(
			usbip_client_bulk_write(pair.client, OUT, &byte, 1, SOON), ORC_ELOST);
		assert_true(clock_now_nsec() - before < 4 * NSEC_PER_SEC);
		pair_close(&pair);
	}
}

static void a_read_cancelled_at_any_byte_loses_nothing(void **state)
{
	static struct speech speech;

	(void)state;
	short_transaction(&speech);
	for (size_t pause = 0; pause < speech.len; pause++) {
		struct pair pair = pair_open();
		uint8_t buf[1024];
		size_t got = 0;
		ssize_t n;

		request(&pair);
		say(&pair, speech.bytes, pause);
		n = usbip_client_bulk_read(pair.client, IN, buf, sizeof(buf), BRIEFLY);
		if (n >= 0)
			got = (size_t)n;
		else
			assert_int_equal(n, ORC_ETIMEOUT);
		/* Whole URBs are given out; of a part nothing until it is whole. */
		assert_int_equal(got, pause >= 2 * HEAD + 700 ? 700 : 0);
		say(&pair, speech.bytes + pause, speech.len - pause);
		assert_true(read_to_the_end(&pair, sizeof(buf), SOON, &got) > 0);
		assert_int_equal(got, 712);
		pair_close(&pair);
	}
}

/* A long read: two URBs full, the third short; given up after each of them, then finished. */
static void a_long_read_cancelled_between_urbs_starts_over(void **state)
{
	static uint8_t buf[3 * URB];
	static struct speech speech;

	(void)state;
	for (uint32_t pause = 0; pause < 3; pause++) {
		struct pair pair = pair_open();

		request(&pair);
		speech.len = 0;
		add_reply(&speech, 1, 0, NULL, 12);
		for (uint32_t i = 0; i < pause; i++)
			add_reply(&speech, 2 + i, 0, pattern + i * URB, URB);
		say(&pair, speech.bytes, speech.len);
		assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, sizeof(buf), BRIEFLY),
			ORC_ETIMEOUT);
		speech.len = 0;
		for (uint32_t i = pause; i < 3; i++)
			add_reply(&speech, 2 + i, 0, pattern + i * URB, i < 2 ? URB : 100);
		say(&pair, speech.bytes, speech.len);
		memset(buf, 0, sizeof(buf));
		assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, sizeof(buf), SOON),
			2 * URB + 100);
		assert_memory_equal(buf, pattern, 2 * URB + 100);
		pair_close(&pair);
	}
}

/* Each byte is a short packet, and so the end of a read; reads stay posted all the while. */
static void a_device_that_answers_in_urbs_of_one_byte_is_read_byte_by_byte(void **state)
{
	static struct speech speech;
	struct pair pair = pair_open();
	uint8_t byte;

	(void)state;
	request(&pair);
	add_reply(&speech, 1, 0, NULL, 12);
	for (uint32_t i = 0; i < 500; i++) {
		/* At least one read is posted whenever the client waits. */
		add_reply(&speech, 2 + i, 0, pattern + i, 1);
		say(&pair, speech.bytes, speech.len);
		speech.len = 0;
		assert_int_equal(usbip_client_bulk_read(pair.client, IN, &byte, 1, SOON), 1);
		assert_int_equal(byte, pattern[i]);
		/* The next read has to be posted before it can be answered. */
		assert_int_equal(
			usbip_client_bulk_read(pair.client, IN, &byte, 1, BRIEFLY), ORC_ETIMEOUT);
	}
	assert_in_range(usbip_client_stats(pair.client)->urbs, 501, 600);
	assert_int_equal(usbip_client_stats(pair.client)->unlinks, 0);
	pair_close(&pair);
}

static void a_short_packet_of_any_length_ends_the_read(void **state)
{
	static const uint32_t lengths[] = { 1, 11, 12, 511, 512, 513, 1023, 1024, URB - 512,
		URB - 1 };
	static uint8_t buf[2 * URB];
	static struct speech speech;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
		struct pair pair = pair_open();

		request(&pair);
		speech.len = 0;
		add_reply(&speech, 1, 0, NULL, 12);
		add_reply(&speech, 2, 0, pattern, lengths[i]);
		add_reply(&speech, 3, 0, pattern + lengths[i], 12);
		say(&pair, speech.bytes, speech.len);
		assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, sizeof(buf), SOON),
			lengths[i]);
		assert_memory_equal(buf, pattern, lengths[i]);
		assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, 512, SOON), 12);
		assert_memory_equal(buf, pattern + lengths[i], 12);
		pair_close(&pair);
	}
}

static void zero_length_packets_are_reads_of_nothing(void **state)
{
	static uint8_t buf[URB];
	static struct speech speech;
	struct pair pair = pair_open();

	(void)state;
	request(&pair);
	add_reply(&speech, 1, 0, NULL, 12);
	add_reply(&speech, 2, 0, NULL, 0);
	add_reply(&speech, 3, 0, pattern, 12);
	say(&pair, speech.bytes, speech.len);
	assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, 512, SOON), 0);
	assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, 512, SOON), 12);
	assert_memory_equal(buf, pattern, 12);
	pair_close(&pair);
}

static void what_came_before_a_stall_is_read_first(void **state)
{
	static uint8_t buf[2 * URB];
	static struct speech speech;
	struct pair pair = pair_open();

	(void)state;
	request(&pair);
	add_reply(&speech, 1, 0, NULL, 12);
	add_reply(&speech, 2, 0, pattern, URB);
	add_reply(&speech, 3, USBIP_STATUS_PIPE, NULL, 0);
	say(&pair, speech.bytes, speech.len);
	assert_int_equal(usbip_client_bulk_read(pair.client, IN, buf, sizeof(buf), SOON), URB);
	assert_memory_equal(buf, pattern, URB);
	assert_int_equal(
		usbip_client_bulk_read(pair.client, IN, buf, sizeof(buf), SOON), ORC_ESTALL);
	pair_close(&pair);
}

static void an_event_that_is_cut_short_is_the_end_of_the_link(void **state)
{
	static struct speech speech;

	(void)state;
	add_reply(&speech, 1, 0, pattern, 24);
	for (size_t cut = 0; cut < speech.len; cut++) {
		struct pair pair = pair_open();
		uint8_t buf[64];

		say(&pair, speech.bytes, cut);
		shutdown(pair.server, SHUT_WR);
		assert_int_equal(
			usbip_client_interrupt_read(pair.client, EVENT, buf, sizeof(buf), SOON),
			ORC_ELOST);
		pair_close(&pair);
	}
}

static void control_requests_go_together_and_fail_apart(void **state)
{
	static struct speech speech;
	struct pair pair = pair_open();
	uint8_t buf[64], sent[4 * HEAD];
	struct usbip_control asked[] = {
		{ 0x80, 6, 0x200, 0, buf, sizeof(buf), 0 },
		{ 0x00, 9, 1, 0, NULL, 0, 0 },
		{ 0x80, 6, 0x300, 0, buf, sizeof(buf), 0 },
	};

	(void)state;
	add_reply(&speech, 1, 0, pattern, 39);
	add_reply(&speech, 2, USBIP_STATUS_PIPE, NULL, 0);
	add_reply(&speech, 3, USBIP_STATUS_PIPE, NULL, 0);
	/* Nothing is answered before all has been asked. */
	assert_int_equal(usbip_client_controls(pair.client, asked, 3, BRIEFLY), ORC_ETIMEOUT);
	assert_int_equal(recv(pair.server, sent, sizeof(sent), 0), sizeof(sent));
	pair_close(&pair);

	pair = pair_open();
	say(&pair, speech.bytes, speech.len);
	assert_int_equal(usbip_client_controls(pair.client, asked, 3, SOON), 0);
	assert_int_equal(asked[0].result, 39);
	assert_memory_equal(buf, pattern, 39);
	assert_int_equal(asked[1].result, ORC_ESTALL);
	assert_int_equal(asked[2].result, ORC_ESTALL);
	assert_int_equal(usbip_client_stats(pair.client)->waits, 0);
	pair_close(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_at_any_byte_loses_nothing_that_came),
		cmocka_unit_test(a_read_cancelled_at_any_byte_loses_nothing),
		cmocka_unit_test(a_long_read_cancelled_between_urbs_starts_over),
		cmocka_unit_test(a_device_that_answers_in_urbs_of_one_byte_is_read_byte_by_byte),
		cmocka_unit_test(a_short_packet_of_any_length_ends_the_read),
		cmocka_unit_test(zero_length_packets_are_reads_of_nothing),
		cmocka_unit_test(what_came_before_a_stall_is_read_first),
		cmocka_unit_test(an_event_that_is_cut_short_is_the_end_of_the_link),
		cmocka_unit_test(control_requests_go_together_and_fail_apart),
	};

	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i * 31 + i / 251);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
