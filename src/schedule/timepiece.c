/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What time it is, by two clocks at once; injected, so that a day can pass in a minute. */
#include "schedule/timepiece.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

/* Nanoseconds in 64 bits hold 292 years; a century of it is left for sums. */
#define YEAR_MIN 1970
/* How long reading two clocks may take, and how often that is tried. */
#define READ_NSEC  (5 * NSEC_PER_MSEC)
#define READ_TRIES 100
#define YEAR_MAX   2149 /* see WALL_MAX */

static nsec_t read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (nsec_t)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/* Both at one moment: a machine that slept, or was busy, in between would look like a clock that was set. */
static struct moment system_now(const struct timepiece *timepiece)
{
	struct moment now;
	nsec_t behind;
	int i;

	(void)timepiece;
	for (i = 0; i < READ_TRIES; i++) {
		now.elapsed = read_clock(CLOCK_BOOTTIME);
		now.wall = read_clock(CLOCK_REALTIME);
		behind = read_clock(CLOCK_BOOTTIME);
		if (behind - now.elapsed < READ_NSEC)
			break;
	}
	return now;
}

static struct moment fast_now(const struct timepiece *timepiece)
{
	double passed = (double)(clock_now_nsec() - timepiece->real_origin) * timepiece->speed;

	return (struct moment){
		.wall = timepiece->origin.wall + (nsec_t)passed,
		.elapsed = timepiece->origin.elapsed + (nsec_t)passed,
	};
}

void timepiece_system(struct timepiece *timepiece)
{
	*timepiece = (struct timepiece){ .now = system_now, .speed = 1 };
}

void timepiece_fast(struct timepiece *timepiece, nsec_t wall, double speed)
{
	*timepiece = (struct timepiece){
		.now = fast_now,
		.speed = speed,
		.origin = { .wall = wall, .elapsed = read_clock(CLOCK_BOOTTIME) },
		.real_origin = clock_now_nsec(),
	};
}

struct moment timepiece_now(const struct timepiece *timepiece)
{
	return timepiece->now(timepiece);
}

struct deadline timepiece_deadline(const struct timepiece *timepiece, nsec_t elapsed)
{
	nsec_t left = elapsed - timepiece_now(timepiece).elapsed;
	double real = (double)left / timepiece->speed;

	if (real > (double)NSEC_PER_SEC)
		real = (double)NSEC_PER_SEC;
	return (struct deadline){ .at_nsec = clock_now_nsec() + (left > 0 ? (nsec_t)real + 1 : 0) };
}

const char *wall_format(nsec_t wall, char buf[static WALL_TEXT_SIZE])
{
	/* Rounded, for a planned 6:00 must not read 5:59:59.999. */
	nsec_t msec = (wall + NSEC_PER_MSEC / 2) / NSEC_PER_MSEC;
	time_t seconds = (time_t)(msec / 1000);
	struct tm tm;
	long offset;

	localtime_r(&seconds, &tm);
	offset = tm.tm_gmtoff / 60;
	snprintf(buf, WALL_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03u%c%02u:%02u",
		(unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
		(unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
		(unsigned)tm.tm_sec % 100, (unsigned)(msec % 1000), offset < 0 ? '-' : '+',
		(unsigned)(labs(offset) / 60) % 100, (unsigned)(labs(offset) % 60));
	return buf;
}

/* Takes exactly `digits` digits and, unless it is NUL, the mark behind them. */
static bool take(const char **text, int digits, char mark, int lowest, int highest, int *value)
{
	int i;

	*value = 0;
	for (i = 0; i < digits; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		*value = *value * 10 + (**text - '0');
	}
	if (*value < lowest || *value > highest)
		return false;
	if (mark && *(*text)++ != mark)
		return false;
	return true;
}

/* The fraction of a second, ".123" or nothing. */
static nsec_t take_fraction(const char **text)
{
	nsec_t unit = NSEC_PER_SEC, nsec = 0;

	if (**text != '.')
		return 0;
	for ((*text)++; **text >= '0' && **text <= '9'; (*text)++) {
		unit /= 10;
		nsec += unit * (**text - '0');
	}
	return nsec;
}

static bool take_zone(const char **text, int *minutes)
{
	int sign = **text == '-' ? -1 : 1;
	int h, m;

	*minutes = 0;
	if (**text == 'Z') {
		(*text)++;
		return true;
	}
	if (**text != '+' && **text != '-')
		return false;
	(*text)++;
	if (!take(text, 2, ':', 0, 23, &h) || !take(text, 2, '\0', 0, 59, &m))
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

int wall_parse(const char *text, nsec_t *wall)
{
	struct tm tm = { 0 };
	nsec_t fraction;
	int minutes;
	time_t seconds;

	if (!take(&text, 4, '-', YEAR_MIN, YEAR_MAX, &tm.tm_year) ||
		!take(&text, 2, '-', 1, 12, &tm.tm_mon) ||
		!take(&text, 2, 'T', 1, 31, &tm.tm_mday) ||
		!take(&text, 2, ':', 0, 24, &tm.tm_hour) ||
		!take(&text, 2, ':', 0, 59, &tm.tm_min) || !take(&text, 2, '\0', 0, 60, &tm.tm_sec))
		return ORC_EUSAGE;
	fraction = take_fraction(&text);
	if (!take_zone(&text, &minutes) || *text)
		return ORC_EUSAGE;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	seconds = timegm(&tm) - minutes * 60;
	*wall = (nsec_t)seconds * NSEC_PER_SEC + fraction;
	return *wall < 0 ? ORC_EUSAGE : 0;
}
