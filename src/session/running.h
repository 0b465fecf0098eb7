/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command under way in the process that holds the camera; inside this room. */
#ifndef SESSION_RUNNING_H
#define SESSION_RUNNING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "session/channel.h"
#include "session/owner.h"

struct running {
	struct job job;       /* first: a job is one of these */
	struct running *next; /* of the owner's, under its mutex */
	struct message message;
	uint8_t *bytes; /* that the message points into */
	char **environment;
	const char **argv;
	mode_t mask;
	pthread_t thread;
	void (*run)(struct job *job);
	int wake;                /* the owner's eventfd */
	bool confined, homeless; /* as its owner */

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t changed;
	int signal;
	bool done;
	bool ready, ready_told; /* at the gate; its caller knows */
	nsec_t go_nsec;         /* when to pass it; 0: not known yet */
	nsec_t released_nsec;   /* to be told to its caller; 0: nothing is */
};

/*
 * The job of a CALL that came by the channel, its descriptors taken: 0, ORC_EPROTO where some are missing,
 * ORC_ENOMEM.
 */
int running_new(struct running **made, const struct job *job, struct channel *channel,
	struct message *message) must_check;
void running_free(struct running *running);
/* In a thread of its own: 0, or an errno as pthread_create() has it. */
int running_start(struct running *running);
/* The signal that its caller got. */
void running_put_signal(struct running *running, int number);
/* When it may pass the gate. */
void running_put_go(struct running *running, nsec_t when);

/* Makes an eventfd readable; from anywhere, a signal's handler included. */
void wake_up(int fd);

#endif
