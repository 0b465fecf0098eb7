/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal is written and read back, torn, damaged and hostile ones too. */
/* Over 600 lines: each way to damage a journal is a few lines, and all of them begin with one that these helpers write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schedule/journal.h"
#include "schedule/sha256.h"

static char folder[] = "/tmp/test-journal.XXXXXX";
static int cwd;
static struct timepiece timepiece;

static const struct journal_plan plan = {
	.every = 10 * NSEC_PER_SEC,
	.count = 360,
	.between = "06:00-20:00,22:00-23:00",
	.pattern = "tl-%05n.%C",
	.camera = "Canon EOS 1200D",
};

static const nsec_t begun = INT64_C(1795334400) * NSEC_PER_SEC;

static struct slot slot_of(uint64_t number)
{
	nsec_t offset = (nsec_t)number * plan.every;

	return (struct slot){ number, { begun + offset, 1000 * NSEC_PER_SEC + offset } };
}

static void put(struct journal *journal, const struct journal_record *record)
{
	struct orc_error err = { 0 };

	if (journal_write(journal, record, &err) < 0)
		fail_msg("not written: %s", err.why);
}

static void put_slot(struct journal *journal, enum journal_event event, uint64_t number)
{
	struct journal_record record = { .event = event,
		.slot = slot_of(number),
		.why = "test",
		.exposure = { 1 / 125.0, 8, 100, 0.18, NAN } };

	put(journal, &record);
}

static void open_new(struct journal *journal, const char *name)
{
	struct orc_error err = { 0 };

	if (journal_create(journal, cwd, name, &plan, 0, &timepiece, &err) < 0)
		fail_msg("not created: %s", err.why);
}

static void read_state(struct journal_state *state, const char *name)
{
	struct orc_error err = { 0 };
	int fd = openat(cwd, name, O_RDONLY);

	if (journal_state_read(state, fd, NULL, NULL, &err) < 0)
		fail_msg("not read: %s", err.why);
	close(fd);
}

static void append(const char *name, const char *text, size_t len)
{
	int fd = openat(cwd, name, O_WRONLY | O_APPEND);

	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void what_is_written_is_read(void **state)
{
	struct journal_file files[2] = {
		{ "tl-00000.jpg", "/store_00010001/DCIM/100CANON/IMG_0001.JPG", NULL, 123456,
			false },
		{ NULL, "/store_00010001/DCIM/100CANON/IMG_0001.CR2", NULL, 25000000, true },
	};
	struct journal_record shot = { .event = JOURNAL_SHOT,
		.slot = slot_of(0),
		.files = files,
		.file_count = 2,
		.late = 1500000,
		.exposure = { NAN, NAN, NAN, NAN, NAN } };
	struct journal_record missed = {
		.event = JOURNAL_MISSED, .slot = slot_of(1), .last = slot_of(4), .why = "busy"
	};
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "whole");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put(&journal, &shot);
	put(&journal, &missed);
	put_slot(&journal, JOURNAL_BEGIN, 5);
	put_slot(&journal, JOURNAL_FAILED, 5);
	journal_close(&journal);
	journal_close(&journal);
	read_state(&got, "whole");
	assert_string_equal(got.plan.between, plan.between);
	assert_string_equal(got.plan.pattern, plan.pattern);
	assert_null(got.plan.days);
	assert_int_equal(got.plan.every, plan.every);
	assert_int_equal(got.plan.count, 360);
	assert_true(got.any && !got.open && !got.ended);
	assert_int_equal(got.taken, 1);
	assert_int_equal(got.missed, 4);
	assert_int_equal(got.failed, 1);
	assert_int_equal(got.mark.last.number, 5);
	assert_int_equal(got.mark.last.planned.wall, begun + 50 * NSEC_PER_SEC);
	assert_int_equal(got.mark.last.planned.elapsed, 1050 * NSEC_PER_SEC);
	assert_int_equal(got.mark.started, begun);
	assert_true(got.mark.same_boot);
	assert_int_equal(got.damage.lines, 0);
	assert_true(journal_knows_path(&got, "tl-00000.jpg"));
	assert_false(journal_knows_path(&got, "tl-00001.jpg"));
	assert_true(journal_knows_camera(&got, files[1].camera, 25000000));
	assert_false(journal_knows_camera(&got, files[1].camera, 25000001));
	journal_state_free(&got);
}

static void a_slot_that_was_begun_and_not_ended_is_open(void **state)
{
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "open");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put_slot(&journal, JOURNAL_SHOT, 0);
	put_slot(&journal, JOURNAL_BEGIN, 1);
	journal_close(&journal);
	read_state(&got, "open");
	assert_true(got.open);
	assert_int_equal(got.mark.last.number, 1);
	journal_state_free(&got);
}

static void files_found_on_the_card_settle_the_slot_that_was_open(void **state)
{
	const struct journal_file file = {
		.camera = "/DCIM/IMG_0002.JPG", .size = 5, .kept = true
	};
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "found");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put_slot(&journal, JOURNAL_SHOT, 0);
	put_slot(&journal, JOURNAL_BEGIN, 1);
	put(&journal,
		&(struct journal_record){ .event = JOURNAL_FILES,
			.slot = slot_of(1),
			.files = &file,
			.file_count = 1 });
	/* Of a slot that was settled already: changes nothing. */
	put(&journal,
		&(struct journal_record){ .event = JOURNAL_FILES,
			.slot = slot_of(0),
			.files = &file,
			.file_count = 1 });
	journal_close(&journal);
	read_state(&got, "found");
	assert_false(got.open);
	assert_int_equal(got.taken, 2);
	journal_state_free(&got);
}

