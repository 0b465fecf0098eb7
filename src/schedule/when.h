/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as users write them: clock times, dates, "+2h", "sunset-30m". */
#ifndef SCHEDULE_WHEN_H
#define SCHEDULE_WHEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "schedule/sun.h"
#include "schedule/timepiece.h"

/*
 * Local time is that of the process (TZ, /etc/localtime as it was at its start). All functions here may
 * run in any thread, as long as nobody calls setenv("TZ").
 *
 * Twice a year local time is not as simple as it looks:
 * - an hour is left out (Berlin, 29 March 2026: 2:00 is 3:00): a time within it means the moment at
 *   which the clocks are set, so that a window 2:30-4:00 opens at 3:00 and a start at 2:30 is not lost;
 * - an hour comes twice (25 October 2026: after 2:59 comes 2:00 again): a time within it means the
 *   first of both, but the second where a window closes or `until` ends, so that 2:15-2:45 is an hour
 *   and a half and nothing that reads like the window is outside of it.
 */
enum when_twice {
	WHEN_FIRST,
	WHEN_SECOND,
};

/* A day of the calendar, any zone's. */
struct day {
	int year, month, day; /* month and day from 1 */
};

struct day day_of(nsec_t wall);               /* in local time */
struct day day_add(struct day day, int days); /* either way */
int day_weekday(struct day day);              /* 0: Sunday */
/* "mon" or "Monday" in text[0..len): 0 to 6 from Sunday on, or -1. */
int weekday_parse(const char *text, size_t len);
/* The moment that is `seconds` past midnight (0 to 2 * 86400) by the local clock; see above. */
nsec_t day_moment(struct day day, int seconds, enum when_twice twice);

/*
 * --at: "52.52,13.40", "52.52N,13.40E", "-33.9 18.4": degrees, north and east positive. ORC_EUSAGE
 * beyond ±90 and ±180.
 */
int place_parse(const char *text, struct place *place, struct orc_error *err) must_check;

/*
 * A point within a day: a clock time, or something the sun does, and how much later than that.
 * "6:00", "06:00:30", "24:00", "sunrise", "sunset-30m", "dawn+1h", "dusk".
 */
enum point_kind { /* the sun's in their order through a day */
	POINT_CLOCK,
	POINT_DAWN, /* civil: the sun is 6 degrees below the horizon */
	POINT_SUNRISE,
	POINT_NOON,
	POINT_SUNSET,
	POINT_DUSK,
};

struct point {
	enum point_kind kind;
	int seconds; /* CLOCK: past midnight, 86400 included. Else what is added, may be negative */
};

/* All of text[0..len) is one point, or ORC_EUSAGE. A sun's point needs a place; that is checked later. */
int point_parse(
	const char *text, size_t len, struct point *point, struct orc_error *err) must_check;
/*
 * The moment of the point on a day. False where the sun does nothing of the kind on that day, polar
 * day and night: *wall is then the day's first moment for dawn and sunrise, the next day's for sunset
 * and dusk when the sun stays up, and noon for all when it stays down; what is to be added is not.
 * So from sunrise to sunset is all of a polar day and nothing of a polar night.
 */
bool point_moment(const struct point *point, struct day day, const struct place *place,
	enum when_twice twice, nsec_t *wall);

/*
 * TIME, as --start and --until take it:
 *
 *   now                          `now` itself
 *   +2h, +90s                    so much after `now`; units as in duration_parse()
 *   20:30, 6:00:30               the next such time, today's or tomorrow's; `now` itself counts
 *   sunset-30m, dawn             the next such moment; in polar day and night days are skipped
 *   mon 6:00, monday sunset      the next such moment on that day of the week
 *   today 20:30, tomorrow sunset that day's, even if it is past
 *   2026-11-22 06:00, 2026-11-22T06:00:30, 2026-11-22 sunset
 *                                that day's
 *   2026-11-22T06:00:00+01:00, …Z    zone included
 *
 * place may be NULL. ORC_EUSAGE, with what would do as the hint, for anything else; for the sun's
 * times without a place; when the sun does nothing of the kind on that day, or within a year.
 */
int when_parse(const char *text, nsec_t now, const struct place *place, enum when_twice twice,
	nsec_t *wall, struct orc_error *err) must_check;

#endif
