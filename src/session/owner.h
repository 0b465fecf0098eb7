/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that holds a camera, and runs the commands of those who want it. */
#ifndef SESSION_OWNER_H
#define SESSION_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "session/held.h"
#include "session/place.h"
#include "usbip/config.h"

struct owner;

/* A command that a caller has sent; its own thread runs it. Texts are NULL-terminated arrays. */
struct job {
	struct held *held;     /* the camera */
	struct owner *owner;   /* for owner_stay() and its kin */
	int in, out, err, cwd; /* the caller's descriptors, closed when the job is done */
	int errands;           /* likewise; good where the owner is in a sandbox */
	pid_t pid;             /* the caller */
	int argc;
	const char *const *argv;
	char *const *environment;
	const char *key;     /* what the caller calls the camera: camera_address_key() */
	bool several;        /* it has other cameras do the same */
	bool line;           /* it is a line of a shell, whose log it goes on with */
	const char *command; /* its name, once that is known; for owner_other_jobs() */
	/* What the command leaves here: */
	int status;
	char error[640];
	char moved[PLACE_KEY_SIZE]; /* nothing was done: to be run by that key's owner; or empty */
};

/* The number of the signal that the caller got, or that the caller is gone (SIGHUP); 0: none. */
int job_signal(void *job);
/*
 * For cameras that are to be released together: tells the caller that this one is ready, and waits
 * until it says when to release. 0 at that time; ORC_ESIGNAL where a signal came first. Where there is
 * one camera only it is 0 at once.
 */
int job_gate(void *job) must_check;
/* Tells the caller when the release that followed was. */
void job_released(struct job *job, nsec_t at_nsec);

struct owner_options {
	const char *key; /* the camera, as its first caller names it */
	void (*run)(struct job *job);
	int first;    /* a socket with a caller at its other end; -1: none */
	int listener; /* a socket that listens, in a service manager's place; -1: none */
	nsec_t stay_nsec;
	bool stays; /* as owner_stay() */
	enum usbip_sandbox sandbox;
	bool homeless; /* as owner_go_apart() has it */
};

/*
 * The owner's life: takes calls, has each run by `run` in a thread of its own, until nobody is there
 * any more. Callers come by the two sockets, and by the camera's own as soon as there is one.
 * SIGTERM ends it with the camera left clean. Returns the process's exit status.
 */
int owner_run(const struct owner_options *options);
/*
 * The process goes on by itself: in a session of its own, with no descriptors but `first`. True: and with
 * no working directory, so that what it was in can be unmounted; each job has its caller's.
 */
bool owner_go_apart(int first);

/* Why the owner is not in the sandbox that it was to be in; NULL: it is, or was not to be. */
const char *owner_sandbox_missing(const struct owner *owner);

/*
 * Stays without callers until `idle_nsec` have passed since the last one (0: for ever), or until
 * owner_leave(). owner_jobs(): how many commands are under way, the asker's own among them.
 */
void owner_stay(struct owner *owner, nsec_t idle_nsec);
void owner_leave(struct owner *owner);
bool owner_stays(struct owner *owner);
size_t owner_jobs(struct owner *owner);
/* The command that a job turned out to be; a text that lasts as long as the process. */
void owner_name_job(struct job *job, const char *command);
/* The others under way: how many, and "liveview (process 1234), tether (process 1240)". */
size_t owner_other_jobs(const struct job *job, char *names, size_t size);

#endif
