/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a device: chosen, asked for again while it is reset, refused, handed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "peer.h"
#include "usbip/client.h"

#define SOON deadline_after_msec(60000)

static const struct usbip_device_info shared[] = {
	{ .path = "/sys/2-1", .busid = "2-1", .vendor = 0x1d6b },
	{ .path = "/sys/1-1", .busid = "1-1", .vendor = 0x04a9 },
};

/* The first of Canon's. */
static int choose(
	const struct usbip_device_info *devices, size_t count, size_t *index, struct orc_error *err)
{
	for (*index = 0; *index < count; ++*index)
		if (devices[*index].vendor == 0x04a9)
			return 0;
	return orc_fail(err, ORC_ENOCAMERA, "none of Canon's");
}

/* Does not wait, but counts; gives up when `left` is used up. */
struct pauses {
	int taken, left;
};

static bool pause_at_once(void *data, struct deadline until)
{
	struct pauses *pauses = data;

	(void)until;
	pauses->taken++;
	return pauses->left-- > 0;
}

static struct usbip_client_options patient(struct pauses *pauses)
{
	return (struct usbip_client_options){
		.choose = choose,
		.patience_msec = 5000,
		.pause = pause_at_once,
		.pause_data = pauses,
	};
}

static void join(struct peer *peer)
{
	const char *complaint = peer_join(peer);

	if (complaint)
		fail_msg("the server: %s", complaint);
}

/* Starts a peer that follows the script, and opens its device; of `any` it is the one that is chosen. */
static struct usbip_client *open_at(struct peer *peer, void (*script)(struct peer *peer), bool any,
	const struct usbip_client_options *options)
{
	struct usbip_client *client;
	struct orc_error err;

	peer_start(peer, script, NULL);
	if (any)
		peer->address.busid[0] = '\0';
	assert_int_equal(usbip_client_open(&client, &peer->address, options, SOON, &err), 0);
	return client;
}

/* The same with a device that is not to be had; err says why. */
static void open_in_vain(void (*script)(struct peer *peer), void *data,
	const struct usbip_client_options *options, int code, struct orc_error *err)
{
	struct usbip_client *client;
	struct peer peer;

	peer_start(&peer, script, data);
	assert_int_equal(usbip_client_open(&client, &peer.address, options, SOON, err), code);
	assert_null(client);
	join(&peer);
}

static void script_choose(struct peer *peer)
{
	int import, list = peer->fd;

	peer_expect_list(peer);
	/* The connection for the import is there before the list is. */
	list = peer_next_connection(peer);
	import = peer->fd;
	peer->fd = list;
	peer_answer_list(peer, shared, ARRAY_LENGTH(shared));
	close(list);
	peer->fd = import;
	peer_accept_import(peer, USBIP_ST_OK);
	peer_drain(peer);
}

static void without_a_busid_it_connects_while_the_list_is_awaited(void **state)
{
	struct pauses pauses = { 0 };
	struct usbip_client_options options = patient(&pauses);
	struct usbip_client *client;
	struct peer peer;

	(void)state;
	client = open_at(&peer, script_choose, true, &options);
	assert_string_equal(usbip_client_device(client)->busid, "1-1");
	usbip_client_close(client);
	join(&peer);
	assert_int_equal(pauses.taken, 0);
}

static void script_none_then_one(struct peer *peer)
{
	int again;

	peer_expect_list(peer);
	peer_answer_list(peer, shared, 1);
	close(peer_next_connection(peer)); /* made for an import that is not asked for now */
	close(peer_next_connection(peer));
	peer_expect_list(peer);
	peer_answer_list(peer, shared, ARRAY_LENGTH(shared));
	again = peer_next_connection(peer);
	close(again);
	peer_accept_import(peer, USBIP_ST_OK);
	peer_drain(peer);
}

static void a_device_that_is_not_listed_is_asked_for_again(void **state)
{
	struct pauses pauses = { .left = 1 };
	struct usbip_client_options options = patient(&pauses);
	struct peer peer;

	(void)state;
	usbip_client_close(open_at(&peer, script_none_then_one, true, &options));
	join(&peer);
	assert_int_equal(pauses.taken, 1);
}

static void script_reset(struct peer *peer)
{
	static const uint32_t refusals[] = { USBIP_ST_DEV_ERR, USBIP_ST_NA, USBIP_ST_DEV_BUSY };

	for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
		peer_accept_import(peer, refusals[i]);
		close(peer_next_connection(peer));
	}
	peer_accept_import(peer, USBIP_ST_OK);
	peer_drain(peer);
}

static void a_device_that_is_being_reset_is_asked_for_again(void **state)
{
	struct pauses pauses = { .left = 3 };
	struct usbip_client_options options = patient(&pauses);
	struct peer peer;

	(void)state;
	usbip_client_close(open_at(&peer, script_reset, false, &options));
	join(&peer);
	assert_int_equal(pauses.taken, 3);
}

static void script_busy(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_DEV_BUSY);
}

static void who_asks_may_give_up(void **state)
{
	struct pauses pauses = { 0 };
	struct usbip_client_options options = patient(&pauses);
	struct orc_error err;

	(void)state;
	open_in_vain(script_busy, NULL, &options, ORC_ESIGNAL, &err);
}

