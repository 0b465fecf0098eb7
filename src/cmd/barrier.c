/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where several threads wait for each other, so that they go on at the same moment. */
#include "cmd/barrier.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* After so long a wait the participant is asked whether it wants to stop. */
#define ASK_MSEC 100

struct barrier {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t open;
	size_t staying; /* participants that have not left */
	size_t here;    /* of them, those that wait */
	size_t passed;  /* how many went on in the last round */
	uint64_t round;
};

int barrier_new(struct barrier **barrier, size_t participants, struct orc_error *err)
{
	struct barrier *made = orc_must(calloc(1, sizeof(*made)));
	pthread_condattr_t attributes;
	int failed;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	failed = pthread_cond_init(&made->open, &attributes);
	pthread_condattr_destroy(&attributes);
	if (failed) {
		free(made);
		return orc_fail_errno(err, ORC_ENOMEM, failed);
	}
	pthread_mutex_init(&made->lock, NULL);
	made->staying = participants;
	*barrier = made;
	return 0;
}

void barrier_destroy(struct barrier *barrier)
{
	if (!barrier)
		return;
	pthread_cond_destroy(&barrier->open);
	pthread_mutex_destroy(&barrier->lock);
	free(barrier);
}

/* All together, where nobody is missing. */
static void open_if_complete(struct barrier *barrier)
{
	if (barrier->here == 0 || barrier->here < barrier->staying)
		return;
	barrier->passed = barrier->here;
	barrier->here = 0;
	barrier->round++;
	pthread_cond_broadcast(&barrier->open);
}

static void leave(struct barrier *barrier)
{
	if (barrier->staying > 0)
		barrier->staying--;
	open_if_complete(barrier);
}

/* Until the barrier opens, or for ASK_MSEC. */
static void wait_a_while(struct barrier *barrier, struct deadline deadline)
{
	struct deadline until = deadline_min(deadline, deadline_after_msec(ASK_MSEC));
	struct timespec at = { .tv_sec = (time_t)(until.at_nsec / NSEC_PER_SEC),
		.tv_nsec = (long)(until.at_nsec % NSEC_PER_SEC) };

	pthread_cond_timedwait(&barrier->open, &barrier->lock, &at);
}

int barrier_wait(struct barrier *barrier, struct deadline deadline, bool (*cancelled)(void *data),
	void *data)
{
	uint64_t round;
	int ret = 0;

	pthread_mutex_lock(&barrier->lock);
	round = barrier->round;
	barrier->here++;
	open_if_complete(barrier);
	while (barrier->round == round && ret == 0) {
		if (cancelled && cancelled(data))
			ret = ORC_ESIGNAL;
		else if (deadline_passed(deadline))
			ret = ORC_ETIMEOUT;
		else
			wait_a_while(barrier, deadline);
	}
	if (barrier->round != round) {
		ret = (int)barrier->passed;
	} else {
		barrier->here--;
		leave(barrier);
	}
	pthread_mutex_unlock(&barrier->lock);
	return ret;
}

void barrier_leave(struct barrier *barrier)
{
	pthread_mutex_lock(&barrier->lock);
	leave(barrier);
	pthread_mutex_unlock(&barrier->lock);
}
