/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the simulated camera's card takes, how it fills up, and what is told of it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "sim-host.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

static int start(void **state)
{
	struct host *host = calloc(1, sizeof(*host));

	host_start(host, NULL);
	*state = host;
	return 0;
}

static int stop(void **state)
{
	host_stop(*state);
	free(*state);
	return 0;
}

/* Another card than the body's own in it. */
static void use_card(struct host *host, const char *size)
{
	host->options.card_size = size;
	host_restart(host);
	host_open(host);
}

/* SendObjectInfo; `name` in units of 16 bits, as many as count says. */
static uint16_t announce_units(
	struct host *host, uint32_t parent, const uint16_t *name, size_t count, uint32_t size)
{
	const uint32_t where[2] = { host->camera->body->storage, parent };
	struct sim_buffer info = { 0 };
	uint16_t ret;

	sim_buffer_grow(&info, 52);
	put_le16(info.data + 4, CARD_JPEG);
	put_le32(info.data + 8, size);
	sim_buffer_u8(&info, (uint8_t)count);
	for (size_t i = 0; i < count; i++)
		sim_buffer_u16(&info, name[i]);
	ret = host_send(host, 0x100c, 2, where, info.data, info.len);
	sim_buffer_free(&info);
	return ret;
}

static uint16_t announce(struct host *host, uint32_t parent, const char *name, uint32_t size)
{
	uint16_t units[255];
	size_t count = 0;

	do
		units[count] = (uint8_t)name[count];
	while (name[count++]);
	return announce_units(host, parent, units, count, size);
}

/* A small file; its handle. */
static uint32_t upload(struct host *host, const char *name)
{
	uint32_t handle;

	assert_int_equal(announce(host, host->camera->card.folder, name, 4), PTP_OK);
	handle = host->reply[2];
	assert_int_equal(host_send(host, 0x100d, 0, NULL, "data", 4), PTP_OK);
	return handle;
}

static size_t pictures(const struct card *card)
{
	size_t count = 0;

	for (size_t i = 0; i < card->num_objects; i++)
		count += card->objects[i]->format == CARD_JPEG;
	return count;
}

/* Pressed until it takes no more, or all is done. */
static void press(struct host *host, unsigned count)
{
	struct deadline end = deadline_after_msec(60000);

	eos_press(host->camera, count);
	while ((eos_of(host->camera)->presses || !sim_shutter_idle(host->camera)) &&
		!deadline_passed(end))
		host_go_on(host, end);
}

/* A card for one picture: the second press comes while that is not written yet. */
static void what_waits_to_be_written_counts_as_written(void **state)
{
	struct host *host = *state;

	use_card(host, "7M");
	press(host, 2);
	assert_int_equal(pictures(&host->camera->card), 1);
	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_STORE_FULL);
}

/* What GetEvent has had to tell of it last. */
static uint32_t shots_told(struct host *host)
{
	uint32_t len;
	const uint8_t *at = host_event(host, EOS_VALUE_CHANGED, EOS_AVAILABLE_SHOTS, &len);

	assert_non_null(at);
	return get_le32(at + 4);
}

static void files_put_and_deleted_change_what_is_left(void **state)
{
	struct host *host = *state;
	uint32_t handle;

	use_card(host, "14M");
	assert_int_equal(shots_told(host), 2);
	handle = upload(host, "A.JPG");
	assert_int_equal(shots_told(host), 1);
	assert_int_equal(DO(host, 0x100b, handle), PTP_OK);
	assert_int_equal(shots_told(host), 2);
	handle = upload(host, "A.JPG");
	assert_int_equal(shots_told(host), 1);
	assert_int_equal(DO(host, 0x100b, 0xffffffff), PTP_OK);
	assert_int_equal(shots_told(host), 2);
}

static void what_is_put_wants_a_folder_to_be_put_in(void **state)
{
	struct host *host = *state;
	uint32_t file;

	host_open(host);
	file = upload(host, "A.JPG");
	assert_int_equal(announce(host, file, "B.JPG", 4), PTP_INVALID_PARENT);
	assert_int_equal(announce(host, 4711, "B.JPG", 4), PTP_INVALID_PARENT);
	assert_int_equal(DO(host, 0x1007, 0xffffffff, 0, file), PTP_INVALID_PARENT);
	assert_int_equal(announce(host, 0xffffffff, "B.JPG", 4), PTP_OK);
}

