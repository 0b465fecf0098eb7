/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as users write them: clock times, dates, "+2h", "sunset-30m". */
#include "schedule/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "schedule/text.h"

#define DAY_SECONDS 86400
/* Beyond half a day it is another day's sunset. */
#define POINT_SHIFT_MAX (12 * 3600)
/* Polar night and day are over by then. */
#define SEARCH_DAYS 370

static const char hint[] = "20:30, 2026-11-22 06:00, tomorrow 6:00, +2h, sunset-30m";

static const struct {
	const char *name;
	enum point_kind kind;
} sun_points[] = {
	{ "dawn", POINT_DAWN },
	{ "sunrise", POINT_SUNRISE },
	{ "noon", POINT_NOON },
	{ "sunset", POINT_SUNSET },
	{ "dusk", POINT_DUSK },
};

static int fail(struct orc_error *err, const char *text, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "time '%s'", text);
	return orc_hint(err, "%s", hint);
}

struct day day_of(nsec_t wall)
{
	time_t seconds = (time_t)(wall / NSEC_PER_SEC);
	struct tm tm;

	localtime_r(&seconds, &tm);
	return (struct day){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday };
}

/* The calendar knows no zone: UTC does for counting days. */
static struct tm calendar(struct day day)
{
	struct tm tm = {
		.tm_year = day.year - 1900,
		.tm_mon = day.month - 1,
		.tm_mday = day.day,
		.tm_hour = 12,
	};

	timegm(&tm);
	return tm;
}

struct day day_add(struct day day, int days)
{
	struct tm tm = calendar((struct day){ day.year, day.month, day.day + days });

	return (struct day){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday };
}

int day_weekday(struct day day)
{
	return calendar(day).tm_wday;
}

static const char *const weekdays[] = {
	"sunday",
	"monday",
	"tuesday",
	"wednesday",
	"thursday",
	"friday",
	"saturday",
};

int weekday_parse(const char *text, size_t len)
{
	int i;

	if (len < 3)
		return -1;
	for (i = 0; i < 7; i++)
		if ((len == 3 || len == strlen(weekdays[i])) &&
			strncasecmp(text, weekdays[i], len) == 0)
			return i;
	return -1;
}

static time_t offset_at(time_t when)
{
	struct tm tm;

	localtime_r(&when, &tm);
	return tm.tm_gmtoff;
}

/* The moment after `early` at which the local clock is set; at `late` it has been. */
static time_t find_change(time_t early, time_t late)
{
	time_t before = offset_at(early);

	while (late - early > 1) {
		time_t middle = early + (late - early) / 2;

		if (offset_at(middle) == before)
			early = middle;
		else
			late = middle;
	}
	return late;
}

nsec_t day_moment(struct day day, int seconds, enum when_twice twice)
{
	struct tm tm = calendar(day);
	time_t local, before, after, first, second;

	/* What the clock shows, as if it showed UTC; a day on both sides shows the offsets there are. */
	local = timegm(&tm) - DAY_SECONDS / 2 + seconds;
	before = offset_at(local - DAY_SECONDS);
	after = offset_at(local + DAY_SECONDS);
	first = local - (before > after ? before : after);
	second = local - (before > after ? after : before);
	if (offset_at(first) != local - first) {
		if (offset_at(second) == local - second)
			first = second;
		else
			first = second = find_change(first - 1, second + 1);
	} else if (offset_at(second) != local - second) {
		second = first;
	}
	return (nsec_t)(twice == WHEN_FIRST ? first : second) * NSEC_PER_SEC;
}

static bool parse_degrees(const char **text, const char *letters, double limit, double *degrees)
{
	const char *p = *text;
	const char *letter;

	if (!text_number(&p, degrees))
		return false;
	letter = *p ? strchr(letters, *p) : NULL;
	if (letter) {
		p++;
		if (letter - letters >= 2)
			*degrees = -*degrees;
	}
	*text = p;
	return *degrees >= -limit && *degrees <= limit;
}

int place_parse(const char *text, struct place *place, struct orc_error *err)
{
	const char *p = text;
	const char *between;

	if (parse_degrees(&p, "NnSs", 90, &place->latitude)) {
		between = p;
		p += strspn(p, ", ");
		if (p > between && parse_degrees(&p, "EeWw", 180, &place->longitude) && !*p)
			return 0;
	}
	orc_fail(err, ORC_EUSAGE, "neither degrees north and east, nor within 90 and 180");
	orc_what(err, "place '%s'", text);
	return orc_hint(err, "52.52,13.40 or 33.87S,151.21E");
}

/* "6:00", "06:00:30", "24:00". */
static bool parse_clock(const char *text, int *seconds)
{
	static const int unit[] = { 3600, 60, 1 }, highest[] = { 24, 59, 59 };
	int field, value;
	size_t digits;

	*seconds = 0;
	for (field = 0; field < 3; field++) {
		digits = strspn(text, "0123456789");
		if (digits > 2 || digits < (field ? 2 : 1))
			return false;
		value = digits == 2 ? (text[0] - '0') * 10 + text[1] - '0' : text[0] - '0';
		if (value > highest[field])
			return false;
		*seconds += value * unit[field];
		text += digits;
		if (*text != ':')
			break;
		text++;
	}
	return !*text && field >= 1 && field < 3 && *seconds <= DAY_SECONDS;
}

