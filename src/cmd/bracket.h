/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bracket: the same picture with several values of one setting, worked out before the first. */
#ifndef CMD_BRACKET_H
#define CMD_BRACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "camera/settings.h"

/* More are a slip of the finger. */
#define BRACKET_MAX 99

/* What the user wants: values of a setting, or stops against the exposure that is set. */
struct bracket {
	char *name;    /* the setting; NULL: of the exposure, see bracket_plan() */
	char **words;  /* as they were written, or as they follow from "3x1" */
	double *stops; /* NULL with a name */
	char **values; /* what the setting is set to; NULL until it is planned */
	size_t count;  /* 0: no bracket */
};

/*
 * "-2,0,+2" stops (thirds as 1/3, 0.3 or 0.33), "3x1" three shots a stop apart with the middle one as
 * it is set, or "NAME=VALUE,VALUE…". ORC_EUSAGE.
 */
int bracket_parse(struct bracket *bracket, const char *text, struct orc_error *err) must_check;
void bracket_free(struct bracket *bracket);

/*
 * Works out the values from what the setting is and can be: shutter speeds by their place in the
 * dial's steps, whole stops or thirds or halves of one, since the printed numbers are rounded; an
 * exposure compensation by its number; with a name each value as choice_check() takes it. All are
 * checked: ORC_EREFUSED names every shot that cannot be had (ORC_EUSAGE where the words are wrong
 * for any camera).
 */
int bracket_plan(
	struct bracket *bracket, const struct setting *setting, struct orc_error *err) must_check;

#endif
