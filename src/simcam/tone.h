/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From linear light to what a JPEG holds: exposure, gamma, luma and chroma, sensor noise. */
#ifndef SIMCAM_TONE_H
#define SIMCAM_TONE_H

#include <stdint.h>

#include "simcam/canvas.h"

/* What an exposure makes of linear light. 64 KiB; constant once made. */
struct tone {
	double stops;
	uint8_t curve[65536]; /* linear to sRGB, with a soft shoulder above 0.7 of white */
};

/* Luma, and chroma for every second column (4:2:2). Rows are packed: stride is the width. */
struct planes {
	unsigned width, rows;
	uint8_t *y, *u, *v;
};

/* Gaussian noise of a strength, to be added to luma; constant once made. */
#define GRAIN_LENGTH 65536u
struct grain {
	double sigma;
	int8_t value[GRAIN_LENGTH];
};

void tone_init(struct tone *tone, double stops);
/* Writes the canvas's pixels at column `left`, row `top` of the planes; both, and cols, are even. */
void tone_apply(const struct tone *tone, const struct canvas *canvas, const struct planes *planes,
	unsigned left, unsigned top);
/* sigma in steps of the 8-bit luma. */
void grain_init(struct grain *grain, double sigma, uint64_t seed);
/* A different stretch of grain for every frame and row. */
void grain_apply(
	const struct grain *grain, const struct planes *planes, uint64_t frame, unsigned first_row);
/* Linear light of an sRGB byte. */
uint16_t tone_linear(uint8_t value);

#endif
