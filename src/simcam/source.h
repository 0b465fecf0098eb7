/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Given pictures as a scene: a JPEG, a folder of them, or an MJPEG file. */
#ifndef SIMCAM_SOURCE_H
#define SIMCAM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "simcam/buffer.h"
#include "simcam/canvas.h"

struct source;

/* Constant once made: any number of threads may read. */
int source_new(struct source **source, const char *path, struct orc_error *err) must_check;
void source_destroy(struct source *source);
size_t source_count(const struct source *source); /* of pictures, at least 1 */
bool source_is_mjpeg(const struct source *source);
/* Replaces *jpeg's content with the bytes of picture `index` (taken round). */
int source_read(const struct source *source, uint64_t index, struct sim_buffer *jpeg,
	struct orc_error *err) must_check;

/* A picture read row by row, scaled to fill width x height, what is too much being cut off. */
struct source_rows;
int source_rows_open(struct source_rows **rows, const struct sim_buffer *jpeg, unsigned width,
	unsigned height, const char *name, struct orc_error *err) must_check;
/* The next row, in linear light. A file damaged further down goes on with its last good row. */
void source_rows_next(struct source_rows *rows, struct colour *out);
void source_rows_close(struct source_rows *rows);
/* Pictures are named so in errors. */
const char *source_name(const struct source *source, uint64_t index);
/* Is this whole JPEG of that size, 3 components? */
bool source_jpeg_is(const struct sim_buffer *jpeg, unsigned width, unsigned height);

#endif
