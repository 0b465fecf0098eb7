/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where several threads wait for each other, so that they go on at the same moment. */
#ifndef CMD_BARRIER_H
#define CMD_BARRIER_H

#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * Each participant either comes, and waits, or leaves: one that failed or was stopped holds up
 * nobody. Once all that are left have come they go on together, and the next round begins. One that
 * comes and finds the deadline passed, its own, goes on no more: it has left, ORC_ETIMEOUT, and
 * those that stay are not held up by it. Any thread may call.
 */
struct barrier;

int barrier_new(struct barrier **barrier, size_t participants, struct orc_error *err) must_check;
/* No participant may be waiting. NULL is allowed. */
void barrier_destroy(struct barrier *barrier);

/*
 * Comes, and waits for the others. Returns how many go on together, 1 or more; ORC_ETIMEOUT; or
 * ORC_ESIGNAL when `cancelled` (may be NULL; asked some ten times a second) says so. On an error it
 * has left.
 */
int barrier_wait(struct barrier *barrier, struct deadline deadline, bool (*cancelled)(void *data),
	void *data) must_check;
/* Will not come any more: once for each participant that has not left by an error. */
void barrier_leave(struct barrier *barrier);

#endif