static void a_clock_that_was_set_moves_what_went_before(void **state)
{
	struct journal_record step = { .event = JOURNAL_CLOCK, .step = 3 * 3600 * NSEC_PER_SEC };
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "clock");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put_slot(&journal, JOURNAL_SHOT, 0);
	put_slot(&journal, JOURNAL_BEGIN, 1);
	put(&journal, &step);
	read_state(&got, "clock");
	assert_int_equal(got.mark.started, begun + step.step);
	assert_int_equal(got.mark.last.planned.wall, begun + plan.every + step.step);
	assert_int_equal(got.mark.last.planned.elapsed, slot_of(1).planned.elapsed);
	journal_state_free(&got);
	/* Back again, and the grid with it: the next slot comes 4 s later than it would have. */
	step.step = -step.step;
	step.anchored = true;
	step.slot = slot_of(2);
	step.slot.planned.wall += 4 * NSEC_PER_SEC;
	step.slot.planned.elapsed += 4 * NSEC_PER_SEC;
	put(&journal, &step);
	journal_close(&journal);
	read_state(&got, "clock");
	assert_int_equal(got.mark.started, begun);
	assert_int_equal(got.mark.last.planned.wall, slot_of(1).planned.wall + 4 * NSEC_PER_SEC);
	assert_int_equal(
		got.mark.last.planned.elapsed, slot_of(1).planned.elapsed + 4 * NSEC_PER_SEC);
	journal_state_free(&got);
}

/* A box without a battery starts in 1970, and hears of the time later. */
static void a_clock_that_was_set_by_decades_is_understood(void **state)
{
	struct journal_record step = { .event = JOURNAL_CLOCK, .step = 60 * NSEC_PER_SEC - begun };
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "decades");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put(&journal, &step);
	read_state(&got, "decades");
	assert_int_equal(got.damage.lines, 0);
	assert_int_equal(got.mark.started, 60 * NSEC_PER_SEC);
	journal_state_free(&got);
	step.step = -step.step;
	put(&journal, &step);
	journal_close(&journal);
	read_state(&got, "decades");
	assert_int_equal(got.damage.lines, 0);
	assert_int_equal(got.mark.started, begun);
	journal_state_free(&got);
}

static void the_longest_duration_that_can_be_asked_for_is_read_back(void **state)
{
	struct journal_plan endless = plan;
	struct orc_error err = { 0 };
	struct journal_state got;
	struct journal journal;

	(void)state;
	assert_int_equal(duration_parse("36600d", &endless.lasting), 0);
	assert_int_equal(
		journal_create(&journal, cwd, "endless", &endless, 0, &timepiece, &err), 0);
	journal_close(&journal);
	read_state(&got, "endless");
	assert_int_equal(got.plan.lasting, endless.lasting);
	journal_state_free(&got);
}

