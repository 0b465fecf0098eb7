/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast a camera and the way to it are. */
#ifndef CAMERA_METER_H
#define CAMERA_METER_H

#include "camera/camera.h"
#include "camera/shoot.h"

/*
 * Measured in the transactions themselves (watch.h), so only where the driver speaks PTP over USB: else
 * nothing is counted. Nothing of the camera is changed, but for the live view that a frame takes.
 */
struct camera_meter {
	size_t transactions;
	nsec_t shortest_nsec; /* of one; 0: there was none */
	uint64_t most_bytes;  /* that one brought … */
	nsec_t most_nsec;     /* … in so long */
};

/* Small questions, so many rounds of them within the deadline: the shortest is a round trip. */
int camera_meter_answers(struct camera *camera, unsigned rounds, struct deadline deadline,
	struct camera_meter *meter, struct orc_error *err) must_check;
/* A live view frame, as camera_preview(); one that another view had already costs no transaction. */
int camera_meter_frame(struct camera *camera, struct camera_view *view, struct deadline deadline,
	size_t *frame_bytes, struct camera_meter *meter, struct orc_error *err) must_check;
/*
 * A part of a picture on the card, 1 MiB at most; on a Canon of one that is not marked as new, for
 * reading takes that mark away. ORC_EAGAIN: there is no such picture.
 */
int camera_meter_file(
	struct camera *camera, struct camera_meter *meter, struct orc_error *err) must_check;

#endif
