/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view frames as JPEG, as they came or changed, bare or as parts of an HTTP answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cmd/view-sink.h"

#define BOUNDARY    "opencamrc"
#define HEADER_SIZE 256

struct frames {
	struct view_sink sink;
	const struct view_options *options;
	struct view_image *image; /* with a worker, which changes frames; else NULL */
	uint8_t *part;            /* --mpjpeg: a frame with its header */
	size_t part_size;
};

/* The camera's clock is the monotonic one; who reads the header has the other. */
static nsec_t wall_clock(nsec_t monotonic)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (nsec_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec - (clock_now_nsec() - monotonic);
}

static int put_part(struct frames *frames, const uint8_t *data, size_t len, nsec_t arrived_nsec,
	struct orc_error *err)
{
	nsec_t when = wall_clock(arrived_nsec);
	size_t head;

	if (frames->part_size < len + HEADER_SIZE) {
		frames->part_size = len + HEADER_SIZE;
		frames->part = orc_must(realloc(frames->part, frames->part_size));
	}
	head = (size_t)snprintf((char *)frames->part, HEADER_SIZE,
		"--" BOUNDARY "\r\nContent-Type: image/jpeg\r\nContent-Length: %zu\r\n"
		"X-Timestamp: %lld.%06lld\r\n\r\n",
		len, (long long)(when / NSEC_PER_SEC), (long long)(when % NSEC_PER_SEC / 1000));
	memcpy(frames->part + head, data, len);
	memcpy(frames->part + head + len, "\r\n", 2);
	return stream_put(frames->sink.stream, frames->part, head + len + 2, err);
}

static int deliver(struct frames *frames, const uint8_t *data, size_t len, nsec_t arrived_nsec,
	struct orc_error *err)
{
	if (frames->options->form == VIEW_MPJPEG)
		return put_part(frames, data, len, arrived_nsec, err);
	return stream_put(frames->sink.stream, data, len, err);
}

/* On the worker's thread. */
static int change(void *data, const struct view_frame *frame, bool fresh, struct orc_error *err)
{
	struct frames *frames = data;
	struct view_sink *sink = &frames->sink;
	const uint8_t *out;
	size_t len;

	(void)fresh;
	if (frames->options->frames &&
		view_sink_accepted(sink) >= (uint64_t)frames->options->frames) {
		view_sink_count_one(sink, &sink->own.dropped);
		return 0;
	}
	if (view_image_jpeg(frames->image, frame->data, frame->len, &out, &len) < 0) {
		view_sink_count_one(sink, &sink->own.damaged);
		return 0;
	}
	return deliver(frames, out, len, frame->arrived_nsec, err);
}

static int put(struct view_sink *sink, const struct view_frame *frame, struct orc_error *err)
{
	struct frames *frames = (struct frames *)sink;

	if (sink->worker)
		return view_worker_put(sink->worker, frame, err);
	return deliver(frames, frame->data, frame->len, frame->arrived_nsec, err);
}

static void destroy(struct view_sink *sink)
{
	struct frames *frames = (struct frames *)sink;

	view_image_destroy(frames->image);
	view_sink_free(sink);
	free(frames->part);
	free(frames);
}

static const struct view_sink_type frames_type = {
	.put = put,
	.destroy = destroy,
};

static bool is_file(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

int view_frames_new(
	struct view_sink **sink, const struct view_options *options, int fd, struct orc_error *err)
{
	struct frames *frames = orc_must(calloc(1, sizeof(*frames)));
	struct view_worker_options worker = {
		.every = is_file(fd),
		.work = change,
		.data = frames,
	};
	struct view_counts counts;
	int ret;

	view_sink_init(&frames->sink, &frames_type);
	frames->options = options;
	ret = stream_start(&frames->sink.stream, fd, err);
	if (ret == 0 && view_change_any(&options->change)) {
		frames->image = view_image_new(&options->change);
		ret = view_worker_start(&frames->sink.worker, &worker, err);
	}
	if (ret == 0) {
		*sink = &frames->sink;
		return 0;
	}
	if (view_sink_stop(&frames->sink, false, deadline_after_msec(0), &counts,
		    &(struct orc_error){ 0 }) < 0)
		ret = err->code;
	destroy(&frames->sink);
	return ret;
}
