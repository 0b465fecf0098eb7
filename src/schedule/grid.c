/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots on a fixed grid of time: when is the next picture due, and which were missed. */
#include "schedule/grid.h"

#include <stdlib.h>
#include <string.h>

static nsec_t round_up(nsec_t value, nsec_t unit)
{
	return value <= 0 ? 0 : (value + unit - 1) / unit * unit;
}

static int fail(struct orc_error *err, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "interval");
	return ORC_EUSAGE;
}

static nsec_t point_elapsed(const struct grid *grid)
{
	return grid->anchor.elapsed + (nsec_t)grid->point * grid->plan.every;
}

static struct slot next_slot(const struct grid *grid)
{
	nsec_t elapsed = point_elapsed(grid);

	return (struct slot){
		.number = grid->number,
		.planned = { .wall = elapsed + grid->offset, .elapsed = elapsed },
	};
}

/* Is the grid one of times of the day, rather than of distances alone? */
static bool is_bound(const struct grid_plan *plan)
{
	return plan->align > 0 || plan->start > 0;
}

/*
 * Moves on to the next point that lies in a window. Returns NULL, or why there is none: points get
 * to the end of lasting and until in the search.
 */
static const char *find_slot(struct grid *grid)
{
	for (;;) {
		nsec_t elapsed = point_elapsed(grid), wall = elapsed + grid->offset;

		if (grid->plan.count && grid->number >= grid->plan.count)
			return "all pictures that were asked for";
		if (elapsed >= grid->end)
			return "the time that was asked for is over";
		if (grid->plan.until && wall >= grid->plan.until)
			return "the time to stop has come";
		if (!grid->plan.windows)
			return NULL;
		if (wall < grid->span.from || wall >= grid->span.until)
			windows_at(grid->plan.windows, wall, &grid->span);
		if (grid->span.open)
			return NULL;
		if (grid->span.until == INT64_MAX)
			return "no window opens within a year";
		grid->point += (uint64_t)(round_up(grid->span.until - wall, grid->plan.every) /
			grid->plan.every);
	}
}

static int take_plan(
	struct grid *grid, const struct grid_plan *plan, struct moment now, struct orc_error *err)
{
	*grid = (struct grid){ .plan = *plan, .end = INT64_MAX };
	if (plan->every < GRID_EVERY_MIN || plan->every > GRID_EVERY_MAX)
		return fail(err, "a period is 0.1 seconds to 400 days");
	if (grid->plan.late <= 0)
		grid->plan.late =
			plan->every / 2 < GRID_LATE_LIMIT ? plan->every / 2 : GRID_LATE_LIMIT;
	if (grid->plan.late >= plan->every)
		grid->plan.late = plan->every - 1;
	grid->offset = now.wall - now.elapsed;
	return 0;
}

/* The first multiple of `align` since midnight at or after wall; each midnight starts anew. */
static nsec_t align_up(nsec_t wall, nsec_t align)
{
	struct day day = day_of(wall);
	nsec_t midnight = day_moment(day, 0, WHEN_FIRST);
	nsec_t next = day_moment(day_add(day, 1), 0, WHEN_FIRST);
	nsec_t aligned = midnight + round_up(wall - midnight, align);

	return aligned < next ? aligned : next;
}

static void anchor_at(struct grid *grid, nsec_t wall)
{
	grid->anchor = (struct moment){ .wall = wall, .elapsed = wall - grid->offset };
	grid->anchored = grid->offset;
	grid->point = 0;
}

int grid_start(
	struct grid *grid, const struct grid_plan *plan, struct moment now, struct orc_error *err)
{
	nsec_t wall = plan->start ? plan->start : now.wall;
	const char *none;
	int ret;

	ret = take_plan(grid, plan, now, err);
	if (ret < 0)
		return ret;
	if (plan->align > 0)
		wall = align_up(wall, plan->align);
	anchor_at(grid, wall + round_up(now.wall - wall, plan->every));
	none = find_slot(grid);
	if (none)
		return fail(err, "there is no time for a single picture in it");
	/* Between two anchors points count from the anchor; let slot 0 be one. */
	grid->anchor = next_slot(grid).planned;
	grid->phase = grid->anchor.wall;
	grid->point = 0;
	if (plan->lasting > 0)
		grid->end = grid->anchor.elapsed + plan->lasting;
	return 0;
}

