/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing JPEG from planes, a band of rows at a time. */
#ifndef SIMCAM_JPEG_WRITE_H
#define SIMCAM_JPEG_WRITE_H

#include <stddef.h>
#include <stdio.h>
#include <jpeglib.h>

#include "simcam/buffer.h"
#include "simcam/tone.h"

/* Bands are of so many rows, or a multiple. */
#define JPEG_BAND 8u

/*
 * A picture in the making: start, then band after band from the top, then finish. Width is a
 * multiple of 16, height one of 8. Appends to *out, which must not be touched meanwhile.
 */
struct jpeg_writer {
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr destination;
	struct sim_buffer *out;
};

/* app1 (EXIF) is written at once; NULL for none. No JFIF header: the bodies write none. */
void jpeg_writer_start(struct jpeg_writer *writer, struct sim_buffer *out, unsigned width,
	unsigned height, unsigned quality, const struct sim_buffer *app1);
void jpeg_writer_band(struct jpeg_writer *writer, const struct planes *planes);
void jpeg_writer_finish(struct jpeg_writer *writer);

#endif
