/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hooks run one after the other beside the command, which does not wait for them. */
#include "cmd/hook-queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/hook.h"

/* After a signal: what the hooks that wait may still take. */
#define SIGNALLED_MSEC 60000
#define LOOK_MSEC      100

struct hook {
	char *action, *argument;
	struct hook *next;
};

struct hook_queue {
	pthread_t thread;
	struct call *call; /* for its io, and to report under its command's name */
	const char *script;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t change;
	struct hook *first; /* the one that runs is still there */
	size_t count;
	bool stopping; /* once there is none left */
	bool given_up;
};

static void hook_free(struct hook *hook)
{
	free(hook->action);
	free(hook->argument);
	free(hook);
}

static bool gave_up(void *data)
{
	struct hook_queue *queue = data;
	bool given_up;

	pthread_mutex_lock(&queue->lock);
	given_up = queue->given_up;
	pthread_mutex_unlock(&queue->lock);
	return given_up;
}

static void run(struct hook_queue *queue, const struct hook *hook)
{
	struct orc_error err = { 0 };

	if (hook_run_apart(queue->call->io, queue->script, hook->action, hook->argument, gave_up,
		    queue, &err) < 0)
		call_report(queue->call, &err);
}

static void *work(void *data)
{
	struct hook_queue *queue = data;

	pthread_mutex_lock(&queue->lock);
	for (;;) {
		struct hook *hook;

		while (!queue->first && !queue->stopping)
			pthread_cond_wait(&queue->change, &queue->lock);
		hook = queue->first;
		if (!hook)
			break;
		if (queue->given_up) {
			call_warn(queue->call, "no hook run for %s",
				hook->argument ? hook->argument : hook->action);
		} else {
			pthread_mutex_unlock(&queue->lock);
			run(queue, hook);
			pthread_mutex_lock(&queue->lock);
		}
		queue->first = hook->next;
		queue->count--;
		pthread_cond_broadcast(&queue->change);
		hook_free(hook);
	}
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

int hook_queue_start(
	struct hook_queue **queue, struct call *call, const char *script, struct orc_error *err)
{
	struct hook_queue *made = orc_must(calloc(1, sizeof(*made)));
	int failed;

	made->call = call;
	made->script = script;
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->change, NULL);
	failed = pthread_create(&made->thread, NULL, work, made);
	if (failed) {
		free(made);
		return orc_fail_errno(err, ORC_ENOMEM, failed);
	}
	*queue = made;
	return 0;
}

void hook_queue_add(struct hook_queue *queue, const char *action, const char *argument)
{
	struct hook *hook = orc_must(calloc(1, sizeof(*hook))), **at;

	hook->action = orc_must(strdup(action));
	hook->argument = argument ? orc_must(strdup(argument)) : NULL;
	pthread_mutex_lock(&queue->lock);
	for (at = &queue->first; *at; at = &(*at)->next)
		;
	*at = hook;
	queue->count++;
	pthread_cond_signal(&queue->change);
	pthread_mutex_unlock(&queue->lock);
}

size_t hook_queue_waiting(struct hook_queue *queue)
{
	size_t count;

	pthread_mutex_lock(&queue->lock);
	count = queue->count;
	pthread_mutex_unlock(&queue->lock);
	return count;
}

void hook_queue_stop(struct hook_queue *queue)
{
	struct deadline deadline = deadline_never();
	size_t count;

	if (!queue)
		return;
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	count = queue->count;
	pthread_cond_broadcast(&queue->change);
	pthread_mutex_unlock(&queue->lock);
	if (count > 1)
		call_warn(queue->call, "waiting for %zu runs of %s", count, queue->script);
	while (hook_queue_waiting(queue) > 0 && !deadline_passed(deadline)) {
		if (io_cancelled(queue->call->io))
			deadline = deadline_min(deadline, deadline_after_msec(SIGNALLED_MSEC));
		clock_sleep_until(deadline_after_msec(LOOK_MSEC));
	}
	pthread_mutex_lock(&queue->lock);
	queue->given_up = true;
	pthread_mutex_unlock(&queue->lock);
	pthread_join(queue->thread, NULL);
	pthread_cond_destroy(&queue->change);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}
