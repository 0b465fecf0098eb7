/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A window on the picture being painted, in linear light, and the few shapes painted on it. */
#include "simcam/canvas.h"

#include <math.h>
#include <string.h>

#include "simcam/font.h"

/* Pixels of the window that a shape may touch: x from left to right - 1, y from top to bottom - 1. */
struct span {
	int left, right, top, bottom;
};

static int clamp(double value, int low, int high)
{
	return value < low ? low : value > high ? high : (int)value;
}

static struct span clip(const struct canvas *canvas, double x, double y, double w, double h)
{
	double s = canvas->scale;

	return (struct span){
		.left = clamp(floor(x * s) - canvas->x0, 0, canvas->cols),
		.right = clamp(ceil((x + w) * s) - canvas->x0, 0, canvas->cols),
		.top = clamp(floor(y * s) - canvas->y0, 0, canvas->rows),
		.bottom = clamp(ceil((y + h) * s) - canvas->y0, 0, canvas->rows),
	};
}

int canvas_touches(const struct canvas *canvas, const struct box *box)
{
	struct span span = clip(canvas, box->x, box->y, box->w, box->h);

	return span.left < span.right && span.top < span.bottom;
}

void canvas_rect(
	struct canvas *canvas, double x, double y, double w, double h, const struct colour *colour)
{
	double s = canvas->scale;
	/* Rounded, not widened: neighbouring rectangles neither overlap nor leave a gap. */
	int left = clamp(round(x * s) - canvas->x0, 0, canvas->cols);
	int right = clamp(round((x + w) * s) - canvas->x0, 0, canvas->cols);
	int top = clamp(round(y * s) - canvas->y0, 0, canvas->rows);
	int bottom = clamp(round((y + h) * s) - canvas->y0, 0, canvas->rows);
	int i, j;

	for (j = top; j < bottom; j++)
		for (i = left; i < right; i++)
			canvas_row(canvas, j)[i] = *colour;
}

/* How much of a pixel is covered whose centre is `inside` pixels within the edge. */
static uint32_t coverage(double inside)
{
	if (inside <= -0.5)
		return 0;
	return inside >= 0.5 ? 256 : (uint32_t)((inside + 0.5) * 256);
}

void canvas_disc(
	struct canvas *canvas, double x, double y, double radius, const struct colour *colour)
{
	struct span span =
		clip(canvas, x - radius - 1, y - radius - 1, 2 * radius + 2, 2 * radius + 2);
	double s = canvas->scale, r = radius * s;
	int i, j;

	for (j = span.top; j < span.bottom; j++) {
		double dy = canvas->y0 + j + 0.5 - y * s;
		struct colour *row = canvas_row(canvas, j);

		for (i = span.left; i < span.right; i++) {
			double dx = canvas->x0 + i + 0.5 - x * s;
			double square = dx * dx + dy * dy;

			if (square < (r + 1) * (r + 1))
				canvas_blend(&row[i], colour, coverage(r - sqrt(square)));
		}
	}
}

void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1, double width,
	const struct colour *colour)
{
	double pad = width / 2 + 1, s = canvas->scale;
	struct span span = clip(canvas, fmin(x0, x1) - pad, fmin(y0, y1) - pad,
		fabs(x1 - x0) + 2 * pad, fabs(y1 - y0) + 2 * pad);
	double ax = x0 * s, ay = y0 * s, bx = (x1 - x0) * s, by = (y1 - y0) * s;
	double square = bx * bx + by * by;
	int i, j;

	for (j = span.top; j < span.bottom; j++) {
		struct colour *row = canvas_row(canvas, j);
		double py = canvas->y0 + j + 0.5 - ay;

		for (i = span.left; i < span.right; i++) {
			double px = canvas->x0 + i + 0.5 - ax;
			double along = square > 0 ? (px * bx + py * by) / square : 0;
			double dx, dy;

			along = along < 0 ? 0 : along > 1 ? 1 : along;
			dx = px - along * bx;
			dy = py - along * by;
			canvas_blend(
				&row[i], colour, coverage(width * s / 2 - sqrt(dx * dx + dy * dy)));
		}
	}
}

void canvas_star(struct canvas *canvas, double x, double y, double radius, int sectors)
{
	static const struct colour white = COLOUR(0.85, 0.85, 0.85),
				   black = COLOUR(0.02, 0.02, 0.02);
	struct span span = clip(canvas, x - radius, y - radius, 2 * radius, 2 * radius);
	double s = canvas->scale;
	int i, j;

	for (j = span.top; j < span.bottom; j++) {
		double dy = canvas->y0 + j + 0.5 - y * s;

		for (i = span.left; i < span.right; i++) {
			double dx = canvas->x0 + i + 0.5 - x * s;
			double r = sqrt(dx * dx + dy * dy), edge;
			struct colour *px = canvas_row(canvas, j) + i;

			if (r > radius * s)
				continue;
			/* The distance to the nearest sector edge, in pixels: a smooth edge. */
			edge = sin(sectors * atan2(dy, dx)) * r / sectors;
			*px = black;
			canvas_blend(px, &white, coverage(edge));
		}
	}
}

static void draw_letter(struct canvas *canvas, double x, double y, double dot, const uint8_t *rows,
	const struct colour *colour)
{
	int column, row;

	for (row = 0; row < FONT_ROWS; row++)
		for (column = 0; column < FONT_COLUMNS; column++)
			if (rows[row] >> (FONT_COLUMNS - 1 - column) & 1)
				canvas_rect(
					canvas, x + column * dot, y + row * dot, dot, dot, colour);
}

void canvas_text(struct canvas *canvas, double x, double y, double dot, const char *text,
	const struct colour *colour)
{
	struct box box = { .y = y, .w = FONT_COLUMNS * dot, .h = FONT_ROWS * dot };

	for (; *text; text++, x += (FONT_COLUMNS + 1) * dot) {
		box.x = x;
		if (canvas_touches(canvas, &box))
			draw_letter(canvas, x, y, dot, font_letter(*text), colour);
	}
}
