/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that goes on without its parent has open. */
#ifndef SESSION_DESCRIPTORS_H
#define SESSION_DESCRIPTORS_H

#include <stdbool.h>

/*
 * Closes all above stderr but one, and puts /dev/null in the place of stdin, stdout and stderr: a
 * reader of a pipe waits for its end for as long as anybody has it open.
 */
void descriptors_close_all_but(int kept);

/* Its working directory is / from then on; false: it stays, since something needs it. */
bool descriptors_leave_folder(void);

/*
 * As many as an owner's callers may need, where the system allows it; and in a child, for a program that may not be
 * made for so many, as many as there were. Safe after fork().
 */
void descriptors_raise_limit(void);
void descriptors_restore_limit(void);

#endif