/* A power cut at every byte: what is whole before it counts, and what follows is not joined to it. */
static void a_torn_line_costs_itself_alone(void **state)
{
	static char text[65536];
	struct journal_state got;
	struct journal journal;
	struct orc_error err;
	ssize_t size;
	size_t cut, lines, i;
	int fd;

	(void)state;
	open_new(&journal, "cut");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put_slot(&journal, JOURNAL_SHOT, 0);
	put_slot(&journal, JOURNAL_BEGIN, 1);
	size = pread(journal.fd, text, sizeof(text), 0);
	journal_close(&journal);
	assert_true(size > 0);
	for (cut = 0; cut < (size_t)size; cut++) {
		fd = openat(cwd, "torn", O_CREAT | O_TRUNC | O_WRONLY, 0644);
		assert_int_equal(write(fd, text, cut), cut);
		close(fd);
		for (lines = 0, i = 0; i < cut; i++)
			lines += text[i] == '\n';
		if (lines == 0 && text[cut] != '\n') {
			fd = openat(cwd, "torn", O_RDONLY);
			assert_int_equal(
				journal_state_read(&got, fd, NULL, NULL, &err), ORC_EUSAGE);
			close(fd);
			continue;
		}
		assert_int_equal(journal_continue(&journal, cwd, "torn", &timepiece, &err), 0);
		put_slot(&journal, JOURNAL_BEGIN, 7);
		journal_close(&journal);
		read_state(&got, "torn");
		assert_int_equal(got.mark.last.number, 7);
		assert_true(got.damage.lines <= 2);
		assert_int_equal(got.taken, lines >= 3 || (lines == 2 && text[cut] == '\n'));
		journal_state_free(&got);
	}
}

static void damage_in_the_middle_is_passed_over(void **state)
{
	static const char *const bad[] = { "\n", "{}\n", "[1]\n", "null\n",
		"{\"event\":\"begin\"}\n",
		"{\"event\":\"dance\",\"time\":\"2026-11-22T06:00:00Z\"}\n",
		"{\"event\":\"note\",\"time\":\"yesterday\",\"why\":\"\"}\n",
		"{\"event\":\"note\",\"time\":\"2026-11-22T06:00:00Z\",\"why\":\"a\\u0000b\"}\n",
		"{\"event\":\"note\",\"time\":\"2026-11-22T06:00:00Z\",\"why\":7}\n",
		"{\"event\":\"note\",\"time\":\"2026-11-22T06:00:00Z\"} x\n",
		"{\"event\":\"begin\",\"time\":\"2026-11-22T06:00:00Z\",\"slot\":-1,\"elapsed\":1,"
		"\"planned\":\"2026-11-22T06:00:00Z\"}\n",
		"{\"event\":\"begin\",\"time\":\"2026-11-22T06:00:00Z\",\"slot\":1e300,\"elapsed\":"
		"1,\"planned\":\"2026-11-22T06:00:00Z\"}\n",
		"{\"event\":\"missed\",\"time\":\"2026-11-22T06:00:00Z\",\"slot\":9,\"last\":3,"
		"\"planned\":\"2026-11-22T06:00:00Z\",\"planned_last\":\"2026-11-22T06:00:00Z\","
		"\"elapsed_last\":1}\n",
		"{\"event\":\"begin\",\"time\":\"2026-11-22T06:00:00Z\",\"slot\":9,\"elapsed\":"
		"1e99,\"planned\":\"2026-11-22T06:00:00Z\"}\n",
		"{\"event\":\"plan\",\"version\":1,\"time\":\"2026-11-22T06:00:00Z\",\"every\":1}"
		"\n",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "{\"event\":\"note\",\"time\":\"2026\n" };
	static char huge[3 * JOURNAL_LINE_MAX];
	struct journal_state got;
	struct journal journal;
	size_t i;

	(void)state;
	open_new(&journal, "damaged");
	put_slot(&journal, JOURNAL_BEGIN, 3);
	for (i = 0; i < ARRAY_LENGTH(bad); i++)
		append("damaged", bad[i], strlen(bad[i]));
	memset(huge, ' ', sizeof(huge));
	huge[sizeof(huge) - 1] = '\n';
	append("damaged", huge, sizeof(huge));
	append("damaged", "\0\0\0\0\n", 5);
	put_slot(&journal, JOURNAL_SHOT, 3);
	append("damaged", "{\"event\":\"shot\",\"slo", 20);
	journal_close(&journal);
	read_state(&got, "damaged");
	assert_int_equal(got.damage.lines, ARRAY_LENGTH(bad) + 3);
	assert_int_equal(got.damage.first, 3);
	assert_true(got.damage.torn);
	assert_int_equal(got.taken, 1);
	assert_int_equal(got.mark.last.number, 3);
	assert_false(got.open);
	journal_state_free(&got);
}

