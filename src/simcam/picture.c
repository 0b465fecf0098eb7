/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Still pictures of the simulated camera: JPEG with EXIF, and their thumbnails. */
#include "simcam/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/blur.h"
#include "simcam/exif.h"
#include "simcam/jpeg-write.h"
#include "simcam/picture-parts.h"
#include "simcam/strip.h"

const struct picture_dimensions picture_sizes[PICTURE_SIZES] = {
	[PICTURE_SIZE_L] = { 5184, 3456 },
	[PICTURE_SIZE_M] = { 3456, 2304 },
	[PICTURE_SIZE_S1] = { 2592, 1728 },
	[PICTURE_SIZE_S2] = { 1920, 1280 },
	[PICTURE_SIZE_S3] = { 720, 480 },
};

enum { PICTURE_MAX_WIDTH = 6016, PICTURE_OFF_MAX = 16 };
enum { THUMBNAIL_WIDTH = 160, THUMBNAIL_HEIGHT = 120, THUMBNAIL_BAR = 7, THUMBNAIL_FINER = 3 };

int painter_start(struct painter *painter, const struct scene *scene,
	const struct picture_settings *settings, unsigned width, unsigned height,
	struct orc_error *err)
{
	int rc;

	memset(painter, 0, sizeof(*painter));
	painter->scene = scene;
	painter->moment = (struct moment){ settings->t, settings->index, scene->fps };
	painter->width = width;
	painter->height = height;
	painter->blur = (unsigned)(settings->blur * width / SCENE_WIDTH + 0.5);
	painter->canvas = (struct canvas){
		/* All of it has something of the scene, whatever the proportion. */
		.scale = fmax(width / (double)SCENE_WIDTH, height / (double)SCENE_HEIGHT),
		.cols = (int)width,
		.stride = width,
	};
	painter->canvas.px =
		orc_must(malloc((size_t)width * PAINTER_ROWS * sizeof(*painter->canvas.px)));
	if (!scene->source) {
		landscape_make(scene->landscape);
		return 0;
	}
	rc = source_read(scene->source, settings->index, &painter->given, err);
	if (!rc)
		rc = source_rows_open(&painter->rows, &painter->given, width, height,
			source_name(scene->source, settings->index), err);
	if (rc)
		painter_stop(painter);
	return rc;
}

bool painter_next(struct painter *painter)
{
	struct canvas *canvas = &painter->canvas;
	unsigned left = painter->height - painter->next;
	int j;

	canvas->y0 = (int)painter->next;
	canvas->rows = (int)(left < PAINTER_ROWS ? left : PAINTER_ROWS);
	painter->next += (unsigned)canvas->rows;
	if (painter->rows) {
		for (j = 0; j < canvas->rows; j++)
			source_rows_next(painter->rows, canvas_row(canvas, j));
	} else if (left) {
		landscape_paint_sky(painter->scene->landscape, canvas, painter->moment.t);
		landscape_paint_ground(painter->scene->landscape, canvas);
		movers_paint(canvas, &painter->moment);
	}
	blur_canvas(canvas, painter->blur);
	return left > 0;
}

void painter_stop(struct painter *painter)
{
	source_rows_close(painter->rows);
	sim_buffer_free(&painter->given);
	free(painter->canvas.px);
}

int picture_encode(const struct scene *scene, const struct picture_settings *settings, double stops,
	unsigned width, unsigned height, unsigned quality, const struct sim_buffer *app1,
	struct sim_buffer *out, struct orc_error *err)
{
	struct planes planes;
	struct jpeg_writer writer;
	struct painter painter;
	struct tone *tone;
	struct grain *grain;
	int rc = painter_start(&painter, scene, settings, width, height, err);

	if (rc)
		return rc;
	tone = orc_must(malloc(sizeof(*tone)));
	grain = orc_must(malloc(sizeof(*grain)));
	tone_init(tone, stops);
	grain_init(grain, scene_sigma(scene, scene_noise(settings->iso)), scene->seed);
	planes = planes_new(width, PAINTER_ROWS);
	jpeg_writer_start(&writer, out, width, height, quality, app1);
	while (painter_next(&painter)) {
		unsigned top = (unsigned)painter.canvas.y0;

		planes.rows = (unsigned)painter.canvas.rows;
		tone_apply(tone, &painter.canvas, &planes, 0, 0);
		grain_apply(grain, &planes, settings->index, top);
		if (scene->strip)
			strip_draw(&planes, top, height, settings->index);
		jpeg_writer_band(&writer, &planes);
	}
	jpeg_writer_finish(&writer);
	painter_stop(&painter);
	planes_free(&planes);
	free(tone);
	free(grain);
	return 0;
}

/* Adds up squares of THUMBNAIL_FINER pixels of the strip into rows of the thumbnail. */
static void shrink(const struct canvas *canvas, uint32_t (*sums)[3])
{
	int i, j;

	for (j = 0; j < canvas->rows; j++) {
		uint32_t(*row)[3] = sums + (canvas->y0 + j) / THUMBNAIL_FINER * THUMBNAIL_WIDTH;

		for (i = 0; i < canvas->cols; i++) {
			const struct colour *px = canvas_row(canvas, j) + i;

			row[i / THUMBNAIL_FINER][0] += px->r;
			row[i / THUMBNAIL_FINER][1] += px->g;
			row[i / THUMBNAIL_FINER][2] += px->b;
		}
	}
}

