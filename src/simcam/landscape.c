/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drawn scene: what stands still, and the sky. */
#include "simcam/landscape.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#define NOISE_MASK (LANDSCAPE_NOISE - 1)
#define TURN       (2 * M_PI)

/* splitmix64: every seed, also 0 and 1, makes unrelated numbers. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Two rows of a table that wraps, and how far below the first one a line is, 0..1. */
struct rows {
	const uint8_t *above, *below;
	double part;
};

/* y in cells, not negative; table rows must be a power of two. */
static struct rows rows_at(const uint8_t (*table)[LANDSCAPE_NOISE], unsigned rows, double y)
{
	unsigned cell = (unsigned)y;

	return (struct rows){
		table[cell & (rows - 1)],
		table[(cell + 1) & (rows - 1)],
		y - cell,
	};
}

/* Between four values; x in cells, not negative. */
static inline double between(const struct rows *rows, double x)
{
	unsigned cell = (unsigned)x, i = cell & NOISE_MASK, j = (i + 1) & NOISE_MASK;
	double part = x - cell;
	double top = rows->above[i] + part * (rows->above[j] - rows->above[i]);
	double bottom = rows->below[i] + part * (rows->below[j] - rows->below[i]);

	return top + rows->part * (bottom - top);
}

/* Octaves of the white grain, each half as strong and twice as fine; wraps with the table. */
static double fractal(const struct landscape *landscape, unsigned x, unsigned y)
{
	double sum = 0, weight = 0, amount = 1;
	unsigned octave;

	for (octave = 0; octave < 6; octave++) {
		/* Whole cells a table width: that is why it wraps. Offset: octaves do not line up. */
		double cells = (8 << octave) / (double)LANDSCAPE_NOISE;
		unsigned period = 8u << octave;
		double px = x * cells, py = y * cells;
		unsigned ix = (unsigned)px, iy = (unsigned)py;
		double fx = px - ix, fy = py - iy;
		const uint8_t *a = landscape->grain[(iy % period + 37 * octave) & NOISE_MASK];
		const uint8_t *b = landscape->grain[((iy + 1) % period + 37 * octave) & NOISE_MASK];
		double top, bottom;

		fx = fx * fx * (3 - 2 * fx);
		fy = fy * fy * (3 - 2 * fy);
		top = a[ix % period] + fx * (a[(ix + 1) % period] - a[ix % period]);
		bottom = b[ix % period] + fx * (b[(ix + 1) % period] - b[ix % period]);
		sum += amount * (top + fy * (bottom - top));
		weight += amount;
		amount *= 0.55;
	}
	return sum / weight;
}

static uint8_t to_byte(double value)
{
	return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)value;
}

static void make_clouds(struct landscape *landscape)
{
	unsigned x, y;

	for (y = 0; y < LANDSCAPE_NOISE / 2; y++)
		for (x = 0; x < LANDSCAPE_NOISE; x++) {
			/* Every second row: clouds are wider than high. */
			const uint8_t *row = landscape->noise[2 * y];
			const uint8_t *above = landscape->noise[(2 * y - 12) & NOISE_MASK];

			landscape->cloud[y][x] = to_byte((row[x] - 128) * 4.5);
			/* Lit from above: bright where it is thinner further up. */
			landscape->shade[y][x] = to_byte(190 + (row[x] - above[x]) * 1.6);
		}
}

static void make_ridges(struct landscape *landscape)
{
	static const struct {
		double top, height, rough;
	} shape[LANDSCAPE_RIDGES] = {
		{ 300, 210, 0.16 },
		{ 318, 70, 0.10 },
		{ 352, 44, 0.06 },
	};
	unsigned layer, i;

	for (layer = 0; layer < LANDSCAPE_RIDGES; layer++) {
		struct rows rough = rows_at(landscape->noise, LANDSCAPE_NOISE, 61 + 150 * layer);
		struct rows smooth = rows_at(landscape->noise, LANDSCAPE_NOISE, 90 + 150 * layer);

		for (i = 0; i < ARRAY_LENGTH(landscape->ridge[layer]); i++) {
			double x = (double)i / LANDSCAPE_RIDGE_POINTS;
			double n = between(&rough, x * shape[layer].rough * 1.7);
			double fine = between(&smooth, x * 1.3);
			double up = (n - 110) / 145 + (fine - 128) / 128 * 0.05;

			landscape->ridge[layer][i] =
				(float)(shape[layer].top - shape[layer].height * fmax(up, -0.2));
		}
	}
}

