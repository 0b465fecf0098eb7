/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where several threads wait for each other, so that what they do next is done at one moment. */
#ifndef CMD_BARRIER_H
#define CMD_BARRIER_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * Each participant either comes, round after round, or leaves: one that failed or was stopped holds
 * up nobody. Once all that are left have come, or `patience` after the first of them came, those that
 * are there go on, with one moment for all of them. Who comes to a round that is over goes on
 * at once, late, and joins the others in the next. Any thread may call.
 */
struct barrier;

struct barrier_pass {
	nsec_t at_nsec; /* the moment: `ahead` after the last one came, so that all learn of it before */
	size_t together; /* for how many it is */
	size_t missing;  /* who are left and have not come */
	bool first;      /* one of those that go on together is told so, whoever it is */
	bool late;       /* the round was over */
};

int barrier_new(struct barrier **barrier, size_t participants, nsec_t patience_nsec,
	nsec_t ahead_nsec, struct orc_error *err) must_check;
/* No participant may be waiting. NULL is allowed. */
void barrier_destroy(struct barrier *barrier);

/*
 * Comes to a round, the participant's first, second and so on (from 0), and waits for the others. 0, or
 * ORC_ESIGNAL when `cancelled` (may be NULL; asked some ten times a second) says so; then it has
 * left.
 */
int barrier_wait(struct barrier *barrier, uint64_t round, bool (*cancelled)(void *data), void *data,
	struct barrier_pass *pass) must_check;
/* Will not come any more: once for each participant that has not left by an error. */
void barrier_leave(struct barrier *barrier);

#endif
