/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A window on the picture being painted, in linear light, and the few shapes painted on it. */
#ifndef SIMCAM_CANVAS_H
#define SIMCAM_CANVAS_H

#include <stddef.h>
#include <stdint.h>

/* Diffuse white; the rest of the 16 bits is two stops of headroom for the sun and for clipping. */
#define CANVAS_WHITE 16384

/* Linear light, sRGB primaries. */
struct colour {
	uint16_t r, g, b;
};

/* From fractions of diffuse white. */
#define COLOUR(red, green, blue)                                                                   \
	{                                                                                          \
		(uint16_t)((red)*CANVAS_WHITE), (uint16_t)((green)*CANVAS_WHITE),                  \
			(uint16_t)((blue)*CANVAS_WHITE)                                            \
	}

/*
 * Holds cols x rows pixels of a picture, from (x0, y0) on. Shapes are given in scene coordinates
 * (1056 x 704, whatever the size of the picture) and are clipped to the window, so that the same
 * painting serves a strip of a still and a patch of a live view frame.
 */
struct canvas {
	double scale; /* pixels a scene unit */
	int x0, y0, cols, rows;
	size_t stride; /* in pixels */
	struct colour *px;
};

/* A rectangle in scene units. */
struct box {
	double x, y, w, h;
};

static inline struct colour *canvas_row(const struct canvas *canvas, int row)
{
	return canvas->px + (size_t)row * canvas->stride;
}

/* Mixes colour into *px; alpha 0..256. */
static inline void canvas_blend(struct colour *px, const struct colour *colour, uint32_t alpha)
{
	px->r = (uint16_t)((px->r * (256 - alpha) + colour->r * alpha) >> 8);
	px->g = (uint16_t)((px->g * (256 - alpha) + colour->g * alpha) >> 8);
	px->b = (uint16_t)((px->b * (256 - alpha) + colour->b * alpha) >> 8);
}

/* Does the box touch the window? */
int canvas_touches(const struct canvas *canvas, const struct box *box);
void canvas_rect(
	struct canvas *canvas, double x, double y, double w, double h, const struct colour *colour);
/* Smooth-edged. */
void canvas_disc(
	struct canvas *canvas, double x, double y, double radius, const struct colour *colour);
void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1, double width,
	const struct colour *colour);
/* A Siemens star of `sectors` black and white pairs. */
void canvas_star(struct canvas *canvas, double x, double y, double radius, int sectors);
/* Capitals, digits and a few signs; a letter is 5 x 7 dots of size `dot`, 6 dots apart. */
void canvas_text(struct canvas *canvas, double x, double y, double dot, const char *text,
	const struct colour *colour);

#endif
