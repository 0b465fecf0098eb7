/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots on their grid: late ones, missed ones, a clock that is set, a resumed run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schedule/grid.h"

#define SEC    NSEC_PER_SEC
#define MINUTE (60 * SEC)
#define HOUR   (60 * MINUTE)

/* The test's clocks: wall 10:00:00.25 in Berlin, an hour since boot. */
static struct moment now;

static nsec_t at(const char *text)
{
	nsec_t wall;

	assert_int_equal(wall_parse(text, &wall), 0);
	return wall;
}

static int set_clocks(void **state)
{
	(void)state;
	now.wall = at("2026-11-22T10:00:00.250+01:00");
	now.elapsed = HOUR;
	return 0;
}

static void pass(nsec_t nsec)
{
	now.wall += nsec;
	now.elapsed += nsec;
}

static void start(struct grid *grid, const struct grid_plan *plan)
{
	struct orc_error err = { 0 };

	if (grid_start(grid, plan, now, &err) < 0)
		fail_msg("refused: %s", err.why);
}

static struct grid_turn turn_is(struct grid *grid, enum grid_action action)
{
	struct grid_turn turn;

	assert_int_equal(grid_turn(grid, now, &turn), action);
	assert_int_equal(turn.action, action);
	return turn;
}

/* Sleeps until the next slot and takes it. */
static struct slot shoot(struct grid *grid)
{
	struct grid_turn turn = turn_is(grid, GRID_WAIT);

	pass(turn.slot.planned.elapsed - now.elapsed);
	return turn_is(grid, GRID_SHOOT).slot;
}

static void slots_lie_a_period_apart_whatever_the_pictures_take(void **state)
{
	struct grid_plan plan = { .every = 500 * NSEC_PER_MSEC, .count = 1000 };
	nsec_t first = now.elapsed;
	struct grid_turn turn;
	struct grid grid;
	uint64_t n;

	(void)state;
	start(&grid, &plan);
	for (n = 0; n < 1000; n++) {
		while (grid_turn(&grid, now, &turn) == GRID_WAIT)
			pass(turn.slot.planned.elapsed - now.elapsed + 3 * NSEC_PER_MSEC);
		assert_int_equal(turn.action, GRID_SHOOT);
		assert_int_equal(turn.slot.number, n);
		assert_int_equal(turn.slot.planned.elapsed, first + (nsec_t)n * plan.every);
		pass((nsec_t)(n % 7) * 90 * NSEC_PER_MSEC);
	}
	turn = turn_is(&grid, GRID_END);
	assert_non_null(strstr(turn.why, "all"));
	turn_is(&grid, GRID_END);
}

static void a_missed_slot_is_named_and_its_number_is_not_used_again(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC };
	struct grid_turn turn;
	struct grid grid;

	(void)state;
	start(&grid, &plan);
	assert_int_equal(turn_is(&grid, GRID_SHOOT).slot.number, 0);
	/* 34 s for a picture: 1 and 2 are over, 3 is 4 s late, which is less than half a period. */
	pass(34 * SEC);
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 1);
	assert_int_equal(turn.last.number, 2);
	assert_int_equal(turn.last.planned.elapsed - turn.slot.planned.elapsed, 10 * SEC);
	turn = turn_is(&grid, GRID_SHOOT);
	assert_int_equal(turn.slot.number, 3);
	assert_int_equal(now.elapsed - turn.slot.planned.elapsed, 4 * SEC);
	assert_int_equal(shoot(&grid).number, 4);
	pass(16 * SEC);
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 5);
	assert_int_equal(turn.last.number, 5);
	assert_int_equal(turn_is(&grid, GRID_WAIT).slot.number, 6);
}

static void the_limit_of_lateness_is_the_users(void **state)
{
	struct grid_plan plan = { .every = HOUR, .late = 5 * SEC };
	struct grid grid;

	(void)state;
	start(&grid, &plan);
	pass(6 * SEC);
	turn_is(&grid, GRID_MISSED);
	set_clocks(NULL);
	plan.late = 0;
	start(&grid, &plan);
	pass(GRID_LATE_LIMIT);
	turn_is(&grid, GRID_SHOOT);
	pass(HOUR + SEC);
	turn_is(&grid, GRID_MISSED);
}

