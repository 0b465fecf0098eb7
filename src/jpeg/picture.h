/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A decoded frame: planes of luma and chroma, to be turned, fitted into a size and packed. */
#ifndef JPEG_PICTURE_H
#define JPEG_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * JPEG's own colours (JFIF: Y, Cb, Cr of BT.601, each from 0 to 255), a plane a component, chroma in
 * whatever size it came. Planes belong to whoever made the picture, and last until that one is asked
 * for the next picture.
 */
struct plane {
	uint8_t *data;
	size_t stride;
	unsigned int width, height;
};

struct picture {
	unsigned int count; /* of planes: 3, or 1 for grey */
	struct plane plane[3];
};

/* Memory for planes that is kept from frame to frame. Zero-initialise. */
struct planes_memory {
	uint8_t *data[3];
	size_t size[3];
};
/*
 * Room for a plane, its lines 32 bytes aligned and long enough to be filled up to whole JPEG
 * blocks; what was in it is lost.
 */
struct plane planes_take(
	struct planes_memory *memory, unsigned int index, unsigned int width, unsigned int height);
void planes_free(struct planes_memory *memory);

/* How chroma relates to luma: 1 is the same size, 2 is half, in each direction. */
struct chroma {
	unsigned int horizontal, vertical;
};

/* True, with how, where both chroma planes are 1 or 1/2 of luma in each direction. */
bool picture_chroma(const struct picture *picture, struct chroma *chroma);

/* Turns clockwise by 90, 180 or 270 degrees into planes of `memory`. */
void picture_rotate(const struct picture *from, unsigned int degrees, struct picture *to,
	struct planes_memory *memory);

/* Scales pictures into a size that stays. */
struct fitter;
struct fitter *fitter_new(unsigned int width, unsigned int height, struct chroma chroma);
void fitter_destroy(struct fitter *fitter);
/*
 * The whole of `from`, as large as it goes and its shape kept, in the middle of a picture of the
 * fitter's size; black where nothing is. Planes that have the right size already are not copied: *to
 * then points into `from`. Allocates only where from's size changes.
 */
void fitter_fit(struct fitter *fitter, const struct picture *from, struct picture *to);

/*
 * Packs a picture for video: BT.601 in the narrow range that video has (16 to 235, chroma 16 to
 * 240), as readers of these formats expect. The picture must have even sides, and chroma half in
 * both directions for I420 (planes Y, U, V), half in the horizontal for YUYV. `out` takes
 * width * height * 3 / 2 bytes, or * 2.
 */
void picture_pack_i420(const struct picture *picture, uint8_t *out);
void picture_pack_yuyv(const struct picture *picture, uint8_t *out);

#endif
