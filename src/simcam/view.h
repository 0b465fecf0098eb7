/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view: one frame for each frame time, never the same one twice. */
#ifndef SIMCAM_VIEW_H
#define SIMCAM_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "simcam/ptp.h"

struct studio_job;

struct sim_view {
	uint64_t last_frame; /* given out; frames count from 1 */
	struct {             /* of the live view under way: what is told at its end */
		uint64_t count;
		nsec_t first, last;
	} given;
	bool running; /* between begin and end */
	nsec_t ready; /* when the first frame is */
	bool waiting; /* an operation that gets a frame is open */
	bool in_studio;
	uint32_t zoom; /* 0 is 1 */
	double zoom_x, zoom_y;
};

/* Mirror, shutter, first frame: it takes that long. One that runs goes on as it is. */
void sim_view_begin(struct sim_camera *camera, nsec_t warm_up);
bool sim_view_ready(const struct sim_camera *camera);
/* Tells how it was. */
void sim_view_end(struct sim_camera *camera);
/* The newest frame that was not given out, once it is its time. Always PTP_LATER. */
enum ptp_response sim_view_frame(struct sim_camera *camera);
/* Nobody waits for a frame any more. */
void sim_view_forget(struct sim_camera *camera);
void sim_view_done(struct sim_camera *camera, struct studio_job *job);

#endif