static void slots_are_aligned_to_local_time(void **state)
{
	struct grid_plan plan = { .every = 30 * SEC, .align = MINUTE };
	struct grid grid;

	(void)state;
	start(&grid, &plan);
	assert_int_equal(shoot(&grid).planned.wall, at("2026-11-22T10:01:00+01:00"));
	assert_int_equal(shoot(&grid).planned.wall, at("2026-11-22T10:01:30+01:00"));
	plan = (struct grid_plan){ .every = 2 * HOUR, .align = 2 * HOUR };
	set_clocks(NULL);
	start(&grid, &plan);
	/* Whole hours of Berlin, although 12:00 there is 11:00 UTC. */
	assert_int_equal(shoot(&grid).planned.wall, at("2026-11-22T12:00:00+01:00"));
}

static void a_start_that_is_past_gives_the_grid_alone(void **state)
{
	struct grid_plan plan = { .every = HOUR, .start = at("2026-11-22T09:20:00+01:00") };
	struct grid grid;

	(void)state;
	start(&grid, &plan);
	assert_int_equal(turn_is(&grid, GRID_WAIT).slot.number, 0);
	assert_int_equal(shoot(&grid).planned.wall, at("2026-11-22T10:20:00+01:00"));
}

static void for_and_until_exclude_their_end(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC, .lasting = MINUTE };
	struct orc_error err;
	struct grid grid;
	int i;

	(void)state;
	start(&grid, &plan);
	assert_int_equal(grid_left(&grid, now), 6);
	turn_is(&grid, GRID_SHOOT);
	for (i = 1; i < 6; i++)
		assert_int_equal(shoot(&grid).number, i);
	turn_is(&grid, GRID_END);
	set_clocks(NULL);
	plan = (struct grid_plan){ .every = 10 * SEC, .until = now.wall + 20 * SEC };
	start(&grid, &plan);
	turn_is(&grid, GRID_SHOOT);
	shoot(&grid);
	turn_is(&grid, GRID_END);
	plan.until = now.wall;
	assert_int_equal(grid_start(&grid, &plan, now, &err), ORC_EUSAGE);
	plan = (struct grid_plan){ .every = 1 };
	assert_int_equal(grid_start(&grid, &plan, now, &err), ORC_EUSAGE);
}

static void what_remains_is_missed_before_the_end(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC, .count = 5 };
	struct grid_turn turn;
	struct grid grid;

	(void)state;
	start(&grid, &plan);
	turn_is(&grid, GRID_SHOOT);
	pass(HOUR);
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 1);
	assert_int_equal(turn.last.number, 4);
	turn_is(&grid, GRID_END);
}

static void points_outside_the_windows_take_no_number(void **state)
{
	struct windows windows = { 0 };
	struct grid_plan plan = { .every = HOUR, .align = HOUR, .windows = &windows };
	struct grid_turn turn;
	struct orc_error err;
	struct slot slot;
	struct grid grid;
	int i;

	(void)state;
	assert_int_equal(windows_add(&windows, "06:00-12:00", &err), 0);
	start(&grid, &plan);
	slot = shoot(&grid);
	assert_int_equal(slot.planned.wall, at("2026-11-22T11:00:00+01:00"));
	slot = shoot(&grid);
	assert_int_equal(slot.number, 1);
	assert_int_equal(slot.planned.wall, at("2026-11-23T06:00:00+01:00"));
	/* Two days in which nobody looked: 7 to 11, 6 to 11, and what is past of the third. */
	now.wall += 2 * 24 * HOUR + 4 * HOUR + 30 * MINUTE;
	now.elapsed += 2 * 24 * HOUR + 4 * HOUR + 30 * MINUTE;
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 2);
	assert_int_equal(turn.last.number, 1 + 5 + 6 + 5);
	assert_int_equal(turn.last.planned.wall, at("2026-11-25T10:00:00+01:00"));
	for (i = 0; i < 3; i++)
		slot = shoot(&grid);
	assert_int_equal(slot.number, 20);
	assert_int_equal(slot.planned.wall, at("2026-11-26T07:00:00+01:00"));
}

static void a_grid_of_distances_does_not_mind_the_clock_being_set(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC, .lasting = MINUTE };
	struct grid_turn turn;
	struct grid grid;
	nsec_t last;
	int i;

	(void)state;
	start(&grid, &plan);
	last = turn_is(&grid, GRID_SHOOT).slot.planned.elapsed;
	for (i = 1; i < 6; i++) {
		now.wall += i % 2 ? 3 * HOUR : -5 * HOUR;
		turn = turn_is(&grid, GRID_STEPPED);
		assert_false(turn.anchored);
		assert_int_equal(turn.step, i % 2 ? 3 * HOUR : -5 * HOUR);
		turn = turn_is(&grid, GRID_WAIT);
		assert_int_equal(turn.slot.number, i);
		assert_int_equal(turn.slot.planned.elapsed, last + 10 * SEC);
		assert_int_equal(
			turn.slot.planned.wall - turn.slot.planned.elapsed, now.wall - now.elapsed);
		last = shoot(&grid).planned.elapsed;
	}
	turn_is(&grid, GRID_END);
}