static void keys_of_a_later_version_are_ignored(void **state)
{
	static const char line[] =
		"{\"event\":\"shot\",\"time\":\"2026-11-22T06:00:00Z\",\"slot\":4,\"late\":0,"
		"\"planned\":\"2026-11-22T06:00:00+01:00\",\"moon\":{\"phase\":[0.5]}}\n";
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "later");
	append("later", line, strlen(line));
	journal_close(&journal);
	read_state(&got, "later");
	assert_int_equal(got.damage.lines, 0);
	assert_int_equal(got.taken, 1);
	journal_state_free(&got);
}

static void what_is_no_journal_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "\n", "hello\n", "{\"event\":\"note\",\"time\":\"2026-11-22T06:00:00Z\"}\n",
		"{\"version\":2,\"event\":\"plan\",\"every\":1,\"time\":\"2026-11-22T06:00:00Z\"}",
		"{\"event\":\"plan\",\"version\":1,\"time\":\"2026-11-22T06:00:00Z\",\"every\":0}\n"
	};
	struct journal_state got;
	struct orc_error err;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(bad); i++) {
		fd = memfd_create("journal", MFD_CLOEXEC);
		assert_int_equal(write(fd, bad[i], strlen(bad[i])), strlen(bad[i]));
		assert_int_equal(journal_state_read(&got, fd, NULL, NULL, &err), ORC_EUSAGE);
		close(fd);
	}
}

static void a_journal_has_one_writer_and_is_never_overwritten(void **state)
{
	struct journal journal, other;
	struct orc_error err;

	(void)state;
	open_new(&journal, "mine");
	assert_int_equal(
		journal_create(&other, cwd, "mine", &plan, 0, &timepiece, &err), ORC_EFILE);
	assert_int_equal(err.errnum, EEXIST);
	assert_int_equal(journal_continue(&other, cwd, "mine", &timepiece, &err), ORC_EBUSY);
	journal_close(&journal);
	assert_int_equal(journal_continue(&other, cwd, "mine", &timepiece, &err), 0);
	journal_close(&other);
	assert_int_equal(journal_continue(&other, cwd, "none", &timepiece, &err), ORC_EFILE);
}

