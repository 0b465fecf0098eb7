/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sensor of the simulated camera measures. */
#ifndef SIMCAM_RAW_H
#define SIMCAM_RAW_H

#include <stdint.h>

#include "simcam/picture.h"

/* The EOS 1200D's sensor: masked at the left and the top, the picture within (ExifTool, dcraw). */
enum {
	RAW_WIDTH = 5344,
	RAW_HEIGHT = 3516,
	RAW_BITS = 14,
	RAW_LEFT = 152,
	RAW_TOP = 56,
	RAW_MASKED_LEFT = 142,
	RAW_MASKED_TOP = 51,
	RAW_BLACK = 2048,
	RAW_SATURATION = 14800,
	RAW_SLICES = 2,
	RAW_SLICE_WIDTH = 1728,
	RAW_LAST_WIDTH = 1888,
};

/* Fills RAW_WIDTH x RAW_HEIGHT samples; red is where the unmasked part begins. */
int raw_expose(const struct scene *scene, const struct picture_settings *settings, double stops,
	uint16_t *samples, struct orc_error *err) must_check;

#endif
