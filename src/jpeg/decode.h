/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JPEG frame into the planes that it is made of. */
#ifndef JPEG_DECODE_H
#define JPEG_DECODE_H

#include "base/err.h"
#include "jpeg/picture.h"

/* Keeps its memory from frame to frame. One thread at a time. */
struct decoder;

struct decoder *decoder_new(void);
void decoder_destroy(struct decoder *decoder);

/*
 * Decodes a frame at 1/denominator (1, 2, 4, 8) of its size, sides rounded up, without colour
 * conversion and without enlarging chroma. The picture's planes are the decoder's, until its next
 * frame. ORC_EPROTO: it is damaged (nothing that libjpeg had to guess is let through), too large, or
 * neither YCbCr nor grey.
 */
int decoder_decode(struct decoder *decoder, const uint8_t *data, size_t len,
	unsigned int denominator, struct picture *picture) must_check;

/* The largest denominator that leaves a frame no smaller than what it is to be fitted into. */
unsigned int decoder_denominator(
	unsigned int from_width, unsigned int from_height, unsigned int width, unsigned int height);

#endif
