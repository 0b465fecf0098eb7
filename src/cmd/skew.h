/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far apart the shutters of several cameras were released. */
#ifndef CMD_SKEW_H
#define CMD_SKEW_H

#include "cmd/barrier.h"
#include "cmd/relay.h"

struct skew;

/*
 * Of `count` cameras with these names, which must outlive it. Each shot is told to the relay, as a line
 * on err or as JSON on out, once all that were released for it have said when. Any thread may
 * call.
 */
struct skew *skew_new(struct relay *relay, const char *command, const char *const *names,
	size_t count, bool json);
/* Tells what is left. NULL is allowed. */
void skew_destroy(struct skew *skew);

/* A camera goes on to its release, as the barrier said. */
void skew_passed(struct skew *skew, size_t camera, uint64_t round, const struct barrier_pass *pass);
/* It was released then: the round that it passed last. */
void skew_released(struct skew *skew, size_t camera, nsec_t at_nsec);
/* It will not say any more when it was released. */
void skew_left(struct skew *skew, size_t camera);

#endif