int grid_resume(struct grid *grid, const struct grid_plan *plan, const struct grid_mark *mark,
	struct moment now, struct orc_error *err)
{
	const struct moment *last = &mark->last.planned;
	int ret;

	ret = take_plan(grid, plan, now, err);
	if (ret < 0)
		return ret;
	/* The clock may have been set while nobody looked: grid_turn() will notice. */
	if (mark->same_boot)
		grid->offset = last->wall - last->elapsed;
	grid->number = mark->last.number + 1;
	grid->phase = last->wall;
	anchor_at(grid, last->wall);
	if (!mark->same_boot && now.wall < last->wall - plan->every)
		anchor_at(grid, now.wall);
	else
		grid->point = 1;
	if (plan->lasting > 0) {
		nsec_t gone = last->wall - mark->started;

		gone = gone < 0 ? 0 : gone > plan->lasting ? plan->lasting : gone;
		grid->end = grid->anchor.elapsed + plan->lasting - gone;
	}
	return 0;
}

/* The wall clock differs by `step` from what was last told. */
static void take_step(struct grid *grid, nsec_t step, struct grid_turn *turn)
{
	nsec_t place, shift;

	grid->offset += step;
	turn->action = GRID_STEPPED;
	turn->step = step;
	if (is_bound(&grid->plan) && llabs(grid->offset - grid->anchored) > GRID_STEP) {
		struct moment next = next_slot(grid).planned;

		place = (next.wall - grid->phase) % grid->plan.every;
		shift = place > 0 ? grid->plan.every - place : -place;
		anchor_at(grid, next.wall + shift);
		turn->anchored = true;
	}
	turn->slot = next_slot(grid);
}

/* How many points from the next on are too late at `now`, within what find_slot() has checked. */
static uint64_t count_late(const struct grid *grid, struct moment now)
{
	const struct grid_plan *plan = &grid->plan;
	struct moment next = next_slot(grid).planned;
	nsec_t bound = now.elapsed - plan->late;
	uint64_t points;

	if (bound > grid->end)
		bound = grid->end;
	if (plan->until && bound > plan->until - grid->offset)
		bound = plan->until - grid->offset;
	if (plan->windows && grid->span.until != INT64_MAX &&
		bound > grid->span.until - grid->offset)
		bound = grid->span.until - grid->offset;
	/* Points before bound. */
	if (next.elapsed >= bound)
		return 0;
	points = (uint64_t)(round_up(bound - next.elapsed, plan->every) / plan->every);
	if (plan->count && points > plan->count - grid->number)
		points = plan->count - grid->number;
	return points;
}

enum grid_action grid_turn(struct grid *grid, struct moment now, struct grid_turn *turn)
{
	nsec_t step = now.wall - now.elapsed - grid->offset;
	uint64_t points;

	*turn = (struct grid_turn){ .action = GRID_END };
	if (llabs(step) >= GRID_NOTICE) {
		take_step(grid, step, turn);
		return turn->action;
	}
	for (;;) {
		turn->why = find_slot(grid);
		points = turn->why ? 0 : count_late(grid, now);
		if (points == 0)
			break;
		if (turn->action != GRID_MISSED)
			turn->slot = next_slot(grid);
		turn->action = GRID_MISSED;
		grid->point += points - 1;
		grid->number += points - 1;
		turn->last = next_slot(grid);
		grid->point++;
		grid->number++;
	}
	if (turn->action == GRID_MISSED || turn->why)
		return turn->action;
	turn->slot = next_slot(grid);
	turn->action = GRID_WAIT;
	if (now.elapsed >= turn->slot.planned.elapsed) {
		turn->action = GRID_SHOOT;
		grid->point++;
		grid->number++;
	}
	return turn->action;
}

uint64_t grid_left(const struct grid *grid, struct moment now)
{
	const struct grid_plan *plan = &grid->plan;
	nsec_t next = point_elapsed(grid), end = grid->end;
	uint64_t left = UINT64_MAX, points;

	if (next < now.elapsed)
		next = now.elapsed;
	if (plan->count)
		left = plan->count > grid->number ? plan->count - grid->number : 0;
	if (plan->until && plan->until - grid->offset < end)
		end = plan->until - grid->offset;
	if (end == INT64_MAX)
		return left;
	points = (uint64_t)(round_up(end - next, plan->every) / plan->every);
	return points < left ? points : left;
}
