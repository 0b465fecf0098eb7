/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that wait for each other, some of which fail or are slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "cmd/barrier.h"

/* Nothing takes so long but a test that has failed. */
#define LONG_NSEC (60 * NSEC_PER_SEC)
/* Two threads come within this, on any machine. */
#define SHORT_NSEC (3 * NSEC_PER_SEC)
#define AHEAD_NSEC (5 * NSEC_PER_MSEC)

enum { THREADS = 8, ROUNDS = 50 };

struct part {
	pthread_t thread;
	struct barrier *barrier;
	int leaves_in; /* round */
	bool stop;
	int result;
	nsec_t came_nsec[ROUNDS];
	struct barrier_pass pass[ROUNDS];
};

static bool stopped(void *data)
{
	const struct part *part = data;

	return part->stop;
}

static void *run(void *data)
{
	struct part *part = data;

	for (int round = 0; round < part->leaves_in; round++) {
		part->came_nsec[round] = clock_now_nsec();
		part->result = barrier_wait(
			part->barrier, (uint64_t)round, stopped, part, &part->pass[round]);
		if (part->result < 0)
			return NULL;
	}
	if (part->leaves_in < ROUNDS)
		barrier_leave(part->barrier);
	return NULL;
}

static struct barrier *barrier_for(size_t count, nsec_t patience_nsec)
{
	struct barrier *barrier;

	assert_int_equal(barrier_new(&barrier, count, patience_nsec, AHEAD_NSEC, NULL), 0);
	return barrier;
}

static void start(struct part *parts, struct barrier *barrier, int count)
{
	for (int i = 0; i < count; i++) {
		parts[i].barrier = barrier;
		assert_int_equal(pthread_create(&parts[i].thread, NULL, run, &parts[i]), 0);
	}
}

static void join(struct part *parts, int count)
{
	for (int i = 0; i < count; i++) {
		pthread_join(parts[i].thread, NULL);
		if (!parts[i].stop)
			assert_int_equal(parts[i].result, 0);
	}
}

/* Those that came to a round have one moment, after the last of them had come; one is the first. */
static void check_round(const struct part *parts, int round, size_t together)
{
	size_t here = 0, first = 0;
	nsec_t at = 0;

	for (int i = 0; i < THREADS; i++) {
		const struct barrier_pass *pass = &parts[i].pass[round];

		if (round >= parts[i].leaves_in)
			continue;
		here++;
		first += pass->first;
		at = at ? at : pass->at_nsec;
		assert_true(pass->at_nsec == at);
		assert_true(at >= parts[i].came_nsec[round] + AHEAD_NSEC);
		assert_int_equal(pass->together, together);
		assert_int_equal(pass->missing, 0);
		assert_false(pass->late);
	}
	assert_int_equal(here, together);
	assert_int_equal(first, 1);
}

static void all_go_on_at_one_moment_round_after_round(void **state)
{
	static struct part parts[THREADS];
	struct barrier *barrier = barrier_for(THREADS, LONG_NSEC);

	(void)state;
	for (int i = 0; i < THREADS; i++)
		parts[i].leaves_in = ROUNDS;
	start(parts, barrier, THREADS);
	join(parts, THREADS);
	for (int i = 0; i < ROUNDS; i++)
		check_round(parts, i, THREADS);
	barrier_destroy(barrier);
}

static void those_that_leave_hold_up_nobody(void **state)
{
	static struct part parts[THREADS];
	struct barrier *barrier = barrier_for(THREADS, LONG_NSEC);

	(void)state;
	/* One leaves in each of the first rounds, the first before it ever comes. */
	for (int i = 0; i < THREADS; i++)
		parts[i].leaves_in = i < THREADS - 2 ? i : ROUNDS;
	start(parts, barrier, THREADS);
	join(parts, THREADS);
	for (int i = 0; i < ROUNDS; i++)
		check_round(parts, i, i < THREADS - 2 ? (size_t)(THREADS - 1 - i) : 2);
	barrier_destroy(barrier);
}

static void one_that_does_not_come_is_waited_for_only_so_long(void **state)
{
	static struct part parts[2];
	struct barrier *barrier = barrier_for(3, SHORT_NSEC);
	struct barrier_pass pass;

	(void)state;
	parts[0].leaves_in = parts[1].leaves_in = 1;
	start(parts, barrier, 2);
	join(parts, 2);
	assert_int_equal(parts[0].pass[0].together, 2);
	assert_int_equal(parts[0].pass[0].missing, 1);
	assert_int_equal(parts[0].pass[0].first + parts[1].pass[0].first, 1);
	assert_true(parts[0].pass[0].at_nsec == parts[1].pass[0].at_nsec);
	assert_true(parts[0].pass[0].at_nsec - parts[0].came_nsec[0] >= AHEAD_NSEC);

	/* It comes after all: not held up, and not one of them. */
	assert_int_equal(barrier_wait(barrier, 0, NULL, NULL, &pass), 0);
	assert_true(pass.late);
	assert_true(pass.at_nsec <= clock_now_nsec());
	/* In the next round it is alone. */
	assert_int_equal(barrier_wait(barrier, 1, NULL, NULL, &pass), 0);
	assert_false(pass.late);
	assert_int_equal(pass.together, 1);
	assert_int_equal(pass.missing, 0);
	barrier_destroy(barrier);
}

static void one_that_is_stopped_has_left(void **state)
{
	static struct part part;
	struct barrier *barrier = barrier_for(2, LONG_NSEC);
	struct barrier_pass pass;

	(void)state;
	part.leaves_in = ROUNDS;
	part.stop = true;
	start(&part, barrier, 1);
	join(&part, 1);
	assert_int_equal(part.result, ORC_ESIGNAL);
	assert_int_equal(barrier_wait(barrier, 0, NULL, NULL, &pass), 0);
	assert_int_equal(pass.together, 1);
	assert_int_equal(pass.missing, 0);
	barrier_destroy(barrier);
}

static void the_last_to_leave_opens_it_for_those_that_wait(void **state)
{
	static struct part parts[3];
	struct barrier *barrier = barrier_for(3, LONG_NSEC);

	(void)state;
	parts[0].leaves_in = parts[1].leaves_in = 1;
	start(parts, barrier, 3);
	join(parts, 3);
	assert_int_equal(parts[0].pass[0].together, 2);
	assert_int_equal(parts[1].pass[0].together, 2);
	barrier_destroy(barrier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_go_on_at_one_moment_round_after_round),
		cmocka_unit_test(those_that_leave_hold_up_nobody),
		cmocka_unit_test(one_that_does_not_come_is_waited_for_only_so_long),
		cmocka_unit_test(one_that_is_stopped_has_left),
		cmocka_unit_test(the_last_to_leave_opens_it_for_those_that_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
