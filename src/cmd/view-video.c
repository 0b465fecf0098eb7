/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view as video of constant size and rate: YUV4MPEG2, or a webcam. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/view-sink.h"

#define Y4M_FRAME "FRAME\n"

struct video {
	struct view_sink sink;
	const struct view_options *options;
	const struct call *call;
	int fd;
	struct loopback *loopback; /* NULL: YUV4MPEG2 goes to the stream, from the first frame on */
	struct view_image *image;
	struct loopback_format format;

	/* The worker's alone. */
	uint8_t *out; /* what is written; the picture is behind `head` bytes */
	size_t head, len;
	bool drawn, behind; /* there is a picture; a newer frame has come, not decoded yet */
};

static void draw(struct video *video, const struct view_frame *frame)
{
	const struct loopback_format *format = &video->format;
	struct chroma chroma = { 2, format->pixels == LOOPBACK_I420 ? 2 : 1 };
	struct picture picture;
	int ret;

	video->behind = false;
	ret = view_image_picture(video->image, frame->data, frame->len, format->width,
		format->height, chroma, &picture);
	if (ret == 0) {
		if (format->pixels == LOOPBACK_I420)
			picture_pack_i420(&picture, video->out + video->head);
		else
			picture_pack_yuyv(&picture, video->out + video->head);
		video->drawn = true;
	}
	view_sink_count_one(
		&video->sink, ret == 0 ? &video->sink.own.decoded : &video->sink.own.damaged);
}

static bool has_enough(struct video *video)
{
	long frames = video->options->frames;

	return frames && view_sink_accepted(&video->sink) >= (uint64_t)frames;
}

/* On the worker's thread, at the video's rate. */
static int tick(void *data, const struct view_frame *frame, bool fresh, struct orc_error *err)
{
	struct video *video = data;
	bool again;
	int ret;

	video->behind = video->behind || fresh;
	if (has_enough(video))
		return 0;
	/* The device keeps the last picture for who comes; one has to be there from the start. */
	if (video->loopback && video->drawn && !loopback_watched(video->loopback))
		return 0;
	again = !video->behind;
	if (video->behind)
		draw(video, frame);
	if (!video->drawn)
		return 0;
	if (video->loopback)
		ret = loopback_write(video->loopback, video->out, video->len, err);
	else
		ret = stream_put(video->sink.stream, video->out, video->len, err);
	if (ret < 0)
		return ret;
	pthread_mutex_lock(&video->sink.mutex);
	video->sink.own.repeated += again;
	if (video->loopback) {
		video->sink.own.frames++;
		video->sink.own.accepted++;
		video->sink.own.bytes += video->len;
	}
	pthread_mutex_unlock(&video->sink.mutex);
	return 0;
}

/* A reader may hold the device at what an earlier call had set: what was not asked for gives way. */
static void keep_format(struct video *video)
{
	const struct view_options *options = video->options;
	struct loopback_format kept;

	if (!loopback_kept_format(video->loopback, &kept))
		return;
	if (!options->change.width && options->change.denominator <= 1) {
		video->format.width = kept.width;
		video->format.height = kept.height;
	}
	if (!options->pixels_given)
		video->format.pixels = kept.pixels;
	if (!options->fps && kept.fps)
		video->format.fps = kept.fps;
}

static int start_device(struct video *video, struct orc_error *err)
{
	const struct loopback_format *format = &video->format;
	int ret;

	keep_format(video);
	ret = loopback_start(video->loopback, format, err);
	if (ret < 0)
		return ret;
	call_warn(video->call, "%s is a webcam now: %ux%u %s, %u frames/s",
		loopback_path(video->loopback), format->width, format->height,
		format->pixels == LOOPBACK_I420 ? "yuv420p" : "yuyv", format->fps);
	return 0;
}

static int start_stream(struct video *video, struct orc_error *err)
{
	const struct loopback_format *format = &video->format;
	char header[128];
	int len, ret;

	len = snprintf(header, sizeof(header),
		"YUV4MPEG2 W%u H%u F%u:1 Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED\n",
		format->width, format->height, format->fps);
	ret = io_write_all(video->fd, header, (size_t)len);
	if (ret < 0) {
		orc_fail_errno(err, ret, errno);
		return orc_what(err, "cannot write the stream");
	}
	video->sink.own.bytes += (uint64_t)len;
	video->head = strlen(Y4M_FRAME);
	return stream_start(&video->sink.stream, video->fd, err);
}

/* Size and rate are settled with the first frame. */
static int start(struct video *video, const struct view_frame *frame, struct orc_error *err)
{
	struct view_worker_options worker = {
		.work = tick,
		.data = video,
	};
	int ret;

	ret = view_image_size(
		video->image, frame->data, frame->len, &video->format.width, &video->format.height);
	if (ret < 0) {
		/* Not worth an end: the next one may be whole. */
		view_sink_count_one(&video->sink, &video->sink.own.damaged);
		return 0;
	}
	ret = video->loopback ? start_device(video, err) : start_stream(video, err);
	if (ret < 0)
		return ret;
	video->len = video->head + loopback_frame_size(&video->format);
	video->out = orc_must(malloc(video->len));
	memcpy(video->out, Y4M_FRAME, video->head);
	worker.period_nsec = NSEC_PER_SEC / video->format.fps;
	return view_worker_start(&video->sink.worker, &worker, err);
}

static int put(struct view_sink *sink, const struct view_frame *frame, struct orc_error *err)
{
	struct video *video = (struct video *)sink;
	int ret;

	if (!sink->worker) {
		ret = start(video, frame, err);
		if (ret < 0 || !sink->worker)
			return ret;
	}
	return view_worker_put(sink->worker, frame, err);
}

static void destroy(struct view_sink *sink)
{
	struct video *video = (struct video *)sink;

	loopback_close(video->loopback);
	view_image_destroy(video->image);
	view_sink_free(sink);
	free(video->out);
	free(video);
}

static const struct view_sink_type video_type = {
	.put = put,
	.destroy = destroy,
};

int view_video_new(struct view_sink **sink, const struct view_options *options,
	const struct call *call, int fd, struct orc_error *err)
{
	struct video *video = orc_must(calloc(1, sizeof(*video)));
	int ret = 0;

	view_sink_init(&video->sink, &video_type);
	video->options = options;
	video->call = call;
	video->fd = fd;
	video->format.pixels = options->pixels;
	video->format.fps = options->fps ? (unsigned int)options->fps : VIEW_FPS_DEFAULT;
	video->image = view_image_new(&options->change);
	if (options->form == VIEW_V4L2)
		ret = loopback_open(&video->loopback, call->io->cwd, options->device, err);
	if (ret < 0) {
		destroy(&video->sink);
		return ret;
	}
	*sink = &video->sink;
	return 0;
}
