/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that works on the newest live view frame, as frames come or at a constant rate. */
#include "cmd/view-worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Parts of the period: how far a call goes to meet a frame, and its phase, at a time and in all. */
#define MEET(period)     ((period) / 4)
#define LEAN(period)     ((period) / 64)
#define LEAN_MAX(period) ((period) / 2)

struct slot {
	uint8_t *data;
	size_t len, size;
	nsec_t arrived_nsec;
};

struct view_worker {
	struct view_worker_options options;
	pthread_t thread;

	pthread_mutex_t mutex;  /* guards what follows */
	pthread_cond_t changed; /* a frame waits, or was taken, or it is to end, or has */
	struct slot waiting;    /* len 0: none */
	uint64_t dropped;
	bool stopping, draining;
	int failed; /* what work() returned */
	struct orc_error err;

	/* The thread's alone. */
	struct slot taken;
	nsec_t due_nsec, lean_nsec; /* of the next call, on an exact grid; and how far beside it */
};

static void wait_until(struct view_worker *worker, nsec_t at_nsec)
{
	struct timespec at = {
		.tv_sec = (time_t)(at_nsec / NSEC_PER_SEC),
		.tv_nsec = (long)(at_nsec % NSEC_PER_SEC),
	};

	pthread_cond_timedwait(&worker->changed, &worker->mutex, &at);
}

/* With the mutex. */
static bool take(struct view_worker *worker)
{
	struct slot slot = worker->taken;

	if (worker->waiting.len == 0)
		return false;
	worker->taken = worker->waiting;
	worker->waiting = slot;
	worker->waiting.len = 0;
	pthread_cond_broadcast(&worker->changed);
	return true;
}

/* The next frame, or the end. With the mutex; true where there is work. */
static bool next_frame(struct view_worker *worker)
{
	while (worker->waiting.len == 0 && !worker->stopping)
		pthread_cond_wait(&worker->changed, &worker->mutex);
	if (worker->stopping && !worker->draining)
		return false;
	return take(worker);
}

static nsec_t clamp(nsec_t value, nsec_t limit)
{
	return value > limit ? limit : value < -limit ? -limit : value;
}

/* The grid's next point that can be met: what was not done in time is left out, live goes on. */
static void set_due(struct view_worker *worker, bool fresh, nsec_t now)
{
	const nsec_t period = worker->options.period_nsec;
	nsec_t early = now - (worker->due_nsec + worker->lean_nsec);

	if (fresh)
		worker->lean_nsec =
			clamp(worker->lean_nsec + clamp(early / 8, LEAN(period)), LEAN_MAX(period));
	do
		worker->due_nsec += period;
	while (worker->due_nsec + worker->lean_nsec + MEET(period) < now);
}

/* Waits until it is due. With the mutex; true where there is work. */
static bool next_tick(struct view_worker *worker)
{
	const nsec_t due = worker->due_nsec + worker->lean_nsec;
	const nsec_t meet = MEET(worker->options.period_nsec);
	nsec_t at;

	while (!worker->stopping) {
		at = worker->waiting.len > 0 ? due - meet : due + meet;
		if (clock_now_nsec() >= at)
			return true;
		wait_until(worker, at);
	}
	return false;
}

static int work(struct view_worker *worker, bool fresh, struct orc_error *err)
{
	struct view_frame frame = {
		.data = worker->taken.data,
		.len = worker->taken.len,
		.arrived_nsec = worker->taken.arrived_nsec,
	};

	return worker->options.work(worker->options.data, &frame, fresh, err);
}

static void *run(void *data)
{
	struct view_worker *worker = data;
	struct orc_error err = { 0 };
	bool fresh, more;
	int ret = 0;

	for (;;) {
		pthread_mutex_lock(&worker->mutex);
		if (worker->options.period_nsec) {
			more = next_tick(worker);
			fresh = more && take(worker);
			set_due(worker, fresh, clock_now_nsec());
		} else {
			more = fresh = next_frame(worker);
		}
		pthread_mutex_unlock(&worker->mutex);
		if (!more)
			break;
		if (worker->taken.len > 0)
			ret = work(worker, fresh, &err);
		if (ret < 0)
			break;
	}
	pthread_mutex_lock(&worker->mutex);
	worker->failed = ret;
	worker->err = err;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->mutex);
	return NULL;
}

static void destroy(struct view_worker *worker)
{
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->mutex);
	free(worker->waiting.data);
	free(worker->taken.data);
	free(worker);
}

int view_worker_start(
	struct view_worker **out, const struct view_worker_options *options, struct orc_error *err)
{
	struct view_worker *worker = orc_must(calloc(1, sizeof(*worker)));
	pthread_condattr_t attributes;
	sigset_t all, before;
	int errnum;

	worker->options = *options;
	worker->due_nsec = clock_now_nsec();
	pthread_mutex_init(&worker->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	/* Signals are for the camera's thread, whose waits they end. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errnum = pthread_create(&worker->thread, NULL, run, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (errnum != 0) {
		destroy(worker);
		orc_fail_errno(err, ORC_EREFUSED, errnum);
		return orc_what(err, "cannot start the picture's thread");
	}
	*out = worker;
	return 0;
}

/* With the mutex. */
static int failure(const struct view_worker *worker, struct orc_error *err)
{
	if (worker->failed < 0 && err)
		*err = worker->err;
	return worker->failed;
}

int view_worker_put(
	struct view_worker *worker, const struct view_frame *frame, struct orc_error *err)
{
	struct slot *slot = &worker->waiting;
	int ret;

	pthread_mutex_lock(&worker->mutex);
	while (worker->options.every && slot->len > 0 && worker->failed == 0)
		pthread_cond_wait(&worker->changed, &worker->mutex);
	ret = failure(worker, err);
	if (ret == 0) {
		if (slot->len > 0)
			worker->dropped++;
		if (slot->size < frame->len) {
			slot->data = orc_must(realloc(slot->data, frame->len));
			slot->size = frame->len;
		}
		memcpy(slot->data, frame->data, frame->len);
		slot->len = frame->len;
		slot->arrived_nsec = frame->arrived_nsec;
		pthread_cond_broadcast(&worker->changed);
	}
	pthread_mutex_unlock(&worker->mutex);
	return ret;
}

int view_worker_check(struct view_worker *worker, struct orc_error *err)
{
	int ret;

	pthread_mutex_lock(&worker->mutex);
	ret = failure(worker, err);
	pthread_mutex_unlock(&worker->mutex);
	return ret;
}

uint64_t view_worker_dropped(struct view_worker *worker)
{
	uint64_t dropped;

	pthread_mutex_lock(&worker->mutex);
	dropped = worker->dropped;
	pthread_mutex_unlock(&worker->mutex);
	return dropped;
}

int view_worker_stop(struct view_worker *worker, bool drain, struct orc_error *err)
{
	int ret;

	if (!worker)
		return 0;
	pthread_mutex_lock(&worker->mutex);
	worker->stopping = true;
	worker->draining = drain;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->mutex);
	pthread_join(worker->thread, NULL);
	ret = failure(worker, err);
	destroy(worker);
	return ret;
}
