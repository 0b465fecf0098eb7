/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands run where the camera is held: the caller's side. */
#ifndef SESSION_CALLER_H
#define SESSION_CALLER_H

#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"
#include "session/errand.h"
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
	/* An owner that has not so much as answered within this is not waited for any longer. */
	int64_t patience_msec;
	bool line; /* one of several in a row: job.line */
	/* The number of a signal that asks to stop, 0 for none; asked now and then. */
	int (*signal)(void *data);
	void *signal_data;
	/*
	 * For one of several cameras that are to be released together; NULL for one alone. The
	 * camera is ready: when shall it be released, on the monotonic clock? Waits as long as it
	 * takes; 0: not at all, a signal says so. `released` is told when it was, before the next
	 * question, where the command finds that out; may be NULL. `started` is told which process
	 * has the command, before all else and anew where that changes; may be NULL. One that has another
	 * such command of this process, whose session has not ended, has the same camera: it does not
	 * run this one, which ends with ORC_EBUSY.
	 */
	nsec_t (*gate)(void *data);
	void (*released)(void *data, nsec_t at_nsec);
	void (*started)(void *data, pid_t owner);
	void *gate_data;
	/* What an owner runs it with; for one that is made for it. */
	void (*run)(struct job *job);
	enum usbip_sandbox sandbox;
	/*
	 * What an owner in a sandbox wants done (errand.h): does it if it is part of this call,
	 * and replies, now or later. NULL: nothing is.
	 */
	void (*errand)(void *data, const struct errand *errand, int reply);
	void *errand_data;
};

struct session_result {
	int status;      /* exit status */
	char error[640]; /* what was said on err, without "opencamrc: COMMAND: "; empty: nothing */
};

/*
 * Finds the owner of a call's camera, or makes one, and runs nothing yet. For a process that is about
 * to start threads: a new owner is a copy of it. *caller is NULL before, and after where there is an owner
 * that lets nobody in just now.
 */
int session_begin(struct session_caller **caller, const struct session_call *call,
	struct orc_error *err) must_check;
/*
 * Runs a command where its camera is held, and waits for its end. *caller is the connection, NULL at
 * first; it can be used for the next command of the same camera, which is open until
 * session_end(). ORC_ELOST: the owner died; ORC_ENOMEM: it, or we, ran out of memory; ORC_EBUSY, ORC_EFILE, ORC_EREFUSED as the reason says;
 * ORC_ESIGNAL: a signal came while it did not answer.
 */
int session_call(struct session_caller **caller, const struct session_call *call,
	struct session_result *result, struct orc_error *err) must_check;
/* Ends the connection; where nobody else uses the camera, it is closed when this returns. */
void session_end(struct session_caller *caller);

/* Runs it where the camera is held already: ORC_EAGAIN where nobody holds it. */
int session_call_holder(const struct session_call *call, struct session_result *result,
	struct orc_error *err) must_check;

#endif