static void an_aligned_grid_is_anchored_anew_by_a_step(void **state)
{
	struct grid_plan plan = { .every = MINUTE, .align = MINUTE };
	struct grid_turn turn;
	struct grid grid;
	nsec_t before;

	(void)state;
	start(&grid, &plan);
	before = shoot(&grid).planned.elapsed;
	/* Less than GRID_STEP is told, and changes nothing. */
	now.wall += SEC;
	assert_false(turn_is(&grid, GRID_STEPPED).anchored);
	assert_int_equal(turn_is(&grid, GRID_WAIT).slot.planned.elapsed, before + MINUTE);
	/* But it adds up: the clock is 3 h and 17 s from where it was. */
	now.wall += 3 * HOUR + 16 * SEC;
	turn = turn_is(&grid, GRID_STEPPED);
	assert_true(turn.anchored);
	assert_int_equal(turn.slot.number, 1);
	turn = turn_is(&grid, GRID_WAIT);
	assert_int_equal(turn.slot.number, 1);
	assert_int_equal(turn.slot.planned.wall, at("2026-11-22T13:03:00+01:00"));
	assert_int_equal(turn.slot.planned.elapsed - before, MINUTE + 43 * SEC);
	assert_int_equal(shoot(&grid).number, 1);
	assert_int_equal(shoot(&grid).planned.wall, at("2026-11-22T13:04:00+01:00"));
	/* Back again. */
	now.wall -= 3 * HOUR + 17 * SEC;
	assert_true(turn_is(&grid, GRID_STEPPED).anchored);
	turn = turn_is(&grid, GRID_WAIT);
	assert_int_equal(turn.slot.planned.wall % MINUTE, 0);
	assert_int_equal(turn.slot.number, 3);
	assert_true(turn.slot.planned.elapsed - now.elapsed >= MINUTE);
	assert_true(turn.slot.planned.elapsed - now.elapsed < 2 * MINUTE);
}

static void windows_and_until_go_by_the_clock_as_it_is(void **state)
{
	struct windows windows = { 0 };
	struct grid_plan plan = {
		.every = MINUTE, .windows = &windows, .until = at("2026-11-23T08:00:00+01:00")
	};
	struct orc_error err;
	struct grid grid;

	(void)state;
	assert_int_equal(windows_add(&windows, "06:00-20:00", &err), 0);
	start(&grid, &plan);
	turn_is(&grid, GRID_SHOOT);
	now.wall += 11 * HOUR;
	turn_is(&grid, GRID_STEPPED);
	assert_int_equal(turn_is(&grid, GRID_WAIT).slot.planned.wall / HOUR,
		at("2026-11-23T06:00:00+01:00") / HOUR);
	now.wall += 12 * HOUR;
	turn_is(&grid, GRID_STEPPED);
	turn_is(&grid, GRID_END);
}

static void a_suspend_misses_what_was_due_and_shifts_nothing(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC };
	struct grid_turn turn;
	struct grid grid;
	nsec_t first;

	(void)state;
	start(&grid, &plan);
	first = turn_is(&grid, GRID_SHOOT).slot.planned.elapsed;
	pass(HOUR + 7 * SEC);
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 1);
	assert_int_equal(turn.last.number, 360);
	assert_int_equal(shoot(&grid).planned.elapsed, first + HOUR + 10 * SEC);
}

static void resume(struct grid *grid, const struct grid_plan *plan, const struct grid_mark *mark)
{
	struct orc_error err = { 0 };

	if (grid_resume(grid, plan, mark, now, &err) < 0)
		fail_msg("refused: %s", err.why);
}

static void a_resumed_run_takes_up_its_grid(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC, .count = 100 };
	struct grid_mark mark = { .started = now.wall, .same_boot = true };
	struct grid_turn turn;
	struct grid grid;

	(void)state;
	start(&grid, &plan);
	mark.last = turn_is(&grid, GRID_SHOOT).slot;
	pass(52 * SEC);
	resume(&grid, &plan, &mark);
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 1);
	assert_int_equal(turn.last.number, 4);
	turn = turn_is(&grid, GRID_SHOOT);
	assert_int_equal(turn.slot.number, 5);
	assert_int_equal(turn.slot.planned.elapsed, mark.last.planned.elapsed + 50 * SEC);
	/* After a reboot the elapsed clock starts anew, and the wall clock tells. */
	mark = (struct grid_mark){ .last = turn.slot, .started = mark.started };
	pass(HOUR);
	now.elapsed = 20 * SEC;
	resume(&grid, &plan, &mark);
	turn = turn_is(&grid, GRID_MISSED);
	assert_int_equal(turn.slot.number, 6);
	assert_int_equal(turn.last.number, 99);
	turn_is(&grid, GRID_END);
}

