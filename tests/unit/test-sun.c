/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sunrise and sunset against published tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "schedule/sun.h"
#include "schedule/timepiece.h"

/* Tables tell whole minutes, rounded. */
#define TOLERANCE (120 * NSEC_PER_SEC)

static nsec_t at(const char *text)
{
	nsec_t wall;

	assert_int_equal(wall_parse(text, &wall), 0);
	return wall;
}

static void assert_near(nsec_t got, const char *expected)
{
	char text[WALL_TEXT_SIZE];

	if (llabs(got - at(expected)) > TOLERANCE)
		fail_msg("%s, where the table says %s", wall_format(got, text), expected);
}

struct row {
	struct place place;
	const char *noon, *rise, *set;
};

/*
 * U.S. Naval Observatory, Astronomical Applications Department, "Rise and Set for the Sun for 2019",
 * Universal Time: the tables for N60 E000, S60 W150, N29 W081 and N80 E000.
 */
static const struct row usno[] = {
	{ { 60, 0 }, "2019-01-01T12:00:00Z", "2019-01-01T09:02:00Z", "2019-01-01T15:05:00Z" },
	{ { 60, 0 }, "2019-02-15T12:00:00Z", "2019-02-15T07:39:00Z", "2019-02-15T16:50:00Z" },
	{ { 60, 0 }, "2019-03-21T12:00:00Z", "2019-03-21T06:00:00Z", "2019-03-21T18:16:00Z" },
	{ { 60, 0 }, "2019-04-30T12:00:00Z", "2019-04-30T04:02:00Z", "2019-04-30T19:55:00Z" },
	{ { 60, 0 }, "2019-06-21T12:00:00Z", "2019-06-21T02:36:00Z", "2019-06-21T21:28:00Z" },
	{ { 60, 0 }, "2019-08-08T12:00:00Z", "2019-08-08T03:57:00Z", "2019-08-08T20:13:00Z" },
	{ { 60, 0 }, "2019-11-03T12:00:00Z", "2019-11-03T07:26:00Z", "2019-11-03T16:00:00Z" },
	{ { 60, 0 }, "2019-12-22T12:00:00Z", "2019-12-22T09:02:00Z", "2019-12-22T14:55:00Z" },
	{ { -60, -150 }, "2019-01-01T22:00:00Z", "2019-01-01T12:43:00Z", "2019-01-02T07:23:00Z" },
	{ { -60, -150 }, "2019-03-10T22:00:00Z", "2019-03-10T15:35:00Z", "2019-03-11T04:44:00Z" },
	{ { -60, -150 }, "2019-06-21T22:00:00Z", "2019-06-21T19:06:00Z", "2019-06-22T00:58:00Z" },
	{ { -60, -150 }, "2019-09-22T22:00:00Z", "2019-09-22T15:48:00Z", "2019-09-23T03:59:00Z" },
	{ { 29, -81 }, "2019-01-15T17:00:00Z", "2019-01-15T12:19:00Z", "2019-01-15T22:48:00Z" },
	{ { 29, -81 }, "2019-05-20T17:00:00Z", "2019-05-20T10:30:00Z", "2019-05-21T00:11:00Z" },
	{ { 29, -81 }, "2019-08-31T17:00:00Z", "2019-08-31T11:01:00Z", "2019-08-31T23:47:00Z" },
	{ { 29, -81 }, "2019-11-30T17:00:00Z", "2019-11-30T11:59:00Z", "2019-11-30T22:26:00Z" },
	{ { 80, 0 }, "2019-03-01T12:00:00Z", "2019-03-01T09:02:00Z", "2019-03-01T15:25:00Z" },
	{ { 80, 0 }, "2019-09-23T12:00:00Z", "2019-09-23T05:33:00Z", "2019-09-23T18:08:00Z" },
};

static void sunrise_and_sunset_are_those_of_the_tables(void **state)
{
	struct sun_day day;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(usno); i++) {
		sun_day(&usno[i].place, at(usno[i].noon), SUN_HORIZON, &day);
		assert_int_equal(day.state, SUN_RISES);
		assert_near(day.rise, usno[i].rise);
		assert_near(day.set, usno[i].set);
		assert_true(day.rise < day.noon && day.noon < day.set);
	}
}

/* timeanddate.com, London, December 2015 (51.5085 N, 0.1257 W): civil dawn, sunrise, sunset. */
static void dawn_is_that_of_the_tables(void **state)
{
	static const struct place london = { 51.5085, -0.1257 };
	static const char *const dawns[][2] = {
		{ "2015-12-01T12:00:00Z", "2015-12-01T07:04:00Z" },
		{ "2015-12-12T12:00:00Z", "2015-12-12T07:16:00Z" },
		{ "2015-12-25T12:00:00Z", "2015-12-25T07:25:00Z" },
	};
	struct sun_day day;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(dawns); i++) {
		sun_day(&london, at(dawns[i][0]), SUN_CIVIL, &day);
		assert_near(day.rise, dawns[i][1]);
	}
	sun_day(&london, at(dawns[0][0]), SUN_HORIZON, &day);
	assert_near(day.rise, "2015-12-01T07:43:00Z");
	assert_near(day.set, "2015-12-01T15:55:00Z");
}

/* The table for N80: below the horizon to 20 February, above it from 14 April to 29 August. */
static void polar_day_and_night_are_values_of_their_own(void **state)
{
	static const struct place arctic = { 80, 0 }, pole = { 90, 0 }, south = { -80, 0 };
	struct sun_day day;

	(void)state;
	sun_day(&arctic, at("2019-02-19T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_STAYS_DOWN);
	assert_true(day.rise == day.noon && day.set == day.noon);
	sun_day(&arctic, at("2019-02-22T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_RISES);
	sun_day(&arctic, at("2019-04-11T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_RISES);
	sun_day(&arctic, at("2019-04-16T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_STAYS_UP);
	sun_day(&arctic, at("2019-12-22T12:00:00Z"), SUN_CIVIL, &day);
	assert_int_equal(day.state, SUN_STAYS_DOWN);
	sun_day(&south, at("2019-12-22T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_STAYS_UP);
	sun_day(&pole, at("2019-06-21T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_STAYS_UP);
	sun_day(&pole, at("2019-12-21T12:00:00Z"), SUN_HORIZON, &day);
	assert_int_equal(day.state, SUN_STAYS_DOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sunrise_and_sunset_are_those_of_the_tables),
		cmocka_unit_test(dawn_is_that_of_the_tables),
		cmocka_unit_test(polar_day_and_night_are_values_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
