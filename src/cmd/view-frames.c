/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view frames as JPEG, as they came or changed, bare or as parts of an HTTP answer. */
#include <pthread.h>
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
	struct stream *stream;
	struct view_image *image;   /* NULL: frames are passed on as they came */
	struct view_worker *worker; /* with an image: changes them */
	uint8_t *part;              /* --mpjpeg: a frame with its header */
	size_t part_size;

	pthread_mutex_t mutex;      /* guards what follows */
	uint64_t damaged, left_out; /* frames beyond --frames */
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
	return stream_put(frames->stream, frames->part, head + len + 2, err);
}

static int deliver(struct frames *frames, const uint8_t *data, size_t len, nsec_t arrived_nsec,
	struct orc_error *err)
{
	if (frames->options->form == VIEW_MPJPEG)
		return put_part(frames, data, len, arrived_nsec, err);
	return stream_put(frames->stream, data, len, err);
}

static void count_one(struct frames *frames, uint64_t *counter)
{
	pthread_mutex_lock(&frames->mutex);
	++*counter;
	pthread_mutex_unlock(&frames->mutex);
}

/* On the worker's thread. */
static int change(void *data, const struct view_frame *frame, bool fresh, struct orc_error *err)
{
	struct frames *frames = data;
	struct stream_counts counts;
	const uint8_t *out;
	size_t len;

	(void)fresh;
	stream_counts(frames->stream, &counts);
	if (frames->options->frames && counts.accepted >= (uint64_t)frames->options->frames) {
		count_one(frames, &frames->left_out);
		return 0;
	}
	if (view_image_jpeg(frames->image, frame->data, frame->len, &out, &len) < 0) {
		count_one(frames, &frames->damaged);
		return 0;
	}
	return deliver(frames, out, len, frame->arrived_nsec, err);
}

static int put(struct view_sink *sink, const struct view_frame *frame, struct orc_error *err)
{
	struct frames *frames = (struct frames *)sink;

	if (frames->worker)
		return view_worker_put(frames->worker, frame, err);
	return deliver(frames, frame->data, frame->len, frame->arrived_nsec, err);
}

static int check(struct view_sink *sink, struct orc_error *err)
{
	struct frames *frames = (struct frames *)sink;
	int ret = frames->worker ? view_worker_check(frames->worker, err) : 0;

	return ret < 0 ? ret : stream_check(frames->stream, err);
}

static void fill_in(
	struct frames *frames, const struct stream_counts *stream, struct view_counts *counts)
{
	pthread_mutex_lock(&frames->mutex);
	*counts = (struct view_counts){
		.frames = stream->frames,
		.bytes = stream->bytes,
		.dropped = stream->dropped + frames->left_out,
		.accepted = stream->accepted,
		.damaged = frames->damaged,
	};
	pthread_mutex_unlock(&frames->mutex);
}

static void count(struct view_sink *sink, struct view_counts *counts)
{
	struct frames *frames = (struct frames *)sink;
	struct stream_counts stream;

	stream_counts(frames->stream, &stream);
	fill_in(frames, &stream, counts);
	if (frames->worker)
		counts->dropped += view_worker_dropped(frames->worker);
}

static int stop(struct view_sink *sink, bool drain, struct deadline deadline,
	struct view_counts *counts, struct orc_error *err)
{
	struct frames *frames = (struct frames *)sink;
	struct stream_counts stream = { 0 };
	struct orc_error stream_err = { 0 };
	uint64_t dropped = frames->worker ? view_worker_dropped(frames->worker) : 0;
	int ret, stopped;

	ret = view_worker_stop(frames->worker, drain, err);
	frames->worker = NULL;
	stopped = stream_stop(frames->stream, drain, deadline, &stream, &stream_err);
	frames->stream = NULL;
	if (ret == 0 && stopped < 0) {
		*err = stream_err;
		ret = stopped;
	}
	fill_in(frames, &stream, counts);
	counts->dropped += dropped;
	return ret;
}

static void destroy(struct view_sink *sink)
{
	struct frames *frames = (struct frames *)sink;

	view_image_destroy(frames->image);
	pthread_mutex_destroy(&frames->mutex);
	free(frames->part);
	free(frames);
}

static const struct view_sink_type frames_type = {
	.put = put,
	.check = check,
	.count = count,
	.stop = stop,
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

	frames->sink.type = &frames_type;
	frames->options = options;
	pthread_mutex_init(&frames->mutex, NULL);
	ret = stream_start(&frames->stream, fd, err);
	if (ret == 0 && view_change_any(&options->change)) {
		frames->image = view_image_new(&options->change);
		ret = view_worker_start(&frames->worker, &worker, err);
	}
	if (ret == 0) {
		*sink = &frames->sink;
		return 0;
	}
	if (stop(&frames->sink, false, deadline_after_msec(0), &counts, &(struct orc_error){ 0 }) <
		0)
		ret = err->code;
	destroy(&frames->sink);
	return ret;
}
