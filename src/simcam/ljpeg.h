/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lossless JPEG as Canon's CR2 holds it: ITU T.81 process 14, two components, predictor 1. */
#ifndef SIMCAM_LJPEG_H
#define SIMCAM_LJPEG_H

#include <stdint.h>

#include "simcam/buffer.h"

/*
 * Bayer samples of `bits` bits, width x height. The samples are taken slice by slice, each from its
 * top to its bottom: `slices` columns of slice_width, then one of last_width, as the CR2 tag 0xc640
 * tells. width is their sum and even.
 */
struct ljpeg_image {
	const uint16_t *samples;
	unsigned width, height, bits;
	unsigned slices, slice_width, last_width;
};

/* Appends SOI to EOI. */
void ljpeg_encode(const struct ljpeg_image *image, struct sim_buffer *out);

#endif
