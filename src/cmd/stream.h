/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view on its way to a reader: the newest frame, whole, never a backlog. */
#ifndef CMD_STREAM_H
#define CMD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * The camera's thread puts frames, a writer thread sends them; all begin with the same two bytes, as JPEGs,
 * frames of video and parts of a multipart message do. One frame is being sent, one
 * waits; a newer frame takes the waiting one's place, which counts as dropped. A frame that was begun
 * is finished. A regular file gets every frame: there stream_put() waits.
 *
 * A pipe would hold old frames for a reader that is slower than the camera. So it is made to hold one
 * page, and gets the two bytes that every frame starts with; once the reader has taken those it wants
 * a frame. Then it is made to hold the newest frame, which goes on from there in one write, if that
 * much is allowed. The pipe's size is put back at the end.
 */
struct stream;

struct stream_counts {
	uint64_t frames, bytes; /* sent whole */
	uint64_t dropped;       /* taken by a newer one */
	uint64_t accepted;      /* sent, being sent or waiting */
};

/* fd stays the caller's; its flags are not changed. */
int stream_start(struct stream **stream, int fd, struct orc_error *err) must_check;
/*
 * Copies the frame. 0; ORC_EPIPE once the reader has closed its end, ORC_EFILE when writing failed, with
 * errno's reason in err.
 */
int stream_put(
	struct stream *stream, const uint8_t *data, size_t len, struct orc_error *err) must_check;
/* 0, or as stream_put(), without a frame: has the reader gone? */
int stream_check(struct stream *stream, struct orc_error *err) must_check;
void stream_counts(struct stream *stream, struct stream_counts *counts);
/*
 * Ends it: sends the frame that waits if `drain`, finishes the one that was begun, for at most
 * `deadline`; then frees everything. Returns as stream_put(); ORC_ETIMEOUT where the reader was too
 * slow for that. NULL is allowed.
 */
int stream_stop(struct stream *stream, bool drain, struct deadline deadline,
	struct stream_counts *counts, struct orc_error *err) must_check;

#endif