/* A limit on the file's size stands in for a full disk: a write is cut short, then refused. */
static void a_full_disk_tears_one_line_and_the_next_starts_anew(void **state)
{
	struct journal_record note = { .event = JOURNAL_NOTE, .why = "a note of some length" };
	struct rlimit unlimited, limit;
	struct journal_state got;
	struct journal journal;
	struct orc_error err;
	struct stat status;

	(void)state;
	open_new(&journal, "full");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(fstat(journal.fd, &status), 0);
	getrlimit(RLIMIT_FSIZE, &unlimited);
	limit = unlimited;
	limit.rlim_cur = (rlim_t)status.st_size + 30;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(journal_write(&journal, &note, &err), ORC_EFILE);
	assert_int_equal(journal_write(&journal, &note, &err), ORC_EFILE);
	/* Room for the torn line's end, and for nothing behind it. */
	limit.rlim_cur++;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(journal_write(&journal, &note, &err), ORC_EFILE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
	put_slot(&journal, JOURNAL_BEGIN, 0);
	journal_close(&journal);
	read_state(&got, "full");
	assert_int_equal(got.damage.lines, 1);
	assert_true(got.open);
	journal_state_free(&got);
}

static void bytes_that_are_no_utf8_are_written_as_question_marks(void **state)
{
	struct journal_file file = { .path = "a\xff\xc0\xafz.jpg", .size = 1 };
	struct journal_record record = {
		.event = JOURNAL_SHOT, .slot = slot_of(0), .files = &file, .file_count = 1
	};
	struct journal_state got;
	struct journal journal;

	(void)state;
	open_new(&journal, "bytes");
	put(&journal, &record);
	journal_close(&journal);
	read_state(&got, "bytes");
	assert_int_equal(got.taken, 1);
	assert_true(journal_knows_path(&got, file.path));
	journal_state_free(&got);
}

/* Whoever made it was cut off in its first line, at any byte; a file that is somebody else's is none. */
static void a_journal_without_its_plan_is_told_from_another_file(void **state)
{
	static const char *const others[] = { "\n", "{\n", "hello", "{\"event\":\"note\"",
		"{\"event\":\"plan\",\"version\":2,\"time\"", "{\"event\":\"plan\",\"version\":1}",
		"{\"event\":\"plan\",\"version\":1,\"time\":\n" };
	struct journal journal;
	struct journal_state got;
	struct orc_error err;
	char whole[4096];
	ssize_t size;
	int fd;

	(void)state;
	open_new(&journal, "born");
	size = pread(journal.fd, whole, sizeof(whole), 0);
	assert_true(size > 40);
	assert_false(journal_is_unborn(&journal));
	journal_close(&journal);
	for (ssize_t cut = 0; cut < size; cut++) {
		fd = openat(cwd, "unborn", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, whole, (size_t)cut), cut);
		close(fd);
		assert_int_equal(journal_continue(&journal, cwd, "unborn", &timepiece, &err), 0);
		assert_true(journal_is_unborn(&journal));
		journal_close(&journal);
	}
	assert_int_equal(journal_continue(&journal, cwd, "unborn", &timepiece, &err), 0);
	assert_int_equal(journal_begin(&journal, &plan, 0, &err), 0);
	put_slot(&journal, JOURNAL_BEGIN, 0);
	journal_close(&journal);
	read_state(&got, "unborn");
	assert_int_equal(got.damage.lines, 0);
	assert_string_equal(got.plan.pattern, plan.pattern);
	assert_true(got.open);
	journal_state_free(&got);
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
		fd = openat(cwd, "other", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_int_equal(write(fd, others[i], strlen(others[i])), strlen(others[i]));
		close(fd);
		assert_int_equal(journal_continue(&journal, cwd, "other", &timepiece, &err), 0);
		assert_false(journal_is_unborn(&journal));
		journal_close(&journal);
	}
}

static int count_events(void *data, const struct journal_record *record)
{
	unsigned *events = data;

	events[record->event]++;
	return record->event == JOURNAL_END ? ORC_EAGAIN : 0;
}

/* What the state is made of goes to somebody else as well, who may end the reading. */
static void one_reading_is_for_two(void **state)
{
	unsigned events[JOURNAL_END + 1] = { 0 };
	struct journal_state got;
	struct journal journal;
	struct orc_error err;

	(void)state;
	open_new(&journal, "two");
	put_slot(&journal, JOURNAL_BEGIN, 0);
	put_slot(&journal, JOURNAL_SHOT, 0);
	put_slot(&journal, JOURNAL_BEGIN, 1);
	assert_int_equal(journal_state_read(&got, journal.fd, count_events, events, &err), 0);
	assert_int_equal(got.taken, 1);
	assert_true(got.open);
	assert_int_equal(events[JOURNAL_PLAN], 1);
	assert_int_equal(events[JOURNAL_BEGIN], 2);
	assert_int_equal(events[JOURNAL_SHOT], 1);
	journal_state_free(&got);
	put(&journal, &(struct journal_record){ .event = JOURNAL_END, .why = "test" });
	assert_int_equal(
		journal_state_read(&got, journal.fd, count_events, events, &err), ORC_EAGAIN);
	journal_close(&journal);
}

