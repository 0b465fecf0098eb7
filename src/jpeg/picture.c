/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A decoded frame: planes of luma and chroma, turned and packed. */
#include "jpeg/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* A JPEG block and its neighbour: what an encoder may have to fill beyond the width. */
#define STRIDE_ALIGN 32u

struct plane planes_take(
	struct planes_memory *memory, unsigned int index, unsigned int width, unsigned int height)
{
	struct plane plane = {
		.stride = (width + STRIDE_ALIGN - 1) / STRIDE_ALIGN * STRIDE_ALIGN,
		.width = width,
		.height = height,
	};
	size_t size = plane.stride * height;

	if (memory->size[index] < size) {
		free(memory->data[index]);
		memory->data[index] = orc_must(aligned_alloc(STRIDE_ALIGN, size));
		memory->size[index] = size;
	}
	plane.data = memory->data[index];
	return plane;
}

void planes_free(struct planes_memory *memory)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(memory->data); i++)
		free(memory->data[i]);
	memset(memory, 0, sizeof(*memory));
}

static unsigned int ratio(unsigned int luma, unsigned int chroma)
{
	if (chroma == luma)
		return 1;
	return chroma == (luma + 1) / 2 ? 2 : 0;
}

bool picture_chroma(const struct picture *picture, struct chroma *chroma)
{
	const struct plane *p = picture->plane;

	if (picture->count != 3 || p[1].width != p[2].width || p[1].height != p[2].height)
		return false;
	chroma->horizontal = ratio(p[0].width, p[1].width);
	chroma->vertical = ratio(p[0].height, p[1].height);
	return chroma->horizontal && chroma->vertical;
}

/* Where the pixel of `to` at x, y comes from: `from`'s start, and the steps a pixel and a line. */
struct walk {
	const uint8_t *start;
	ptrdiff_t pixel, line;
};

static struct walk walk_of(const struct plane *from, unsigned int degrees)
{
	ptrdiff_t stride = (ptrdiff_t)from->stride;
	const uint8_t *bottom = from->data + (size_t)(from->height - 1) * from->stride;

	switch (degrees) {
	case 90:
		return (struct walk){ .start = bottom, .pixel = -stride, .line = 1 };
	case 180:
		return (struct walk){
			.start = bottom + from->width - 1, .pixel = -1, .line = -stride
		};
	default:
		return (struct walk){
			.start = from->data + from->width - 1, .pixel = stride, .line = -1
		};
	}
}

/* In squares, so that the lines that are read across stay in the cache. */
static void rotate_plane(const struct plane *from, unsigned int degrees, const struct plane *to)
{
	enum { SIDE = 32 };
	struct walk walk = walk_of(from, degrees);
	unsigned int x0, y0, x, y;

	for (y0 = 0; y0 < to->height; y0 += SIDE)
		for (x0 = 0; x0 < to->width; x0 += SIDE)
			for (y = y0; y < y0 + SIDE && y < to->height; y++) {
				const uint8_t *in = walk.start + (ptrdiff_t)y * walk.line;
				uint8_t *out = to->data + y * to->stride;

				for (x = x0; x < x0 + SIDE && x < to->width; x++)
					out[x] = in[(ptrdiff_t)x * walk.pixel];
			}
}

void picture_rotate(const struct picture *from, unsigned int degrees, struct picture *to,
	struct planes_memory *memory)
{
	bool across = degrees != 180;
	unsigned int i;

	to->count = from->count;
	for (i = 0; i < from->count; i++) {
		const struct plane *plane = &from->plane[i];

		to->plane[i] = planes_take(memory, i, across ? plane->height : plane->width,
			across ? plane->width : plane->height);
		rotate_plane(plane, degrees, &to->plane[i]);
	}
}

/*
 * 0 to 255 into 16 to 235, or 16 to 240 for chroma, rounded: in 16 bits, and in lots of a fixed
 * size, so that a compiler makes vector instructions of it.
 */
#define LOT 16

static inline uint8_t narrow_luma(uint8_t value)
{
	return (uint8_t)((uint16_t)(value * 220u + 4224u) >> 8);
}

static inline uint8_t narrow_chroma(uint8_t value)
{
	return (uint8_t)((uint16_t)(value * 225u + 4096u) >> 8);
}

static void pack_plane(const struct plane *plane, bool luma, uint8_t *restrict out)
{
	unsigned int x, y, i;

	for (y = 0; y < plane->height; y++, out += plane->width) {
		const uint8_t *in = plane->data + y * plane->stride;

		for (x = 0; x + LOT <= plane->width; x += LOT)
			if (luma)
				for (i = 0; i < LOT; i++)
					out[x + i] = narrow_luma(in[x + i]);
			else
				for (i = 0; i < LOT; i++)
					out[x + i] = narrow_chroma(in[x + i]);
		for (; x < plane->width; x++)
			out[x] = luma ? narrow_luma(in[x]) : narrow_chroma(in[x]);
	}
}

void picture_pack_i420(const struct picture *picture, uint8_t *out)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		const struct plane *plane = &picture->plane[i];

		pack_plane(plane, i == 0, out);
		out += (size_t)plane->width * plane->height;
	}
}

/* Four bytes for each of `count` pixels of chroma. */
static inline void pack_line(const uint8_t *luma, const uint8_t *blue, const uint8_t *red,
	unsigned int count, uint8_t *out)
{
	unsigned int x;

	for (x = 0; x < count; x++) {
		out[4 * x] = narrow_luma(luma[2 * x]);
		out[4 * x + 1] = narrow_chroma(blue[x]);
		out[4 * x + 2] = narrow_luma(luma[2 * x + 1]);
		out[4 * x + 3] = narrow_chroma(red[x]);
	}
}

void picture_pack_yuyv(const struct picture *picture, uint8_t *restrict out)
{
	const struct plane *p = picture->plane;
	unsigned int x, y, width = p[1].width;

	for (y = 0; y < p[0].height; y++, out += 2 * p[0].width) {
		const uint8_t *luma = p[0].data + y * p[0].stride;
		const uint8_t *blue = p[1].data + y * p[1].stride;
		const uint8_t *red = p[2].data + y * p[2].stride;

		for (x = 0; x + LOT <= width; x += LOT)
			pack_line(luma + 2 * x, blue + x, red + x, LOT, out + 4 * x);
		pack_line(luma + 2 * x, blue + x, red + x, width - x, out + 4 * x);
	}
}
