/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that goes on by itself: nobody waits for it, and it has nothing of its maker's open. */
#ifndef CMD_APART_H
#define CMD_APART_H

#include "base/cleanup.h"

/*
 * As fork(): 0 in the new process, which is a child of init's; 1 in the old one; -1 with errno. In a
 * program with threads the new one calls nothing that is not safe there.
 */
int apart_fork(void) must_check;
/* For the new one: whoever ends the old one does not mean it. */
void apart_settle(int kept);

#endif
