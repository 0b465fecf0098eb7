/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view drawn in advance: frames of a chosen size, repeated, that cost next to nothing. */
#include "simcam/loop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/scene-parts.h"

#define STAMP_FORMAT "simcam frame %010" PRIu32 " made %020" PRId64
#define STAMP_LENGTH 49u
/* A segment: FF, its kind, two bytes of length that count themselves. */
#define MARK        4u
#define SEGMENT_MAX 65535u
#define COM         0xfeu
/* SOI, then the stamp. */
#define STAMP_AT (2u + MARK)
#define HEAD     (STAMP_AT + STAMP_LENGTH)

struct live_loop {
	struct sim_buffer *frames;
	unsigned count;
};

static void put_mark(struct sim_buffer *out, size_t content)
{
	uint8_t mark[MARK] = { 0xff, COM };

	put_be16(mark + 2, (uint16_t)(content + 2));
	sim_buffer_append(out, mark, sizeof(mark));
}

/* Comments of zeros that take `len` bytes in all; fewer than a mark cannot be filled. */
static void put_filling(struct sim_buffer *out, size_t len)
{
	while (len >= MARK) {
		size_t content = len - MARK;

		/* What is left must be nothing or room for one more. */
		if (content > SEGMENT_MAX - 2)
			content = SEGMENT_MAX - 2 - MARK;
		put_mark(out, content);
		sim_buffer_append(out, NULL, content);
		len -= MARK + content;
	}
}

static void put_stamp(uint8_t *at, uint64_t index, nsec_t made)
{
	char text[STAMP_LENGTH + 1];

	snprintf(text, sizeof(text), STAMP_FORMAT, (uint32_t)index, (int64_t)made);
	memcpy(at, text, STAMP_LENGTH);
}

/* The JPEG with room for a stamp, and of the wanted length where it is shorter. */
static void compose(struct sim_buffer *out, const struct sim_buffer *jpeg, size_t bytes)
{
	size_t len = jpeg->len + HEAD - 2;

	sim_buffer_append(out, jpeg->data, 2);
	put_mark(out, STAMP_LENGTH);
	sim_buffer_append(out, NULL, STAMP_LENGTH);
	if (bytes > len)
		put_filling(out, bytes - len);
	sim_buffer_append(out, jpeg->data + 2, jpeg->len - 2);
}

static bool fits(const struct sim_buffer *jpeg, size_t bytes)
{
	size_t len = jpeg->len + HEAD - 2;

	return !bytes || len == bytes || len + MARK <= bytes;
}

static int draw(struct scene *scene, unsigned quality, uint64_t index, struct sim_buffer *jpeg,
	struct orc_error *err)
{
	const struct scene_exposure neutral = { 0 };

	if (quality)
		scene->quality = quality;
	return scene_frame(
		scene, index, (nsec_t)index * NSEC_PER_SEC / scene->fps, &neutral, jpeg, err);
}

/* All frames at a quality: 1 when they fit, 0 when one does not, or an error. */
static int draw_all(struct live_loop *loop, struct scene *scene, unsigned quality, size_t bytes,
	struct orc_error *err)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	int failed = 0;

	for (unsigned i = 0; i < loop->count; i++) {
		failed = draw(scene, quality, i + 1, &jpeg, err);
		if (failed)
			return failed;
		if (!fits(&jpeg, bytes))
			return 0;
		sim_buffer_clear(&loop->frames[i]);
		compose(&loop->frames[i], &jpeg, bytes);
	}
	return 1;
}

/* The best quality at which the first frame fits, 0 where there is none, or an error. */
static int find_quality(struct scene *scene, size_t bytes, struct orc_error *err)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	int low = 0, high = 101;

	while (high - low > 1) {
		int middle = (low + high) / 2;
		int failed = draw(scene, (unsigned)middle, 1, &jpeg, err);

		if (failed)
			return failed;
		if (fits(&jpeg, bytes))
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* 1 when all are drawn, or an error. */
static int fill(struct live_loop *loop, struct scene *scene, size_t bytes, struct orc_error *err)
{
	int quality, ret;

	if (!bytes)
		return draw_all(loop, scene, 0, 0, err);
	/* A later frame may be larger than the first. */
	for (quality = find_quality(scene, bytes, err); quality > 0; quality--) {
		ret = draw_all(loop, scene, (unsigned)quality, bytes, err);
		if (ret != 0)
			return ret;
	}
	return quality < 0 ? quality
			   : orc_fail(err, ORC_EUSAGE, "frames of %zu bytes are too small", bytes);
}

int live_loop_new(struct live_loop **out, const struct scene_options *options, unsigned frames,
	size_t bytes, struct orc_error *err)
{
	struct live_loop *loop = orc_must(calloc(1, sizeof(*loop)));
	struct scene *scene = NULL;
	int ret;

	loop->count = frames;
	loop->frames = orc_must(calloc(frames, sizeof(*loop->frames)));
	ret = scene_new(&scene, options, err);
	if (ret == 0)
		ret = fill(loop, scene, bytes, err);
	scene_destroy(scene);
	if (ret < 0) {
		live_loop_destroy(loop);
		return ret;
	}
	*out = loop;
	return 0;
}

void live_loop_destroy(struct live_loop *loop)
{
	if (!loop)
		return;
	for (unsigned i = 0; i < loop->count; i++)
		sim_buffer_free(&loop->frames[i]);
	free(loop->frames);
	free(loop);
}

void live_loop_frame(
	const struct live_loop *loop, uint64_t index, nsec_t made, struct sim_buffer *out)
{
	const struct sim_buffer *frame = &loop->frames[index % loop->count];
	size_t start = out->len;

	sim_buffer_append(out, frame->data, frame->len);
	put_stamp(out->data + start + STAMP_AT, index, made);
}
