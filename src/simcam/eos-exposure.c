/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Apertures, shutter speeds and ISO values of an EOS body, and its light meter. */
#include <math.h>

#include "simcam/eos.h"

/*
 * Codes count in eighths of a stop: 0x30 is f/5.6, 0x38 a second, 0x48 ISO 100. The last digit is 0,
 * 3, 5, 8, b or d for whole, third and half stops; nominal values are what is printed on cameras.
 */
/* Tables read by their rows. */
/* clang-format off */
static const struct sim_scale apertures[] = {
	{ 0x25, 3.5 }, { 0x28, 4 }, { 0x2b, 4.5 }, { 0x2d, 5 }, { 0x30, 5.6 },
	{ 0x33, 6.3 }, { 0x35, 7.1 }, { 0x38, 8 }, { 0x3b, 9 }, { 0x3d, 10 }, { 0x40, 11 },
	{ 0x43, 13 }, { 0x45, 14 }, { 0x48, 16 }, { 0x4b, 18 }, { 0x4d, 20 }, { 0x50, 22 },
};
#define SPEEDS(X) \
	X(0x10, 30) X(0x13, 25) X(0x15, 20) X(0x18, 15) X(0x1b, 13) X(0x1d, 10) X(0x20, 8) \
	X(0x23, 6) X(0x25, 5) X(0x28, 4) X(0x2b, 3.2) X(0x2d, 2.5) X(0x30, 2) X(0x33, 1.6) \
	X(0x35, 1.3) X(0x38, 1) X(0x3b, 0.8) X(0x3d, 0.6) X(0x40, 0.5) X(0x43, 0.4) \
	X(0x45, 0.3) X(0x48, 1. / 4) X(0x4b, 1. / 5) X(0x4d, 1. / 6) X(0x50, 1. / 8) \
	X(0x53, 1. / 10) X(0x55, 1. / 13) X(0x58, 1. / 15) X(0x5b, 1. / 20) X(0x5d, 1. / 25) \
	X(0x60, 1. / 30) X(0x63, 1. / 40) X(0x65, 1. / 50) X(0x68, 1. / 60) X(0x6b, 1. / 80) \
	X(0x6d, 1. / 100) X(0x70, 1. / 125) X(0x73, 1. / 160) X(0x75, 1. / 200) \
	X(0x78, 1. / 250) X(0x7b, 1. / 320) X(0x7d, 1. / 400) X(0x80, 1. / 500) \
	X(0x83, 1. / 640) X(0x85, 1. / 800) X(0x88, 1. / 1000) X(0x8b, 1. / 1250) \
	X(0x8d, 1. / 1600) X(0x90, 1. / 2000) X(0x93, 1. / 2500) X(0x95, 1. / 3200) \
	X(0x98, 1. / 4000)
#define SCALE(code, seconds) { code, seconds },
#define CODE(code, seconds)  code,
static const struct sim_scale speeds[] = { SPEEDS(SCALE) };
/* Bulb stands first, behind it the speeds in the order of the dial. */
static const uint32_t speed_codes[] = { EOS_SHUTTER_BULB, SPEEDS(CODE) };
/* clang-format on */

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
