/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What scene.c and the pictures share of a scene. */
#ifndef SIMCAM_SCENE_PARTS_H
#define SIMCAM_SCENE_PARTS_H

#include <pthread.h>

#include "simcam/landscape.h"
#include "simcam/scene.h"
#include "simcam/source.h"
#include "simcam/tone.h"

struct scene {
	/* Constant once made, read without the lock. */
	uint64_t seed;
	unsigned fps;
	double detail;
	bool strip;
	unsigned quality;      /* of the JPEGs of live view, 1 to 100 */
	struct source *source; /* NULL: drawn */
	/* NULL: given pictures. Its contents are there after landscape_make(). */
	struct landscape *landscape;

	/* Live view's own, under the lock, there from the first frame on that is drawn. */
	pthread_mutex_t lock;
	struct sim_buffer given; /* the picture last read from the source */
	struct colour *still;    /* linear light: the ground of the drawn scene, without sky */
	struct colour *current;  /* linear light: all that does not move, of this moment */
	struct colour *patch;    /* room for what a mover repaints */
	struct planes base;      /* `current` as the exposure in `tone` makes it */
	struct planes frame;     /* the frame being made */
	struct tone tone;
	struct grain grain;
	int64_t sky_step; /* the moment that `current` shows; -1: none yet */
	bool base_stale;
};

/* Sensor noise of an ISO value, as in scene_exposure; and its sigma in 8-bit luma. */
double scene_noise(unsigned iso);
double scene_sigma(const struct scene *scene, double noise);
struct planes planes_new(unsigned width, unsigned rows);
void planes_free(struct planes *planes);

#endif
