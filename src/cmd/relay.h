/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several commands print, line by line, each line with the name of its camera. */
#ifndef CMD_RELAY_H
#define CMD_RELAY_H

#include <pthread.h>
#include <stdbool.h>

#include "cmd/io.h"

struct relay;

/* `json`: a line that is an object on out gets the key "camera", first. */
struct relay *relay_new(struct io *io, bool json);
void relay_destroy(struct relay *relay);

/*
 * Two more pipes to read, of the camera `name`, which must outlive the relay: writing ends in out and
 * err, for the caller to close. ORC_EREFUSED where there are no more descriptors.
 */
int relay_add(struct relay *relay, const char *name, int *out, int *err_fd,
	struct orc_error *err) must_check;

/*
 * Passes lines on until relay_stop(), and then what is left of them: a line without an end gets
 * one. For one thread.
 */
void relay_run(struct relay *relay);
/* Nothing more will be written. From any thread. */
void relay_stop(struct relay *relay);
/* Whoever read our out has gone: from any thread. */
bool relay_is_broken(struct relay *relay);

/* A line of nobody's, not in the middle of another; `out`: else to err, unless quiet. From any thread. */
void relay_say(struct relay *relay, bool out, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
