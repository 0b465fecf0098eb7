/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One JPEG frame: is it whole, and where does it end. */
#ifndef JPEG_FRAME_H
#define JPEG_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct jpeg_frame {
	size_t len; /* from SOI to EOI; what stands behind, padding mostly, is not of the frame */
	unsigned int width, height; /* pixels */
};

/*
 * Walks the markers (ITU-T T.81, annex B) without decoding: SOI first, a frame header before the
 * first scan, every segment within its length, EOI at the end. ORC_EPROTO for anything that is cut
 * short or is no JPEG. Reads each byte at most once, allocates nothing. frame may be NULL.
 */
int jpeg_frame_check(const uint8_t *data, size_t len, struct jpeg_frame *frame) must_check;

#endif
