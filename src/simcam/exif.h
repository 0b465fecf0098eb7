/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a picture says of itself: EXIF and Canon's MakerNote. */
#ifndef SIMCAM_EXIF_H
#define SIMCAM_EXIF_H

#include "simcam/picture.h"
#include "simcam/tiff.h"

enum {
	TAG_SUBFILE_TYPE = 0xfe,
	TAG_WIDTH = 0x100,
	TAG_HEIGHT = 0x101,
	TAG_BITS = 0x102,
	TAG_COMPRESSION = 0x103,
	TAG_PHOTOMETRIC = 0x106,
	TAG_STRIP_OFFSETS = 0x111,
	TAG_ORIENTATION = 0x112,
	TAG_SAMPLES = 0x115,
	TAG_ROWS_PER_STRIP = 0x116,
	TAG_STRIP_BYTES = 0x117,
	TAG_X_RESOLUTION = 0x11a,
	TAG_Y_RESOLUTION = 0x11b,
	TAG_PLANAR = 0x11c,
	TAG_RESOLUTION_UNIT = 0x128,
	TAG_SUB_IFDS = 0x14a,
	TAG_THUMBNAIL = 0x201,
	TAG_THUMBNAIL_BYTES = 0x202,
	TAG_CFA_SIZE = 0x828d,
	TAG_CFA_PATTERN = 0x828e,
	TAG_EXIF = 0x8769,
	TAG_MAKERNOTE = 0x927c,
	TAG_CR2_SLICE = 0xc640,
};

/* Red, green, green, blue: what a neutral grey needs, green being 1024. */
extern const uint16_t exif_white_balance[4];

/* IFD0: maker, model, date, who; TAG_EXIF is 0 and to be set. */
void exif_main(struct tiff_ifd *ifd, const struct picture_settings *settings);
/* The EXIF directory, MakerNote included, as long as it will be; see exif_write(). */
void exif_details(struct tiff_ifd *ifd, const struct picture_settings *settings, unsigned width,
	unsigned height);
/* Appends it: the MakerNote's own addresses depend on where it is. */
void exif_write(struct tiff_ifd *ifd, const struct picture_settings *settings,
	struct sim_buffer *out, uint32_t address);
/* The whole APP1 segment of a JPEG: "Exif", IFD0, EXIF, IFD1 with the thumbnail. */
void exif_app1(struct sim_buffer *out, const struct picture_settings *settings,
	const struct sim_buffer *thumbnail);

#endif
