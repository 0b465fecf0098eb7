/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From linear light to what a JPEG holds: exposure, gamma, luma and chroma, sensor noise. */
#include "simcam/tone.h"

#include <math.h>

void tone_init(struct tone *tone, double stops)
{
	const double knee = 0.7;
	double gain = exp2(stops) / CANVAS_WHITE;
	unsigned i;

	tone->stops = stops;
	for (i = 0; i < 65536; i++) {
		double x = i * gain;

		if (x > knee)
			x = knee + (1 - knee) * (1 - exp((knee - x) / (1 - knee)));
		x = x <= 0.0031308 ? x * 12.92 : 1.055 * pow(x, 1 / 2.4) - 0.055;
		tone->curve[i] = (uint8_t)lround(x * 255);
	}
}

uint16_t tone_linear(uint8_t value)
{
	double x = value / 255.0;

	x = x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
	return (uint16_t)lround(x * CANVAS_WHITE);
}

void tone_apply(const struct tone *tone, const struct canvas *canvas, const struct planes *planes,
	unsigned left, unsigned top)
{
	const uint8_t *curve = tone->curve;
	int i, j;

	for (j = 0; j < canvas->rows; j++) {
		const struct colour *px = canvas_row(canvas, j);
		size_t at = (size_t)(top + (unsigned)j) * planes->width + left;
		uint8_t *y = planes->y + at, *u = planes->u + at / 2, *v = planes->v + at / 2;

		for (i = 0; i + 1 < canvas->cols; i += 2, px += 2) {
			int r0 = curve[px[0].r], g0 = curve[px[0].g], b0 = curve[px[0].b];
			int r1 = curve[px[1].r], g1 = curve[px[1].g], b1 = curve[px[1].b];
			int r = r0 + r1, g = g0 + g1, b = b0 + b1;

			/* JFIF's matrix in 16 bits of fraction; half of it again for the pair. */
			y[i] = (uint8_t)((19595 * r0 + 38470 * g0 + 7471 * b0 + 32768) >> 16);
			y[i + 1] = (uint8_t)((19595 * r1 + 38470 * g1 + 7471 * b1 + 32768) >> 16);
			u[i / 2] =
				(uint8_t)((-11058 * r - 21710 * g + 32768 * b + (257 << 16) - 1) >>
					17);
			v[i / 2] = (uint8_t)((32768 * r - 27439 * g - 5329 * b + (257 << 16) - 1) >>
				17);
		}
	}
}

static uint32_t step(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	return *state ^= *state << 5;
}

void grain_init(struct grain *grain, double sigma, uint64_t seed)
{
	uint32_t state = (uint32_t)(seed * 2654435761u) | 1;
	unsigned i, k;

	grain->sigma = sigma;
	for (i = 0; i < GRAIN_LENGTH; i++) {
		double sum = 0;

		/* Four dice are round enough; their variance is a third. */
		for (k = 0; k < 4; k++)
			sum += step(&state) / 4294967296.0 - 0.5;
		sum *= sigma * 1.7320508;
		grain->value[i] = (int8_t)lround(fmax(-127, fmin(127, sum)));
	}
}

void grain_apply(
	const struct grain *grain, const struct planes *planes, uint64_t frame, unsigned first_row)
{
	uint32_t state = (uint32_t)(frame * 40503u + first_row * 2246822519u) | 1;
	unsigned row, i, run;

	if (grain->sigma <= 0)
		return;
	step(&state);
	for (row = 0; row < planes->rows; row++) {
		uint8_t *y = planes->y + (size_t)row * planes->width;
		unsigned left = planes->width;

		for (; left; left -= run, y += run) {
			const int8_t *value = grain->value + step(&state) % (GRAIN_LENGTH - 1024);

			run = left < 1024 ? left : 1024;
			for (i = 0; i < run; i++) {
				int16_t sum = (int16_t)(y[i] + value[i]);

				sum = sum < 0 ? 0 : sum;
				y[i] = (uint8_t)(sum > 255 ? 255 : sum);
			}
		}
	}
}
