/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libjpeg's way to fail, kept inside this room. */
#ifndef JPEG_GUARD_H
#define JPEG_GUARD_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

/*
 * libjpeg reports an error by a function that must not return. Whoever calls libjpeg does so behind
 * `if (setjmp(guard->failed))` in a function of its own, which holds nothing that needs cleaning up.
 * So it is with a warning: data that are corrupt, though libjpeg would go on with something made up.
 */
struct jpeg_guard {
	struct jpeg_error_mgr manager;
	jmp_buf failed;
};

/* For cinfo->err. The manager stays the first member: from cinfo->err the guard is found. */
struct jpeg_error_mgr *jpeg_guard_init(struct jpeg_guard *guard);

/* Behind jpeg_read_header(): whether the frame is small enough to be allocated for. */
bool jpeg_guard_size(const struct jpeg_decompress_struct *cinfo);

/* Writes into a buffer that grows and is kept. */
struct jpeg_sink {
	struct jpeg_destination_mgr manager;
	uint8_t *data;
	size_t len, size;
};

struct jpeg_destination_mgr *jpeg_sink_init(struct jpeg_sink *sink);
void jpeg_sink_free(struct jpeg_sink *sink);

#endif
