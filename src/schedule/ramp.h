/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exposure ramping: from a picture's brightness to the next picture's settings, from day to night. */
#ifndef SCHEDULE_RAMP_H
#define SCHEDULE_RAMP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * Pure: no clock, no camera. Everything is in stops, log2 of light. A setting's light is 0 at 1 s, at
 * ISO 100 and at f/1, and grows with what reaches the file: a picture of a scene at EV100 `ev` has a
 * mean brightness (linear, 0 to 1) of RAMP_GREY * 2^(ev + light of all three).
 */
#define RAMP_GREY 0.18

enum ramp_setting { /* in the order in which they are used as it gets darker */
	RAMP_SHUTTER,
	RAMP_ISO,
	RAMP_APERTURE,
	RAMP_SETTINGS,
};

/*
 * Light of a setting by what the camera prints for it ("1/125", "0.8", "30", "2\"5", "100", "f/5.6",
 * "5.6"), NAN for anything else ("Auto", "bulb"). Printed values are rounded; this is the exact third or half stop that is
 * meant: 1/60 is 2^-6, f/5.6 is 2^2.5.
 */
double ramp_light(enum ramp_setting setting, const char *value);

#define RAMP_CHOICES_MAX 128 /* cameras have up to 60 or so */

/* A setting's choices as the camera lists them, and which of them may be used. */
struct ramp_scale {
	const double *light;       /* one a choice, in any order; NAN: never used */
	size_t count;              /* 0: the setting stays out of it */
	double darkest, brightest; /* the user's limits on light, included */
	size_t current;            /* choice that is set now */
};

struct ramp_plan {
	struct ramp_scale scales[RAMP_SETTINGS]; /* not kept */
	double day, night; /* stops: target brightness against RAMP_GREY by day and by night */
	double day_ev;     /* the scene is as bright as that, or brighter: day. RAMP_DAY_EV */
	double night_ev;   /* as dark as that: night. Between them the target goes linearly */
	double hysteresis; /* stops off the target before anything is changed; 0: RAMP_HYSTERESIS */
	double stops_a_minute; /* at most, either way; 0: no bound */
};

#define RAMP_DAY_EV   9.0    /* about sunset */
#define RAMP_NIGHT_EV (-3.0) /* moonlight */
/* Above half of a third by so much that noise never asks for the last step's undoing. */
#define RAMP_HYSTERESIS 0.25

/* A picture. */
struct ramp_picture {
	nsec_t at;         /* when it was taken, on the elapsed clock; later than the one before */
	double brightness; /* linear mean, 0 to 1 */
	size_t choices[RAMP_SETTINGS]; /* with what */
};

struct ramp_advice {
	size_t choices[RAMP_SETTINGS]; /* for the next picture */
	bool changed;                  /* they differ from the picture's */
	bool limit;    /* the target would want more, or less, than the limits allow */
	double ev;     /* the scene, filtered, EV100 */
	double target; /* brightness that the picture should have had, in stops against RAMP_GREY */
	double offset; /* stops that it lacks to that (positive: too dark), for the sidecar: all
			   pictures with their offset lie on one smooth curve */
};

struct ramp; /* opaque */

/*
 * Combines the choices into one ladder: from the darkest, first shutter, then ISO, then aperture rise
 * to their limits, and go back in the reverse order; so settings depend on light alone, not on how one
 * got there. Steps of more than half a stop (ISO, mostly) are made up of smaller ones: the shutter goes
 * back, and up again. ORC_EUSAGE when nothing can be changed, or a limit leaves a setting no choice. A current
 * choice outside the limits is left at the first step.
 */
int ramp_new(struct ramp **ramp, const struct ramp_plan *plan, struct orc_error *err) must_check;
void ramp_destroy(struct ramp *ramp);
/*
 * Takes a picture in, gives advice on the next. The scene's light, not the picture's, is filtered: a
 * median of three against a headlight or a bird, then level and trend, by which the time to the next
 * picture is looked ahead. After a gap of more than ten times the usual distance it starts anew from
 * the picture. A picture that is all black or white (below 0.0005, above 0.95) says only "more" or
 * "less", by two stops at once.
 */
void ramp_step(struct ramp *ramp, const struct ramp_picture *picture, struct ramp_advice *advice);

#endif
