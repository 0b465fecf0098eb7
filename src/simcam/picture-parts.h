/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What JPEG and CR2 pictures share: the scene painted strip by strip. */
#ifndef SIMCAM_PICTURE_PARTS_H
#define SIMCAM_PICTURE_PARTS_H

#include "simcam/picture.h"
#include "simcam/scene-parts.h"

/* The scene at some size, read from the top in strips; constant memory. */
struct painter {
	const struct scene *scene;
	struct moment moment;
	struct sim_buffer given; /* a given picture, and how far it is read */
	struct source_rows *rows;
	struct canvas canvas; /* the strip last painted */
	unsigned width, height, next;
	unsigned blur; /* in pixels of this size */
};

#define PAINTER_ROWS 16u

int painter_start(struct painter *painter, const struct scene *scene,
	const struct picture_settings *settings, unsigned width, unsigned height,
	struct orc_error *err) must_check;
/* The next PAINTER_ROWS rows, or what is left of the picture, are in canvas; false at the end. */
bool painter_next(struct painter *painter);
void painter_stop(struct painter *painter);

/* A JPEG of that size, appended; app1 as in jpeg_writer_start(). */
int picture_encode(const struct scene *scene, const struct picture_settings *settings, double stops,
	unsigned width, unsigned height, unsigned quality, const struct sim_buffer *app1,
	struct sim_buffer *out, struct orc_error *err) must_check;
/* 160x120 with black bars above and below, as the bodies make it. */
int picture_encode_thumbnail(const struct scene *scene, const struct picture_settings *settings,
	double stops, struct sim_buffer *out, struct orc_error *err) must_check;

#endif
