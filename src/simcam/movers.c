/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drawn scene: clock hands, pendulum, balloon, car, and what the frame says of itself. */
#include "simcam/landscape.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TURN (2 * M_PI)

static double seconds(const struct moment *moment)
{
	return (double)(moment->t / 1000) / 1e6;
}

/* How far something is on a way of `length` that it repeats at `speed` units a second. */
static double along(const struct moment *moment, double speed, double length)
{
	return fmod(seconds(moment) * speed, length);
}

static struct box clock_where(const struct moment *moment)
{
	(void)moment;
	return (struct box){ 98, 198, 104, 104 };
}

static void clock_hand(struct canvas *canvas, double turns, double length, double width,
	const struct colour *colour)
{
	double s = sin(turns * TURN), c = cos(turns * TURN);

	canvas_line(canvas, 150 - s * 8, 250 + c * 8, 150 + s * length, 250 - c * length, width,
		colour);
}

static void clock_paint(struct canvas *canvas, const struct moment *moment)
{
	static const struct colour ink = COLOUR(0.02, 0.02, 0.02), red = COLOUR(0.5, 0.02, 0.02);
	double now = seconds(moment);

	clock_hand(canvas, now / 43200, 26, 6, &ink);
	clock_hand(canvas, now / 3600, 38, 4, &ink);
	clock_hand(canvas, now / 60, 44, 2, &red);
}

static struct box pendulum_where(const struct moment *moment)
{
	(void)moment;
	return (struct box){ 96, 322, 108, 160 };
}

static void pendulum_paint(struct canvas *canvas, const struct moment *moment)
{
	static const struct colour rod = COLOUR(0.35, 0.30, 0.20), bob = COLOUR(0.85, 0.60, 0.12);
	static const struct colour shine = COLOUR(1.2, 1.1, 0.7);
	double angle = 0.27 * sin(seconds(moment) * TURN / 2);
	double x = 150 + 128 * sin(angle), y = 326 + 128 * cos(angle);

	canvas_line(canvas, 150, 326, x, y, 3, &rod);
	canvas_disc(canvas, x, y, 18, &bob);
	canvas_disc(canvas, x - 6, y - 6, 4, &shine);
}

static void balloon_place(const struct moment *moment, double *x, double *y)
{
	*x = -60 + along(moment, 22, 1180);
	*y = 110 + 14 * sin(seconds(moment) * 0.9);
}

static struct box balloon_where(const struct moment *moment)
{
	double x, y;

	balloon_place(moment, &x, &y);
	return (struct box){ x - 36, y - 36, 72, 104 };
}

static void balloon_paint(struct canvas *canvas, const struct moment *moment)
{
	static const struct colour red = COLOUR(0.62, 0.04, 0.03), yellow = COLOUR(0.8, 0.55, 0.03);
	static const struct colour basket = COLOUR(0.18, 0.09, 0.03),
				   rope = COLOUR(0.05, 0.04, 0.03);
	double x, y;
	int i;

	balloon_place(moment, &x, &y);
	for (i = -1; i <= 1; i += 2)
		canvas_line(canvas, x + i * 22, y + 22, x + i * 7, y + 50, 1.2, &rope);
	canvas_disc(canvas, x, y, 33, &red);
	for (i = -1; i <= 1; i++)
		canvas_line(canvas, x + i * 17, y - 25 + abs(i) * 5, x + i * 17,
			y + 25 - abs(i) * 5, 7, &yellow);
	canvas_rect(canvas, x - 8, y + 49, 16, 13, &basket);
}

static struct box car_where(const struct moment *moment)
{
	return (struct box){ -110 + along(moment, 130, 1290), 508, 98, 44 };
}

static void car_paint(struct canvas *canvas, const struct moment *moment)
{
	static const struct colour body = COLOUR(0.05, 0.12, 0.55), glass = COLOUR(0.5, 0.6, 0.7);
	static const struct colour tyre = COLOUR(0.02, 0.02, 0.02), lamp = COLOUR(1.5, 1.4, 1.0);
	double x = car_where(moment).x + 2;

	canvas_rect(canvas, x + 18, 510, 46, 14, &body);
	canvas_rect(canvas, x + 22, 513, 18, 10, &glass);
	canvas_rect(canvas, x + 43, 513, 18, 10, &glass);
	canvas_rect(canvas, x, 524, 90, 17, &body);
	canvas_rect(canvas, x + 86, 528, 5, 5, &lamp);
	canvas_disc(canvas, x + 20, 541, 9, &tyre);
	canvas_disc(canvas, x + 70, 541, 9, &tyre);
}

static struct box panel_where(const struct moment *moment)
{
	(void)moment;
	return (struct box){ 250, 574, 404, 104 };
}

static void panel_paint(struct canvas *canvas, const struct moment *moment)
{
	static const struct colour board = COLOUR(0.015, 0.02, 0.03), edge = COLOUR(0.3, 0.3, 0.3);
	static const struct colour amber = COLOUR(0.95, 0.55, 0.05), dim = COLOUR(0.45, 0.5, 0.5);
	int64_t msec = moment->t / NSEC_PER_MSEC;
	char text[40];

	canvas_rect(canvas, 250, 574, 404, 104, &edge);
	canvas_rect(canvas, 253, 577, 398, 98, &board);
	canvas_text(canvas, 264, 586, 2, "FRAME", &dim);
	if (moment->fps) {
		snprintf(text, sizeof(text), "%u/S", moment->fps);
		canvas_text(canvas, 264, 606, 2, text, &dim);
	}
	snprintf(text, sizeof(text), "%09" PRIu64, moment->index % 1000000000);
	canvas_text(canvas, 340, 584, 5.5, text, &amber);
	canvas_text(canvas, 264, 640, 2, "TIME", &dim);
	snprintf(text, sizeof(text), "%02d:%02d:%02d.%03d", (int)(msec / 3600000 % 100),
		(int)(msec / 60000 % 60), (int)(msec / 1000 % 60), (int)(msec % 1000));
	canvas_text(canvas, 340, 636, 4, text, &amber);
}

const struct mover movers[] = {
	{ clock_where, clock_paint },
	{ pendulum_where, pendulum_paint },
	{ balloon_where, balloon_paint },
	{ car_where, car_paint },
	{ panel_where, panel_paint },
};
const unsigned mover_count = ARRAY_LENGTH(movers);

void movers_paint(struct canvas *canvas, const struct moment *moment)
{
	unsigned i;

	for (i = 0; i < mover_count; i++) {
		struct box box = movers[i].where(moment);

		if (canvas_touches(canvas, &box))
			movers[i].paint(canvas, moment);
	}
}
