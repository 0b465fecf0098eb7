/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine-readable frame counter along the top and bottom edge; scene.h says what it holds. */
#include "simcam/strip.h"

#include <string.h>

#include "simcam/scene.h"

/* Not quite black and white: no ringing out of range, and safe from limited-range decoders. */
enum { LUMA_BLACK = 24, LUMA_GREY = 128, LUMA_WHITE = 228, CHROMA_NEUTRAL = 128 };

#define MARK_START 0xe2u
#define MARK_END   0x1du

static uint16_t crc16(const uint8_t *data, unsigned len)
{
	uint16_t crc = 0xffff;
	unsigned i, bit;

	for (i = 0; i < len; i++) {
		crc = (uint16_t)(crc ^ data[i] << 8);
		for (bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
	}
	return crc;
}

/* All bits of one strip in order, the first in bit 63. */
static uint64_t encode(uint64_t index, unsigned copy)
{
	uint8_t covered[5] = { (uint8_t)(index >> 24), (uint8_t)(index >> 16),
		(uint8_t)(index >> 8), (uint8_t)index, (uint8_t)copy };

	return (uint64_t)MARK_START << 56 | (index & 0xffffffff) << 24 |
		(uint64_t)crc16(covered, sizeof(covered)) << 8 | MARK_END;
}

static void draw_row(const struct planes *planes, unsigned row, uint64_t bits)
{
	uint8_t *y = planes->y + (size_t)row * planes->width;
	size_t half = planes->width / 2;
	unsigned cell;

	for (cell = 0; cell < SCENE_STRIP_CELLS; cell++) {
		unsigned left = cell * planes->width / SCENE_STRIP_CELLS;
		unsigned right = (cell + 1) * planes->width / SCENE_STRIP_CELLS;
		int luma = LUMA_GREY;

		if (cell > 0 && cell < SCENE_STRIP_CELLS - 1)
			luma = bits >> (64 - cell) & 1 ? LUMA_WHITE : LUMA_BLACK;
		memset(y + left, luma, right - left);
	}
	memset(planes->u + row * half, CHROMA_NEUTRAL, half);
	memset(planes->v + row * half, CHROMA_NEUTRAL, half);
}

void strip_draw(const struct planes *planes, unsigned first_row, unsigned height, uint64_t index)
{
	unsigned strip = height / SCENE_STRIP_ROWS, row;

	for (row = 0; row < planes->rows; row++) {
		unsigned at = first_row + row;

		if (at < strip)
			draw_row(planes, row, encode(index, 0));
		else if (at >= height - strip)
			draw_row(planes, row, encode(index, 1));
	}
}
