/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A given picture, read row by row and scaled to the size wanted. */
#include "simcam/source.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>

#include "simcam/tone.h"

/* Enough for any camera, and what libjpeg may ask for stays bounded. */
#define SOURCE_SIDE_MAX 20000u

struct source_rows {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
	char message[JMSG_LENGTH_MAX];
	unsigned width, height, next;
	double step, left, top; /* source pixels a pixel, and where the picture begins in it */
	uint8_t *
		line[2]; /* two neighbouring rows of the source: number `have` and the one before */
	long have;
	bool broken;
	uint16_t linear[256];
};

static void give_up(j_common_ptr jpeg)
{
	struct source_rows *rows = jpeg->client_data;

	jpeg->err->format_message(jpeg, rows->message);
	longjmp(rows->failed, 1);
}

/* A user hears of a file that cannot be opened; what is odd inside it is shown as far as it goes. */
static void be_silent(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void be_silent_at(j_common_ptr jpeg, int level)
{
	(void)jpeg;
	(void)level;
}

/* Lets libjpeg do what it can of the scaling down, which is nearly free; at least the size wanted. */
static void choose_scale(struct source_rows *rows)
{
	struct jpeg_decompress_struct *jpeg = &rows->jpeg;
	unsigned eighths;
	double by_width, by_height;

	for (eighths = 1; eighths < 8; eighths++)
		if (jpeg->image_width * eighths / 8 >= rows->width &&
			jpeg->image_height * eighths / 8 >= rows->height)
			break;
	jpeg->scale_num = eighths;
	jpeg->scale_denom = 8;
	jpeg->out_color_space = JCS_RGB;
	jpeg_start_decompress(jpeg);
	by_width = (double)jpeg->output_width / rows->width;
	by_height = (double)jpeg->output_height / rows->height;
	rows->step = by_width < by_height ? by_width : by_height;
	rows->left = (jpeg->output_width - rows->step * rows->width) / 2;
	rows->top = (jpeg->output_height - rows->step * rows->height) / 2;
}

static int start(struct source_rows *rows, const struct sim_buffer *jpeg)
{
	if (setjmp(rows->failed))
		return ORC_EFILE;
	jpeg_create_decompress(&rows->jpeg);
	jpeg_mem_src(&rows->jpeg, jpeg->data, jpeg->len);
	jpeg_read_header(&rows->jpeg, TRUE);
	if (rows->jpeg.image_width > SOURCE_SIDE_MAX || rows->jpeg.image_height > SOURCE_SIDE_MAX) {
		snprintf(rows->message, sizeof(rows->message), "wider or higher than %u pixels",
			SOURCE_SIDE_MAX);
		return ORC_EFILE;
	}
	choose_scale(rows);
	return 0;
}

int source_rows_open(struct source_rows **out, const struct sim_buffer *jpeg, unsigned width,
	unsigned height, const char *name, struct orc_error *err)
{
	struct source_rows *rows = orc_must(calloc(1, sizeof(*rows)));
	unsigned i;

	rows->width = width;
	rows->height = height;
	rows->have = -1;
	rows->jpeg.err = jpeg_std_error(&rows->errors);
	rows->errors.error_exit = give_up;
	rows->errors.output_message = be_silent;
	rows->errors.emit_message = be_silent_at;
	rows->jpeg.client_data = rows;
	if (start(rows, jpeg)) {
		orc_fail(err, ORC_EFILE, "%s", rows->message);
		orc_what(err, "cannot use %s as a scene", name);
		source_rows_close(rows);
		return ORC_EFILE;
	}
	for (i = 0; i < 256; i++)
		rows->linear[i] = tone_linear((uint8_t)i);
	for (i = 0; i < 2; i++)
		rows->line[i] = orc_must(calloc(rows->jpeg.output_width, 3));
	*out = rows;
	return 0;
}

/* Reads on until line[1] is source row `want`. */
static void read_until(struct source_rows *rows, long want)
{
	long last = (long)rows->jpeg.output_height - 1;

	if (rows->broken || setjmp(rows->failed)) {
		rows->broken = true;
		return;
	}
	while (rows->have < want && rows->have < last) {
		uint8_t *older = rows->line[0];

		rows->line[0] = rows->line[1];
		rows->line[1] = older;
		jpeg_read_scanlines(&rows->jpeg, &rows->line[1], 1);
		if (rows->have++ < 0)
			memcpy(rows->line[0], rows->line[1], (size_t)rows->jpeg.output_width * 3);
	}
}

void source_rows_next(struct source_rows *rows, struct colour *out)
{
	double y = rows->top + (rows->next++ + 0.5) * rows->step - 0.5;
	long row = y < 0 ? 0 : (long)y;
	uint32_t down = y < 0 ? 0 : (uint32_t)((y - (double)row) * 256), i;
	const uint8_t *a, *b;

	read_until(rows, row + 1);
	/* On the last row of the source there is no next one. */
	a = rows->have > row ? rows->line[0] : rows->line[1];
	b = rows->line[1];
	for (i = 0; i < rows->width; i++) {
		double x = rows->left + (i + 0.5) * rows->step;
		uint32_t column = x < 0 ? 0 : (uint32_t)x, at;

		if (column >= rows->jpeg.output_width)
			column = rows->jpeg.output_width - 1;
		at = column * 3;
		out[i].r = rows->linear[(a[at] * (256 - down) + b[at] * down) >> 8];
		out[i].g = rows->linear[(a[at + 1] * (256 - down) + b[at + 1] * down) >> 8];
		out[i].b = rows->linear[(a[at + 2] * (256 - down) + b[at + 2] * down) >> 8];
	}
}

void source_rows_close(struct source_rows *rows)
{
	if (!rows)
		return;
	jpeg_destroy_decompress(&rows->jpeg);
	free(rows->line[0]);
	free(rows->line[1]);
	free(rows);
}

bool source_jpeg_is(const struct sim_buffer *jpeg, unsigned width, unsigned height)
{
	struct source_rows *rows;
	bool same;

	if (source_rows_open(&rows, jpeg, width, height, "", NULL))
		return false;
	same = rows->jpeg.image_width == width && rows->jpeg.image_height == height;
	source_rows_close(rows);
	return same;
}