static void make(struct landscape *landscape)
{
	uint64_t seed = landscape->seed;
	unsigned x, y;

	for (y = 0; y < LANDSCAPE_NOISE; y++)
		for (x = 0; x < LANDSCAPE_NOISE; x++)
			landscape->grain[y][x] = (uint8_t)(next_random(&seed) >> 56);
	for (y = 0; y < LANDSCAPE_NOISE; y++)
		for (x = 0; x < LANDSCAPE_NOISE; x++)
			landscape->noise[y][x] =
				to_byte(128 + 1.9 * (fractal(landscape, x, y) - 127.5));
	make_clouds(landscape);
	make_ridges(landscape);
}

void landscape_make(struct landscape *landscape)
{
	static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&making);
	if (!landscape->made)
		make(landscape);
	landscape->made = true;
	pthread_mutex_unlock(&making);
}

static uint16_t mix(uint16_t a, uint16_t b, double amount)
{
	return (uint16_t)(a + (b - a) * amount);
}

static void paint_gradient(struct canvas *canvas, int rows)
{
	static const struct colour zenith = COLOUR(0.07, 0.17, 0.48);
	static const struct colour horizon = COLOUR(0.62, 0.70, 0.80);
	int i, j;

	for (j = 0; j < rows; j++) {
		double y = (canvas->y0 + j) / canvas->scale / LANDSCAPE_SKY_BOTTOM;
		double amount = y > 1 ? 1 : y < 0 ? 0 : pow(y, 1.4);
		struct colour c = {
			mix(zenith.r, horizon.r, amount),
			mix(zenith.g, horizon.g, amount),
			mix(zenith.b, horizon.b, amount),
		};

		for (i = 0; i < canvas->cols; i++)
			canvas_row(canvas, j)[i] = c;
	}
}

/* A day of the scene is two minutes: the sun goes over in the first, the moon in the second. */
static void paint_sun(struct canvas *canvas, int rows, nsec_t t)
{
	static const struct colour sun = { 65535, 61000, 50000 }, moon = COLOUR(0.8, 0.82, 0.85);
	static const struct colour glow = COLOUR(1.3, 1.1, 0.8);
	double phase = (double)(t / NSEC_PER_MSEC % 120000 + 12000) / 60000;
	bool day = fmod(phase, 2) < 1;
	double along = fmod(phase, 1), x = -60 + along * 1176, y = 330 - 260 * sin(along * M_PI);
	struct canvas sky = *canvas;
	double reach = 150;
	int i, j;

	sky.rows = rows;
	for (j = 0; day && j < rows; j++) {
		double dy = (canvas->y0 + j) / canvas->scale - y;
		int left = (int)((x - reach) * canvas->scale) - canvas->x0;
		int right = (int)((x + reach) * canvas->scale) - canvas->x0;

		if (fabs(dy) > reach)
			continue;
		for (i = left < 0 ? 0 : left; i < right && i < canvas->cols; i++) {
			double dx = (canvas->x0 + i) / canvas->scale - x;
			double near = 1 - (dx * dx + dy * dy) / (reach * reach);

			if (near > 0)
				canvas_blend(&canvas_row(canvas, j)[i], &glow,
					(uint32_t)(near * near * near * 170));
		}
	}
	canvas_disc(&sky, x, y, day ? 24 : 18, day ? &sun : &moon);
}

