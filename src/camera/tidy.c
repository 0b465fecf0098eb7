/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting back what was changed, whatever the caller wants. */
#include "camera/tidy.h"

#include <gphoto2/gphoto2-result.h>

#include "camera/private.h"

/* A body that exposes or writes to a slow card refuses settings for so long. */
#define BUSY_MSEC 10000

void camera_tidy_begin(struct camera *camera)
{
	camera->no_cancel = true;
}

void camera_tidy_end(struct camera *camera)
{
	camera->no_cancel = false;
}

int camera_setting_put_back(
	struct camera *camera, const char *name, const char *value, struct orc_error *err)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(BUSY_MSEC));
	int ret;

	camera_begin(camera);
	camera_tidy_begin(camera);
	do
		ret = camera_setting_put(camera, name, value);
	while (camera_retry_again(camera, &retry, ret));
	camera_tidy_end(camera);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot put %.80s back to %.80s", name, value);
}
