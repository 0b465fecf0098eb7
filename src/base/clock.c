/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monotonic clock, and deadlines on it. */
#include "base/clock.h"

#include <limits.h>
#include <math.h>
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
	const double hundred_years = 100 * 366 * 86400.0;
	char *end;
	double value;
	size_t i;

	/* strtod() would also take "inf", hexadecimal and leading blanks. */
	if (!*text || strspn(text, "0123456789.") == 0)
		return ORC_EUSAGE;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return ORC_EUSAGE;
	value = strtod(text, &end);
	if (end == text || !isfinite(value))
		return ORC_EUSAGE;
	for (i = 0; i < ARRAY_LENGTH(units); i++)
		if (strcmp(end, units[i].suffix) == 0)
			break;
	if (i == ARRAY_LENGTH(units))
		return ORC_EUSAGE;
	value *= units[i].seconds;
	if (value < 0 || value > hundred_years)
		return ORC_EUSAGE;
	*nsec = (nsec_t)llround(value * 1e9);
	return 0;
}