static void a_resumed_run_ends_when_the_whole_would_have(void **state)
{
	struct grid_plan plan = { .every = 10 * SEC, .lasting = MINUTE };
	struct grid_mark mark = { .last = { 2, { now.wall + 20 * SEC, 0 } }, .started = now.wall };
	struct grid grid;

	(void)state;
	now.wall += 22 * SEC;
	now.elapsed = SEC;
	resume(&grid, &plan, &mark);
	assert_int_equal(grid_left(&grid, now), 3);
	assert_int_equal(shoot(&grid).number, 3);
	shoot(&grid);
	assert_int_equal(shoot(&grid).number, 5);
	turn_is(&grid, GRID_END);
}

static void a_resumed_run_without_a_clock_goes_on_at_once(void **state)
{
	struct grid_plan plan = { .every = MINUTE, .align = MINUTE, .count = 20 };
	struct grid_mark mark = { .last = { 7, { at("2026-11-22T10:05:00+01:00"), 0 } },
		.started = at("2026-11-22T09:58:00+01:00") };
	struct grid_turn turn;
	struct grid grid;

	(void)state;
	now.wall = at("2024-01-01T00:00:12.3Z");
	now.elapsed = 30 * SEC;
	resume(&grid, &plan, &mark);
	assert_int_equal(turn_is(&grid, GRID_SHOOT).slot.number, 8);
	assert_int_equal(turn_is(&grid, GRID_WAIT).slot.planned.elapsed, 90 * SEC);
	now.wall = at("2026-11-22T10:20:07+01:00");
	assert_true(turn_is(&grid, GRID_STEPPED).anchored);
	turn = turn_is(&grid, GRID_WAIT);
	assert_int_equal(turn.slot.number, 9);
	assert_int_equal(turn.slot.planned.wall, at("2026-11-22T10:22:00+01:00"));
}

static void a_fast_timepiece_runs_a_day_in_no_time(void **state)
{
	struct timepiece timepiece;
	struct moment then;
	nsec_t left;

	(void)state;
	timepiece_fast(&timepiece, at("2026-11-22T06:00:00Z"), 86400);
	then = timepiece_now(&timepiece);
	clock_sleep_until(timepiece_deadline(&timepiece, then.elapsed + 600 * SEC));
	assert_true(timepiece_now(&timepiece).elapsed >= then.elapsed + 600 * SEC);
	assert_true(timepiece_now(&timepiece).wall >= at("2026-11-22T06:10:00Z"));
	/* In earnest one never sleeps for more than a second. */
	timepiece_system(&timepiece);
	left = timepiece_deadline(&timepiece, timepiece_now(&timepiece).elapsed + HOUR).at_nsec -
		clock_now_nsec();
	assert_true(left <= SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			slots_lie_a_period_apart_whatever_the_pictures_take, set_clocks),
		cmocka_unit_test_setup(
			a_missed_slot_is_named_and_its_number_is_not_used_again, set_clocks),
		cmocka_unit_test_setup(the_limit_of_lateness_is_the_users, set_clocks),
		cmocka_unit_test_setup(slots_are_aligned_to_local_time, set_clocks),
		cmocka_unit_test_setup(a_start_that_is_past_gives_the_grid_alone, set_clocks),
		cmocka_unit_test_setup(for_and_until_exclude_their_end, set_clocks),
		cmocka_unit_test_setup(what_remains_is_missed_before_the_end, set_clocks),
		cmocka_unit_test_setup(points_outside_the_windows_take_no_number, set_clocks),
		cmocka_unit_test_setup(
			a_grid_of_distances_does_not_mind_the_clock_being_set, set_clocks),
		cmocka_unit_test_setup(an_aligned_grid_is_anchored_anew_by_a_step, set_clocks),
		cmocka_unit_test_setup(windows_and_until_go_by_the_clock_as_it_is, set_clocks),
		cmocka_unit_test_setup(
			a_suspend_misses_what_was_due_and_shifts_nothing, set_clocks),
		cmocka_unit_test_setup(a_resumed_run_takes_up_its_grid, set_clocks),
		cmocka_unit_test_setup(a_resumed_run_ends_when_the_whole_would_have, set_clocks),
		cmocka_unit_test_setup(a_resumed_run_without_a_clock_goes_on_at_once, set_clocks),
		cmocka_unit_test(a_fast_timepiece_runs_a_day_in_no_time),
	};

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
