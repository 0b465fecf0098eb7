/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's program that is told what happens, as gphoto2's --hook-script. */
#ifndef CMD_HOOK_H
#define CMD_HOOK_H

#include "cmd/io.h"

/*
 * Runs script (NULL: nothing) with ACTION and ARGUMENT in its environment and waits for it. Actions
 * are init (before anything; a failure ends the command), start, download (ARGUMENT: the file),
 * stop. It runs in io's folder; its stdout is our stderr, so that our own stays an answer. Failure:
 * ORC_EREFUSED with its exit status. A signal that asks the command to stop meanwhile ends the script
 * with SIGTERM: ORC_ESIGNAL. One that is run after such a signal has a minute.
 */
int hook_run(struct io *io, const char *script, const char *action, const char *argument,
	struct orc_error *err) must_check;

/*
 * The same for a hook that runs beside the command: in a process group of its own, so that Control-C in the
 * terminal does not end it, with nothing to read. Once give_up says so it gets SIGTERM, and is waited for.
 */
int hook_run_apart(struct io *io, const char *script, const char *action, const char *argument,
	bool (*give_up)(void *data), void *data, struct orc_error *err) must_check;

/*
 * A command line for the shell, apart as well, with the same two variables. At the deadline, or when a
 * signal asks the caller to stop, it gets SIGTERM, and SIGKILL where that does not end it.
 */
int hook_run_command(struct io *io, const char *command, const char *action, const char *argument,
	struct deadline deadline, struct orc_error *err) must_check;

/*
 * The caller's part, where the command is in a sandbox: a hook script, or a command line, for whoever
 * has the other end of `reply` (errand.h), which is closed here. What ends its wait is not waited for.
 */
int hook_run_for(const struct io *io, const char *text, bool command, const char *action,
	const char *argument, bool apart, int reply);

#endif
