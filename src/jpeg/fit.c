/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scales pictures into a size that stays, their shape kept, black around them. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "jpeg/picture.h"

/*
 * Weights are fractions of this: a sum of products with 8 bits stays within 16, in which a compiler
 * makes vector instructions of loops over lots of a fixed size. Frames are decoded to less than twice
 * the size that they get, so that few pixels make one.
 */
#define WEIGHT_BITS 8
#define WEIGHT_ONE  (1u << WEIGHT_BITS)
#define WEIGHT_HALF (WEIGHT_ONE / 2)
#define LOT         16u

/*
 * One direction of a plane's scaling: pixel i of the result is made of `taps` pixels from first[i]
 * on, with weights[i * taps …] that add up to WEIGHT_ONE.
 */
struct axis {
	unsigned int from, to, taps;
	unsigned int *first;
	uint16_t *weights;
};

/* Where a plane goes: a part of the plane of the result. */
struct part {
	unsigned int x, y, width, height;
};

struct fitter {
	unsigned int width, height;
	struct chroma chroma;
	unsigned int from_width, from_height; /* of luma, that the parts are for; 0: none yet */
	struct part part[3];
	struct axis across[3], down[3];
	struct planes_memory memory;
	bool filled[3]; /* the plane is black, or neutral, where nothing is drawn */
	uint8_t *line;  /* a line of the source's width, scaled in height */
	size_t line_size;
};

struct fitter *fitter_new(unsigned int width, unsigned int height, struct chroma chroma)
{
	struct fitter *fitter = orc_must(calloc(1, sizeof(*fitter)));

	fitter->width = width;
	fitter->height = height;
	fitter->chroma = chroma;
	return fitter;
}

static void axis_free(struct axis *axis)
{
	free(axis->first);
	free(axis->weights);
}

void fitter_destroy(struct fitter *fitter)
{
	size_t i;

	if (!fitter)
		return;
	for (i = 0; i < ARRAY_LENGTH(fitter->across); i++) {
		axis_free(&fitter->across[i]);
		axis_free(&fitter->down[i]);
	}
	planes_free(&fitter->memory);
	free(fitter->line);
	free(fitter);
}

static double coverage(double left, double right, unsigned int pixel)
{
	double from = left > pixel ? left : pixel;
	double to = right < pixel + 1.0 ? right : pixel + 1.0;

	return to > from ? to - from : 0;
}

/* What the result's pixel i covers: its own area when shrinking, a pixel's width when growing. */
static void axis_pixel(struct axis *axis, unsigned int i)
{
	double step = (double)axis->from / axis->to;
	double width = step > 1 ? step : 1, middle = (i + 0.5) * step;
	double left = middle - width / 2, right = middle + width / 2;
	uint16_t *weights = axis->weights + (size_t)i * axis->taps;
	unsigned int tap;
	double total, done = 0;

	left = left < 0 ? 0 : left;
	right = right > axis->from ? axis->from : right;
	total = right - left;
	axis->first[i] = (unsigned int)left;
	if (axis->first[i] + axis->taps > axis->from)
		axis->first[i] = axis->from - axis->taps;
	/* What is rounded is the sum so far: in the end it is WEIGHT_ONE, so that white stays white. */
	for (tap = 0; tap < axis->taps; tap++) {
		unsigned int before = (unsigned int)(done * WEIGHT_ONE + 0.5);

		done += coverage(left, right, axis->first[i] + tap) / total;
		weights[tap] = (uint16_t)((unsigned int)(done * WEIGHT_ONE + 0.5) - before);
	}
}

static void axis_set(struct axis *axis, unsigned int from, unsigned int to)
{
	unsigned int i;

	if (axis->from == from && axis->to == to)
		return;
	axis_free(axis);
	axis->from = from;
	axis->to = to;
	axis->taps = from <= to ? 2 : from % to == 0 ? from / to : from / to + 2;
	if (axis->taps > from)
		axis->taps = from;
	axis->first = orc_must(calloc(to, sizeof(*axis->first)));
	axis->weights = orc_must(calloc((size_t)to * axis->taps, sizeof(*axis->weights)));
	for (i = 0; i < to; i++)
		axis_pixel(axis, i);
}

static inline uint8_t mix_two(uint8_t a, uint16_t a_weight, uint8_t b, uint16_t b_weight)
{
	return (uint8_t)((uint16_t)((unsigned int)(a * a_weight + b * b_weight) + WEIGHT_HALF) >>
		WEIGHT_BITS);
}

static void mix_two_lines(const uint8_t *a, const uint8_t *b, const uint16_t *weights,
	uint8_t *line, unsigned int width)
{
	const uint16_t a_weight = weights[0], b_weight = weights[1];
	unsigned int x, i;

	for (x = 0; x + LOT <= width; x += LOT)
		for (i = 0; i < LOT; i++)
			line[x + i] = mix_two(a[x + i], a_weight, b[x + i], b_weight);
	for (; x < width; x++)
		line[x] = mix_two(a[x], a_weight, b[x], b_weight);
}

