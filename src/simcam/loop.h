/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view drawn in advance: frames of a chosen size, repeated, that cost next to nothing. */
#ifndef SIMCAM_LOOP_H
#define SIMCAM_LOOP_H

#include "base/clock.h"
#include "base/err.h"
#include "simcam/buffer.h"
#include "simcam/scene.h"

/*
 * Made for measuring what comes after the camera: drawing a frame takes 5 ms, copying one of a loop
 * some microseconds. Each frame given out has a comment (JPEG's COM) right after its start:
 *
 *   simcam frame 0000000123 made 00000000004567890123
 *
 * the number of the frame, counted as the camera counts, and the CLOCK_MONOTONIC time in nanoseconds
 * that the camera says it was exposed at. The counter drawn in the picture is that of the loop.
 */
struct live_loop;

/* Of a loop: frames, and the bytes of each with its comment; 0: whatever they come to. */
#define LOOP_FRAMES_MAX 1000
#define LOOP_BYTES_MAX  8000000

/*
 * Draws the scene's first `frames` frames, options->fps of them a second, in the best JPEG quality at which all are
 * at most `bytes` long, and fills them up to just that with another comment. ORC_EUSAGE: bytes are too
 * few; ORC_EFILE as scene_new(). Constant once made: any number of cameras and threads may share it.
 */
int live_loop_new(struct live_loop **loop, const struct scene_options *options, unsigned frames,
	size_t bytes, struct orc_error *err) must_check;
void live_loop_destroy(struct live_loop *loop); /* NULL is allowed */
/* Appends a frame to *out. */
void live_loop_frame(
	const struct live_loop *loop, uint64_t index, nsec_t made, struct sim_buffer *out);

#endif
