/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Apertures, shutter speeds and ISO values of an EOS body, and its light meter. */
#include <math.h>

#include "simcam/eos.h"

/*
 * Codes count in eighths of a stop: 0x30 is f/5.6, 0x38 a second, 0x48 ISO 100. The last digit is 0,
 * 3, 5, 8, b or d for whole, third and half stops; nominal values are what is printed on cameras.
 */
static const struct scale {
	uint8_t code;
	double value;
} apertures[] = {
	{ 0x25, 3.5 }, { 0x28, 4 }, { 0x2b, 4.5 }, { 0x2d, 5 }, { 0x30, 5.6 }, { 0x33, 6.3 },
	{ 0x35, 7.1 }, { 0x38, 8 }, { 0x3b, 9 }, { 0x3d, 10 }, { 0x40, 11 }, { 0x43, 13 },
	{ 0x45, 14 }, { 0x48, 16 }, { 0x4b, 18 }, { 0x4d, 20 }, { 0x50, 22 },
}, speeds[] = {
	{ 0x10, 30 }, { 0x13, 25 }, { 0x15, 20 }, { 0x18, 15 }, { 0x1b, 13 }, { 0x1d, 10 },
	{ 0x20, 8 }, { 0x23, 6 }, { 0x25, 5 }, { 0x28, 4 }, { 0x2b, 3.2 }, { 0x2d, 2.5 },
	{ 0x30, 2 }, { 0x33, 1.6 }, { 0x35, 1.3 }, { 0x38, 1 }, { 0x3b, 0.8 }, { 0x3d, 0.6 },
	{ 0x40, 0.5 }, { 0x43, 0.4 }, { 0x45, 0.3 }, { 0x48, 1. / 4 }, { 0x4b, 1. / 5 },
	{ 0x4d, 1. / 6 }, { 0x50, 1. / 8 }, { 0x53, 1. / 10 }, { 0x55, 1. / 13 }, { 0x58, 1. / 15 },
	{ 0x5b, 1. / 20 }, { 0x5d, 1. / 25 }, { 0x60, 1. / 30 }, { 0x63, 1. / 40 },
	{ 0x65, 1. / 50 }, { 0x68, 1. / 60 }, { 0x6b, 1. / 80 }, { 0x6d, 1. / 100 },
	{ 0x70, 1. / 125 }, { 0x73, 1. / 160 }, { 0x75, 1. / 200 }, { 0x78, 1. / 250 },
	{ 0x7b, 1. / 320 }, { 0x7d, 1. / 400 }, { 0x80, 1. / 500 }, { 0x83, 1. / 640 },
	{ 0x85, 1. / 800 }, { 0x88, 1. / 1000 }, { 0x8b, 1. / 1250 }, { 0x8d, 1. / 1600 },
	{ 0x90, 1. / 2000 }, { 0x93, 1. / 2500 }, { 0x95, 1. / 3200 }, { 0x98, 1. / 4000 },
};

/* Bulb stands first, behind it the speeds in the order of the dial. */
static const uint32_t speed_codes[] = {
	EOS_SHUTTER_BULB,
	0x10,
	0x13,
	0x15,
	0x18,
	0x1b,
	0x1d,
	0x20,
	0x23,
	0x25,
	0x28,
	0x2b,
	0x2d,
	0x30,
	0x33,
	0x35,
	0x38,
	0x3b,
	0x3d,
	0x40,
	0x43,
	0x45,
	0x48,
	0x4b,
	0x4d,
	0x50,
	0x53,
	0x55,
	0x58,
	0x5b,
	0x5d,
	0x60,
	0x63,
	0x65,
	0x68,
	0x6b,
	0x6d,
	0x70,
	0x73,
	0x75,
	0x78,
	0x7b,
	0x7d,
	0x80,
	0x83,
	0x85,
	0x88,
	0x8b,
	0x8d,
	0x90,
	0x93,
	0x95,
	0x98,
};

/* The scene's light: f/5.6, 1/60 s and ISO 400 are neutral. */
#define NEUTRAL_APERTURE 5.6
#define NEUTRAL_SECONDS  (1. / 60)
#define NEUTRAL_ISO      400

