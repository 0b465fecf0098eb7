/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times and windows as users write them, in Berlin, where the clocks change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schedule/window.h"

#define MINUTE (60 * NSEC_PER_SEC)

static const struct place berlin = { 52.52, 13.40 };
static const struct place tromso = { 69.65, 18.96 };
/* A Sunday. */
static const char now_text[] = "2026-11-22T10:00:00+01:00";

static nsec_t at(const char *text)
{
	nsec_t wall;

	assert_int_equal(wall_parse(text, &wall), 0);
	return wall;
}

static void assert_wall(nsec_t got, const char *expected)
{
	char text[WALL_TEXT_SIZE];

	if (got != at(expected))
		fail_msg("%s, not %s", wall_format(got, text), expected);
}

static void assert_when(const char *text, const char *now, const char *expected)
{
	struct orc_error err = { 0 };
	nsec_t wall;

	if (when_parse(text, at(now), &berlin, WHEN_FIRST, &wall, &err) < 0)
		fail_msg("'%s' is refused: %s", text, err.why);
	assert_wall(wall, expected);
}

static void walls_are_written_and_read(void **state)
{
	static const char *const bad[] = { "", "2026-11-22", "2026-11-22T10:00:00",
		"1969-01-01T00:00:00Z", "2026-13-22T10:00:00Z", "2026-11-22T10:00:00+1",
		"2026-11-22T10:00:00Z ", "2150-01-01T00:00:00Z", "1970-01-01T00:00:00+01:00",
		"2026-11-22T10:00:00.5" };
	char text[WALL_TEXT_SIZE];
	nsec_t wall;
	size_t i;

	(void)state;
	assert_string_equal(
		wall_format(at("2026-11-22T09:00:00.5Z"), text), "2026-11-22T10:00:00.500+01:00");
	assert_string_equal(
		wall_format(at("2026-07-01T00:00:00Z"), text), "2026-07-01T02:00:00.000+02:00");
	assert_true(at("2026-11-22T10:00:00.000+01:00") == at("2026-11-22T04:30:00-04:30"));
	for (i = 0; i < ARRAY_LENGTH(bad); i++)
		assert_int_equal(wall_parse(bad[i], &wall), ORC_EUSAGE);
}

static void times_are_read_as_people_mean_them(void **state)
{
	(void)state;
	assert_when("now", now_text, "2026-11-22T10:00:00+01:00");
	assert_when("+2h", now_text, "2026-11-22T12:00:00+01:00");
	assert_when("20:30", now_text, "2026-11-22T20:30:00+01:00");
	assert_when("6:00", now_text, "2026-11-23T06:00:00+01:00");
	assert_when("10:00", now_text, "2026-11-22T10:00:00+01:00");
	assert_when("24:00", now_text, "2026-11-23T00:00:00+01:00");
	assert_when("06:00:30", now_text, "2026-11-23T06:00:30+01:00");
	assert_when("today 6:00", now_text, "2026-11-22T06:00:00+01:00");
	assert_when("tomorrow 6:00", now_text, "2026-11-23T06:00:00+01:00");
	assert_when("sun 6:00", now_text, "2026-11-29T06:00:00+01:00");
	assert_when("Sunday 11:00", now_text, "2026-11-22T11:00:00+01:00");
	assert_when("mon 6:00", now_text, "2026-11-23T06:00:00+01:00");
	assert_when("2026-12-24 06:00", now_text, "2026-12-24T06:00:00+01:00");
	assert_when("2026-07-01T06:00:30", now_text, "2026-07-01T06:00:30+02:00");
	assert_when("2026-11-22T06:00:00Z", now_text, "2026-11-22T07:00:00+01:00");
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = { "", "25:00", "6", "6:0", "6:60", "24:01", "tomorrow",
		"mon", "+", "+2x", "-2h", "2026-02-30 6:00", "2026-11-22", "sunset-", "sunset*2",
		"sunset-13h", "6:00:", "noonish", "06:00 06:00", "2026-1-1 6:00", "+50000d" };
	struct orc_error err;
	nsec_t wall;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(bad); i++) {
		if (when_parse(bad[i], at(now_text), &berlin, WHEN_FIRST, &wall, &err) !=
			ORC_EUSAGE)
			fail_msg("'%s' is taken", bad[i]);
		assert_true(err.hint[0] && err.why[0]);
	}
	assert_int_equal(
		when_parse("sunset", at(now_text), NULL, WHEN_FIRST, &wall, &err), ORC_EUSAGE);
	assert_non_null(strstr(err.hint, "--at"));
}

