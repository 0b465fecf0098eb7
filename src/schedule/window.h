/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows of the day and days of the week in which pictures are taken. */
#ifndef SCHEDULE_WINDOW_H
#define SCHEDULE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "schedule/when.h"

#define WINDOWS_MAX 32 /* more than anybody writes on a command line */

/*
 * From one point of a day, included, to another, excluded. When the second is on the next day:
 * - clock times: when it is not later than the first (20:00-06:00);
 * - the sun's: when it comes earlier in the order dawn, sunrise, noon, sunset, dusk (sunset-sunrise);
 * - X-dawn and X-sunrise: when X is 12:00 or later. dusk-X and sunset-X: when X is before 12:00.
 *   Any other mix is within one day.
 * That does not depend on the date; a window whose end is not after its beginning on some day
 * (sunrise+5h-sunset-5h in winter) is closed on that day. See point_moment() for polar day and night.
 */
struct window {
	struct point from, to;
	bool next_day;
};

/* Zero-initialised it is always open. Holds no memory of its own; read by any thread. */
struct windows {
	struct window items[WINDOWS_MAX];
	size_t count; /* 0: the whole day */
	/* On which a window may open: bit 0 Sunday … bit 6 Saturday; 0: all. */
	unsigned days;
	struct place place;
	bool has_place;
};

/* --between: "06:00-20:00", several with commas between them; adds to what is there. ORC_EUSAGE. */
int windows_add(struct windows *windows, const char *text, struct orc_error *err) must_check;
/* --days: "mon-fri", "sat,sun", "fri-mon", full names as well. ORC_EUSAGE. */
int windows_set_days(struct windows *windows, const char *text, struct orc_error *err) must_check;
/* Once all is given: ORC_EUSAGE when the sun is asked for and no place is known. */
int windows_check(const struct windows *windows, struct orc_error *err) must_check;

/* A stretch of time in which the windows are open, or in which they are shut. */
struct window_span {
	bool open;
	nsec_t from, until; /* wall times; from included, until excluded */
};

/*
 * The span that `wall` is in. It may be told in pieces: `until` is then a moment at which to ask again
 * and may hear the same. Shut for more than a year: until is INT64_MAX.
 */
void windows_at(const struct windows *windows, nsec_t wall, struct window_span *span);

#endif