double eos_aperture(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LENGTH(apertures); i++) {
		if (apertures[i].code == code)
			return apertures[i].value;
	}
	return NEUTRAL_APERTURE;
}

double eos_seconds(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LENGTH(speeds); i++) {
		if (speeds[i].code == code)
			return speeds[i].value;
	}
	return 0;
}

unsigned eos_iso(uint32_t code)
{
	return code < 0x48 || code > 0x78 ? 0 : 100u << (code - 0x48) / 8;
}

size_t eos_shutter_list(uint32_t mode, const uint32_t **list)
{
	*list = speed_codes;
	switch (mode) {
	case EOS_MODE_M:
		return ARRAY_LENGTH(speed_codes);
	case EOS_MODE_TV:
		*list = speed_codes + 1;
		return ARRAY_LENGTH(speed_codes) - 1;
	case EOS_MODE_BULB:
		return 1;
	default:
		return 0;
	}
}

double eos_light(const struct eos *eos, nsec_t at)
{
	if (eos->light->by_pictures)
		return light_at(eos->light, (int64_t)eos->pictures);
	return light_at(eos->light, eos->light_start ? at - eos->light_start : 0);
}

/* What is printed is rounded; a body exposes in whole thirds: 1/64 s for 1/60, f/5.66 for f/5.6. */
static double thirds(double stops)
{
	return round(stops * 3) / 3;
}

static double stops_of(const struct eos_exposure *exposure, double light)
{
	return thirds(log2(exposure->seconds)) - thirds(log2(NEUTRAL_SECONDS)) +
		log2(exposure->iso / (double)NEUTRAL_ISO) - thirds(2 * log2(exposure->aperture)) +
		thirds(2 * log2(NEUTRAL_APERTURE)) + light - LIGHT_NEUTRAL;
}

/* The code counts eighths; thirds are printed as 3 and 5, halves as 4. */
double eos_bias(const struct eos *eos)
{
	uint32_t code = eos_get(eos, EOS_COMPENSATION);
	int eighths = code & 0x80 ? (int)(code & 0xff) - 256 : (int)(code & 0xff);

	return round(eighths / 8. * 3) / 3;
}

/* The listed value that is nearest. */
static double nearest(const struct scale *scale, size_t count, double wanted)
{
	double best = scale[0].value;

	for (size_t i = 1; i < count; i++) {
		if (fabs(log2(scale[i].value / wanted)) < fabs(log2(best / wanted)))
			best = scale[i].value;
	}
	return best;
}

struct eos_exposure eos_meter(const struct eos *eos)
{
	struct eos_exposure exposure = { .aperture = eos_aperture(eos_get(eos, EOS_APERTURE)),
		.seconds = eos_seconds(eos_get(eos, EOS_SHUTTER)),
		.iso = eos_iso(eos_get(eos, EOS_ISO)),
		.light = eos_light(eos, clock_now_nsec()) };
	uint32_t mode = eos_get(eos, EOS_MODE);
	double wanted = eos_bias(eos), light = exposure.light;

	if (!exposure.iso)
		exposure.iso = NEUTRAL_ISO;
	if (mode == EOS_MODE_BULB ||
		(mode == EOS_MODE_M && eos_get(eos, EOS_SHUTTER) == EOS_SHUTTER_BULB)) {
		exposure.bulb = true;
		exposure.seconds = NEUTRAL_SECONDS; /* until it is known how long it was */
		exposure.stops = light - LIGHT_NEUTRAL;
		return exposure;
	}
	if (mode == EOS_MODE_TV) { /* the aperture follows, as far as the lens goes */
		exposure.aperture = NEUTRAL_APERTURE;
		exposure.aperture = nearest(apertures, ARRAY_LENGTH(apertures),
			exposure.aperture * exp2((stops_of(&exposure, light) - wanted) / 2));
	} else if (mode != EOS_MODE_M) { /* the shutter speed follows */
		if (mode != EOS_MODE_AV)
			exposure.aperture = NEUTRAL_APERTURE;
		exposure.seconds = NEUTRAL_SECONDS;
		exposure.seconds = nearest(speeds, ARRAY_LENGTH(speeds),
			exposure.seconds * exp2(wanted - stops_of(&exposure, light)));
	}
	exposure.stops = stops_of(&exposure, light);
	return exposure;
}
