/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who decides on the exposure: the body's mode dial. */
#ifndef CMD_EXPOSURE_MODE_H
#define CMD_EXPOSURE_MODE_H

#include "camera/camera.h"

enum decides {
	DECIDES_NOBODY, /* the body does not say */
	DECIDES_USER,   /* M */
	DECIDES_BULB,
	DECIDES_BODY,
};

enum decides exposure_mode(struct camera *camera) must_check;

#endif