static void script_absent(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_NODEV);
	close(peer_next_connection(peer));
	peer_expect_list(peer);
	peer_answer_list(peer, shared, 1);
}

static void script_not_usbip(struct peer *peer)
{
	peer_write(peer, "HTTP/1.1 400 Bad Request\r\n", 26);
	peer_drain(peer);
}

static void a_refused_import_says_why(void **state)
{
	static const struct {
		void (*script)(struct peer *peer);
		int code;
		const char *why;
	} cases[] = {
		{ script_busy, ORC_EBUSY, "in use by another client" },
		{ script_absent, ORC_ENOCAMERA, "shares no 1-1 now" },
		{ script_not_usbip, ORC_ENOCAMERA, "not a USB/IP server" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct orc_error err;

		open_in_vain(cases[i].script, NULL, NULL, cases[i].code, &err);
		assert_non_null(strstr(err.why, cases[i].why));
	}
}

static void script_old_server(struct peer *peer)
{
	const uint32_t *count = peer->data;

	peer_accept_import(peer, USBIP_ST_NA);
	close(peer_next_connection(peer));
	peer_expect_list(peer);
	peer_answer_list(peer, shared, *count);
}

/* It says no more than "no". */
static void an_old_servers_refusal_is_told_by_its_list(void **state)
{
	static const struct {
		uint32_t count;
		int code;
		const char *why, *hint;
	} cases[] = {
		{ 2, ORC_EBUSY, "in use by another client", "end the other program" },
		{ 1, ORC_ENOCAMERA, "shares no 1-1 now", "it shares 2-1" },
		{ 0, ORC_ENOCAMERA, "shares no 1-1 now", "not bound" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		uint32_t count = cases[i].count;
		struct orc_error err;

		open_in_vain(script_old_server, &count, NULL, cases[i].code, &err);
		assert_non_null(strstr(err.why, cases[i].why));
		assert_non_null(strstr(err.hint, cases[i].hint));
		assert_non_null(strstr(err.what, "cannot import 127.0.0.1"));
	}
}

static void script_control(struct peer *peer)
{
	peer_accept_import(peer, USBIP_ST_OK);
	peer_reply(peer, peer_expect_submit(peer, 0x80, 4), 0, "abcd", 4);
	peer_drain(peer);
}

static void script_odd_busid(struct peer *peer)
{
	struct usbip_device_info odd = shared[0];

	memcpy(odd.busid, "1-1\033[2J", 8);
	peer_expect_list(peer);
	peer_answer_list(peer, &odd, 1);
	peer_drain(peer);
}

static void a_bus_id_that_is_none_is_not_shown(void **state)
{
	struct usbip_device_info *devices;
	struct orc_error err;
	struct peer peer;
	size_t count;

	(void)state;
	peer_start(&peer, script_odd_busid, NULL);
	assert_int_equal(
		usbip_client_list(&peer.address, SOON, &devices, &count, &err), ORC_ENOCAMERA);
	assert_non_null(strstr(err.why, "whose bus id is none"));
	assert_null(devices);
	join(&peer);
}

static void an_imported_device_changes_hands(void **state)
{
	char text[USBIP_HANDOVER_SIZE], again[USBIP_HANDOVER_SIZE], data[4];
	struct usbip_client *client;
	struct orc_error err;
	struct usbip_link link;
	struct peer peer;

	(void)state;
	client = open_at(&peer, script_control, false, NULL);
	link = usbip_client_hand_over(client, text);
	assert_true(link.fd >= 0);
	assert_int_equal(usbip_client_take_over(&client, text, NULL, &err), 0);
	assert_string_equal(usbip_client_device(client)->busid, "1-1");
	assert_int_equal(usbip_client_control(client, 0x80, 0, 0, 0, data, 4, SOON), 4);
	assert_memory_equal(data, "abcd", 4);
	assert_int_equal(usbip_client_hand_over(client, again).fd, link.fd);
	assert_string_equal(text, again);
	usbip_link_close(&link);
	join(&peer);
	/* The descriptor is gone. */
	assert_int_equal(usbip_client_take_over(&client, text, NULL, &err), ORC_EUSAGE);
	assert_int_equal(usbip_client_take_over(&client, "", NULL, &err), ORC_EUSAGE);
	assert_int_equal(
		usbip_client_take_over(&client, "-1 1 7 3 4a9 3299 1 1-1", NULL, &err), ORC_EUSAGE);
	assert_int_equal(usbip_client_take_over(&client, "0 1 7 3 4a9", NULL, &err), ORC_EUSAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_busid_it_connects_while_the_list_is_awaited),
		cmocka_unit_test(a_device_that_is_not_listed_is_asked_for_again),
		cmocka_unit_test(a_device_that_is_being_reset_is_asked_for_again),
		cmocka_unit_test(who_asks_may_give_up),
		cmocka_unit_test(a_refused_import_says_why),
		cmocka_unit_test(an_old_servers_refusal_is_told_by_its_list),
		cmocka_unit_test(a_bus_id_that_is_none_is_not_shown),
		cmocka_unit_test(an_imported_device_changes_hands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
