/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A worker thread that makes pictures and live view frames, so that the camera goes on answering. */
#ifndef SIMCAM_STUDIO_H
#define SIMCAM_STUDIO_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "simcam/buffer.h"
#include "simcam/picture.h"
#include "simcam/scene.h"

enum studio_kind {
	STUDIO_FRAME,
	STUDIO_STILL,
};

/* Owned by the studio from submit to take, else by the caller. */
struct studio_job {
	enum studio_kind kind;
	/* a frame */
	uint64_t frame;
	nsec_t at_nsec;
	struct scene_exposure exposure; /* stops: of a still, too */
	/* a still */
	struct picture_settings settings;
	bool want_jpeg, want_raw;
	int (*make_raw)(const struct scene *scene, const struct picture_settings *settings,
		double stops, struct sim_buffer *out, struct orc_error *err);
	char artist[64], copyright[64], owner[64]; /* what settings point to */
	/* the result */
	struct sim_buffer jpeg, raw;
	int failed; /* enum orc_err */
	struct orc_error err;
	void *owner_data; /* whoever asked for it */
	struct studio_job *next;
};

struct studio; /* one thread */

/* done_fd is written to (eventfd) whenever a job is done. Several studios may share a scene. */
int studio_new(
	struct studio **studio, struct scene *scene, int done_fd, struct orc_error *err) must_check;
/* Waits for the job under way, drops the others. NULL is allowed. */
void studio_destroy(struct studio *studio);
void studio_submit(struct studio *studio, struct studio_job *job);
/* A finished job, oldest first, or NULL. Any thread's fault is in job->failed. */
struct studio_job *studio_take(struct studio *studio);
void studio_job_free(struct studio_job *job);

#endif
