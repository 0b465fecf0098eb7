/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a body would expose: what is set, and what its light meter makes of the rest. */
#ifndef SIMCAM_EXPOSURE_H
#define SIMCAM_EXPOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct sim_camera;

/* The scene as it is drawn: f/5.6, 1/60 s and ISO 400 are neutral. */
#define NEUTRAL_APERTURE 5.6
#define NEUTRAL_SECONDS  (1. / 60)
#define NEUTRAL_ISO      400

/* A code of the body's and its nominal value, as it is printed on cameras. */
struct sim_scale {
	uint32_t code;
	double value;
};
/* The value of a code; `unknown` where the scale has none. */
double sim_scale_value(const struct sim_scale *scale, size_t count, uint32_t code, double unknown);

enum sim_exposure_mode { EXPOSE_PROGRAM, EXPOSE_SHUTTER, EXPOSE_APERTURE, EXPOSE_MANUAL };

/* What is set. */
struct sim_dials {
	enum sim_exposure_mode mode;
	double seconds, aperture; /* as far as the mode heeds them */
	unsigned iso;             /* 0: the body's choice */
	double bias;              /* stops */
	bool bulb;
	const struct sim_scale *apertures, *speeds; /* what the body may choose */
	size_t num_apertures, num_speeds;
};

struct sim_exposure {
	double seconds, aperture;
	unsigned iso;
	double stops; /* of the picture that it makes, against the scene as it is drawn */
	double light; /* EV100 that this was told for */
	bool bulb;
};
struct sim_exposure sim_meter(const struct sim_dials *dials, double light);

/* EV100 at a time of the monotonic clock: it changes from the first release on. */
double sim_light(const struct sim_camera *camera, nsec_t at);

#endif
