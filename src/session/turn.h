/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose turn it is: a lock that is had in the order of asking. */
#ifndef SESSION_TURN_H
#define SESSION_TURN_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * A mutex goes to whoever comes first, which is the thread that has just given it back: a live view
 * would have it for ever. Here who asks gets a place in the queue.
 */
struct turn {
	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t changed;
	struct turn_place *first, *last; /* who waits */
	bool taken;
};

void turn_init(struct turn *turn);
void turn_free(struct turn *turn);

/*
 * Waits for the turn. `cancelled` is asked ten times a second, and may be NULL. 0; ORC_ESIGNAL;
 * ORC_ETIMEOUT when the deadline has passed.
 */
int turn_take(struct turn *turn, bool (*cancelled)(void *data), void *data,
	struct deadline deadline) must_check;
void turn_give(struct turn *turn);
/* Does anybody wait for it? */
bool turn_is_wanted(struct turn *turn);

#endif
