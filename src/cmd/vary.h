/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changes from one shot of a series to the next: a bracket's value, a stack's focus. */
#ifndef CMD_VARY_H
#define CMD_VARY_H

#include "cmd/bracket.h"
#include "cmd/command.h"
#include "cmd/restore.h"

struct json_object;

/* Shots in this order: all values of the bracket, at each place of the stack, again and again. */
struct vary {
	struct bracket bracket;   /* count 0: none */
	long places;              /* of the stack; 0: none */
	long step, size;          /* from place to place; size 0 is 1 */
	char *setting;            /* that the bracket changes */
	const char *value, *word; /* of the shot, as the body and as the user has it */
	long moved;               /* the lens, in steps of that size, from where it was */
};

/* Shots until all was had once. */
long vary_shots(const struct vary *vary);
/*
 * Works out what the bracket sets, and remembers in `restore` what it was. All of it is checked:
 * nothing is changed yet. ORC_EREFUSED, ORC_EUSAGE.
 */
int vary_plan(struct vary *vary, struct call *call, struct restore *restore,
	struct orc_error *err) must_check;
/* Sets and moves what shot number `index`, from 0, needs. */
int vary_set(struct vary *vary, struct call *call, struct camera *camera, long index,
	struct orc_error *err) must_check;
/* Moves the lens back, whatever happened; a signal does not keep it from that. */
int vary_end(struct vary *vary, struct call *call, struct orc_error *err) must_check;
void vary_free(struct vary *vary);

/* The keys of the shot, for fetch.h; data is the struct vary. */
void vary_label(struct json_object *object, void *vary);

#endif