static void mix_many_lines(const struct plane *from, const uint8_t *in, const uint16_t *weights,
	unsigned int taps, uint8_t *line)
{
	unsigned int x, i, tap, count;

	for (x = 0; x < from->width; x += LOT) {
		uint16_t sum[LOT];

		count = from->width - x < LOT ? from->width - x : LOT;
		for (i = 0; i < LOT; i++)
			sum[i] = WEIGHT_HALF;
		for (tap = 0; tap < taps; tap++) {
			const uint8_t *tapped = in + tap * from->stride + x;

			/* Lines are a multiple of a lot long, whatever the plane's width. */
			for (i = 0; i < LOT; i++)
				sum[i] = (uint16_t)(sum[i] + tapped[i] * weights[tap]);
		}
		for (i = 0; i < count; i++)
			line[x + i] = (uint8_t)(sum[i] >> WEIGHT_BITS);
	}
}

/* Lines of the source into one, by their weights. */
static void mix_lines(
	const struct plane *from, const struct axis *down, unsigned int y, uint8_t *line)
{
	const uint16_t *weights = down->weights + (size_t)y * down->taps;
	const uint8_t *in = from->data + down->first[y] * from->stride;

	if (weights[0] == WEIGHT_ONE)
		memcpy(line, in, from->width);
	else if (down->taps == 2)
		mix_two_lines(in, in + from->stride, weights, line, from->width);
	else
		mix_many_lines(from, in, weights, down->taps, line);
}

static void mix_pixels(const uint8_t *line, const struct axis *across, uint8_t *out)
{
	const uint16_t *weights = across->weights;
	unsigned int x, tap;

	if (across->taps == 2) {
		for (x = 0; x < across->to; x++) {
			const uint8_t *in = line + across->first[x];

			out[x] = mix_two(in[0], weights[2 * x], in[1], weights[2 * x + 1]);
		}
		return;
	}
	for (x = 0; x < across->to; x++, weights += across->taps) {
		const uint8_t *in = line + across->first[x];
		uint16_t sum = WEIGHT_HALF;

		for (tap = 0; tap < across->taps; tap++)
			sum = (uint16_t)(sum + in[tap] * weights[tap]);
		out[x] = (uint8_t)(sum >> WEIGHT_BITS);
	}
}

static void scale_plane(
	struct fitter *fitter, unsigned int i, const struct plane *from, const struct plane *to)
{
	const struct part *part = &fitter->part[i];
	struct axis *across = &fitter->across[i], *down = &fitter->down[i];
	unsigned int y;

	axis_set(across, from->width, part->width);
	axis_set(down, from->height, part->height);
	if (fitter->line_size < from->width) {
		free(fitter->line);
		fitter->line = orc_must(malloc(from->width));
		fitter->line_size = from->width;
	}
	for (y = 0; y < part->height; y++) {
		uint8_t *out = to->data + (part->y + y) * to->stride + part->x;

		if (from->width == part->width) {
			mix_lines(from, down, y, out);
			continue;
		}
		mix_lines(from, down, y, fitter->line);
		mix_pixels(fitter->line, across, out);
	}
}

static unsigned int at_least(unsigned int value, unsigned int minimum)
{
	return value < minimum ? minimum : value;
}

/* The largest part of the result in from's shape, its edges where chroma has its own. */
static void place_parts(struct fitter *fitter, unsigned int width, unsigned int height)
{
	unsigned int h = fitter->chroma.horizontal, v = fitter->chroma.vertical, i;
	uint64_t left = (uint64_t)fitter->width * height, right = (uint64_t)fitter->height * width;
	struct part part = { .width = fitter->width, .height = fitter->height };

	if (left > right)
		part.width = (unsigned int)((right + height / 2) / height);
	else
		part.height = (unsigned int)((left + width / 2) / width);
	part.width = at_least(part.width / h * h, h);
	part.height = at_least(part.height / v * v, v);
	part.x = (fitter->width - part.width) / 2 / h * h;
	part.y = (fitter->height - part.height) / 2 / v * v;
	fitter->part[0] = part;
	part = (struct part){ part.x / h, part.y / v, part.width / h, part.height / v };
	fitter->part[1] = fitter->part[2] = part;
	fitter->from_width = width;
	fitter->from_height = height;
	for (i = 0; i < ARRAY_LENGTH(fitter->filled); i++)
		fitter->filled[i] = false;
}

void fitter_fit(struct fitter *fitter, const struct picture *from, struct picture *to)
{
	const struct plane *luma = &from->plane[0];
	unsigned int i;

	if (luma->width != fitter->from_width || luma->height != fitter->from_height)
		place_parts(fitter, luma->width, luma->height);
	to->count = 3;
	for (i = 0; i < 3; i++) {
		const struct plane *plane = &from->plane[i];
		unsigned int width = i ? fitter->width / fitter->chroma.horizontal : fitter->width;
		unsigned int height = i ? fitter->height / fitter->chroma.vertical : fitter->height;

		if (i < from->count && plane->width == width && plane->height == height &&
			fitter->part[i].width == width && fitter->part[i].height == height) {
			to->plane[i] = *plane;
			continue;
		}
		to->plane[i] = planes_take(&fitter->memory, i, width, height);
		/* A grey picture has no chroma to write over that of the one before. */
		if (!fitter->filled[i] || i >= from->count)
			memset(to->plane[i].data, i ? 128 : 0, to->plane[i].stride * height);
		fitter->filled[i] = true;
		if (i < from->count)
			scale_plane(fitter, i, plane, &to->plane[i]);
	}
}
