/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that works on the newest live view frame, as frames come or at a constant rate. */
#ifndef CMD_VIEW_WORKER_H
#define CMD_VIEW_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

struct view_worker;

/* A JPEG frame as it came. */
struct view_frame {
	const uint8_t *data;
	size_t len;
	nsec_t arrived_nsec;
};

struct view_worker_options {
	/*
	 * Between two calls, exactly in the long run; 0: a call a frame. A call comes a quarter
	 * earlier where a frame has come, or a quarter later for one that has not, and the phase
	 * follows the frames: a camera of the same rate is not made to wait, nor are its frames
	 * left out and repeated when they are a little late or early.
	 */
	nsec_t period_nsec;
	/* view_worker_put() waits until the frame before is taken, rather than replace it. */
	bool every;
	/*
	 * On the worker's thread. frame is what came last, valid until one is newer; `fresh` is
	 * false where it was passed already. Negative ends the thread.
	 */
	int (*work)(void *data, const struct view_frame *frame, bool fresh, struct orc_error *err);
	void *data;
};

int view_worker_start(struct view_worker **worker, const struct view_worker_options *options,
	struct orc_error *err) must_check;
/* Copies the frame. 0, or what work() ended with. */
int view_worker_put(struct view_worker *worker, const struct view_frame *frame,
	struct orc_error *err) must_check;
/* 0, or what work() ended with. */
int view_worker_check(struct view_worker *worker, struct orc_error *err) must_check;
/* Frames that were replaced before they were worked on. */
uint64_t view_worker_dropped(struct view_worker *worker);
/* Ends the thread, once it has worked on what waits if `drain`. NULL is allowed. */
int view_worker_stop(struct view_worker *worker, bool drain, struct orc_error *err) must_check;

#endif
