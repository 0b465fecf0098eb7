/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of files that are not whole yet, and what a process that died has left under such a name. */
#ifndef BASE_HIDDEN_H
#define BASE_HIDDEN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A hidden name is .NAME.opencamrc- and two numbers: the machine's, and one that nobody else has. As long
 * as its writer lives he has a lock on the file (flock); where nobody has, it is left over. Locks may not
 * reach from one machine to another, so each removes its own alone.
 */

#define HIDDEN_MARK ".opencamrc-"
/* Of a NAME that is longer the rest is left out. */
#define HIDDEN_NAME_MAX 200
/* Of the two numbers together. */
#define HIDDEN_DIGITS 16

/* For a file at path, whose name begins at `at`; on the heap, NULL with errno. */
char *hidden_name(const char *path, size_t at);
/*
 * Before or after the file gets its hidden name. False: somebody took it for left over, and it is no more.
 * True also where the file system has no locks; there nothing is ever tidied up.
 */
bool hidden_lock(int fd);
/*
 * Removes what is left over in a folder, whose descriptor it closes; not again where this process has just
 * done so, for there may be ten thousand pictures.
 */
void hidden_tidy(int folder);

#endif
