/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sensor of the simulated camera measures. */
#include "simcam/raw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simcam/picture-parts.h"

/* How far green rises above black for diffuse white: the rest is headroom for highlights. */
#define WHITE_LEVEL 7000.0

/* XYZ of linear sRGB (IEC 61966-2-1). */
static const double xyz_of_rgb[3][3] = {
	{ 0.4124, 0.3576, 0.1805 },
	{ 0.2126, 0.7152, 0.0722 },
	{ 0.0193, 0.1192, 0.9505 },
};

/* The sensor's answer to XYZ: the matrix that raw converters use for the EOS 1200D. */
static const double sensor_of_xyz[3][3] = {
	{ 0.6461, -0.0907, -0.0882 },
	{ -0.4300, 1.2184, 0.2378 },
	{ -0.0819, 0.1944, 0.5931 },
};

#define AMPLITUDE_SHIFT 6

struct sensor {
	int32_t mix[3][3]; /* sensor colour from canvas colour, 16 bits of fraction */
	struct grain grain;
	uint16_t amplitude[(
		16384 >> AMPLITUDE_SHIFT)]; /* of the noise at a level, 8 bits of fraction */
};

static void sensor_init(struct sensor *sensor, unsigned iso, double stops, uint64_t seed)
{
	double m[3][3] = { { 0 } }, green = 0, gain;
	double more = scene_noise(iso);
	unsigned i, j, k;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			for (k = 0; k < 3; k++)
				m[i][j] += sensor_of_xyz[i][k] * xyz_of_rgb[k][j];
	for (j = 0; j < 3; j++)
		green += m[1][j];
	gain = WHITE_LEVEL / CANVAS_WHITE * exp2(stops) / green * 65536;
	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			sensor->mix[i][j] = (int32_t)fmax(-1e9, fmin(1e9, m[i][j] * gain));
	grain_init(&sensor->grain, 32, seed);
	/* Read noise, and the photons' own, whose square grows with the light. */
	for (i = 0; i < ARRAY_LENGTH(sensor->amplitude); i++)
		sensor->amplitude[i] = (uint16_t)fmin(65535,
			256 / 32.0 *
				sqrt(64 * more +
					(double)(i << AMPLITUDE_SHIFT) * 0.35 * more * more));
}

static uint16_t measure(const struct sensor *sensor, int64_t light, int noise)
{
	int64_t level = light >> 16;

	level = level < 0 ? 0 : level > 16383 ? 16383 : level;
	level += RAW_BLACK + ((noise * sensor->amplitude[level >> AMPLITUDE_SHIFT]) >> 8);
	return (uint16_t)(level < 0 ? 0 : level > RAW_SATURATION ? RAW_SATURATION : level);
}

static uint32_t scramble(uint32_t x)
{
	x = (x ^ x >> 16) * 0x45d9f3bu;
	x = (x ^ x >> 16) * 0x45d9f3bu;
	return x ^ x >> 16;
}

/* One row of the sensor; px NULL: masked, or beyond the picture's edge. */
static void expose_row(const struct sensor *sensor, const struct colour *px, unsigned row,
	uint64_t frame, uint16_t *out)
{
	unsigned odd = (row - RAW_MASKED_TOP) & 1,
		 right = RAW_LEFT + picture_sizes[PICTURE_SIZE_L].width, i;
	uint32_t at = scramble(row + (uint32_t)frame * 65537u);

	for (i = 0; i < RAW_WIDTH; i++) {
		/* A step that shares no factor with the length visits all of the grain. */
		int noise = sensor->grain.value[(at += 40503) >> 7 & (GRAIN_LENGTH - 1)];
		unsigned x = i < RAW_LEFT ? 0 : i >= right ? right - RAW_LEFT - 1 : i - RAW_LEFT;
		const int32_t *mix = sensor->mix[odd + ((i - RAW_LEFT) & 1)];

		if (!px || i < RAW_MASKED_LEFT)
			out[i] = measure(sensor, 0, noise);
		else
			out[i] = measure(sensor,
				(int64_t)mix[0] * px[x].r + (int64_t)mix[1] * px[x].g +
					(int64_t)mix[2] * px[x].b,
				noise);
	}
}

int raw_expose(const struct scene *scene, const struct picture_settings *settings, double stops,
	uint16_t *samples, struct orc_error *err)
{
	const struct picture_dimensions *size = &picture_sizes[PICTURE_SIZE_L];
	struct sensor *sensor;
	struct painter painter;
	unsigned row = 0;
	int rc = painter_start(&painter, scene, settings, size->width, size->height, err), j;

	if (rc)
		return rc;
	sensor = orc_must(malloc(sizeof(*sensor)));
	sensor_init(sensor, settings->iso, stops, scene->seed);
	for (; row < RAW_MASKED_TOP; row++)
		expose_row(sensor, NULL, row, settings->index, samples + (size_t)row * RAW_WIDTH);
	while (painter_next(&painter))
		for (j = 0; j < painter.canvas.rows; j++) {
			/* The few unmasked rows beyond the picture repeat its edges. */
			unsigned y = (unsigned)(painter.canvas.y0 + j);
			unsigned until = y == size->height - 1 ? RAW_HEIGHT : RAW_TOP + y + 1;

			for (; row < until; row++)
				expose_row(sensor, canvas_row(&painter.canvas, j), row,
					settings->index, samples + (size_t)row * RAW_WIDTH);
		}
	painter_stop(&painter);
	free(sensor);
	return 0;
}
