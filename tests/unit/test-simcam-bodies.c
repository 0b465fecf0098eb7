/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Nikon body and the plain one are as strict as such cameras are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "sim-host.h"
#include "simcam/nikon.h"

enum { NO_AF = 0xffffffff, AF = 0xfffffffe, TO_CARD = 0, TO_SDRAM = 1 };

static int start(void **state, const char *body)
{
	struct host *host = calloc(1, sizeof(*host));

	host_start(host, body);
	host_open_session(host);
	*state = host;
	return 0;
}

static int start_nikon(void **state)
{
	return start(state, "d750");
}

static int start_plain(void **state)
{
	return start(state, "plain");
}

static int stop(void **state)
{
	host_stop(*state);
	free(*state);
	return 0;
}

static uint16_t set(struct host *host, uint32_t code, uint32_t value, size_t len)
{
	uint8_t data[4];

	put_le32(data, value);
	return host_send(host, 0x1016, 1, &code, data, len);
}

static uint32_t get(struct host *host, uint32_t code)
{
	uint8_t data[4] = { 0 };

	assert_int_equal(DO(host, 0x1015, code), PTP_OK);
	memcpy(data, host->data.data, host->data.len < 4 ? host->data.len : 4);
	return get_le32(data);
}

/* DeviceReady until it is: what it says then. */
static uint16_t wait_ready(struct host *host)
{
	struct deadline end = deadline_after_msec(5000);
	uint16_t code;

	/* Mirror and lens have no timer that could be waited for. */
	while ((code = host_do(host, 0x90c8, 0, NULL)) == PTP_DEVICE_BUSY && !deadline_passed(end))
		host_go_on(host, deadline_after_msec(1));
	return code;
}

/* GetEvent until the event comes: its parameter. */
static uint32_t wait_event(struct host *host, uint16_t wanted)
{
	struct deadline end = deadline_after_msec(20000);

	while (!deadline_passed(end)) {
		assert_int_equal(host_do(host, 0x90c7, 0, NULL), PTP_OK);
		for (size_t i = 0; i < get_le16(host->data.data); i++)
			if (get_le16(host->data.data + 2 + 6 * i) == wanted)
				return get_le32(host->data.data + 4 + 6 * i);
		host_go_on(host, end);
	}
	fail_msg("event %04x did not come", wanted);
	return 0;
}

static void use_bulb(struct host *host)
{
	assert_int_equal(DO(host, 0x90c2, 1), PTP_OK);
	assert_int_equal(set(host, STANDARD_PROGRAM, PROGRAM_MANUAL, 2), PTP_OK);
	assert_int_equal(set(host, STANDARD_EXPOSURE_TIME, STANDARD_TIME_BULB, 4), PTP_OK);
}

