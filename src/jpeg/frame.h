/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JPEG frame: is it whole, does it decode, how bright is it. */
#ifndef JPEG_FRAME_H
#define JPEG_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * For JPEG that comes from a camera and may be cut, torn or not a JPEG at all. No call keeps or
 * changes the data; all are thread-safe; none prints; libjpeg's longjmp stays inside. err may be
 * NULL. Errors are ORC_EREFUSED, the reason in err->why.
 */

/* What the markers tell; valid after success. */
struct jpeg_frame {
	unsigned width, height, components;
	size_t len;     /* from SOI to EOI, both included */
	size_t padding; /* zero bytes after EOI */
};

/*
 * Is this one whole JPEG: SOI first, well-formed segments, a frame header, a scan, EOI, then nothing
 * but zeros? Looks at markers only and decodes nothing: some 10 us for a live view frame.
 * A frame within the frame, as a torn transfer leaves it, is found by its markers.
 */
int jpeg_frame_check(const uint8_t *data, size_t len, struct jpeg_frame *frame,
	struct orc_error *err) must_check;

/*
 * Decodes all of it. *warnings counts what libjpeg worked around: corrupt or missing data; the call
 * succeeds then. Refuses more than JPEG_FRAME_PIXELS_MAX pixels before memory is taken for them.
 */
#define JPEG_FRAME_PIXELS_MAX (200u * 1000 * 1000)
int jpeg_frame_decode_check(
	const uint8_t *data, size_t len, unsigned *warnings, struct orc_error *err) must_check;

/* Of the luma, decoded at an eighth of the size: gamma-encoded, as a camera's histogram shows it. */
struct jpeg_brightness {
	double mean; /* 0 black .. 1 white */
	uint32_t histogram[256];
	uint32_t pixels; /* sum of the histogram */
};

int jpeg_frame_brightness(const uint8_t *data, size_t len, struct jpeg_brightness *brightness,
	struct orc_error *err) must_check;

#endif
