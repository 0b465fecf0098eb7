/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a download takes, by those before it; and when that is to be found out anew. */
#ifndef CMD_INTERVAL_PACE_H
#define CMD_INTERVAL_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* Zero-initialised: nothing is known. Times are the machine's, monotonic. */
struct interval_pace {
	double rates[3]; /* of the last downloads, bytes a second … */
	size_t rated;    /* … of so many */
	nsec_t tried;    /* when the last one ended, well or not; 0: none did */
};

/* So many bytes took so long, up to now. */
void interval_pace_learn(struct interval_pace *pace, uint64_t bytes, nsec_t took);
/* How long so many will take, generously; where nothing is known, next to nothing. */
nsec_t interval_pace_takes(const struct interval_pace *pace, uint64_t bytes);
/*
 * Is one to be tried though there is no time for it? Where none was for ten slots, or ten times as long as it would
 * take: on a link that is slow indeed no more than one slot in ten is late for that. What is known is forgotten then.
 */
bool interval_pace_expired(struct interval_pace *pace, uint64_t bytes, nsec_t every, nsec_t now);

#endif
