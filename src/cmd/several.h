/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of arguments for several cameras, side by side. */
#ifndef CMD_SEVERAL_H
#define CMD_SEVERAL_H

#include "cmd/command.h"

/*
 * Runs the call once for each camera that it names, each in the process that holds that camera: one
 * libgphoto2 is not made for two cameras at a time. A thread here waits for each. Lines of text are
 * told apart by "NAME: ", objects of JSON by the key "camera". Shutters are released together: a
 * camera that is ready waits for the others, for twice the time after which a link counts as lost
 * at most. A signal goes to all.
 *
 * 0: all did all; a positive exit status: that of all of them, or 6; what was wrong has been said. Or
 * what kept it from being begun.
 */
int several_run(struct call *call, struct orc_error *err) must_check;

#endif
