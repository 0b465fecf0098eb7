/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a camera's process may not do in its sandbox, and has its callers do for it. */
#ifndef SESSION_ERRAND_H
#define SESSION_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/files.h"
#include "usbip/link.h"

/*
 * Along with a CALL (message.h) goes one end of a socket. What comes out of the other one is asked
 * by the process that runs the command: a file opened, the hook script run, the server connected to.
 * The caller does what its own command line asks for and nothing else, whatever it is told: that
 * process may be in a hostile server's hands.
 *
 * Each errand brings a socket of its own for the answer. Where its other end is closed, nobody
 * waits any more.
 */
enum errand_kind {
	ERRAND_FILE = 1, /* files.h, from the caller's working directory on */
	ERRAND_RUN,      /* the hook script, or the --on-lost command */
	ERRAND_CONNECT,  /* the server of the caller's camera */
	ERRAND_HOLDER,   /* is there a process for that key? */
};

/* In both directions. */
#define ERRAND_TEXT_SIZE 4096
#define ERRAND_SIZE      (2 * ERRAND_TEXT_SIZE + 64)

struct errand {
	enum errand_kind kind;
	struct files_request file;
	/* ERRAND_RUN: `first` is its ACTION, `second` its ARGUMENT or NULL */
	bool on_lost; /* not the hook script */
	bool apart;   /* in a process group of its own, without stdin */
	/* ERRAND_CONNECT */
	uint16_t local_port;
	int64_t msec;
	const char *first, *second; /* ERRAND_HOLDER: the key */
};

struct errand_answer {
	int ret;    /* 0, or as the errand says; ERRAND_RUN: what waitpid() told */
	int errnum; /* where ret is -1 */
	pid_t pid;  /* of ssh */
	int fds[2]; /* a file; a link's, and ssh's err_fd; -1: none */
	struct orc_error error;
};

/* The caller's side: takes one, without waiting. False: there is none, or it makes no sense. */
bool errand_take(int fd, struct errand *errand, char buf[ERRAND_SIZE], int *reply);
/* The descriptors stay the caller's; `reply` is closed. */
void errand_reply(int reply, const struct errand_answer *answer);
/* What the other end says of a program that is under way: a signal's number, 0 nothing, -1 gone. */
int errand_heard(int reply);

/*
 * The other side, in the sandbox. errand_begin() is called by the thread of a job, whose working
 * directory is `cwd`; what it connects to is the server of that job's caller.
 */
void errand_begin(int cwd, int fd);
void errand_end(int cwd);
/* Is what is done in that folder done by its caller? Then programs and other people's descriptors are,
 * too. */
bool errand_is_for(int cwd);

/* As files_keep() and usbip_link_connect_by() want it. */
int errand_file(int cwd, const struct files_request *request);
int errand_connect(struct usbip_link *link, const struct usbip_address *address,
	uint16_t local_port, struct deadline deadline, struct orc_error *err) must_check;
/* Does a process hold that camera? Asked by the caller of this thread's job. */
bool errand_holder(const char *key);

/* A program begins: the descriptor of its ticket, or ORC_EREFUSED. */
int errand_run(int cwd, bool on_lost, const char *action, const char *argument, bool apart,
	struct orc_error *err) must_check;
/* Waits for its end: 1 with what waitpid() told, 0 at the deadline, ORC_ELOST: nobody knows any more. */
int errand_wait(int ticket, struct deadline deadline, int *status) must_check;
void errand_signal(int ticket, int number);

#endif