/* On 29 March 2026 2:00 is 3:00, on 25 October 3:00 is 2:00. */
static void a_missing_hour_is_the_moment_of_the_change(void **state)
{
	struct day day = { 2026, 3, 29 };

	(void)state;
	assert_wall(day_moment(day, 90 * 60, WHEN_FIRST), "2026-03-29T01:30:00+01:00");
	assert_wall(day_moment(day, 150 * 60, WHEN_FIRST), "2026-03-29T03:00:00+02:00");
	assert_wall(day_moment(day, 150 * 60, WHEN_SECOND), "2026-03-29T03:00:00+02:00");
	assert_wall(day_moment(day, 180 * 60, WHEN_FIRST), "2026-03-29T03:00:00+02:00");
	assert_wall(day_moment(day, 210 * 60, WHEN_FIRST), "2026-03-29T03:30:00+02:00");
	assert_when("2:30", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00");
	assert_when("tomorrow 12:00", "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00");
}

static void a_doubled_hour_is_its_first_or_its_second(void **state)
{
	struct day day = { 2026, 10, 25 };

	(void)state;
	assert_wall(day_moment(day, 90 * 60, WHEN_SECOND), "2026-10-25T01:30:00+02:00");
	assert_wall(day_moment(day, 150 * 60, WHEN_FIRST), "2026-10-25T02:30:00+02:00");
	assert_wall(day_moment(day, 150 * 60, WHEN_SECOND), "2026-10-25T02:30:00+01:00");
	assert_wall(day_moment(day, 180 * 60, WHEN_FIRST), "2026-10-25T03:00:00+01:00");
	assert_when("2:30", "2026-10-25T02:10:00+02:00", "2026-10-25T02:30:00+02:00");
	assert_when("2:30", "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00");
	assert_when("2:30", "2026-10-25T02:40:00+01:00", "2026-10-26T02:30:00+01:00");
}

static void places_are_read(void **state)
{
	static const char *const bad[] = { "", "52.52", "52.52,", "91,0", "0,181", "52,13x",
		"a,b" };
	struct orc_error err;
	struct place place;
	size_t i;

	(void)state;
	assert_int_equal(place_parse("52.52,13.40", &place, &err), 0);
	assert_true(place.latitude == 52.52 && place.longitude == 13.40);
	assert_int_equal(place_parse("33.87S, 151.21E", &place, &err), 0);
	assert_true(place.latitude == -33.87 && place.longitude == 151.21);
	assert_int_equal(place_parse("-33.9 18.4", &place, &err), 0);
	for (i = 0; i < ARRAY_LENGTH(bad); i++)
		assert_int_equal(place_parse(bad[i], &place, &err), ORC_EUSAGE);
}

static void assert_span(
	const struct windows *windows, const char *moment, bool open, const char *until)
{
	struct window_span span;

	windows_at(windows, at(moment), &span);
	assert_int_equal(span.open, open);
	assert_true(span.from <= at(moment) && at(moment) < span.until);
	if (until)
		assert_wall(span.until, until);
}

static void make(struct windows *windows, const char *between, const char *days)
{
	struct orc_error err = { 0 };

	*windows = (struct windows){ .place = berlin, .has_place = true };
	if (between && windows_add(windows, between, &err) < 0)
		fail_msg("'%s' is refused: %s", between, err.why);
	if (days)
		assert_int_equal(windows_set_days(windows, days, &err), 0);
}

static void windows_open_and_shut(void **state)
{
	struct windows windows;

	(void)state;
	make(&windows, "06:00-20:00", NULL);
	assert_span(&windows, "2026-11-22T05:59:59+01:00", false, "2026-11-22T06:00:00+01:00");
	assert_span(&windows, "2026-11-22T06:00:00+01:00", true, "2026-11-22T20:00:00+01:00");
	assert_span(&windows, "2026-11-22T20:00:00+01:00", false, "2026-11-23T06:00:00+01:00");
	make(&windows, "22:00-06:00", NULL);
	assert_span(&windows, "2026-11-22T03:00:00+01:00", true, "2026-11-22T06:00:00+01:00");
	assert_span(&windows, "2026-11-22T12:00:00+01:00", false, "2026-11-22T22:00:00+01:00");
	make(&windows, "06:00-09:00,08:00-10:00,17:00-20:00", NULL);
	assert_span(&windows, "2026-11-22T07:00:00+01:00", true, "2026-11-22T10:00:00+01:00");
	assert_span(&windows, "2026-11-22T12:00:00+01:00", false, "2026-11-22T17:00:00+01:00");
}

static void days_are_those_on_which_a_window_opens(void **state)
{
	struct orc_error err;
	struct windows windows;

	(void)state;
	make(&windows, NULL, "mon-fri");
	assert_span(&windows, "2026-11-22T12:00:00+01:00", false, "2026-11-23T00:00:00+01:00");
	assert_span(&windows, "2026-11-27T12:00:00+01:00", true, "2026-11-28T00:00:00+01:00");
	make(&windows, "20:00-06:00", "fri");
	assert_span(&windows, "2026-11-28T05:00:00+01:00", true, "2026-11-28T06:00:00+01:00");
	assert_span(&windows, "2026-11-28T21:00:00+01:00", false, "2026-12-04T20:00:00+01:00");
	make(&windows, "06:00-07:00", "sat-sun");
	assert_span(&windows, "2026-11-22T06:30:00+01:00", true, "2026-11-22T07:00:00+01:00");
	assert_int_equal(windows.days, 1 << 6 | 1);
	assert_int_equal(windows_set_days(&windows, "fri-mon,wed", &err), 0);
	assert_int_equal(windows.days, 1 << 5 | 1 << 6 | 1 | 1 << 1 | 1 << 3);
	assert_int_equal(windows_set_days(&windows, "mon-", &err), ORC_EUSAGE);
	assert_int_equal(windows_set_days(&windows, "mo", &err), ORC_EUSAGE);
	assert_int_equal(windows_set_days(&windows, "", &err), ORC_EUSAGE);
}

static void windows_hold_through_a_change_of_summer_time(void **state)
{
	struct windows windows;

	(void)state;
	make(&windows, "02:30-04:00", NULL);
	assert_span(&windows, "2026-03-29T01:59:00+01:00", false, "2026-03-29T03:00:00+02:00");
	assert_span(&windows, "2026-03-29T03:00:00+02:00", true, "2026-03-29T04:00:00+02:00");
	make(&windows, "02:15-02:45", NULL);
	assert_span(&windows, "2026-10-25T02:15:00+02:00", true, "2026-10-25T02:45:00+01:00");
	assert_span(&windows, "2026-10-25T02:10:00+01:00", true, "2026-10-25T02:45:00+01:00");
	make(&windows, "06:00-20:00", NULL);
	assert_span(&windows, "2026-03-29T12:00:00+02:00", true, "2026-03-29T20:00:00+02:00");
}

static void assert_open(const struct windows *windows, const char *from, const char *until)
{
	struct window_span span;

	/* The table's minute is rounded. */
	windows_at(windows, at(from) - 3 * MINUTE, &span);
	assert_false(span.open);
	assert_true(llabs(span.until - at(from)) < 2 * MINUTE);
	windows_at(windows, at(from) + 3 * MINUTE, &span);
	assert_true(span.open);
	assert_true(llabs(span.until - at(until)) < 2 * MINUTE);
}

/* Berlin, 21 June 2026: sunrise 4:43, sunset 21:33 (timeanddate.com). */
static void windows_go_by_the_sun(void **state)
{
	struct windows windows;

	(void)state;
	make(&windows, "sunrise-sunset", NULL);
	assert_open(&windows, "2026-06-21T04:43:00+02:00", "2026-06-21T21:33:00+02:00");
	make(&windows, "sunrise+30m-sunset", NULL);
	assert_open(&windows, "2026-06-21T05:13:00+02:00", "2026-06-21T21:33:00+02:00");
	make(&windows, "sunrise-1h-sunrise+1h", NULL);
	assert_open(&windows, "2026-06-21T03:43:00+02:00", "2026-06-21T05:43:00+02:00");
	make(&windows, "sunset-1h-sunrise", NULL);
	assert_open(&windows, "2026-06-21T20:33:00+02:00", "2026-06-22T04:43:00+02:00");
	make(&windows, "sunset-02:00", NULL);
	assert_open(&windows, "2026-06-21T21:33:00+02:00", "2026-06-22T02:00:00+02:00");
	make(&windows, "22:00-sunrise", NULL);
	assert_open(&windows, "2026-06-21T22:00:00+02:00", "2026-06-22T04:43:00+02:00");
	/* Closed on days on which the sun sets before. */
	make(&windows, "20:00-sunset", NULL);
	assert_span(&windows, "2026-12-21T21:00:00+01:00", false, NULL);
	make(&windows, "sunrise+5h-sunset-5h", NULL);
	assert_span(&windows, "2026-12-21T12:00:00+01:00", false, NULL);
}

/* Tromsø: the sun's edge stays up till the last week of July, and down till mid January. */
static void polar_day_is_all_day_and_polar_night_none_of_it(void **state)
{
	struct window_span span;
	struct windows windows;
	struct orc_error err;
	nsec_t wall;

	(void)state;
	make(&windows, "sunrise+30m-sunset", NULL);
	windows.place = tromso;
	windows_at(&windows, at("2026-06-21T00:00:00+02:00"), &span);
	assert_true(span.open && span.until > at("2026-06-23T00:00:00+02:00"));
	windows_at(&windows, at("2026-12-21T12:00:00+01:00"), &span);
	assert_false(span.open);
	assert_true(span.until > at("2027-01-13T00:00:00+01:00"));
	assert_true(span.until < at("2027-01-18T00:00:00+01:00"));
	make(&windows, "sunset-sunrise", NULL);
	windows.place = tromso;
	windows_at(&windows, at("2026-12-21T12:00:00+01:00"), &span);
	assert_true(span.open);
	windows_at(&windows, at("2026-06-21T00:00:00+02:00"), &span);
	assert_false(span.open);
	/* The next sunset is weeks away, and that day's is none. */
	assert_int_equal(when_parse("sunset", at("2026-06-21T12:00:00+02:00"), &tromso, WHEN_FIRST,
				 &wall, &err),
		0);
	assert_true(
		wall > at("2026-07-20T00:00:00+02:00") && wall < at("2026-07-28T00:00:00+02:00"));
	assert_int_equal(
		when_parse("2026-06-21 sunset", at(now_text), &tromso, WHEN_FIRST, &wall, &err),
		ORC_EUSAGE);
}

static void what_is_no_window_is_refused(void **state)
{
	static const char *const bad[] = { "", "06:00", "06:00-", "-06:00", "06:00-06:00",
		"06:00-20:00,", "sunrise", "sunrise-30m", "6-8", "sunset-sunset", "06:00--20:00" };
	struct windows windows = { 0 };
	struct orc_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(bad); i++)
		if (windows_add(&windows, bad[i], &err) != ORC_EUSAGE)
			fail_msg("'%s' is taken", bad[i]);
	assert_int_equal(windows_add(&windows, "dawn-dusk", &err), 0);
	assert_int_equal(windows_check(&windows, &err), ORC_EUSAGE);
	windows.has_place = true;
	assert_int_equal(windows_check(&windows, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walls_are_written_and_read),
		cmocka_unit_test(times_are_read_as_people_mean_them),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(a_missing_hour_is_the_moment_of_the_change),
		cmocka_unit_test(a_doubled_hour_is_its_first_or_its_second),
		cmocka_unit_test(places_are_read),
		cmocka_unit_test(windows_open_and_shut),
		cmocka_unit_test(days_are_those_on_which_a_window_opens),
		cmocka_unit_test(windows_hold_through_a_change_of_summer_time),
		cmocka_unit_test(windows_go_by_the_sun),
		cmocka_unit_test(polar_day_is_all_day_and_polar_night_none_of_it),
		cmocka_unit_test(what_is_no_window_is_refused),
	};

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
