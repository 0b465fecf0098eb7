/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a JPEG frame without decoding it: no loss, and less work. */
#ifndef JPEG_TURN_H
#define JPEG_TURN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Keeps its memory from frame to frame. One thread at a time. */
struct turner;

struct turner *turner_new(void);
void turner_destroy(struct turner *turner);

/*
 * Clockwise by 90, 180 or 270 degrees, by moving the blocks' coefficients about. ORC_EREFUSED where
 * the size does not allow it: an edge that is not whole blocks (MCUs) would have to move to the left
 * or to the top. ORC_EPROTO: the frame is damaged. *out is the turner's until its next frame.
 */
int turner_turn(struct turner *turner, const uint8_t *data, size_t len, unsigned int degrees,
	const uint8_t **out, size_t *out_len) must_check;

#endif
