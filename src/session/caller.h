/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands run where the camera is held: the caller's side. */
#ifndef SESSION_CALLER_H
#define SESSION_CALLER_H

#include <stddef.h>

#include "base/clock.h"
#include "session/owner.h"

/*
 * PTP allows one session a camera. So one process holds a camera, its owner (owner.h): it has a lock
 * and a socket in a folder of the user's (place.h), and runs the commands of all processes of that
 * user, each in a thread of its own, with the caller's descriptors, working directory, umask and
 * environment; the exit status comes back. The first caller that finds no owner makes one, by
 * fork(). An owner ends when the last of its callers has gone, unless it was told to stay.
 *
 * A caller holds nothing: when it dies its command is cancelled, and others go on. An owner that
 * dies frees the lock, and its callers are told.
 */
struct session_caller; /* a connection to an owner */

struct session_call {
	int argc;
	const char *const *argv; /* argv[0] is the program */
	const char *key;         /* the camera: camera_address_key() */
	int in, out, err;        /* descriptors */
	int cwd;                 /* a folder's descriptor, or AT_FDCWD */
	/* The number of a signal that asks to stop, 0 for none; asked now and then. */
	int (*signal)(void *data);
	void *signal_data;
	/*
	 * For one of several cameras that are to be released together; NULL for one alone. The
	 * camera is ready: when shall it be released, on the monotonic clock? Waits as long as it
	 * takes; 0: not at all, a signal says so. `released` is told when it was, before the next
	 * question, where the command finds that out; may be NULL.
	 */
	nsec_t (*gate)(void *data);
	void (*released)(void *data, nsec_t at_nsec);
	void *gate_data;
	/* What an owner runs it with; for one that is made for it. */
	void (*run)(struct job *job);
};

struct session_result {
	int status;      /* exit status */
	char error[640]; /* what was said on err, without "opencamrc: COMMAND: "; empty: nothing */
};

/*
 * Finds the owner of a call's camera, or makes one, and runs nothing yet. For a process that is about
 * to start threads: a new owner is a copy of it. *caller is NULL before.
 */
int session_begin(struct session_caller **caller, const struct session_call *call,
	struct orc_error *err) must_check;
/*
 * Runs a command where its camera is held, and waits for its end. *caller is the connection, NULL at
 * first; it can be used for the next command of the same camera, which is open until
 * session_end(). ORC_ELOST: the owner died; ORC_EBUSY, ORC_EFILE, ORC_EREFUSED as the reason says.
 */
int session_call(struct session_caller **caller, const struct session_call *call,
	struct session_result *result, struct orc_error *err) must_check;
/* Ends the connection; where nobody else uses the camera, it is closed when this returns. */
void session_end(struct session_caller *caller);

/* Runs it where the camera is held already: ORC_EAGAIN where nobody holds it. */
int session_call_holder(const struct session_call *call, struct session_result *result,
	struct orc_error *err) must_check;

#endif
