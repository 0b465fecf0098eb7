/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libjpeg's way to fail, kept inside this room. */
#ifndef JPEG_GUARD_H
#define JPEG_GUARD_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

/*
 * libjpeg reports an error by a function that must not return. Whoever calls libjpeg does so behind
 * `if (setjmp(guard->failed))` in a function of its own, which holds nothing that needs cleaning up.
 * A warning (data that are corrupt but can be gone on with) is counted, not printed.
 */
struct jpeg_guard {
	struct jpeg_error_mgr manager;
	jmp_buf failed;
};

/* For cinfo->err. The manager stays the first member: from cinfo->err the guard is found. */
struct jpeg_error_mgr *jpeg_guard_init(struct jpeg_guard *guard);

/*
 * The most that a frame may have, each way and in all: a live view is a tenth of it, and a header
 * that lies cannot make us allocate more.
 */
#define JPEG_SIDE_MAX   16384u
#define JPEG_PIXELS_MAX (50u * 1000 * 1000)

/* Writes into a buffer that grows and is kept. */
struct jpeg_sink {
	struct jpeg_destination_mgr manager;
	uint8_t *data;
	size_t len, size;
};

struct jpeg_destination_mgr *jpeg_sink_init(struct jpeg_sink *sink);
void jpeg_sink_free(struct jpeg_sink *sink);

#endif
