/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of arguments for several cameras, side by side. */
#include "cmd/several.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/barrier.h"
#include "cmd/errands.h"
#include "cmd/relay.h"
#include "cmd/several-cameras.h"
#include "cmd/skew.h"
#include "session/caller.h"

/* From the last camera that is ready to the release: for all processes to learn of it. */
#define AHEAD_MSEC        10
#define AHEAD_CAMERA_MSEC 1

enum status { STATUS_OK = 0, STATUS_PARTIAL = 6 };

struct several;

struct member {
	struct several *several;
	struct several_camera *camera;
	size_t number;
	struct session_call request;
	struct errands errands;
	struct session_caller *session;
	int out, err; /* where its command writes; closed when it is done */
	bool started;
	pthread_t thread;
	int ret;
	struct session_result result;
	struct orc_error error;
	bool late; /* released, but not with the others */

	/* Guarded by several->lock: */
	uint64_t ready; /* how many times it was ready to be released */
	bool left;      /* will not be any more */
	pid_t owner;    /* the process that has its camera; 0: not known yet */
};

struct several {
	struct call *call;
	struct several_camera *cameras;
	struct member *members;
	size_t count;
	const char **names;
	struct relay *relay;
	struct barrier *barrier;
	struct skew *skew; /* NULL: nobody asks */
	nsec_t patience_nsec;
	int null; /* the commands' stdin: there is one of it */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t ended; /* nobody is running any more */
	size_t running;
	const struct member *twice[2]; /* one camera by two names; NULL: there is none */
};

static bool is_named_twice(struct several *several)
{
	bool twice;

	pthread_mutex_lock(&several->lock);
	twice = several->twice[0];
	pthread_mutex_unlock(&several->lock);
	return twice;
}

static int ask_signal(void *data)
{
	struct several *several = data;
	struct io *io = several->call->io;
	int number = io->signal ? io->signal(io->signal_data) : 0;

	if (is_named_twice(several))
		return SIGTERM;
	/* Nobody reads what they print. */
	return number || !relay_is_broken(several->relay) ? number : SIGPIPE;
}

static bool is_cancelled(void *data)
{
	return ask_signal(data) != 0;
}

static void say_late(struct member *member, uint64_t round)
{
	struct several *several = member->several;

	member->late = true;
	relay_say(several->relay, false,
		"%s: opencamrc: %s: shot %llu is released after the others", member->camera->name,
		several->call->command->name, (unsigned long long)round + 1);
}

/* Names those that the others have not waited for. */
static void say_missing(struct several *several, uint64_t round)
{
	size_t i;

	pthread_mutex_lock(&several->lock);
	for (i = 0; i < several->count; i++) {
		const struct member *member = &several->members[i];

		if (!member->left && member->ready <= round)
			relay_say(several->relay, false,
				"%s: opencamrc: %s: not ready within %.3g s: the others take shot "
				"%llu without it",
				member->camera->name, several->call->command->name,
				(double)several->patience_nsec / (double)NSEC_PER_SEC,
				(unsigned long long)round + 1);
	}
	pthread_mutex_unlock(&several->lock);
}

static nsec_t wait_at_gate(void *data)
{
	struct member *member = data;
	struct several *several = member->several;
	struct barrier_pass pass;
	uint64_t round;

	pthread_mutex_lock(&several->lock);
	round = member->ready++;
	pthread_mutex_unlock(&several->lock);
	if (barrier_wait(several->barrier, round, is_cancelled, several, &pass) < 0) {
		pthread_mutex_lock(&several->lock);
		member->left = true;
		pthread_mutex_unlock(&several->lock);
		return 0;
	}
	/* The second of the two has left, and that may be what all have waited for. */
	if (is_named_twice(several))
		return 0;
	if (several->skew)
		skew_passed(several->skew, member->number, round, &pass);
	if (pass.late)
		say_late(member, round);
	else if (pass.first && pass.missing > 0)
		say_missing(several, round);
	return pass.at_nsec;
}

