/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter, from the release on: exposure, buffer, and the files that come of it. */
#ifndef SIMCAM_SHUTTER_H
#define SIMCAM_SHUTTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct sim_camera;
struct studio_job;

/* Where the files of a shot go. */
enum { SHOT_TO_CARD = 2, SHOT_TO_HOST = 4 };

/* What one release makes; lives until its last file was handed over. */
struct sim_shot {
	struct studio_job *job; /* NULL: the studio has it */
	bool processed;         /* the body's own time for it is over */
	bool wants_jpeg, wants_raw;
	unsigned destination;
	struct sim_shot *next;
};

struct sim_shutter {
	bool held;     /* somebody presses: a bulb exposure goes on */
	bool exposing; /* from the release until the mirror is back */
	bool bulb;     /* open until it is let go */
	nsec_t released, opened;
	nsec_t light_start;     /* the first release: from there on the light changes; 0: not yet */
	unsigned destination;   /* of the exposure under way */
	struct sim_shot *shots; /* not handed over yet, oldest first */
	uint64_t pictures;      /* counter for the scene */
};

/* Opens after the shutter's lag and so much more. */
void sim_shutter_release(struct sim_camera *camera, nsec_t delay, unsigned destination);
/* Nobody presses any more: bulb ends, now or, within the lag, as soon as it is open. */
void sim_shutter_let_go(struct sim_camera *camera);
/* Whether the body's own memory has room for another picture, and none is being exposed. */
bool sim_shutter_free(const struct sim_camera *camera);
/* Whether the card has room for one more of that size, beside those that are not written yet: if it is for
 * their sake that it may have none, the body is busy. StoreNotAvailable where it has not even the folder. */
enum ptp_response sim_shutter_room(struct sim_camera *camera, uint64_t size);
/* Nothing exposes and every file was handed over. */
bool sim_shutter_idle(const struct sim_camera *camera);
/* The host is gone: what it should have got is lost, what goes to the card gets there. */
void sim_shutter_host_gone(struct sim_camera *camera);
void sim_shutter_done(struct sim_camera *camera, struct studio_job *job);
/* The shots that there are yet. */
void sim_shutter_stop(struct sim_camera *camera);

#endif