static void paint_clouds(
	const struct landscape *landscape, struct canvas *canvas, int rows, nsec_t t)
{
	/* Two scene units a second; a table cell is two units. */
	double drift = (double)(t / NSEC_PER_MSEC % 1024000) / 1000;
	int i, j;

	for (j = 0; j < rows; j++) {
		double y = (canvas->y0 + j + 0.5) / canvas->scale;
		double fade = fmin(1, fmin((y - 10) / 60, (LANDSCAPE_SKY_BOTTOM - 40 - y) / 120));
		struct colour *row = canvas_row(canvas, j);
		double step = 0.5 / canvas->scale;
		double x = canvas->x0 * step + drift;
		struct rows cloud = rows_at(landscape->cloud, LANDSCAPE_NOISE / 2, y * 0.7);
		struct rows shading = rows_at(landscape->shade, LANDSCAPE_NOISE / 2, y * 0.7);

		if (fade <= 0)
			continue;
		for (i = 0; i < canvas->cols; i++, x += step) {
			double alpha = between(&cloud, x);
			double shade;
			uint16_t v;
			struct colour c;

			if (alpha <= 0)
				continue;
			shade = between(&shading, x) / 255;
			v = (uint16_t)(shade * shade * 1.05 * CANVAS_WHITE);
			c = (struct colour){ v, v, (uint16_t)(v + v / 32) };
			canvas_blend(&row[i], &c, (uint32_t)(alpha * fade * 0.92));
		}
	}
}

void landscape_paint_sky(const struct landscape *landscape, struct canvas *canvas, nsec_t t)
{
	int rows = (int)(LANDSCAPE_SKY_BOTTOM * canvas->scale) - canvas->y0;

	if (rows > canvas->rows)
		rows = canvas->rows;
	if (rows <= 0)
		return;
	paint_gradient(canvas, rows);
	paint_sun(canvas, rows, t);
	paint_clouds(landscape, canvas, rows, t);
}

static double ridge_at(const struct landscape *landscape, unsigned layer, double x)
{
	double at = x * LANDSCAPE_RIDGE_POINTS;
	unsigned i = at < 0 ? 0 : (unsigned)at;
	const float *ridge = landscape->ridge[layer];

	if (i > ARRAY_LENGTH(landscape->ridge[0]) - 2)
		i = ARRAY_LENGTH(landscape->ridge[0]) - 2;
	return ridge[i] + (at - i) * (double)(ridge[i + 1] - ridge[i]);
}

int landscape_skyline(const struct landscape *landscape, const struct canvas *canvas, int x)
{
	double top = LANDSCAPE_SKY_BOTTOM;
	unsigned layer;

	for (layer = 0; layer < LANDSCAPE_RIDGES; layer++)
		top = fmin(top, ridge_at(landscape, layer, x / canvas->scale));
	return (int)(top * canvas->scale);
}

/* How a stretch of ground looks: its colour, and how rough it is at two scales, 0..256. */
struct ground {
	struct colour colour;
	uint32_t coarse, fine;
	double stretch_x, stretch_y; /* table cells a scene unit */
};

static const struct ground grounds[LANDSCAPE_RIDGES] = {
	{ COLOUR(0.20, 0.26, 0.36), 110, 16, 0.9, 1.3 },
	{ COLOUR(0.07, 0.13, 0.10), 170, 50, 1.7, 2.5 },
	{ COLOUR(0.12, 0.20, 0.045), 140, 60, 0.8, 2.2 },
};

/* Columns that are painted at once, and where a stretch of ground begins and ends in each. */
enum { AT_ONCE = 256 };
struct stretch {
	int top[AT_ONCE];    /* its first row, half of which is of what is behind */
	int bottom[AT_ONCE]; /* its last one that is seen */
	int highest, lowest;
};