static void until_it_is_ready_everything_else_is_refused(void **state)
{
	struct host *host = *state;

	use_bulb(host);
	assert_int_equal(DO(host, 0x9207, NO_AF, TO_CARD), PTP_OK);
	assert_int_equal(DO(host, 0x9207, NO_AF, TO_CARD), PTP_DEVICE_BUSY);
	assert_int_equal(set(host, STANDARD_ISO, 400, 2), PTP_DEVICE_BUSY);
	assert_int_equal(host_do(host, 0x9201, 0, NULL), PTP_DEVICE_BUSY);
	assert_int_equal(host_do(host, 0x90c1, 0, NULL), PTP_DEVICE_BUSY);
	assert_int_equal(DO(host, 0x1015, STANDARD_ISO), PTP_OK);
	assert_int_equal(DO(host, 0x920c, 0, 0), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	assert_int_equal(set(host, STANDARD_ISO, 400, 2), PTP_OK);
}

static void bulb_lasts_until_it_is_terminated(void **state)
{
	struct host *host = *state;
	uint32_t handle;

	assert_int_equal(DO(host, 0x920c, 0, 0), NIKON_INVALID_STATUS);
	use_bulb(host);
	assert_int_equal(DO(host, 0x90c0, NO_AF), NIKON_SHUTTER_BULB);
	assert_int_equal(host_do(host, 0x100e, 0, NULL), NIKON_SHUTTER_BULB);
	assert_int_equal(DO(host, 0x9207, NO_AF, TO_CARD), PTP_OK);
	while (!host->camera->shutter.bulb)
		host_go_on(host, deadline_after_msec(5000));
	assert_int_equal(host_do(host, 0x90c8, 0, NULL), NIKON_BULB_BUSY);
	assert_int_equal(DO(host, 0x920c, 0, 0), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	handle = wait_event(host, EVENT_OBJECT_ADDED);
	assert_int_equal(DO(host, 0x1008, handle), PTP_OK);
}

static void live_view_has_no_image_before_it_runs(void **state)
{
	struct host *host = *state;
	uint16_t code;

	assert_int_equal(host_do(host, 0x9203, 0, NULL), NIKON_NOT_LIVE_VIEW);
	assert_int_equal(DO(host, 0x9204, 1, 100), NIKON_NOT_LIVE_VIEW);
	assert_int_equal(get(host, NIKON_LIVE_VIEW_STATUS), 0);
	assert_int_equal(host_do(host, 0x9201, 0, NULL), PTP_OK);
	assert_int_equal(get(host, NIKON_LIVE_VIEW_STATUS), 1);
	assert_int_equal(wait_ready(host), PTP_OK);
	while ((code = host_do(host, 0x9203, 0, NULL)) == PTP_DEVICE_BUSY)
		;
	assert_int_equal(code, PTP_OK);
	assert_memory_equal(host->data.data + 384, "\xff\xd8", 2);
	assert_int_equal(DO(host, 0x9207, AF, TO_CARD), NIKON_INVALID_STATUS);
	assert_int_equal(host_do(host, 0x9202, 0, NULL), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	assert_int_equal(host_do(host, 0x9203, 0, NULL), NIKON_NOT_LIVE_VIEW);
}

static void the_lens_ends_somewhere_and_that_is_told_once(void **state)
{
	struct host *host = *state;

	assert_int_equal(host_do(host, 0x9201, 0, NULL), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	assert_int_equal(DO(host, 0x9204, 1, 0), PTP_INVALID_PARAMETER);
	assert_int_equal(DO(host, 0x9204, 1, 400), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(DO(host, 0x9204, 2, 32767), PTP_OK);
		assert_int_equal(wait_ready(host), i ? NIKON_LENS_AT_END : PTP_OK);
	}
	assert_int_equal(host_do(host, 0x90c8, 0, NULL), PTP_OK);
}

static void the_lens_says_that_a_step_is_too_small_for_it(void **state)
{
	struct host *host = *state;

	assert_int_equal(host_do(host, 0x9201, 0, NULL), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	assert_int_equal(DO(host, 0x9204, 1, 1), PTP_OK);
	assert_int_equal(wait_ready(host), NIKON_STEP_TOO_SMALL);
	assert_int_equal(host_do(host, 0x90c8, 0, NULL), PTP_OK);
	assert_int_equal(host->camera->focus, 0);
	assert_int_equal(DO(host, 0x9204, 1, 40), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	assert_int_equal(host->camera->focus, -1);
}

static void picture_in_memory_is_gone_once_it_was_fetched(void **state)
{
	struct host *host = *state;
	uint32_t handle;

	assert_int_equal(DO(host, 0x9207, AF, TO_SDRAM), PTP_OK);
	assert_int_equal(wait_ready(host), PTP_OK);
	handle = wait_event(host, NIKON_ADDED_IN_SDRAM);
	assert_int_equal(handle & NIKON_SDRAM_MASK, NIKON_SDRAM_MASK);
	assert_int_equal(get(host, NIKON_LIVE_VIEW_PROHIBITED), NIKON_NO_VIEW_MEMORY);
	assert_int_equal(host_do(host, 0x9201, 0, NULL), NIKON_INVALID_STATUS);
	assert_int_equal(DO(host, 0x1008, handle), PTP_OK);
	assert_int_equal(get_le32(host->data.data + 38), 0); /* no folder holds it */
	assert_int_equal(DO(host, 0x1009, handle), PTP_OK);
	assert_int_equal(DO(host, 0x1009, handle), PTP_INVALID_OBJECT_HANDLE);
	assert_int_equal(get(host, NIKON_LIVE_VIEW_PROHIBITED), 0);
}

static void the_dial_decides_unless_the_host_does(void **state)
{
	struct host *host = *state;

	assert_int_equal(set(host, STANDARD_PROGRAM, PROGRAM_MANUAL, 2), PTP_ACCESS_DENIED);
	assert_int_equal(set(host, STANDARD_F_NUMBER, 800, 2), PTP_ACCESS_DENIED);
	assert_int_equal(DO(host, 0x90c2, 1), PTP_OK);
	assert_int_equal(set(host, STANDARD_PROGRAM, PROGRAM_MANUAL, 2), PTP_OK);
	assert_int_equal(set(host, STANDARD_F_NUMBER, 800, 2), PTP_OK);
	assert_int_equal(set(host, STANDARD_F_NUMBER, 801, 2), PTP_INVALID_PROPERTY_VALUE);
	assert_int_equal(set(host, STANDARD_F_NUMBER, 800, 4), PTP_INVALID_PROPERTY_FORMAT);
	assert_int_equal(set(host, STANDARD_EXPOSURE_TIME, 40, 4), PTP_OK);
	assert_int_equal(get(host, NIKON_EXPOSURE_TIME), 1u << 16 | 250);
	assert_int_equal(set(host, NIKON_EXPOSURE_TIME, 1u << 16 | 60, 4), PTP_OK);
	assert_int_equal(get(host, STANDARD_EXPOSURE_TIME), 166);
	assert_int_equal(wait_event(host, EVENT_PROPERTY_CHANGED), STANDARD_PROGRAM);
	assert_int_equal(DO(host, 0x90c2, 0), PTP_OK);
	assert_int_equal(get(host, STANDARD_PROGRAM), PROGRAM_AUTO);
}

static void what_a_body_hides_is_asked_for_apart(void **state)
{
	struct host *host = *state;

	assert_int_equal(host_do(host, 0x90ca, 0, NULL), PTP_OK);
	assert_int_equal(get_le32(host->data.data), 217);
	assert_int_equal(get_le16(host->data.data + 4), 0xd015);
}

static void plain_capture_tells_of_the_file_and_of_its_end(void **state)
{
	struct host *host = *state;
	uint8_t event[32];
	uint32_t handle;
	size_t len;

	assert_int_equal(DO(host, 0x100e, 7), PTP_INVALID_STORAGE_ID);
	assert_int_equal(DO(host, 0x100e, 0, 0xb103), PTP_INVALID_FORMAT);
	assert_int_equal(DO(host, 0x100e, 0, 0), PTP_OK);
	assert_int_equal(DO(host, 0x100e, 0, 0), PTP_DEVICE_BUSY);
	assert_int_equal(host_interrupt(host, event, sizeof(event), &len), 0);
	assert_int_equal(get_le16(event + 6), EVENT_OBJECT_ADDED);
	handle = get_le32(event + 12);
	assert_int_equal(DO(host, 0x1008, handle), PTP_OK);
	assert_int_equal(get_le16(host->data.data + 4), 0x3801);
	assert_int_equal(host_interrupt(host, event, sizeof(event), &len), 0);
	assert_int_equal(get_le16(event + 6), EVENT_CAPTURE_COMPLETE);
}

/* Its storage says that files can be deleted, and nothing else. */
static void a_card_that_takes_no_files_takes_none(void **state)
{
	static const uint32_t where[2] = { 0x00010001, 0xffffffff };
	uint8_t info[96] = { 0 };

	put_le16(info + 4, 0x3801);
	info[52] = 2; /* a name of one letter */
	info[53] = 'a';
	assert_int_equal(host_send(*state, 0x100c, 2, where, info, sizeof(info)), 0x200e);
}

static void plain_body_has_nothing_beyond_the_standard(void **state)
{
	struct host *host = *state;

	assert_int_equal(host_do(host, 0x9201, 0, NULL), PTP_OPERATION_NOT_SUPPORTED);
	assert_int_equal(DO(host, 0x9114, 1), PTP_OPERATION_NOT_SUPPORTED);
	assert_int_equal(set(host, STANDARD_F_NUMBER, 800, 2), PTP_OK);
	assert_int_equal(get(host, STANDARD_F_NUMBER), 800);
	assert_int_equal(set(host, STANDARD_BATTERY, 1, 1), PTP_ACCESS_DENIED);
	assert_int_equal(set(host, 0xd100, 1, 4), PTP_PROPERTY_NOT_SUPPORTED);
}

/* More presses than the memory has room for: the rest are lost, and a host gets what is there. */
static void a_memory_that_is_full_can_be_emptied(void **state)
{
	struct host *host = *state;
	/* Many pictures are drawn. */
	struct deadline end = deadline_after_msec(60000);

	assert_int_equal(set(host, NIKON_RECORDING_MEDIA, NIKON_MEDIA_SDRAM, 1), PTP_OK);
	/* Small ones are soon drawn. */
	ptp_set_text(host->camera, 0x5003, "3008x2008");
	nikon_press(host->camera, 40);
	while ((nikon_of(host->camera)->left || !sim_shutter_idle(host->camera)) &&
		!deadline_passed(end))
		host_go_on(host, end);
	wait_event(host, NIKON_COMPLETE_IN_SDRAM);
	assert_int_equal(wait_ready(host), PTP_OK);
	assert_true(card_count_memory(&host->camera->card) > 1);
}

static void a_clock_is_not_set_to_nonsense_twice(void **state)
{
	static const uint32_t clock = 0x5011;
	struct host *host = *state;

	for (int i = 0; i < 2; i++)
		assert_int_equal(host_send(host, 0x1016, 1, &clock, "\2x\0\0\0", 5),
			PTP_INVALID_PROPERTY_VALUE);
}

/* Their handles would come round to 0, which is what has no parent. */
static void folders_come_to_an_end(void **state)
{
	struct host *host = *state;
	struct card *card = &host->camera->card;
	struct card_object *added;
	struct orc_error err = { 0 };
	char name[16];
	int i, ret = 0;

	for (i = 0; ret == 0 && i < 3000; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		ret = card_add_folder(card, 0, name, &added, &err);
	}
	assert_int_equal(ret, ORC_EFILE);
	assert_null(card_find(card, 0));
}

static int add(struct card *card, const char *name)
{
	struct card_object *object;
	struct orc_error err = { 0 };

	return card_add_file(card, card->folder, name, (const uint8_t *)"x", 1, &object, &err);
}

static void what_is_deleted_by_its_format_leaves_the_rest(void **state)
{
	struct host *host = *state;
	struct card *card = &host->camera->card;

	assert_int_equal(add(card, "A.AVI"), 0);
	assert_int_equal(add(card, "A.JPG"), 0);
	/* A file whose name has come meanwhile is not written over. */
	assert_int_equal(add(card, "A.JPG"), ORC_EFILE);
	assert_int_equal(DO(host, 0x100b, 0xffffffff, CARD_AVI), PTP_OK);
	assert_null(card_find_name(card, card->folder, "A.AVI"));
	assert_non_null(card_find_name(card, card->folder, "A.JPG"));
}

int main(void)
{
#define NIKON(function) cmocka_unit_test_setup_teardown(function, start_nikon, stop)
#define PLAIN(function) cmocka_unit_test_setup_teardown(function, start_plain, stop)
	const struct CMUnitTest tests[] = {
		NIKON(until_it_is_ready_everything_else_is_refused),
		NIKON(bulb_lasts_until_it_is_terminated),
		NIKON(live_view_has_no_image_before_it_runs),
		NIKON(the_lens_ends_somewhere_and_that_is_told_once),
		NIKON(the_lens_says_that_a_step_is_too_small_for_it),
		NIKON(picture_in_memory_is_gone_once_it_was_fetched),
		NIKON(the_dial_decides_unless_the_host_does),
		NIKON(what_a_body_hides_is_asked_for_apart),
		NIKON(a_card_that_takes_no_files_takes_none),
		PLAIN(plain_capture_tells_of_the_file_and_of_its_end),
		PLAIN(plain_body_has_nothing_beyond_the_standard),
		NIKON(a_memory_that_is_full_can_be_emptied),
		NIKON(a_clock_is_not_set_to_nonsense_twice),
		PLAIN(a_clock_is_not_set_to_nonsense_twice),
		PLAIN(folders_come_to_an_end),
		PLAIN(what_is_deleted_by_its_format_leaves_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
