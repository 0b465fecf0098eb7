/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monotonic clock, and deadlines on it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Nanoseconds on CLOCK_MONOTONIC. */
typedef int64_t nsec_t;

#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_SEC  INT64_C(1000000000)

/* A point in time, handed down a whole operation. */
struct deadline {
	nsec_t at_nsec; /* INT64_MAX: never */
};

nsec_t clock_now_nsec(void);
/* From now on; negative: never. At most DURATION_MAX_NSEC. */
struct deadline deadline_after_msec(int64_t msec);
struct deadline deadline_never(void);
/* The earlier of the two. */
struct deadline deadline_min(struct deadline a, struct deadline b);
bool deadline_passed(struct deadline deadline);
/* What is left, rounded up, as poll() takes it: 0 when passed, -1 for never. */
int deadline_left_msec(struct deadline deadline);
/* Sleeps; a signal ends it early. */
void clock_sleep_until(struct deadline deadline);

/* A hundred years: no duration is longer. */
#define DURATION_MAX_NSEC (INT64_C(100) * 366 * 86400 * NSEC_PER_SEC)
/*
 * Parses "5s", "2.5", "300ms", "1m", "8h", "1d"; without a unit seconds are meant. Returns 0, or
 * ORC_EUSAGE for anything else, for negative values and for more than DURATION_MAX_NSEC.
 */
must_check int duration_parse(const char *text, nsec_t *nsec);
/* For a sentence: "5 s" where it is whole seconds, else "300 ms". Returns buf. */
#define DURATION_WORDS_SIZE 32
const char *duration_words(int64_t msec, char buf[DURATION_WORDS_SIZE]);

#endif
