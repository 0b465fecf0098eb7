/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How bright a picture is, from its own thumbnail where it has one. */
#ifndef JPEG_BRIGHTNESS_H
#define JPEG_BRIGHTNESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Brightness is a mean of linear light, 0 black to 1 white: luma with the curve of sRGB taken back. The
 * brightest tenth of the picture is left out. The sun, lamps and their reflections are clipped, so that
 * they stay as they are when the exposure changes, and one of them outweighs a whole evening sky. Which
 * tenth it is depends on rank alone, not on the exposure: what is left changes as the exposure does,
 * as long as no more than that is clipped.
 */

/*
 * Of a JPEG, decoded at 1/8 of its size (libjpeg then reads the mean of each block alone), or as much
 * larger as leaves it 120 pixels wide. Black bars above and below, which cameras put around a
 * thumbnail to make it 4:3, do not count. ORC_EPROTO as decoder_decode().
 */
int brightness_jpeg(const uint8_t *data, size_t len, double *brightness) must_check;

/*
 * Of a file, from its first byte on, whatever the position of its descriptor, which stays: of the embedded JPEG, else of the
 * picture itself. Reads 256 KiB and what is measured. ORC_EFILE; ORC_EPROTO: nothing can be measured.
 */
int brightness_file(int fd, double *brightness) must_check;

#endif
