/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where live view frames go, in the form that was asked for. */
#ifndef CMD_VIEW_SINK_H
#define CMD_VIEW_SINK_H

#include <pthread.h>

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

struct view_sink;

/* What one form does; both may be called on a sink that has seen no frame. */
struct view_sink_type {
	/* Errors as those of stream_put() and loopback_write(). */
	int (*put)(struct view_sink *sink, const struct view_frame *frame, struct orc_error *err);
	/* After view_sink_stop(). */
	void (*destroy)(struct view_sink *sink);
};

/* The camera's thread puts frames; what is costly is done by a thread of the sink's. */
struct view_sink {
	const struct view_sink_type *type;
	struct view_worker *worker; /* NULL: not yet, or frames are passed on as they came */
	struct stream *stream;      /* NULL: not yet, or it is not for one */

	pthread_mutex_t mutex;  /* guards what follows */
	struct view_counts own; /* what neither the stream nor the worker counts */
};

/* For the forms: the part that is common to them. */
void view_sink_init(struct view_sink *sink, const struct view_sink_type *type);
void view_sink_free(struct view_sink *sink);
/* One more of one of sink->own's. */
void view_sink_count_one(struct view_sink *sink, uint64_t *counter);
/* The accepted alone; for the worker's thread as well. */
uint64_t view_sink_accepted(struct view_sink *sink);

/* 0, or what ended the sink's threads. */
int view_sink_check(struct view_sink *sink, struct orc_error *err) must_check;
void view_sink_count(struct view_sink *sink, struct view_counts *counts);
/* Ends all threads, as stream_stop() does, and fills in the counts; type->destroy is left to be called. */
int view_sink_stop(struct view_sink *sink, bool drain, struct deadline deadline,
	struct view_counts *counts, struct orc_error *err);

/* The two kinds of them. `options` and `call` must outlive the sink; fd is where it writes. */
int view_frames_new(struct view_sink **sink, const struct view_options *options, int fd,
	struct orc_error *err) must_check;
/* Opens the device, if it is for one; its size and rate are set with the first frame. */
int view_video_new(struct view_sink **sink, const struct view_options *options,
	const struct call *call, int fd, struct orc_error *err) must_check;

#endif
