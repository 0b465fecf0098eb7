/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Host names to socket addresses, within a deadline. */
#include "usbip/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * What the waiting side and the looking-up thread share. Each holds one reference; the last to
 * let go frees it. `list` and `result` are the thread's until it has written to the pipe.
 */
struct lookup {
	pthread_mutex_t mutex; /* guards references */
	int references;
	struct usbip_address address;
	struct addrinfo *list;
	int result; /* of getaddrinfo() */
	int done_pipe[2];
};

static const struct addrinfo hints_any = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };

static void lookup_put(struct lookup *lookup)
{
	bool last;

	pthread_mutex_lock(&lookup->mutex);
	last = --lookup->references == 0;
	pthread_mutex_unlock(&lookup->mutex);
	if (!last)
		return;
	if (lookup->list)
		freeaddrinfo(lookup->list);
	if (lookup->done_pipe[0] >= 0) {
		close(lookup->done_pipe[0]);
		close(lookup->done_pipe[1]);
	}
	pthread_mutex_destroy(&lookup->mutex);
	free(lookup);
}

static void *lookup_run(void *data)
{
	struct lookup *lookup = data;
	ssize_t n;

	lookup->result =
		getaddrinfo(lookup->address.host, lookup->address.port, &hints_any, &lookup->list);
	do
		n = write(lookup->done_pipe[1], "", 1);
	while (n < 0 && errno == EINTR);
	lookup_put(lookup);
	return NULL;
}

/* Starts the thread with every signal blocked: signals belong to the program's own threads. */
static int start_thread(pthread_t *thread, struct lookup *lookup)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(thread, NULL, lookup_run, lookup);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

static int fail(struct orc_error *err, const struct usbip_address *address, const char *why)
{
	orc_fail(err, ORC_ENOCAMERA, "%s", why);
	orc_what(err, "cannot find host \"%s\"", address->host);
	return orc_hint(err, "check the name, or use the IP address");
}

static int wait_for(struct lookup *lookup, struct deadline deadline)
{
	struct pollfd pfd = { .fd = lookup->done_pipe[0], .events = POLLIN };
	char byte;
	int r;

	do
		r = poll(&pfd, 1, deadline_left_msec(deadline));
	while (r < 0 && errno == EINTR);
	/* What was done before the writing of it is seen after the reading. */
	return r > 0 ? (int)read(lookup->done_pipe[0], &byte, 1) : r;
}

static int resolve_name(const struct usbip_address *address, struct deadline deadline,
	struct addrinfo **list, struct orc_error *err)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));
	pthread_t thread;
	bool answered;
	int r;

	if (!lookup)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	pthread_mutex_init(&lookup->mutex, NULL);
	lookup->address = *address;
	lookup->references = 1;
	if (pipe2(lookup->done_pipe, O_CLOEXEC) < 0) {
		lookup->done_pipe[0] = -1;
		r = orc_fail_errno(err, ORC_EREFUSED, errno);
		lookup_put(lookup);
		return r;
	}
	lookup->references = 2;
	r = start_thread(&thread, lookup);
	if (r != 0) {
		lookup->references = 1;
		lookup_put(lookup);
		return orc_fail_errno(err, ORC_EREFUSED, r);
	}
	answered = wait_for(lookup, deadline) > 0;
	/* A thread that has answered is gone before its process may be copied by fork(). */
	if (answered)
		pthread_join(thread, NULL);
	else
		pthread_detach(thread);
	if (!answered) {
		r = fail(err, address, "the name server does not answer");
	} else if (lookup->result != 0) {
		r = fail(err, address, gai_strerror(lookup->result));
	} else {
		*list = steal_pointer(&lookup->list);
		r = 0;
	}
	lookup_put(lookup);
	return r;
}

int usbip_resolve(const struct usbip_address *address, struct deadline deadline,
	struct addrinfo **list, struct orc_error *err)
{
	struct addrinfo hints = hints_any;

	*list = NULL;
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	if (getaddrinfo(address->host, address->port, &hints, list) == 0)
		return 0;
	return resolve_name(address, deadline, list, err);
}
