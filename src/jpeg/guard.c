/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libjpeg's way to fail, kept inside this room. */
#include <stdlib.h>

#include "base/err.h"
#include "jpeg/guard.h"

static void give_up(j_common_ptr cinfo)
{
	/* The manager is the guard's first member. */
	struct jpeg_guard *guard = (struct jpeg_guard *)cinfo->err;

	longjmp(guard->failed, 1);
}

/* A frame of broken data has a warning a block: the first says enough. */
static void take_message(j_common_ptr cinfo, int level)
{
	if (level < 0)
		give_up(cinfo);
}

static void say_nothing(j_common_ptr cinfo)
{
	(void)cinfo;
}

struct jpeg_error_mgr *jpeg_guard_init(struct jpeg_guard *guard)
{
	jpeg_std_error(&guard->manager);
	guard->manager.error_exit = give_up;
	guard->manager.emit_message = take_message;
	guard->manager.output_message = say_nothing;
	return &guard->manager;
}

/*
 * The most that a frame may have, each way and in all: a live view is a tenth of it, and a header
 * that lies cannot make us allocate more.
 */
#define SIDE_MAX   16384u
#define PIXELS_MAX (50u * 1000 * 1000)

bool jpeg_guard_size(const struct jpeg_decompress_struct *cinfo)
{
	return cinfo->image_width <= SIDE_MAX && cinfo->image_height <= SIDE_MAX &&
		cinfo->image_width * cinfo->image_height <= PIXELS_MAX;
}

#define SINK_FIRST_SIZE 65536

static void offer_rest(struct jpeg_sink *sink)
{
	sink->manager.next_output_byte = sink->data + sink->len;
	sink->manager.free_in_buffer = sink->size - sink->len;
}

static void start_sink(j_compress_ptr cinfo)
{
	struct jpeg_sink *sink = (struct jpeg_sink *)cinfo->dest;

	if (!sink->data) {
		sink->data = orc_must(malloc(SINK_FIRST_SIZE));
		sink->size = SINK_FIRST_SIZE;
	}
	sink->len = 0;
	offer_rest(sink);
}

/* Called when the buffer is full, to its last byte. */
static boolean grow_sink(j_compress_ptr cinfo)
{
	struct jpeg_sink *sink = (struct jpeg_sink *)cinfo->dest;

	sink->len = sink->size;
	sink->size *= 2;
	sink->data = orc_must(realloc(sink->data, sink->size));
	offer_rest(sink);
	return TRUE;
}

static void end_sink(j_compress_ptr cinfo)
{
	struct jpeg_sink *sink = (struct jpeg_sink *)cinfo->dest;

	sink->len = sink->size - sink->manager.free_in_buffer;
}

struct jpeg_destination_mgr *jpeg_sink_init(struct jpeg_sink *sink)
{
	sink->manager.init_destination = start_sink;
	sink->manager.empty_output_buffer = grow_sink;
	sink->manager.term_destination = end_sink;
	return &sink->manager;
}

void jpeg_sink_free(struct jpeg_sink *sink)
{
	free(sink->data);
	sink->data = NULL;
}
