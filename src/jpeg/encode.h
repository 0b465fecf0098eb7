/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Planes into a JPEG frame. */
#ifndef JPEG_ENCODE_H
#define JPEG_ENCODE_H

#include "base/err.h"
#include "jpeg/picture.h"

/* Keeps its memory from frame to frame. One thread at a time. */
struct encoder;

struct encoder *encoder_new(void);
void encoder_destroy(struct encoder *encoder);

/*
 * quality as libjpeg has it, 1 to 100. The picture is grey, or its chroma is as picture_chroma()
 * knows it; what lies in its planes beyond the right edge is overwritten. *data is the encoder's
 * until its next frame. ORC_EREFUSED where libjpeg does not take it.
 */
int encoder_encode(struct encoder *encoder, const struct picture *picture, int quality,
	const uint8_t **data, size_t *len) must_check;

#endif
