/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hooks run one after the other beside the command, which does not wait for them. */
#ifndef CMD_HOOK_QUEUE_H
#define CMD_HOOK_QUEUE_H

#include "cmd/command.h"

/* A thread of its own; it touches the caller's io alone. */
struct hook_queue;

/* For a script; io and command (the name that errors are told under) outlive the queue. */
int hook_queue_start(struct hook_queue **queue, struct call *call, const char *script,
	struct orc_error *err) must_check;
/* As hook_run(), some time later; texts are copied. Never waits. */
void hook_queue_add(struct hook_queue *queue, const char *action, const char *argument);
/* How many have not ended yet. */
size_t hook_queue_waiting(struct hook_queue *queue);
/*
 * Waits until all have run, for they belong to pictures that were taken; but once a signal asks the
 * command to stop no longer than a minute: then the one that runs gets SIGTERM and the others are
 * named on err. NULL is allowed.
 */
void hook_queue_stop(struct hook_queue *queue);

#endif
