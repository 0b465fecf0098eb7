/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A journal adds up, and is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "schedule/report.h"

static const nsec_t begun = INT64_C(1795334400) * NSEC_PER_SEC;

/* A journal in memory, written line by line as it would be on a disk. */
static struct journal journal;
static struct timepiece timepiece;
static nsec_t every;

static void put(struct journal_record *record)
{
	struct orc_error err = { 0 };

	record->time = record->slot.planned.wall ? record->slot.planned.wall : begun;
	if (journal_write(&journal, record, &err) < 0)
		fail_msg("not written: %s", err.why);
}

static void start(nsec_t period)
{
	struct journal_plan plan = { .every = period };
	struct journal_record record = { .event = JOURNAL_PLAN, .plan = &plan };

	timepiece_system(&timepiece);
	every = period;
	journal = (struct journal){ .fd = memfd_create("journal", MFD_CLOEXEC),
		.timepiece = &timepiece };
	journal.path = strdup("journal");
	put(&record);
}

static struct slot slot_of(uint64_t number)
{
	return (struct slot){ number,
		{ begun + (nsec_t)number * every, (nsec_t)number * every + 1 } };
}

static void begin(uint64_t number)
{
	put(&(struct journal_record){ .event = JOURNAL_BEGIN, .slot = slot_of(number) });
}

static void shot(uint64_t number, nsec_t late, double brightness)
{
	struct journal_file file = { .path = "x", .size = 1000 };

	begin(number);
	put(&(struct journal_record){ .event = JOURNAL_SHOT,
		.slot = slot_of(number),
		.late = late,
		.files = &file,
		.file_count = 1,
		.exposure = { NAN, NAN, NAN, brightness, NAN } });
}

static void missed(uint64_t first, uint64_t last, const char *why)
{
	put(&(struct journal_record){ .event = JOURNAL_MISSED,
		.slot = slot_of(first),
		.last = slot_of(last),
		.why = why });
}

static void finish(struct report *report)
{
	struct orc_error err = { 0 };

	if (report_read(report, journal.fd, &err) < 0)
		fail_msg("not read: %s", err.why);
	journal_close(&journal);
	assert_int_equal(report->slots,
		report->taken + report->missed + report->failed + report->open +
			report->unexplained);
}

static void every_slot_is_counted_once(void **state)
{
	struct report report;
	int i;

	(void)state;
	start(10 * NSEC_PER_SEC);
	for (i = 0; i < 100; i++)
		shot((uint64_t)i, (i + 1) * NSEC_PER_MSEC, NAN);
	missed(100, 109, "the camera is asleep");
	begin(110);
	put(&(struct journal_record){
		.event = JOURNAL_FAILED, .slot = slot_of(110), .why = "card full" });
	put(&(struct journal_record){
		.event = JOURNAL_RECOVERY, .lost = 3 * NSEC_PER_SEC, .rung = "reconnect" });
	shot(111, 0, NAN);
	begin(112);
	put(&(struct journal_record){ .event = JOURNAL_RESUME, .slot = slot_of(113) });
	shot(114, 0, NAN);
	shot(114, 0, NAN);
	missed(113, 115, "again");
	put(&(struct journal_record){ .event = JOURNAL_END, .why = "all done" });
	finish(&report);
	assert_int_equal(report.slots, 116);
	assert_int_equal(report.taken, 102);
	assert_int_equal(report.missed, 11);
	assert_int_equal(report.failed, 1);
	assert_int_equal(report.open, 1);
	assert_int_equal(report.unexplained, 1);
	assert_int_equal(report.repeated, 4);
	assert_int_equal(report.files, 102);
	assert_int_equal(report.bytes, 102000);
	assert_int_equal(report.resumes, 1);
	assert_int_equal(report.recoveries, 1);
	assert_int_equal(report.lost, 3 * NSEC_PER_SEC);
	assert_true(report.ended && !report.running);
	assert_string_equal(report.why, "all done");
	/* 100 to 110 in a row, 112 and 113, 115. */
	assert_int_equal(report.gap_count, 3);
	assert_int_equal(report.gaps[0].first, 100);
	assert_int_equal(report.gaps[0].last, 110);
	assert_string_equal(report.gaps[0].why, "the camera is asleep");
	assert_int_equal(report.gaps[0].until, slot_of(110).planned.wall);
	assert_int_equal(report.gaps[1].first, 112);
	assert_int_equal(report.gaps[1].last, 113);
	assert_int_equal(report.gaps[2].first, 115);
	report_free(&report);
}