static void what_was_announced_ends_with_its_session(void **state)
{
	struct host *host = *state;

	host_open(host);
	assert_int_equal(announce(host, 0xffffffff, "A.JPG", 4), PTP_OK);
	assert_int_equal(host_do(host, 0x1003, 0, NULL), PTP_OK);
	host->next_id = 1;
	host_open(host);
	assert_int_equal(host_send(host, 0x100d, 0, NULL, "data", 4), PTP_NO_VALID_OBJECT_INFO);
}

/* A name is kept as it was sent, or refused. */
static void names_that_no_card_has_are_refused(void **state)
{
	static const uint16_t foreign[] = { 0xc4, '.', 'J', 'P', 'G', 0 };
	static const uint16_t joined[] = { 'A', 0, 'B', 0 };
	static const char *const bad[] = { "", ".A", "A/B", "A\\B", "A:B", "A\n.JPG", "A\x7f",
		"A*" };
	struct host *host = *state;
	char name[80];

	host_open(host);
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
		assert_int_equal(announce(host, 0xffffffff, bad[i], 4), PTP_NO_VALID_OBJECT_INFO);
	assert_int_equal(announce_units(host, 0xffffffff, foreign, ARRAY_LENGTH(foreign), 4),
		PTP_NO_VALID_OBJECT_INFO);
	assert_int_equal(announce_units(host, 0xffffffff, joined, ARRAY_LENGTH(joined), 4),
		PTP_NO_VALID_OBJECT_INFO);
	/* An EOS has names of 8 and 3 letters, all others what the card has room for. */
	assert_int_equal(announce(host, 0xffffffff, "LONGNAM1.JPG", 4), PTP_OK);
	assert_int_equal(announce(host, 0xffffffff, "LONGNAME1.JPG", 4), PTP_NO_VALID_OBJECT_INFO);
	host_stop(host);
	host_start(host, "plain");
	host_open_session(host);
	memset(name, 'n', sizeof(name));
	name[CARD_NAME_SIZE] = '\0';
	assert_int_equal(announce(host, 0xffffffff, name, 4), PTP_NO_VALID_OBJECT_INFO);
	name[CARD_NAME_SIZE - 1] = '\0';
	assert_int_equal(announce(host, 0xffffffff, name, 4), PTP_OK);
}

/* The pipe would halt at it. */
static void what_is_too_long_for_the_pipe_is_refused_before_it_comes(void **state)
{
	struct host *host = *state;

	host_open(host);
	assert_int_equal(announce(host, 0xffffffff, "A.JPG", SIM_MAX_CONTAINER), PTP_STORE_FULL);
}

static void remove_below(const struct host *host, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", host->card, name);
	assert_int_equal(remove(path), 0);
}

static void shoot(struct host *host)
{
	uint32_t len;

	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_OK);
	assert_int_equal(DO(host, 0x9129, 3), PTP_OK);
	assert_non_null(host_event(host, EOS_OBJECT_ADDED, 0, &len));
}

static bool exists(const struct host *host, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", host->card, name);
	return access(path, F_OK) == 0;
}

/* By somebody at the box, by the host, and while the picture is under way. */
static void a_folder_that_was_deleted_is_made_again(void **state)
{
	struct host *host = *state;
	const struct card *card = &host->camera->card;
	uint32_t dcim, len;

	host_open(host);
	remove_below(host, "DCIM/100CANON");
	remove_below(host, "DCIM");
	shoot(host);
	assert_true(exists(host, "DCIM/100CANON/IMG_0001.JPG"));
	assert_int_equal(DO(host, 0x100b, 0xffffffff), PTP_OK);
	dcim = card_find(card, card->folder)->parent;
	assert_int_equal(DO(host, 0x100b, card->folder), PTP_OK);
	assert_int_equal(DO(host, 0x100b, dcim), PTP_OK);
	assert_false(exists(host, "DCIM"));
	shoot(host);
	assert_true(exists(host, "DCIM/100CANON/IMG_0002.JPG"));
	assert_int_equal(DO(host, 0x100b, 0xffffffff), PTP_OK);
	assert_int_equal(DO(host, 0x9128, 3, 1), PTP_OK);
	remove_below(host, "DCIM/100CANON");
	assert_non_null(host_event(host, EOS_OBJECT_ADDED, 0, &len));
	assert_true(exists(host, "DCIM/100CANON/IMG_0003.JPG"));
}

