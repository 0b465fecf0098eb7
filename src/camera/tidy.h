/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting back what was changed, whatever the caller wants. */
#ifndef CAMERA_TIDY_H
#define CAMERA_TIDY_H

#include "camera/settings.h"

/*
 * Between the two nobody is asked whether to stop: a signal that ended what went before must not
 * end the cleaning up as well. Each call in between is bounded by its own deadline.
 */
void camera_tidy_begin(struct camera *camera);
void camera_tidy_end(struct camera *camera);

/* A setting as it was before; a body that is still writing pictures is waited for. */
int camera_setting_put_back(struct camera *camera, const char *name, const char *value,
	struct orc_error *err) must_check;

#endif
