/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a lens out of focus makes of a picture, and the part of it that is looked at. */
#ifndef SIMCAM_BLUR_H
#define SIMCAM_BLUR_H

#include "simcam/tone.h"

#define BLUR_MAX 64 /* pixels, of a live view frame */

/*
 * Each pixel becomes the mean of those up to `radius` left and right of it: cheap, and can be done
 * strip by strip. radius 0 changes nothing.
 */
void blur_canvas(struct canvas *canvas, unsigned radius);
void blur_planes(struct planes *planes, unsigned radius);

/* The part of 1/zoom of the width and height from (left, top) on, drawn over the whole of `out`. */
void zoom_planes(const struct planes *in, const struct planes *out, unsigned zoom, unsigned left,
	unsigned top);

#endif