static void a_card_that_is_gone_is_told_of(void **state)
{
	static const char *const names[] = { "eos1200d", "d750", "plain" };
	static const char *const folders[] = { "100CANON", "100D750_", "100PLAIN" };
	struct host *host = *state;
	char folder[32];

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		host_stop(host);
		host_start(host, names[i]);
		host_open_session(host);
		snprintf(folder, sizeof(folder), "DCIM/%s", folders[i]);
		remove_below(host, folder);
		remove_below(host, "DCIM");
		remove_below(host, "");
		if (i)
			assert_int_equal(DO(host, 0x100e, 0, 0), PTP_STORE_NOT_AVAILABLE);
		else
			assert_int_equal(DO(host, 0x9114, 1), PTP_OK);
		if (!i)
			assert_int_equal(DO(host, 0x9128, 3, 1), PTP_STORE_NOT_AVAILABLE);
	}
}

static void what_is_gone_already_can_be_deleted(void **state)
{
	struct host *host = *state;
	uint32_t handle;

	host_open(host);
	handle = upload(host, "A.JPG");
	remove_below(host, "DCIM/100CANON/A.JPG");
	assert_int_equal(DO(host, 0x100b, handle), PTP_OK);
	assert_int_equal(DO(host, 0x1008, handle), PTP_INVALID_OBJECT_HANDLE);
}

/* A file of so many bytes, none of which takes any room. */
static void put_hole(const struct host *host, const char *name, off_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/DCIM/100CANON/%s", host->card, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), size), 0);
	fclose(file);
}

static void a_file_is_sent_whole_or_not_on_the_card(void **state)
{
	const off_t long_file = SIM_MAX_CONTAINER + 1000, too_long = CARD_FILE_MAX + 1;
	struct host *host = *state;
	const struct card_object *object;

	put_hole(host, "LONG.JPG", long_file);
	put_hole(host, "TOO_LONG.JPG", too_long);
	host_restart(host);
	host_open(host);
	object = card_find_name(&host->camera->card, host->camera->card.folder, "LONG.JPG");
	assert_non_null(object);
	assert_int_equal(DO(host, 0x1009, object->handle), PTP_OK);
	assert_int_equal(host->data.len, long_file);
	assert_null(card_find_name(&host->camera->card, host->camera->card.folder, "TOO_LONG.JPG"));
}

/* A host's folder may have names that differ by their case alone. */
static void no_two_objects_have_one_handle(void **state)
{
	static const char *const names[] = { "dcim", "Dcim", "DCIM/100canon",
		"DCIM/100CANON/IMG_0001.JPG", "DCIM/100CANON/img_0001.jpg",
		"DCIM/100CANON/IMG_0001.jpg", "dcim/100CANON", "dcim/100CANON/IMG_0001.JPG" };
	struct host *host = *state;
	const struct card *card;
	char path[128];

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", host->card, names[i]);
		if (!strrchr(names[i], '.'))
			assert_int_equal(mkdir(path, 0777), 0);
		else
			assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0666)), 0);
	}
	host_restart(host);
	card = &host->camera->card;
	/* DCIM and 100CANON as well. */
	assert_int_equal(card->num_objects, ARRAY_LENGTH(names) + 2);
	for (size_t i = 0; i < card->num_objects; i++)
		assert_ptr_equal(card_find(card, card->objects[i]->handle), card->objects[i]);
	assert_string_equal(card_find(card, card->folder)->name, "100CANON");
	assert_string_equal(card_find(card, card_find(card, card->folder)->parent)->name, "DCIM");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)
	const struct CMUnitTest tests[] = {
		TEST(what_waits_to_be_written_counts_as_written),
		TEST(files_put_and_deleted_change_what_is_left),
		TEST(what_is_put_wants_a_folder_to_be_put_in),
		TEST(what_was_announced_ends_with_its_session),
		TEST(names_that_no_card_has_are_refused),
		TEST(what_is_too_long_for_the_pipe_is_refused_before_it_comes),
		TEST(a_folder_that_was_deleted_is_made_again),
		TEST(a_card_that_is_gone_is_told_of),
		TEST(what_is_gone_already_can_be_deleted),
		TEST(a_file_is_sent_whole_or_not_on_the_card),
		TEST(no_two_objects_have_one_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
