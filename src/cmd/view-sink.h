/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where live view frames go, in the form that was asked for. */
#ifndef CMD_VIEW_SINK_H
#define CMD_VIEW_SINK_H

#include "cmd/stream.h"
#include "cmd/view-options.h"
#include "cmd/view-worker.h"

struct view_counts {
	uint64_t frames, bytes; /* written whole */
	uint64_t dropped;       /* taken by a newer one */
	uint64_t accepted;      /* written, being written or waiting */
	uint64_t damaged;       /* could not be decoded */
	uint64_t decoded;       /* into pixels, to be video */
	uint64_t repeated;      /* written again, to keep the rate */
};

/*
 * The camera's thread puts frames; what is costly is done by a thread of the sink's. Errors as those of
 * stream_put() and loopback_write().
 */
struct view_sink;

/* What one form does; all may be called on a sink that has seen no frame. */
struct view_sink_type {
	int (*put)(struct view_sink *sink, const struct view_frame *frame, struct orc_error *err);
	int (*check)(struct view_sink *sink, struct orc_error *err);
	void (*count)(struct view_sink *sink, struct view_counts *counts);
	/* Ends all threads and fills in the counts; then destroy is left to be called. */
	int (*stop)(struct view_sink *sink, bool drain, struct deadline deadline,
		struct view_counts *counts, struct orc_error *err);
	void (*destroy)(struct view_sink *sink);
};

struct view_sink {
	const struct view_sink_type *type;
};

/* The two kinds of them. `options` and `call` must outlive the sink; fd is where it writes. */
int view_frames_new(struct view_sink **sink, const struct view_options *options, int fd,
	struct orc_error *err) must_check;
/* Opens the device, if it is for one; its size and rate are set with the first frame. */
int view_video_new(struct view_sink **sink, const struct view_options *options,
	const struct call *call, int fd, struct orc_error *err) must_check;

#endif