static bool parse_sun(const char *text, struct point *point)
{
	size_t i, len = 0;
	nsec_t shift = 0;

	for (i = 0; i < ARRAY_LENGTH(sun_points); i++) {
		len = strlen(sun_points[i].name);
		if (strncasecmp(text, sun_points[i].name, len) == 0)
			break;
	}
	if (i == ARRAY_LENGTH(sun_points))
		return false;
	text += len;
	if (*text) {
		if ((*text != '+' && *text != '-') || duration_parse(text + 1, &shift) < 0 ||
			shift > POINT_SHIFT_MAX * NSEC_PER_SEC)
			return false;
		if (*text == '-')
			shift = -shift;
	}
	*point = (struct point){ sun_points[i].kind, (int)(shift / NSEC_PER_SEC) };
	return true;
}

int point_parse(const char *text, size_t len, struct point *point, struct orc_error *err)
{
	char copy[64];

	snprintf(copy, sizeof(copy), "%.*s", (int)(len < sizeof(copy) ? len : sizeof(copy)), text);
	*point = (struct point){ .kind = POINT_CLOCK };
	if (len < sizeof(copy) && strlen(copy) == len &&
		(parse_clock(copy, &point->seconds) || parse_sun(copy, point)))
		return 0;
	return fail(err, copy, "no time of the day");
}

bool point_moment(const struct point *point, struct day day, const struct place *place,
	enum when_twice twice, nsec_t *wall)
{
	bool twilight = point->kind == POINT_DAWN || point->kind == POINT_DUSK;
	struct sun_day sun;

	if (point->kind == POINT_CLOCK) {
		*wall = day_moment(day, point->seconds, twice);
		return true;
	}
	sun_day(place, day_moment(day, DAY_SECONDS / 2, WHEN_FIRST),
		twilight ? SUN_CIVIL : SUN_HORIZON, &sun);
	*wall = point->kind == POINT_NOON  ? sun.noon
		: point->kind < POINT_NOON ? sun.rise
					   : sun.set;
	if (point->kind == POINT_NOON || sun.state == SUN_RISES) {
		*wall += point->seconds * NSEC_PER_SEC;
		return true;
	}
	if (sun.state == SUN_STAYS_UP)
		*wall = day_moment(point->kind < POINT_NOON ? day : day_add(day, 1), 0, WHEN_FIRST);
	return false;
}

/* The first such moment at or after now, on that day of the week if it is not negative. */
static bool find_next(const struct point *point, int weekday, nsec_t now, const struct place *place,
	enum when_twice twice, nsec_t *wall)
{
	struct day day = day_add(day_of(now), -1);
	int i;

	for (i = 0; i < SEARCH_DAYS; i++, day = day_add(day, 1)) {
		if (weekday >= 0 && day_weekday(day) != weekday)
			continue;
		if (!point_moment(point, day, place, twice, wall))
			continue;
		/* Between the two that are called 2:30 the second is meant. */
		if (*wall < now && point->kind == POINT_CLOCK)
			*wall = day_moment(day, point->seconds, WHEN_SECOND);
		if (*wall >= now)
			return true;
	}
	return false;
}

/* "2026-11-22" in front, and a blank or T; moves text behind it. */
static bool take_date(const char **text, struct day *day)
{
	struct day same;
	int used = 0;

	if (strspn(*text, "0123456789") != 4 || strspn(*text, "0123456789-") != 10)
		return false;
	if (sscanf(*text, "%4d-%2d-%2d%n", &day->year, &day->month, &day->day, &used) != 3 ||
		used != 10 || day->year < 1970 || day->year > 2149 || day->month < 1 ||
		day->day < 1)
		return false;
	same = day_add(*day, 0);
	if (same.month != day->month || same.day != day->day)
		return false;
	if ((*text)[used] != 'T' && (*text)[used] != ' ')
		return false;
	*text += used + 1;
	return true;
}

/* A word in front and blanks behind it; moves text behind them. */
static bool take_word(const char **text, const char *word)
{
	size_t len = strlen(word), blanks;

	if (strncasecmp(*text, word, len) != 0)
		return false;
	blanks = strspn(*text + len, " ");
	if (blanks == 0)
		return false;
	*text += len + blanks;
	return true;
}

static bool take_weekday(const char **text, int *weekday)
{
	size_t len = strcspn(*text, " ");

	*weekday = (*text)[len] ? weekday_parse(*text, len) : -1;
	if (*weekday < 0)
		return false;
	*text += len;
	*text += strspn(*text, " ");
	return true;
}

int when_parse(const char *text, nsec_t now, const struct place *place, enum when_twice twice,
	nsec_t *wall, struct orc_error *err)
{
	const char *rest = text;
	struct day day = day_of(now);
	struct point point;
	int weekday = -1;
	bool dated;
	nsec_t shift;

	if (strcasecmp(text, "now") == 0) {
		*wall = now;
		return 0;
	}
	if (text[0] == '+') {
		if (duration_parse(text + 1, &shift) < 0)
			return fail(err, text, "no duration");
		if (shift > WALL_MAX - now)
			return fail(err, text, "after the year 2149");
		*wall = now + shift;
		return 0;
	}
	if (wall_parse(text, wall) == 0)
		return 0;
	dated = take_date(&rest, &day) || take_word(&rest, "today");
	if (!dated && take_word(&rest, "tomorrow")) {
		day = day_add(day, 1);
		dated = true;
	}
	if (!dated)
		take_weekday(&rest, &weekday);
	if (point_parse(rest, strlen(rest), &point, NULL) < 0)
		return fail(err, text, "no time that is known here");
	if (point.kind != POINT_CLOCK && !place) {
		fail(err, text, "when the sun does that depends on the place");
		return orc_hint(err, "--at LATITUDE,LONGITUDE");
	}
	if (dated && !point_moment(&point, day, place, twice, wall))
		return fail(err, text, "the sun does nothing of the kind on that day");
	if (!dated && !find_next(&point, weekday, now, place, twice, wall))
		return fail(err, text, "the sun does nothing of the kind within a year");
	return 0;
}
