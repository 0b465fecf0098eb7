/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A 5x7 dot font for what the scene says of itself. */
#ifndef SIMCAM_FONT_H
#define SIMCAM_FONT_H

#include <stdint.h>

#define FONT_COLUMNS 5
#define FONT_ROWS    7

/* Seven rows, the leftmost dot in bit 4; a letter it does not have is a blank. */
const uint8_t *font_letter(char letter);

#endif
