/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How bright it is where the simulated camera stands: always the same, or a sunset. */
#ifndef SIMCAM_LIGHT_H
#define SIMCAM_LIGHT_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"

/* EV100 that the scene is drawn for: f/5.6, 1/60 s and ISO 400 show it as it is. */
#define LIGHT_NEUTRAL 9.0

/* From the last of the sun to a night with some moon: 14 stops, EV100. */
#define LIGHT_DAY   13.0
#define LIGHT_NIGHT (-1.0)

/* Constant once parsed. */
struct light {
	bool given;       /* else it is LIGHT_NEUTRAL */
	double from, to;  /* EV100 */
	int64_t duration; /* from the one to the other, in nanoseconds or pictures; 0: it stays */
	bool by_pictures; /* not the time counts, but each picture: however slow the machine is */
};

/*
 * An EV100, or "sunset:" or "sunrise:" with a duration or, as in "300pictures", a number of them.
 * ORC_EUSAGE.
 */
int light_parse(struct light *light, const char *text, struct orc_error *err) must_check;
/*
 * EV100 so long, or so many pictures, after it began to change; before that, and for ever after, it stays. Slowly at first,
 * fastest half-way, as the sky does between the sun's setting and the end of twilight.
 */
double light_at(const struct light *light, int64_t passed);

#endif
