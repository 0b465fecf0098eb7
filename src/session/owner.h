/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that holds a camera, and runs the commands of those who want it. */
#ifndef SESSION_OWNER_H
#define SESSION_OWNER_H

#include <sys/types.h>

#include "session/held.h"

struct owner;

/* A command that a caller has sent; its own thread runs it. Texts are NULL-terminated arrays. */
struct job {
	struct held *held;     /* the camera */
	struct owner *owner;   /* for owner_stay() and its kin */
	int in, out, err, cwd; /* the caller's descriptors, closed when the job is done */
	pid_t pid;             /* the caller */
	int argc;
	const char *const *argv;
	char *const *environment;
	const char *key; /* what the caller calls the camera: camera_address_key() */
	/* What the command leaves here: */
	int status;
	char error[640];
};

/* The number of the signal that the caller got, or that the caller is gone (SIGHUP); 0: none. */
int job_signal(void *job);
/*
 * For cameras that are to be released together: tells the caller that this one is ready, and waits
 * until it says when to release. 0 at that time; ORC_ESIGNAL where a signal came first.
 */
int job_gate(void *job) must_check;

/*
 * The owner's life: takes calls on `first`, a socket whose other end is a caller's, and on the
 * camera's own socket as soon as there is one, has each run by `run` in a thread of its own, until
 * nobody is there any more. Returns the process's exit status.
 *
 * Changes the process for good: a session of its own, standard descriptors on /dev/null, no other
 * descriptors, SIGTERM ends it with the camera left clean.
 */
int owner_run(int first, const char *key, void (*run)(struct job *job));

/*
 * Stays without callers until `idle_nsec` have passed since the last one (0: for ever), or until
 * owner_leave(). owner_jobs(): how many commands are under way, the asker's own among them.
 */
void owner_stay(struct owner *owner, nsec_t idle_nsec);
void owner_leave(struct owner *owner);
size_t owner_jobs(struct owner *owner);

#endif
