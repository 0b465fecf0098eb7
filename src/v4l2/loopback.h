/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A v4l2loopback device, written to: what a program sees there is a webcam. */
#ifndef V4L2_LOOPBACK_H
#define V4L2_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * The module v4l2loopback (https://github.com/v4l2loopback/v4l2loopback, 0.12.7 in Debian 12): what is
 * written to the node is what its readers get. A struct loopback is used by one thread at a time.
 */
struct loopback;

enum loopback_pixels { LOOPBACK_I420, LOOPBACK_YUYV };

struct loopback_format {
	enum loopback_pixels pixels;
	unsigned int width, height; /* even */
	unsigned int fps;
};

/* Bytes a frame; also of a video that goes into no device. */
static inline size_t loopback_frame_size(const struct loopback_format *format)
{
	size_t pixels = (size_t)format->width * format->height;

	return format->pixels == LOOPBACK_YUYV ? 2 * pixels : 3 * pixels / 2;
}

/*
 * Opens the node at path (from the folder cwd on), as its writer. A path of the form /dev/videoN that does not exist is made
 * through the module's control node, and "new" is the next free one; made devices stay. Errors, each
 * with what to do: ORC_ENOCAMERA no such node (or no way to make one), ORC_EUSAGE no v4l2loopback
 * device, ORC_EBUSY another program writes to it, ORC_EREFUSED the permission. Waits up to half a
 * second, to see whether somebody writes.
 */
int loopback_open(
	struct loopback **loopback, int cwd, const char *path, struct orc_error *err) must_check;
void loopback_close(struct loopback *loopback); /* NULL is allowed */
/* Its node: where it was made, the only place that tells. */
const char *loopback_path(const struct loopback *loopback);

/*
 * A format that stays from a writer that is gone, because a reader has the device open still: the
 * driver takes no other until that one goes. False: there is none, or it is none of ours.
 */
bool loopback_kept_format(const struct loopback *loopback, struct loopback_format *format);
/* Sets the format. ORC_EBUSY where a reader holds the device at another one. */
int loopback_start(struct loopback *loopback, const struct loopback_format *format,
	struct orc_error *err) must_check;
/* A whole frame. ORC_EBUSY, ORC_EFILE. */
int loopback_write(struct loopback *loopback, const uint8_t *frame, size_t len,
	struct orc_error *err) must_check;
/*
 * Whether a program other than this one has the device open, as far as can be told: where it cannot,
 * and where somebody has another v4l2loopback device open, the answer is yes.
 */
bool loopback_watched(struct loopback *loopback);

#endif
