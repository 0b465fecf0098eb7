/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lens: where its focus ring stands. */
#include "simcam/lens.h"

#include <stdlib.h>

#include "base/log.h"
#include "simcam/camera.h"

void sim_lens_move(struct sim_camera *camera, int32_t position)
{
	const int32_t end = 1000;

	camera->focus = position < -end ? -end : position > end ? end : position;
}

bool sim_lens_drive(struct sim_camera *camera, int32_t by)
{
	int32_t wanted = camera->focus + by;

	sim_lens_move(camera, wanted);
	if (camera->options->log_releases)
		log_info("%s: focus at %d", camera->usb.device.info.busid, (int)camera->focus);
	return camera->focus == wanted;
}

double sim_lens_blur(const struct sim_camera *camera)
{
	const double positions_a_pixel = 16;

	return abs(camera->focus) / positions_a_pixel;
}