/* A process has one camera: two names that lead to it are of one. */
static void take_owner(void *data, pid_t owner)
{
	struct member *member = data;
	struct several *several = member->several;
	size_t i;

	pthread_mutex_lock(&several->lock);
	member->owner = owner;
	for (i = 0; i < several->count && !several->twice[0]; i++) {
		const struct member *other = &several->members[i];

		if (other == member || other->owner != owner)
			continue;
		several->twice[0] = other->number < member->number ? other : member;
		several->twice[1] = other->number < member->number ? member : other;
	}
	pthread_mutex_unlock(&several->lock);
}

static void take_release(void *data, nsec_t at_nsec)
{
	struct member *member = data;

	if (member->several->skew)
		skew_released(member->several->skew, member->number, at_nsec);
}

/* It holds up nobody any more. */
static void leave(struct member *member)
{
	struct several *several = member->several;
	bool left, last;

	pthread_mutex_lock(&several->lock);
	left = member->left;
	member->left = true;
	last = --several->running == 0;
	if (last)
		pthread_cond_broadcast(&several->ended);
	pthread_mutex_unlock(&several->lock);
	if (!left)
		barrier_leave(several->barrier);
	if (several->skew)
		skew_left(several->skew, member->number);
	if (last)
		relay_stop(several->relay);
}

static void *run_member(void *data)
{
	struct member *member = data;
	struct several *several = member->several;

	member->ret =
		session_call(&member->session, &member->request, &member->result, &member->error);
	leave(member);
	/* Till then its camera is its own, and is known again where another name leads to it. */
	pthread_mutex_lock(&several->lock);
	while (several->running > 0)
		pthread_cond_wait(&several->ended, &several->lock);
	pthread_mutex_unlock(&several->lock);
	session_end(member->session);
	return NULL;
}

static int prepare_member(struct several *several, size_t number, struct orc_error *err)
{
	struct member *member = &several->members[number];
	struct several_camera *camera = &several->cameras[number];
	int ret;

	member->several = several;
	member->camera = camera;
	member->number = number;
	several->names[number] = camera->name;
	member->out = member->err = -1;
	ret = relay_add(several->relay, camera->name, &member->out, &member->err, err);
	if (ret < 0) {
		member->out = member->err = -1;
		return ret;
	}
	member->request = (struct session_call){
		.argc = camera->argc,
		.argv = camera->argv,
		.key = camera->key,
		.in = several->null,
		.out = member->out,
		.err = member->err,
		.cwd = several->call->io->cwd,
		.patience_msec = call_patience_msec(several->call),
		.signal = ask_signal,
		.signal_data = several,
		.gate = wait_at_gate,
		.released = take_release,
		.started = take_owner,
		.gate_data = member,
		.run = call_run_job,
		.errand = errands_do,
		.errand_data = &member->errands,
	};
	errands_init(&member->errands, several->call, &member->request);
	return errands_sandbox(
		several->call, camera->remote, camera->port, &member->request.sandbox, err);
}

/* Processes are made one after the other, while there is one thread. */
static void begin_all(struct several *several)
{
	size_t i;

	for (i = 0; i < several->count; i++) {
		struct member *member = &several->members[i];

		member->ret = session_begin(&member->session, &member->request, &member->error);
	}
}

static void start_all(struct several *several)
{
	size_t i;

	several->running = several->count;
	for (i = 0; i < several->count; i++) {
		struct member *member = &several->members[i];

		if (member->ret == 0) {
			int failed = pthread_create(&member->thread, NULL, run_member, member);

			member->started = failed == 0;
			if (failed)
				member->ret = orc_fail_errno(&member->error, ORC_EREFUSED, failed);
		}
		if (!member->started)
			leave(member);
	}
}

static void join_all(struct several *several)
{
	size_t i;

	for (i = 0; i < several->count; i++) {
		struct member *member = &several->members[i];

		if (member->started)
			pthread_join(member->thread, NULL);
		else
			session_end(member->session);
	}
}

static bool wants_timing(const struct call *call)
{
	size_t i;

	for (i = 0; i < call->value_count; i++)
		if (strcmp(call->values[i].name, "--timing") == 0)
			return true;
	return false;
}

