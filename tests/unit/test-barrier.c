/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that wait for each other, some of which fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "cmd/barrier.h"

/* Nothing takes so long but a test that has failed. */
#define LONG_MSEC 60000

enum { THREADS = 8, ROUNDS = 50 };

struct part {
	pthread_t thread;
	struct barrier *barrier;
	atomic_int *arrived; /* of this round, counted before the barrier */
	int leaves_in;       /* round; ROUNDS: never */
	int64_t patience_msec;
	bool stop;
	int seen_too_early; /* times that it went on before the others had come */
	int result;
};

static bool stopped(void *data)
{
	const struct part *part = data;

	return part->stop;
}

static void *run(void *data)
{
	struct part *part = data;

	for (int round = 0; round < ROUNDS; round++) {
		if (round == part->leaves_in) {
			barrier_leave(part->barrier);
			return NULL;
		}
		atomic_fetch_add(&part->arrived[round], 1);
		part->result = barrier_wait(
			part->barrier, deadline_after_msec(part->patience_msec), stopped, part);
		if (part->result < 0)
			return NULL;
		if (part->result > atomic_load(&part->arrived[round]))
			part->seen_too_early++;
	}
	return NULL;
}

static void start(struct part *parts, struct barrier *barrier, atomic_int *arrived, int count)
{
	for (int i = 0; i < count; i++) {
		parts[i].barrier = barrier;
		parts[i].arrived = arrived;
		if (!parts[i].patience_msec)
			parts[i].patience_msec = LONG_MSEC;
		assert_int_equal(pthread_create(&parts[i].thread, NULL, run, &parts[i]), 0);
	}
}

static void join(struct part *parts, int count)
{
	for (int i = 0; i < count; i++)
		pthread_join(parts[i].thread, NULL);
}

static void all_go_on_together_round_after_round(void **state)
{
	struct part parts[THREADS] = { 0 };
	atomic_int arrived[ROUNDS] = { 0 };
	struct barrier *barrier;

	(void)state;
	assert_int_equal(barrier_new(&barrier, THREADS, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		parts[i].leaves_in = ROUNDS;
	start(parts, barrier, arrived, THREADS);
	join(parts, THREADS);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(parts[i].result, THREADS);
		assert_int_equal(parts[i].seen_too_early, 0);
	}
	for (int i = 0; i < ROUNDS; i++)
		assert_int_equal(arrived[i], THREADS);
	barrier_destroy(barrier);
}

static void those_that_leave_hold_up_nobody(void **state)
{
	struct part parts[THREADS] = { 0 };
	atomic_int arrived[ROUNDS] = { 0 };
	struct barrier *barrier;

	(void)state;
	assert_int_equal(barrier_new(&barrier, THREADS, NULL), 0);
	/* One leaves in each of the first rounds, the first before it ever comes. */
	for (int i = 0; i < THREADS; i++)
		parts[i].leaves_in = i < THREADS - 2 ? i : ROUNDS;
	start(parts, barrier, arrived, THREADS);
	join(parts, THREADS);
	for (int i = THREADS - 2; i < THREADS; i++)
		assert_int_equal(parts[i].result, 2);
	for (int i = 0; i < ROUNDS; i++)
		assert_int_equal(arrived[i], i < THREADS - 2 ? THREADS - 1 - i : 2);
	barrier_destroy(barrier);
}

static void one_that_waits_in_vain_ends_at_its_deadline_and_has_left(void **state)
{
	struct part part = { .leaves_in = ROUNDS, .patience_msec = 30 };
	atomic_int arrived[ROUNDS] = { 0 };
	struct barrier *barrier;

	(void)state;
	assert_int_equal(barrier_new(&barrier, 2, NULL), 0);
	start(&part, barrier, arrived, 1);
	join(&part, 1);
	assert_int_equal(part.result, ORC_ETIMEOUT);
	/* The other is alone now. */
	assert_int_equal(barrier_wait(barrier, deadline_after_msec(LONG_MSEC), NULL, NULL), 1);
	barrier_destroy(barrier);
}

static void one_that_is_stopped_has_left(void **state)
{
	struct part part = { .leaves_in = ROUNDS, .stop = true };
	atomic_int arrived[ROUNDS] = { 0 };
	struct barrier *barrier;

	(void)state;
	assert_int_equal(barrier_new(&barrier, 2, NULL), 0);
	start(&part, barrier, arrived, 1);
	join(&part, 1);
	assert_int_equal(part.result, ORC_ESIGNAL);
	assert_int_equal(barrier_wait(barrier, deadline_after_msec(LONG_MSEC), NULL, NULL), 1);
	barrier_destroy(barrier);
}

static void the_last_to_leave_opens_it_for_those_that_wait(void **state)
{
	struct part parts[3] = { { .leaves_in = 1 }, { .leaves_in = 1 }, { .leaves_in = 0 } };
	atomic_int arrived[ROUNDS] = { 0 };
	struct barrier *barrier;

	(void)state;
	assert_int_equal(barrier_new(&barrier, 3, NULL), 0);
	start(parts, barrier, arrived, 3);
	join(parts, 3);
	assert_int_equal(parts[0].result, 2);
	assert_int_equal(parts[1].result, 2);
	barrier_destroy(barrier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_go_on_together_round_after_round),
		cmocka_unit_test(those_that_leave_hold_up_nobody),
		cmocka_unit_test(one_that_waits_in_vain_ends_at_its_deadline_and_has_left),
		cmocka_unit_test(one_that_is_stopped_has_left),
		cmocka_unit_test(the_last_to_leave_opens_it_for_those_that_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
