/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the camera's files are meant by the words of a command line. */
#ifndef CMD_SELECT_H
#define CMD_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "camera/files.h"

/*
 * Marks in chosen[count] what word means: a number or numbers of the list, counted from 1 ("3",
 * "1-5", "1-3,7"); a full path; a name; or one of these two whose name is a pattern with * ? [ ]. A word
 * that is both a number and a name is the name. ORC_EUSAGE: no range; ORC_EREFUSED for what is not there.
 */
int select_files(const struct camera_file *files, size_t count, const char *word, bool *chosen,
	struct orc_error *err) must_check;

#endif
