/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hand on the camera's own buttons and dials: lines from a FIFO. */
#ifndef SIMCAM_CONTROL_H
#define SIMCAM_CONTROL_H

#include <stdbool.h>

#include "base/err.h"

struct sim_camera;

#define CONTROL_LINE  256
#define CONTROL_WORDS 4

struct sim_control {
	int fd;           /* -1: nobody touches the camera */
	const char *path; /* of a FIFO that we made, and remove; else NULL */
	char line[CONTROL_LINE];
	size_t len;
	bool too_long; /* the line under way has been refused */
};

/* Makes the FIFO where there is none. ORC_EFILE. */
int sim_control_open(
	struct sim_control *control, const char *path, struct orc_error *err) must_check;
void sim_control_close(struct sim_control *control);
/* Does what has been written; a line that is not understood is told in the log. */
void sim_control_read(struct sim_camera *camera);

#endif
