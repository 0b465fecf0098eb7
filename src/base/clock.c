/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monotonic clock, and deadlines on it. */
#include "base/clock.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

nsec_t clock_now_nsec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (nsec_t)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

struct deadline deadline_never(void)
{
	return (struct deadline){ .at_nsec = INT64_MAX };
}

struct deadline deadline_after_msec(int64_t msec)
{
	if (msec < 0)
		return deadline_never();
	return (struct deadline){ .at_nsec = clock_now_nsec() + msec * NSEC_PER_MSEC };
}

struct deadline deadline_min(struct deadline a, struct deadline b)
{
	return a.at_nsec < b.at_nsec ? a : b;
}

bool deadline_passed(struct deadline deadline)
{
	return deadline.at_nsec != INT64_MAX && clock_now_nsec() >= deadline.at_nsec;
}

int deadline_left_msec(struct deadline deadline)
{
	nsec_t left;

	if (deadline.at_nsec == INT64_MAX)
		return -1;
	left = deadline.at_nsec - clock_now_nsec();
	if (left <= 0)
		return 0;
	left = (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
	return left > INT_MAX ? INT_MAX : (int)left;
}

void clock_sleep_until(struct deadline deadline)
{
	struct timespec ts = {
		.tv_sec = (time_t)(deadline.at_nsec / NSEC_PER_SEC),
		.tv_nsec = (long)(deadline.at_nsec % NSEC_PER_SEC),
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static const struct {
	const char *suffix;
	double seconds;
} units[] = {
	{ "", 1 },
	{ "s", 1 },
	{ "ms", 1e-3 },
	{ "m", 60 },
	{ "h", 3600 },
	{ "d", 86400 },
};

int duration_parse(const char *text, nsec_t *nsec)
{
	char *end;
	double value;
	size_t i;

	value = strtod(text, &end);
	/* It also takes a sign, "inf", exponents, hexadecimal and leading blanks. */
	if (end == text || (size_t)(end - text) != strspn(text, "0123456789."))
		return ORC_EUSAGE;
	for (i = 0; i < ARRAY_LENGTH(units); i++)
		if (strcmp(end, units[i].suffix) == 0)
			break;
	if (i == ARRAY_LENGTH(units))
		return ORC_EUSAGE;
	value *= units[i].seconds * (double)NSEC_PER_SEC;
	if (value < 0 || value > (double)DURATION_MAX_NSEC)
		return ORC_EUSAGE;
	*nsec = (nsec_t)llround(value);
	return 0;
}

const char *duration_words(int64_t msec, char buf[DURATION_WORDS_SIZE])
{
	bool whole = msec >= 1000 && msec % 1000 == 0;

	snprintf(buf, DURATION_WORDS_SIZE, "%" PRId64 " %s", whole ? msec / 1000 : msec,
		whole ? "s" : "ms");
	return buf;
}
