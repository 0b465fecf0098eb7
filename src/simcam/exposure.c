/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a body would expose: what is set, and what its light meter makes of the rest. */
#include "simcam/exposure.h"

#include <math.h>

#include "simcam/camera.h"

double sim_scale_value(const struct sim_scale *scale, size_t count, uint32_t code, double unknown)
{
	for (size_t i = 0; i < count; i++) {
		if (scale[i].code == code)
			return scale[i].value;
	}
	return unknown;
}

double sim_light(const struct sim_camera *camera, nsec_t at)
{
	const struct light *light = &camera->options->light;
	nsec_t start = camera->shutter.light_start;

	if (light->by_pictures)
		return light_at(light, (int64_t)camera->shutter.pictures);
	return light_at(light, start ? at - start : 0);
}

/* What is printed is rounded; a body exposes in whole thirds: 1/64 s for 1/60, f/5.66 for f/5.6. */
static double thirds(double stops)
{
	return round(stops * 3) / 3;
}

static double stops_of(const struct sim_exposure *exposure, double light)
{
	return thirds(log2(exposure->seconds)) - thirds(log2(NEUTRAL_SECONDS)) +
		log2(exposure->iso / (double)NEUTRAL_ISO) - thirds(2 * log2(exposure->aperture)) +
		thirds(2 * log2(NEUTRAL_APERTURE)) + light - LIGHT_NEUTRAL;
}

/* The listed value that is nearest. */
static double nearest(const struct sim_scale *scale, size_t count, double wanted)
{
	double best = scale[0].value;

	for (size_t i = 1; i < count; i++) {
		if (fabs(log2(scale[i].value / wanted)) < fabs(log2(best / wanted)))
			best = scale[i].value;
	}
	return best;
}

struct sim_exposure sim_meter(const struct sim_dials *dials, double light)
{
	struct sim_exposure exposure = { .aperture = dials->aperture,
		.seconds = dials->seconds,
		.iso = dials->iso ? dials->iso : NEUTRAL_ISO,
		.light = light };

	if (dials->bulb) {
		exposure.bulb = true;
		exposure.seconds = NEUTRAL_SECONDS; /* until it is known how long it was */
		exposure.stops = light - LIGHT_NEUTRAL;
		return exposure;
	}
	if (dials->mode == EXPOSE_SHUTTER) { /* the aperture follows, as far as the lens goes */
		exposure.aperture = NEUTRAL_APERTURE;
		exposure.aperture = nearest(dials->apertures, dials->num_apertures,
			exposure.aperture * exp2((stops_of(&exposure, light) - dials->bias) / 2));
	} else if (dials->mode != EXPOSE_MANUAL) { /* the shutter speed follows */
		if (dials->mode != EXPOSE_APERTURE)
			exposure.aperture = NEUTRAL_APERTURE;
		exposure.seconds = NEUTRAL_SECONDS;
		exposure.seconds = nearest(dials->speeds, dials->num_speeds,
			exposure.seconds * exp2(dials->bias - stops_of(&exposure, light)));
	}
	exposure.stops = stops_of(&exposure, light);
	return exposure;
}