static int prepare(struct several *several, struct orc_error *err)
{
	struct call *call = several->call;
	nsec_t timeout_nsec = camera_timeout_msec(call->globals.timeout_msec) * NSEC_PER_MSEC;
	size_t i;
	int ret;

	several->patience_nsec = 2 * timeout_nsec;
	several->names = orc_must(calloc(several->count, sizeof(*several->names)));
	several->members = orc_must(calloc(several->count, sizeof(*several->members)));
	several->relay = relay_new(call->io, call->globals.json);
	several->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (several->null < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot open /dev/null");
	}
	ret = barrier_new(&several->barrier, several->count, several->patience_nsec,
		(AHEAD_MSEC + AHEAD_CAMERA_MSEC * (nsec_t)several->count) * NSEC_PER_MSEC, err);
	for (i = 0; ret == 0 && i < several->count; i++)
		ret = prepare_member(several, i, err);
	if (ret == 0 && wants_timing(call))
		several->skew = skew_new(several->relay, call->command->name, several->names,
			several->count, call->globals.json);
	return ret;
}

static void free_all(struct several *several)
{
	size_t i;

	for (i = 0; several->members && i < several->count; i++) {
		if (several->members[i].out > 0)
			close(several->members[i].out);
		if (several->members[i].err > 0)
			close(several->members[i].err);
		errands_free(&several->members[i].errands);
	}
	skew_destroy(several->skew);
	barrier_destroy(several->barrier);
	relay_destroy(several->relay);
	if (several->null >= 0)
		close(several->null);
	pthread_cond_destroy(&several->ended);
	pthread_mutex_destroy(&several->lock);
	free(several->members);
	free(several->names);
}

/* Says what its own command could not say, and keeps the first for whoever asks for one line. */
static int status_of(struct member *member)
{
	struct several *several = member->several;
	struct outcome *outcome = several->call->outcome;
	char line[640];
	int status = member->result.status;

	snprintf(line, sizeof(line), "%s", member->result.error);
	if (member->ret == ORC_ESIGNAL) {
		status = orc_exit_status(ORC_ESIGNAL, member->error.errnum);
	} else if (member->ret < 0) {
		status = orc_exit_status((enum orc_err)member->ret, member->error.errnum);
		orc_error_line(&member->error, line, sizeof(line));
		io_complain(several->call->io, "%s: opencamrc: %s: %s\n", member->camera->name,
			several->call->command->name, line);
	}
	if (status && !outcome->error[0])
		snprintf(outcome->error, sizeof(outcome->error), "%.200s: %.400s",
			member->camera->name, line);
	return status || !member->late ? status : STATUS_PARTIAL;
}

/* Of all alike, or that some have failed. */
static int fold_status(struct several *several, bool partial)
{
	int status = 0, own;
	size_t i;

	for (i = 0; i < several->count; i++) {
		own = status_of(&several->members[i]);
		if (i == 0)
			status = own;
		else if (own != status)
			partial = true;
	}
	return partial ? STATUS_PARTIAL : status;
}

static int run_all(struct several *several, bool partial, struct orc_error *err)
{
	int ret = prepare(several, err), number;

	if (ret < 0)
		return ret;
	begin_all(several);
	start_all(several);
	relay_run(several->relay);
	join_all(several);
	if (several->twice[0])
		return several_cameras_fail_twice(several->call, several->twice[0]->camera->name,
			several->twice[1]->camera->name, err);
	ret = fold_status(several, partial);
	number = ask_signal(several);
	/* Some may have been done before it came. */
	return number && number != SIGPIPE && ret ? io_fail_signal(several->call->io, err) : ret;
}

int several_run(struct call *call, struct orc_error *err)
{
	struct several several = { .call = call, .null = -1 };
	bool partial;
	int ret;

	if (!call->command->several) {
		orc_fail(err, ORC_EUSAGE, "it takes one camera");
		return orc_hint(err, "one -r, no --all");
	}
	call->several = true;
	ret = several_cameras_find(call, &several.cameras, &several.count, err);
	partial = ret == ORC_EPARTIAL;
	if (partial)
		call_report(call, err);
	if ((ret == 0 || partial) && call->command->check) {
		ret = call->command->check(call, err);
		call->value_next = 0;
	} else if (partial) {
		ret = 0;
	}
	pthread_mutex_init(&several.lock, NULL);
	pthread_cond_init(&several.ended, NULL);
	if (ret == 0)
		ret = run_all(&several, partial, err);
	free_all(&several);
	several_cameras_free(several.cameras, several.count);
	return ret;
}