/* One column's worth of texture would be slow to fetch: rows are walked, with fixed-point steps. */
static void paint_ground_row(const struct landscape *landscape, struct canvas *canvas, int j,
	unsigned layer, const struct stretch *stretch)
{
	const struct ground *ground = &grounds[layer];
	const uint8_t *coarse, *fine = landscape->grain[(unsigned)(canvas->y0 + j) & NOISE_MASK];
	double y = (canvas->y0 + j) / canvas->scale;
	uint32_t step = (uint32_t)(ground->stretch_x / canvas->scale * 65536);
	uint32_t at = (uint32_t)canvas->x0 * step;
	/* The meadow comes nearer towards the bottom: its texture grows. */
	double depth = layer == LANDSCAPE_RIDGES - 1 ? 120 * log(fmax(y - 250, 1)) : y;
	struct colour *row = canvas_row(canvas, j);
	int i;

	coarse = landscape->noise[(unsigned)(depth * ground->stretch_y) & NOISE_MASK];
	for (i = 0; i < canvas->cols; i++, at += step) {
		uint32_t light;
		struct colour c;

		if (canvas->y0 + j < stretch->top[i] || canvas->y0 + j > stretch->bottom[i])
			continue;
		light = 256 - ground->coarse / 2 - ground->fine / 2 +
			(coarse[at >> 16 & NOISE_MASK] * ground->coarse >> 8) +
			(fine[(unsigned)(canvas->x0 + i) & NOISE_MASK] * ground->fine >> 8);
		c = (struct colour){
			(uint16_t)(ground->colour.r * light >> 8),
			(uint16_t)(ground->colour.g * light >> 8),
			(uint16_t)(ground->colour.b * light >> 8),
		};
		/* The first pixel of a ridge is half of it: no saw teeth. */
		if (canvas->y0 + j == stretch->top[i])
			canvas_blend(&row[i], &c, 128);
		else
			row[i] = c;
	}
}

/* Each stretch hides those behind it from its second row on. */
static void lay_out(const struct landscape *landscape, const struct canvas *canvas,
	struct stretch stretches[LANDSCAPE_RIDGES])
{
	int hidden[AT_ONCE], i;
	unsigned layer;

	for (i = 0; i < canvas->cols; i++)
		hidden[i] = INT32_MAX;
	for (layer = LANDSCAPE_RIDGES; layer-- > 0;) {
		struct stretch *stretch = &stretches[layer];
		int end = layer + 1 < LANDSCAPE_RIDGES ? (int)ceil(420 * canvas->scale) - 1
						       : INT32_MAX;

		stretch->highest = INT32_MAX;
		stretch->lowest = INT32_MIN;
		for (i = 0; i < canvas->cols; i++) {
			double y = ridge_at(landscape, layer, (canvas->x0 + i) / canvas->scale);

			stretch->top[i] = (int)(y * canvas->scale);
			stretch->bottom[i] = hidden[i] < end ? hidden[i] : end;
			if (stretch->top[i] < stretch->highest)
				stretch->highest = stretch->top[i];
			if (stretch->bottom[i] > stretch->lowest)
				stretch->lowest = stretch->bottom[i];
			if (stretch->top[i] < hidden[i])
				hidden[i] = stretch->top[i];
		}
	}
}

static void paint_ridges(const struct landscape *landscape, struct canvas *canvas)
{
	struct stretch stretches[LANDSCAPE_RIDGES];
	struct canvas part = *canvas;
	unsigned layer;
	int x, j;

	for (x = 0; x < canvas->cols; x += AT_ONCE) {
		part.px = canvas->px + x;
		part.x0 = canvas->x0 + x;
		part.cols = canvas->cols - x < AT_ONCE ? canvas->cols - x : AT_ONCE;
		lay_out(landscape, &part, stretches);
		for (layer = 0; layer < LANDSCAPE_RIDGES; layer++)
			for (j = 0; j < part.rows; j++)
				if (part.y0 + j >= stretches[layer].highest &&
					part.y0 + j <= stretches[layer].lowest)
					paint_ground_row(
						landscape, &part, j, layer, &stretches[layer]);
	}
}

bool landscape_is_tower(int x, int y)
{
	double half = y < 190 ? (y - 130) * 1.3 : 68;

	return y >= 130 && x + 0.5 > 150 - half && x + 0.5 < 150 + half;
}