static void another_plan_is_told_from_the_same(void **state)
{
	struct journal_plan other = plan;
	struct orc_error err;

	(void)state;
	other.count = 10;
	other.address = "router";
	assert_int_equal(journal_plan_compare(&plan, &other, &err), 0);
	other.every = NSEC_PER_SEC;
	assert_int_equal(journal_plan_compare(&plan, &other, &err), ORC_EUSAGE);
	assert_non_null(strstr(err.why, "--every"));
	other = plan;
	other.pattern = NULL;
	assert_int_equal(journal_plan_compare(&plan, &other, &err), ORC_EUSAGE);
}

static void a_plan_with_bytes_that_are_no_utf8_is_known_again(void **state)
{
	struct journal_plan odd = plan;
	struct journal_state got;
	struct journal journal;
	struct orc_error err;

	(void)state;
	odd.pattern = "caf\xe9/%05n.%C";
	assert_int_equal(journal_create(&journal, cwd, "odd", &odd, 0, &timepiece, &err), 0);
	journal_close(&journal);
	read_state(&got, "odd");
	assert_int_equal(journal_plan_compare(&got.plan, &odd, &err), 0);
	odd.pattern = "tea/%05n.%C";
	assert_int_equal(journal_plan_compare(&got.plan, &odd, &err), ORC_EUSAGE);
	journal_state_free(&got);
}

/* FIPS 180-2, appendix B. */
static void checksums_are_those_of_sha256sum(void **state)
{
	static const char *const vectors[][2] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char text[SHA256_TEXT_SIZE];
	struct orc_error err;
	struct sha256 sha;
	uint64_t size;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(vectors); i++) {
		sha256_init(&sha);
		for (j = 0; j < strlen(vectors[i][0]); j++)
			sha256_add(&sha, vectors[i][0] + j, 1);
		assert_string_equal(sha256_text(&sha, text), vectors[i][1]);
	}
	sha256_init(&sha);
	for (i = 0; i < 1000; i++)
		for (j = 0; j < 10; j++)
			sha256_add(&sha,
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
				100);
	assert_string_equal(sha256_text(&sha, text),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	i = (size_t)openat(cwd, "abc", O_CREAT | O_WRONLY, 0644);
	assert_int_equal(write((int)i, "abc", 3), 3);
	close((int)i);
	assert_int_equal(sha256_file(cwd, "abc", text, &size, &err), 0);
	assert_string_equal(text, vectors[1][1]);
	assert_int_equal(size, 3);
	assert_int_equal(sha256_file(cwd, "none", text, &size, &err), ORC_EFILE);
}

static int make_folder(void **state)
{
	(void)state;
	timepiece_system(&timepiece);
	if (!mkdtemp(folder))
		return -1;
	cwd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return cwd < 0 ? -1 : 0;
}

static int remove_folder(void **state)
{
	char command[64];

	(void)state;
	close(cwd);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_slot_that_was_begun_and_not_ended_is_open),
		cmocka_unit_test(files_found_on_the_card_settle_the_slot_that_was_open),
		cmocka_unit_test(a_clock_that_was_set_moves_what_went_before),
		cmocka_unit_test(a_clock_that_was_set_by_decades_is_understood),
		cmocka_unit_test(the_longest_duration_that_can_be_asked_for_is_read_back),
		cmocka_unit_test(a_torn_line_costs_itself_alone),
		cmocka_unit_test(damage_in_the_middle_is_passed_over),
		cmocka_unit_test(keys_of_a_later_version_are_ignored),
		cmocka_unit_test(what_is_no_journal_is_refused),
		cmocka_unit_test(a_journal_has_one_writer_and_is_never_overwritten),
		cmocka_unit_test(a_full_disk_tears_one_line_and_the_next_starts_anew),
		cmocka_unit_test(bytes_that_are_no_utf8_are_written_as_question_marks),
		cmocka_unit_test(a_journal_without_its_plan_is_told_from_another_file),
		cmocka_unit_test(one_reading_is_for_two),
		cmocka_unit_test(another_plan_is_told_from_the_same),
		cmocka_unit_test(a_plan_with_bytes_that_are_no_utf8_is_known_again),
		cmocka_unit_test(checksums_are_those_of_sha256sum),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
