/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose turn it is: a lock that is had in the order of asking. */
#include "session/turn.h"

#include <time.h>

#define ASK_MSEC 100

/* On the stack of who waits. */
struct turn_place {
	struct turn_place *next;
};

void turn_init(struct turn *turn)
{
	pthread_condattr_t attributes;

	*turn = (struct turn){ 0 };
	pthread_mutex_init(&turn->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&turn->changed, &attributes);
	pthread_condattr_destroy(&attributes);
}

void turn_free(struct turn *turn)
{
	pthread_cond_destroy(&turn->changed);
	pthread_mutex_destroy(&turn->mutex);
}

static void queue_up(struct turn *turn, struct turn_place *place)
{
	place->next = NULL;
	if (turn->last)
		turn->last->next = place;
	else
		turn->first = place;
	turn->last = place;
}

static void leave_queue(struct turn *turn, struct turn_place *place)
{
	struct turn_place **at = &turn->first, *before = NULL;

	while (*at != place) {
		before = *at;
		at = &before->next;
	}
	*at = place->next;
	if (turn->last == place)
		turn->last = before;
	/* Who stood behind may be the next. */
	pthread_cond_broadcast(&turn->changed);
}

static void wait_a_moment(struct turn *turn, struct deadline deadline)
{
	struct deadline until = deadline_min(deadline, deadline_after_msec(ASK_MSEC));
	const struct timespec at = {
		.tv_sec = until.at_nsec / NSEC_PER_SEC,
		.tv_nsec = until.at_nsec % NSEC_PER_SEC,
	};

	pthread_cond_timedwait(&turn->changed, &turn->mutex, &at);
}

int turn_take(
	struct turn *turn, bool (*cancelled)(void *data), void *data, struct deadline deadline)
{
	struct turn_place place;
	int ret = 0;

	pthread_mutex_lock(&turn->mutex);
	queue_up(turn, &place);
	while (turn->taken || turn->first != &place) {
		if (cancelled && cancelled(data))
			ret = ORC_ESIGNAL;
		else if (deadline_passed(deadline))
			ret = ORC_ETIMEOUT;
		if (ret < 0)
			break;
		wait_a_moment(turn, deadline);
	}
	leave_queue(turn, &place);
	if (ret == 0)
		turn->taken = true;
	pthread_mutex_unlock(&turn->mutex);
	return ret;
}

void turn_give(struct turn *turn)
{
	pthread_mutex_lock(&turn->mutex);
	turn->taken = false;
	if (turn->first)
		pthread_cond_broadcast(&turn->changed);
	pthread_mutex_unlock(&turn->mutex);
}

bool turn_is_wanted(struct turn *turn)
{
	bool wanted;

	pthread_mutex_lock(&turn->mutex);
	wanted = turn->first != NULL;
	pthread_mutex_unlock(&turn->mutex);
	return wanted;
}