static void paint_tower(struct canvas *canvas)
{
	static const struct colour wall = COLOUR(0.30, 0.19, 0.13), dark = COLOUR(0.04, 0.03, 0.03);
	static const struct colour roof = COLOUR(0.16, 0.035, 0.03),
				   face = COLOUR(0.75, 0.72, 0.62);
	static const struct colour mortar = COLOUR(0.20, 0.14, 0.10);
	int i, row;

	canvas_rect(canvas, 82, 190, 136, 410, &wall);
	for (row = 0; row < 34; row++) {
		canvas_rect(canvas, 82, 190 + row * 12, 136, 1, &mortar);
		for (i = 0; i < 6; i++)
			canvas_rect(
				canvas, 82 + i * 24 + row % 2 * 12, 190 + row * 12, 1, 12, &mortar);
	}
	for (i = 0; i < 60; i++)
		canvas_rect(canvas, 150 - i * 1.3, 130 + i, i * 2.6, 1, &roof);
	canvas_disc(canvas, 150, 250, 54, &dark);
	canvas_disc(canvas, 150, 250, 50, &face);
	for (i = 0; i < 60; i++) {
		double s = sin(i * TURN / 60), c = cos(i * TURN / 60), in = i % 5 ? 45 : 39;

		canvas_line(canvas, 150 + s * in, 250 - c * in, 150 + s * 48, 250 - c * 48,
			i % 5 ? 1 : 3, &dark);
	}
	canvas_rect(canvas, 96, 322, 108, 206, &dark);
}

static void paint_chart_bars(struct canvas *canvas)
{
	static const struct colour bars[] = {
		COLOUR(0.75, 0.75, 0.75),
		COLOUR(0.62, 0.62, 0.03),
		COLOUR(0.03, 0.6, 0.62),
		COLOUR(0.03, 0.55, 0.03),
		COLOUR(0.6, 0.03, 0.58),
		COLOUR(0.55, 0.03, 0.03),
		COLOUR(0.03, 0.03, 0.55),
		COLOUR(0.01, 0.01, 0.01),
	};
	unsigned i;

	for (i = 0; i < ARRAY_LENGTH(bars); i++)
		canvas_rect(canvas, 700 + i * 38, 410, 38, 48, &bars[i]);
	/* Twelve greys, half a stop apart. */
	for (i = 0; i < 12; i++) {
		uint16_t v = (uint16_t)(0.9 * CANVAS_WHITE * pow(2, -0.5 * i));
		struct colour grey = { v, v, v };

		canvas_rect(canvas, 700 + i * (304.0 / 12), 462, 304.0 / 12, 34, &grey);
	}
}

static void paint_chart(struct canvas *canvas)
{
	static const struct colour board = COLOUR(0.85, 0.85, 0.85), ink = COLOUR(0.02, 0.02, 0.02);
	static const struct colour post = COLOUR(0.10, 0.06, 0.03), grey = COLOUR(0.43, 0.43, 0.43);
	static const struct box box = { 680, 390, 344, 300 };
	int i, group;

	if (!canvas_touches(canvas, &box))
		return;
	canvas_rect(canvas, 720, 640, 12, 50, &post);
	canvas_rect(canvas, 972, 640, 12, 50, &post);
	canvas_rect(canvas, 690, 400, 324, 248, &board);
	paint_chart_bars(canvas);
	canvas_star(canvas, 772, 570, 66, 36);
	/* Pairs of lines, from four units a line to a quarter: what a lens is judged by. */
	for (group = 0; group < 5; group++) {
		double pitch = 4.0 / (1 << group);

		/* Finer than the pixels: grey, as a lens would show it. */
		if (pitch * canvas->scale < 1) {
			canvas_rect(canvas, 856, 506 + group * 20, 47, 16, &grey);
			canvas_rect(canvas, 920 + group * 17, 506, 14, 47, &grey);
			continue;
		}
		for (i = 0; i < 6 << group; i++) {
			canvas_rect(canvas, 856 + i * 2 * pitch, 506 + group * 20, pitch, 16, &ink);
			canvas_rect(canvas, 920 + group * 17, 506 + i * 2 * pitch, 14, pitch, &ink);
		}
	}
	canvas_text(canvas, 856, 616, 2.4, "OPENCAMRC", &ink);
}

void landscape_paint_ground(const struct landscape *landscape, struct canvas *canvas)
{
	static const struct colour road = COLOUR(0.13, 0.12, 0.11), line = COLOUR(0.6, 0.6, 0.55);
	int i;

	paint_ridges(landscape, canvas);
	canvas_rect(canvas, 0, 524, 1056, 34, &road);
	for (i = 0; i < 18; i++)
		canvas_rect(canvas, i * 60, 540, 32, 2, &line);
	paint_tower(canvas);
	paint_chart(canvas);
}
