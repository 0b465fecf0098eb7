/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Apertures, shutter speeds and ISO values of an EOS body, and its light meter. */
#include <math.h>

#include "simcam/eos.h"

/*
 * Codes count in eighths of a stop: 0x30 is f/5.6, 0x38 a second, 0x48 ISO 100. The last digit is 0,
 * 3, 5, 8, b or d for whole, third and half stops; nominal values are what is printed on cameras.
 */
static const struct sim_scale apertures[] = {
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

double eos_aperture(uint32_t code)
{
	return sim_scale_value(apertures, ARRAY_LENGTH(apertures), code, NEUTRAL_APERTURE);
}

double eos_seconds(uint32_t code)
{
	return sim_scale_value(speeds, ARRAY_LENGTH(speeds), code, 0);
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

/* The code counts eighths; thirds are printed as 3 and 5, halves as 4. */
double eos_bias(const struct eos *eos)
{
	uint32_t code = eos_get(eos, EOS_COMPENSATION);
	int eighths = code & 0x80 ? (int)(code & 0xff) - 256 : (int)(code & 0xff);

	return round(eighths / 8. * 3) / 3;
}

bool eos_is_bulb(const struct eos *eos)
{
	uint32_t mode = eos_get(eos, EOS_MODE);

	return mode == EOS_MODE_BULB ||
		(mode == EOS_MODE_M && eos_get(eos, EOS_SHUTTER) == EOS_SHUTTER_BULB);
}

struct sim_exposure eos_meter(const struct sim_camera *camera)
{
	static const enum sim_exposure_mode modes[] = { [EOS_MODE_TV] = EXPOSE_SHUTTER,
		[EOS_MODE_AV] = EXPOSE_APERTURE,
		[EOS_MODE_M] = EXPOSE_MANUAL };
	const struct eos *eos = eos_of(camera);
	uint32_t mode = eos_get(eos, EOS_MODE);
	struct sim_dials dials = {
		.mode = mode < ARRAY_LENGTH(modes) ? modes[mode] : EXPOSE_PROGRAM,
		.aperture = eos_aperture(eos_get(eos, EOS_APERTURE)),
		.seconds = eos_seconds(eos_get(eos, EOS_SHUTTER)),
		.iso = eos_iso(eos_get(eos, EOS_ISO)),
		.bias = eos_bias(eos),
		.bulb = eos_is_bulb(eos),
		.apertures = apertures,
		.num_apertures = ARRAY_LENGTH(apertures),
		.speeds = speeds,
		.num_speeds = ARRAY_LENGTH(speeds),
	};

	return sim_meter(&dials, sim_light(camera, clock_now_nsec()));
}
