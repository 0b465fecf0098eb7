/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What time it is, by two clocks at once; injected, so that a day can pass in a minute. */
#ifndef SCHEDULE_TIMEPIECE_H
#define SCHEDULE_TIMEPIECE_H

#include "base/clock.h"

/*
 * One moment as two clocks tell it.
 *
 * wall: nanoseconds since 1970 UTC, CLOCK_REALTIME. It can be set: by NTP minutes after a Raspberry Pi
 * without a battery has started, by hand, by a leap second.
 *
 * elapsed: nanoseconds on CLOCK_BOOTTIME, which nobody can set and which counts while the machine is
 * suspended. Not CLOCK_MONOTONIC, which stands still then: after an hour with the lid closed the slots
 * of a timelapse would lie wherever they happen to, and nobody would know that an hour's are missing.
 * Both run at the rate that NTP disciplines, so they part by steps of the wall clock alone.
 */
struct moment {
	nsec_t wall;
	nsec_t elapsed;
};

/* Read by any thread; set up by one of the functions below, or by a test with a `now` of its own. */
struct timepiece {
	struct moment (*now)(const struct timepiece *timepiece);
	double speed; /* of these clocks against the machine's; 1 in earnest */
	struct moment origin;
	nsec_t real_origin; /* base/clock.h's time at `origin` */
	void *data;         /* for a `now` of one's own */
};

/* The machine's clocks. */
void timepiece_system(struct timepiece *timepiece);
/*
 * Clocks that start at `wall` now and run `speed` times as fast (greater than 0): a simulated day.
 * Elapsed starts at the machine's.
 */
void timepiece_fast(struct timepiece *timepiece, nsec_t wall, double speed);
struct moment timepiece_now(const struct timepiece *timepiece);
/*
 * The deadline on the machine's monotonic clock to sleep for, when `elapsed` is waited for; at most a
 * second from now, since that clock stands still in a suspend and the wall clock may have been set
 * meanwhile: sleep, then ask what is to be done anew.
 */
struct deadline timepiece_deadline(const struct timepiece *timepiece, nsec_t elapsed);

/* No wall time is later: the end of 2149. What is left of 64 bits is for sums. */
#define WALL_MAX (INT64_C(5680281600) * NSEC_PER_SEC)

/* Bytes of "2026-11-22T06:00:00.000+01:00" and its NUL. */
#define WALL_TEXT_SIZE 32

/* A wall time as ISO 8601 in local time with its offset, to the millisecond; returns buf. */
const char *wall_format(nsec_t wall, char buf[static WALL_TEXT_SIZE]);
/*
 * The way back: "YYYY-MM-DDTHH:MM:SS", with fraction or without, and "Z" or an offset. ORC_EUSAGE for
 * anything else, and for years other than 1970 to 2149.
 */
int wall_parse(const char *text, nsec_t *wall) must_check;

#endif