static void lateness_is_ranked(void **state)
{
	struct report report;
	int i;

	(void)state;
	start(NSEC_PER_SEC);
	for (i = 0; i < 200; i++)
		shot((uint64_t)i, (199 - i) * NSEC_PER_MSEC, NAN);
	finish(&report);
	assert_int_equal(report.late_p50, 99 * NSEC_PER_MSEC);
	assert_int_equal(report.late_p95, 189 * NSEC_PER_MSEC);
	assert_int_equal(report.late_max, 199 * NSEC_PER_MSEC);
	report_free(&report);
	start(NSEC_PER_SEC);
	missed(0, 5, "");
	finish(&report);
	assert_int_equal(report.late_max, 0);
	report_free(&report);
}

static void a_picture_found_after_a_crash_counts(void **state)
{
	struct journal_file file = { .path = "y", .size = 7 };
	struct report report;

	(void)state;
	start(NSEC_PER_SEC);
	begin(0);
	put(&(struct journal_record){ .event = JOURNAL_RESUME, .slot = slot_of(1) });
	put(&(struct journal_record){
		.event = JOURNAL_FILES, .slot = slot_of(0), .files = &file, .file_count = 1 });
	begin(1);
	finish(&report);
	assert_int_equal(report.taken, 1);
	assert_int_equal(report.open, 1);
	assert_true(report.running && !report.ended);
	report_free(&report);
}

static size_t count(const char *text, const char *word)
{
	size_t number = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		number++;
	return number;
}

/* A sunset with a break; OPENCAMRC_PLOT names a file to look at. */
static void draw(int pictures, nsec_t period, size_t *dots, size_t *size)
{
	const char *path = getenv("OPENCAMRC_PLOT");
	struct report report;
	char *text;
	int i;

	start(period);
	for (i = 0; i < pictures; i++) {
		nsec_t late =
			800000 + (i * 7919 % 1000) * 2000 + (i % 97 == 96) * 400 * NSEC_PER_MSEC;

		if (i == pictures / 2)
			missed((uint64_t)i, (uint64_t)(i + pictures / 40), "asleep <&>");
		if (i < pictures / 2 || i > pictures / 2 + pictures / 40)
			shot((uint64_t)i, late,
				0.18 * exp2(-2.0 * i / pictures + 0.2 * ((i * 31) % 11) / 11.0));
	}
	finish(&report);
	text = report_plot(&report, size);
	assert_int_equal(strlen(text), *size);
	assert_int_equal(strncmp(text, "<svg ", 5), 0);
	assert_non_null(strstr(text, "prefers-color-scheme:dark"));
	assert_non_null(strstr(text, "asleep &lt;&amp;&gt;"));
	*dots = count(text, "<circle");
	if (path) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fwrite(text, 1, *size, file);
		fclose(file);
	}
	free(text);
	report_free(&report);
}

static void a_plot_has_a_dot_a_picture_or_a_stroke_a_column(void **state)
{
	size_t dots, size;

	(void)state;
	draw(20000, 5 * NSEC_PER_SEC, &dots, &size);
	assert_int_equal(dots, 0);
	assert_true(size < 100000);
	draw(720, 10 * NSEC_PER_SEC, &dots, &size);
	assert_int_equal(dots, 2 * (720 - 19));
	assert_true(size < 200000);
}

static void a_plot_of_nothing_is_drawn(void **state)
{
	struct report report;
	size_t size;
	char *text;

	(void)state;
	start(NSEC_PER_SEC);
	finish(&report);
	text = report_plot(&report, &size);
	assert_non_null(strstr(text, "</svg>"));
	free(text);
	report_free(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_slot_is_counted_once),
		cmocka_unit_test(lateness_is_ranked),
		cmocka_unit_test(a_picture_found_after_a_crash_counts),
		cmocka_unit_test(a_plot_has_a_dot_a_picture_or_a_stroke_a_column),
		cmocka_unit_test(a_plot_of_nothing_is_drawn),
	};

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
