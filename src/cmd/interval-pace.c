/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pace of an interval's downloads. */
#include <math.h>

#include "base/cleanup.h"
#include "cmd/interval-pace.h"

/* What a file costs beside its bytes: it is flushed, named, hashed, its EXIF read. */
#define FILE_NSEC (NSEC_PER_SEC / 20)
/* What is known is old after so many slots, or downloads, without one. */
#define OLD 10

/*
 * The middle one of the last three: one that stood still for once would leave all that follow to the end, for what
 * is not tried is never seen to be quick again.
 */
static double usual_rate(const struct interval_pace *pace)
{
	const double *rates = pace->rates;
	double quick = fmax(rates[0], rates[1]), slow = fmin(rates[0], rates[1]);

	return pace->rated < 3 ? quick : fmax(slow, fmin(quick, rates[2]));
}

void interval_pace_learn(struct interval_pace *pace, uint64_t bytes, nsec_t took)
{
	pace->rates[pace->rated % ARRAY_LENGTH(pace->rates)] =
		(double)bytes * (double)NSEC_PER_SEC / (double)(took > 0 ? took : 1);
	pace->rated++;
}

nsec_t interval_pace_takes(const struct interval_pace *pace, uint64_t bytes)
{
	double rate = usual_rate(pace), seconds = rate > 0 ? (double)bytes / rate : 0;

	return FILE_NSEC + (nsec_t)(seconds * (double)NSEC_PER_SEC * 1.25);
}

bool interval_pace_expired(struct interval_pace *pace, uint64_t bytes, nsec_t every, nsec_t now)
{
	nsec_t takes = interval_pace_takes(pace, bytes);

	if (!pace->tried || now - pace->tried < OLD * (takes > every ? takes : every))
		return false;
	*pace = (struct interval_pace){ .tried = pace->tried };
	return true;
}
