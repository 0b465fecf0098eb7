/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose turn it is: the order of asking holds, whoever gives up in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "session/turn.h"

#define WAITERS 8
/* Long enough for a machine that is busy. */
#define BOUND_MSEC 20000

struct scene {
	struct turn turn;
	int order[WAITERS]; /* guarded by the turn itself */
	int had;
};

struct waiter {
	struct scene *scene;
	pthread_t thread;
	int number;
	int cancelled; /* atomic */
	int64_t msec;
	int result;
};

static bool is_cancelled(void *data)
{
	return __atomic_load_n((int *)data, __ATOMIC_ACQUIRE) != 0;
}

static void *wait_for_turn(void *data)
{
	struct waiter *waiter = data;
	struct scene *scene = waiter->scene;

	waiter->result = turn_take(
		&scene->turn, is_cancelled, &waiter->cancelled, deadline_after_msec(waiter->msec));
	if (waiter->result < 0)
		return NULL;
	scene->order[scene->had++] = waiter->number;
	turn_give(&scene->turn);
	return NULL;
}

static size_t count_queue(struct turn *turn)
{
	const struct turn_head {
		struct turn_head *next;
	} * place;
	size_t count = 0;

	/* A place begins with the one behind it: turn.c. */
	pthread_mutex_lock(&turn->mutex);
	for (place = (const void *)turn->first; place; place = place->next)
		count++;
	pthread_mutex_unlock(&turn->mutex);
	return count;
}

static void await_queue(struct turn *turn, size_t count)
{
	struct deadline deadline = deadline_after_msec(BOUND_MSEC);

	while (count_queue(turn) != count) {
		assert_false(deadline_passed(deadline));
		clock_sleep_until(deadline_after_msec(1));
	}
}

/* Queues up behind those that wait already. */
static void queue(struct scene *scene, struct waiter *waiter, int number, int64_t msec)
{
	size_t before = count_queue(&scene->turn);

	*waiter = (struct waiter){ .scene = scene, .number = number, .msec = msec };
	assert_int_equal(pthread_create(&waiter->thread, NULL, wait_for_turn, waiter), 0);
	await_queue(&scene->turn, before + 1);
}

static void begin(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	turn_init(&scene->turn);
	assert_int_equal(turn_take(&scene->turn, NULL, NULL, deadline_never()), 0);
}

static void they_come_in_the_order_of_asking(void **state)
{
	struct waiter waiters[WAITERS];
	struct scene scene;
	int i;

	(void)state;
	begin(&scene);
	assert_false(turn_is_wanted(&scene.turn));
	for (i = 0; i < WAITERS; i++)
		queue(&scene, &waiters[i], i, BOUND_MSEC);
	assert_true(turn_is_wanted(&scene.turn));
	turn_give(&scene.turn);
	for (i = 0; i < WAITERS; i++)
		pthread_join(waiters[i].thread, NULL);
	assert_int_equal(scene.had, WAITERS);
	for (i = 0; i < WAITERS; i++)
		assert_int_equal(scene.order[i], i);
	assert_false(turn_is_wanted(&scene.turn));
	assert_false(scene.turn.taken);
	turn_free(&scene.turn);
}

static void who_gives_it_back_goes_to_the_end(void **state)
{
	struct waiter other;
	struct scene scene;

	(void)state;
	begin(&scene);
	queue(&scene, &other, 7, BOUND_MSEC);
	turn_give(&scene.turn);
	/* At once again: the other one has been waiting. */
	assert_int_equal(turn_take(&scene.turn, NULL, NULL, deadline_after_msec(BOUND_MSEC)), 0);
	assert_int_equal(scene.had, 1);
	turn_give(&scene.turn);
	pthread_join(other.thread, NULL);
	turn_free(&scene.turn);
}

static void a_deadline_that_has_passed_takes_what_is_free(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene);
	assert_int_equal(turn_take(&scene.turn, NULL, NULL, deadline_after_msec(0)), ORC_ETIMEOUT);
	assert_int_equal(turn_take(&scene.turn, NULL, NULL, deadline_after_msec(30)), ORC_ETIMEOUT);
	assert_null(scene.turn.first);
	assert_null(scene.turn.last);
	turn_give(&scene.turn);
	assert_int_equal(turn_take(&scene.turn, NULL, NULL, deadline_after_msec(0)), 0);
	turn_give(&scene.turn);
	turn_free(&scene.turn);
}

/* First, middle and last of the queue: those behind move up, those before stay. */
static void whoever_leaves_holds_nobody_up(void **state)
{
	struct waiter waiters[5];
	struct scene scene;
	int leaver, i;

	(void)state;
	for (leaver = 0; leaver < 5; leaver++) {
		begin(&scene);
		for (i = 0; i < 5; i++)
			queue(&scene, &waiters[i], i, BOUND_MSEC);
		__atomic_store_n(&waiters[leaver].cancelled, 1, __ATOMIC_RELEASE);
		pthread_join(waiters[leaver].thread, NULL);
		assert_int_equal(waiters[leaver].result, ORC_ESIGNAL);
		assert_int_equal(count_queue(&scene.turn), 4);
		/* Who comes now stands behind the rest. */
		queue(&scene, &waiters[leaver], 9, BOUND_MSEC);
		turn_give(&scene.turn);
		for (i = 0; i < 5; i++)
			pthread_join(waiters[i].thread, NULL);
		assert_int_equal(scene.had, 5);
		for (i = 0; i < 4; i++)
			assert_int_equal(scene.order[i], i < leaver ? i : i + 1);
		assert_int_equal(scene.order[4], 9);
		turn_free(&scene.turn);
	}
}

static void a_deadline_in_the_middle_of_the_queue(void **state)
{
	struct waiter waiters[3];
	struct scene scene;
	int i;

	(void)state;
	begin(&scene);
	queue(&scene, &waiters[0], 0, BOUND_MSEC);
	/* Long enough for all three to stand there first. */
	queue(&scene, &waiters[1], 1, 3000);
	queue(&scene, &waiters[2], 2, BOUND_MSEC);
	pthread_join(waiters[1].thread, NULL);
	assert_int_equal(waiters[1].result, ORC_ETIMEOUT);
	turn_give(&scene.turn);
	for (i = 0; i < 3; i += 2)
		pthread_join(waiters[i].thread, NULL);
	assert_int_equal(scene.had, 2);
	assert_int_equal(scene.order[0], 0);
	assert_int_equal(scene.order[1], 2);
	turn_free(&scene.turn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_come_in_the_order_of_asking),
		cmocka_unit_test(who_gives_it_back_goes_to_the_end),
		cmocka_unit_test(a_deadline_that_has_passed_takes_what_is_free),
		cmocka_unit_test(whoever_leaves_holds_nobody_up),
		cmocka_unit_test(a_deadline_in_the_middle_of_the_queue),
	};

	return cmocka_run_group_tests_name("whose turn it is", tests, NULL, NULL);
}
