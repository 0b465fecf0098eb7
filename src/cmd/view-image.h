/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a live view frame's picture: turned, scaled, made again, or made video. */
#ifndef CMD_VIEW_IMAGE_H
#define CMD_VIEW_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "jpeg/picture.h"

/* Zero-initialised: nothing is changed. */
struct view_change {
	unsigned int rotate;        /* 0, 90, 180, 270: degrees clockwise */
	unsigned int denominator;   /* 1/2, 1/4, 1/8 of the size; 0 and 1: whole */
	unsigned int width, height; /* fitted into that; 0: as it is */
	int quality;                /* 1 to 100; 0: the default where a frame is made again */
};

/* Keeps its memory from frame to frame. One thread at a time. */
struct view_image;

bool view_change_any(const struct view_change *change);
struct view_image *view_image_new(const struct view_change *change);
void view_image_destroy(struct view_image *image);

/*
 * A JPEG into a JPEG, changed as asked: without loss where it is only turned and the size allows it.
 * *out is the image's until its next call. ORC_EPROTO: the frame is damaged.
 */
int view_image_jpeg(struct view_image *image, const uint8_t *data, size_t len, const uint8_t **out,
	size_t *out_len) must_check;
/*
 * A JPEG into a picture of exactly width x height (both even) and that chroma, to be packed. Where
 * the change has a size, it is to be the same. ORC_EPROTO: the frame is damaged.
 */
int view_image_picture(struct view_image *image, const uint8_t *data, size_t len,
	unsigned int width, unsigned int height, struct chroma chroma,
	struct picture *picture) must_check;
/* The size that a frame has after the change, made even. ORC_EPROTO. */
int view_image_size(const struct view_image *image, const uint8_t *data, size_t len,
	unsigned int *width, unsigned int *height) must_check;

#endif