int picture_encode_thumbnail(const struct scene *scene, const struct picture_settings *settings,
	double stops, struct sim_buffer *out, struct orc_error *err)
{
	const int squares = THUMBNAIL_FINER * THUMBNAIL_FINER;
	const int rows = THUMBNAIL_HEIGHT - 2 * THUMBNAIL_BAR;
	struct colour px[THUMBNAIL_WIDTH * THUMBNAIL_HEIGHT] = { 0 };
	struct canvas canvas = { .scale = 1,
		.cols = THUMBNAIL_WIDTH,
		.rows = THUMBNAIL_HEIGHT,
		.stride = THUMBNAIL_WIDTH,
		.px = px };
	cleanup_free uint32_t(*sums)[3] = NULL;
	cleanup_free struct tone *tone = NULL;
	struct planes planes;
	struct jpeg_writer writer;
	struct painter painter;
	int i, rc;

	rc = painter_start(&painter, scene, settings, THUMBNAIL_WIDTH * THUMBNAIL_FINER,
		(unsigned)rows * THUMBNAIL_FINER, err);
	if (rc)
		return rc;
	sums = orc_must(calloc((size_t)(THUMBNAIL_WIDTH * rows), sizeof(*sums)));
	while (painter_next(&painter))
		shrink(&painter.canvas, sums);
	painter_stop(&painter);
	for (i = 0; i < THUMBNAIL_WIDTH * rows; i++)
		px[THUMBNAIL_BAR * THUMBNAIL_WIDTH + i] = (struct colour){
			(uint16_t)(sums[i][0] / (unsigned)squares),
			(uint16_t)(sums[i][1] / (unsigned)squares),
			(uint16_t)(sums[i][2] / (unsigned)squares),
		};
	tone = orc_must(malloc(sizeof(*tone)));
	tone_init(tone, stops);
	planes = planes_new(THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT);
	tone_apply(tone, &canvas, &planes, 0, 0);
	jpeg_writer_start(&writer, out, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT, 85, NULL);
	jpeg_writer_band(&writer, &planes);
	jpeg_writer_finish(&writer);
	planes_free(&planes);
	return 0;
}

/* 3:2, but for a few rows or columns that some bodies have more: whole blocks of a JPEG. */
static bool is_size(unsigned w, unsigned h)
{
	unsigned off = w * 2 > h * 3 ? w * 2 - h * 3 : h * 3 - w * 2;

	return w && w % 16 == 0 && h % 8 == 0 && w <= PICTURE_MAX_WIDTH && off <= PICTURE_OFF_MAX;
}

int picture_jpeg(const struct scene *scene, const struct picture_settings *settings, double stops,
	struct sim_buffer *out, struct orc_error *err)
{
	cleanup_buffer struct sim_buffer thumbnail = { 0 }, app1 = { 0 };
	unsigned w = settings->width, h = settings->height;
	int rc;

	if (!is_size(w, h))
		return orc_fail(err, ORC_EUSAGE, "no picture size: %ux%u", w, h);
	rc = picture_encode_thumbnail(scene, settings, stops, &thumbnail, err);
	if (rc)
		return rc;
	exif_app1(&app1, settings, &thumbnail);
	sim_buffer_clear(out);
	return picture_encode(scene, settings, stops, w, h, settings->quality, &app1, out, err);
}

/* The thumbnail that a TIFF's IFD1 points at. */
static int tiff_thumbnail(
	const uint8_t *tiff, size_t len, const uint8_t **thumbnail, size_t *thumbnail_len)
{
	size_t ifd, count, i, at = 0, bytes = 0;

	if (len < 16 || memcmp(tiff, "II*", 4) != 0)
		return ORC_EREFUSED;
	ifd = get_le32(tiff + 4);
	if (ifd > len - 2)
		return ORC_EREFUSED;
	ifd += 2 + (size_t)get_le16(tiff + ifd) * 12;
	if (ifd + 4 > len)
		return ORC_EREFUSED;
	ifd = get_le32(tiff + ifd);
	if (!ifd || ifd > len - 2)
		return ORC_EREFUSED;
	count = get_le16(tiff + ifd);
	if (ifd + 2 + count * 12 > len)
		return ORC_EREFUSED;
	for (i = 0; i < count; i++) {
		const uint8_t *entry = tiff + ifd + 2 + i * 12;

		if (get_le16(entry) == TAG_THUMBNAIL)
			at = get_le32(entry + 8);
		else if (get_le16(entry) == TAG_THUMBNAIL_BYTES)
			bytes = get_le32(entry + 8);
	}
	if (bytes < 4 || at > len || bytes > len - at || get_be16(tiff + at) != 0xffd8)
		return ORC_EREFUSED;
	*thumbnail = tiff + at;
	*thumbnail_len = bytes;
	return 0;
}

int picture_thumbnail(
	const uint8_t *data, size_t len, const uint8_t **thumbnail, size_t *thumbnail_len)
{
	size_t at = 2, segment;

	if (len < 4 || get_be16(data) != 0xffd8)
		return tiff_thumbnail(data, len, thumbnail, thumbnail_len);
	for (; at + 10 <= len && data[at] == 0xff && data[at + 1] != 0xda; at += 2 + segment) {
		segment = get_be16(data + at + 2);
		if (segment < 8 || at + 2 + segment > len || data[at + 1] != 0xe1)
			continue;
		if (memcmp(data + at + 4, "Exif\0", 6) == 0)
			return tiff_thumbnail(
				data + at + 10, segment - 8, thumbnail, thumbnail_len);
	}
	return ORC_EREFUSED;
}
