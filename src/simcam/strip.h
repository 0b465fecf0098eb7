/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine-readable frame counter along the top and bottom edge; scene.h says what it holds. */
#ifndef SIMCAM_STRIP_H
#define SIMCAM_STRIP_H

#include <stdint.h>

#include "simcam/tone.h"

/*
 * Draws what falls into the planes, which hold the rows from first_row on of a picture of the given
 * height.
 */
void strip_draw(const struct planes *planes, unsigned first_row, unsigned height, uint64_t index);

#endif
