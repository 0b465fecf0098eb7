/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a lens out of focus makes of a picture, and the part of it that is looked at. */
#include "simcam/blur.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"

/* Where the window of pixel i ends at the left and, behind it, at the right. */
static size_t window_start(size_t i, size_t radius)
{
	return i > radius ? i - radius : 0;
}

static size_t window_end(size_t i, size_t radius, size_t len)
{
	return i + radius + 1 < len ? i + radius + 1 : len;
}

/* sums[i] is what stands before pixel i: a window is a difference of two. */
static void blur_bytes(uint8_t *px, size_t len, size_t radius, uint32_t *sums)
{
	size_t i;

	sums[0] = 0;
	for (i = 0; i < len; i++)
		sums[i + 1] = sums[i] + px[i];
	for (i = 0; i < len; i++) {
		size_t start = window_start(i, radius), end = window_end(i, radius, len);

		px[i] = (uint8_t)((sums[end] - sums[start]) / (end - start));
	}
}

void blur_planes(struct planes *planes, unsigned radius)
{
	cleanup_free uint32_t *sums = NULL;
	size_t width = planes->width, half = width / 2, row;

	if (!radius)
		return;
	sums = orc_must(malloc((width + 1) * sizeof(*sums)));
	for (row = 0; row < planes->rows; row++) {
		blur_bytes(planes->y + row * width, width, radius, sums);
		blur_bytes(planes->u + row * half, half, radius / 2, sums);
		blur_bytes(planes->v + row * half, half, radius / 2, sums);
	}
}

static void blur_row(struct colour *px, size_t len, size_t radius, uint32_t (*sums)[3])
{
	size_t i;

	memset(sums[0], 0, sizeof(sums[0]));
	for (i = 0; i < len; i++) {
		sums[i + 1][0] = sums[i][0] + px[i].r;
		sums[i + 1][1] = sums[i][1] + px[i].g;
		sums[i + 1][2] = sums[i][2] + px[i].b;
	}
	for (i = 0; i < len; i++) {
		size_t start = window_start(i, radius), end = window_end(i, radius, len);
		uint32_t count = (uint32_t)(end - start);

		px[i].r = (uint16_t)((sums[end][0] - sums[start][0]) / count);
		px[i].g = (uint16_t)((sums[end][1] - sums[start][1]) / count);
		px[i].b = (uint16_t)((sums[end][2] - sums[start][2]) / count);
	}
}

void blur_canvas(struct canvas *canvas, unsigned radius)
{
	cleanup_free uint32_t(*sums)[3] = NULL;
	int row;

	if (!radius)
		return;
	sums = orc_must(malloc(((size_t)canvas->cols + 1) * sizeof(*sums)));
	for (row = 0; row < canvas->rows; row++)
		blur_row(canvas_row(canvas, row), (size_t)canvas->cols, radius, sums);
}

static void zoom_row(const uint8_t *in, uint8_t *out, size_t len, unsigned zoom)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = in[i / zoom];
}

void zoom_planes(const struct planes *in, const struct planes *out, unsigned zoom, unsigned left,
	unsigned top)
{
	size_t width = out->width, half = width / 2, row;

	for (row = 0; row < out->rows; row++) {
		size_t from = top + row / zoom;

		zoom_row(in->y + from * width + left, out->y + row * width, width, zoom);
		zoom_row(in->u + from * half + left / 2, out->u + row * half, half, zoom);
		zoom_row(in->v + from * half + left / 2, out->v + row * half, half, zoom);
	}
}
