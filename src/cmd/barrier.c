/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where several threads wait for each other, so that what they do next is done at one moment. */
#include "cmd/barrier.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* After so long a wait the participant is asked whether it wants to stop. */
#define ASK_MSEC 100

struct waiting {
	struct waiting *next;
	struct barrier_pass *pass;
};

struct barrier {
	nsec_t patience_nsec, ahead_nsec;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t open;
	size_t staying; /* participants that have not left */
	uint64_t round; /* that is not over */
	size_t here;    /* how many wait for it: */
	struct waiting *waiting;
	struct deadline until;
};

int barrier_new(struct barrier **barrier, size_t participants, nsec_t patience_nsec,
	nsec_t ahead_nsec, struct orc_error *err)
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
	made->patience_nsec = patience_nsec;
	made->ahead_nsec = ahead_nsec;
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

/* Those that are here go on. */
static void go_on(struct barrier *barrier)
{
	const struct barrier_pass pass = {
		.at_nsec = clock_now_nsec() + barrier->ahead_nsec,
		.together = barrier->here,
		.missing = barrier->staying - barrier->here,
	};
	struct waiting *waiting;

	for (waiting = barrier->waiting; waiting; waiting = waiting->next) {
		*waiting->pass = pass;
		waiting->pass->first = waiting == barrier->waiting;
	}
	barrier->waiting = NULL;
	barrier->here = 0;
	barrier->round++;
	pthread_cond_broadcast(&barrier->open);
}

static void leave(struct barrier *barrier)
{
	if (barrier->staying > 0)
		barrier->staying--;
	if (barrier->here > 0 && barrier->here >= barrier->staying)
		go_on(barrier);
}

static void come(struct barrier *barrier, struct waiting *waiting)
{
	if (barrier->here == 0)
		barrier->until.at_nsec = clock_now_nsec() + barrier->patience_nsec;
	barrier->here++;
	waiting->next = barrier->waiting;
	barrier->waiting = waiting;
	if (barrier->here >= barrier->staying)
		go_on(barrier);
}

/* It waits no more, and has left. */
static void come_away(struct barrier *barrier, const struct waiting *waiting)
{
	struct waiting **at = &barrier->waiting;

	while (*at != waiting)
		at = &(*at)->next;
	*at = waiting->next;
	barrier->here--;
	leave(barrier);
}

/* Until the barrier opens, or for ASK_MSEC. */
static void wait_a_while(struct barrier *barrier)
{
	struct deadline until = deadline_min(barrier->until, deadline_after_msec(ASK_MSEC));
	struct timespec at = { .tv_sec = (time_t)(until.at_nsec / NSEC_PER_SEC),
		.tv_nsec = (long)(until.at_nsec % NSEC_PER_SEC) };

	pthread_cond_timedwait(&barrier->open, &barrier->lock, &at);
}

int barrier_wait(struct barrier *barrier, uint64_t round, bool (*cancelled)(void *data), void *data,
	struct barrier_pass *pass)
{
	struct waiting waiting = { .pass = pass };
	int ret = 0;

	*pass = (struct barrier_pass){ 0 };
	pthread_mutex_lock(&barrier->lock);
	if (round < barrier->round) {
		*pass = (struct barrier_pass){ .at_nsec = clock_now_nsec(), .late = true };
		pthread_mutex_unlock(&barrier->lock);
		return 0;
	}
	come(barrier, &waiting);
	while (barrier->round == round && ret == 0) {
		if (cancelled && cancelled(data)) {
			come_away(barrier, &waiting);
			ret = ORC_ESIGNAL;
		} else if (deadline_passed(barrier->until)) {
			go_on(barrier);
		} else {
			wait_a_while(barrier);
		}
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
