/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots on a fixed grid of time: when is the next picture due, and which were missed. */
#ifndef SCHEDULE_GRID_H
#define SCHEDULE_GRID_H

#include <stdint.h>

#include "base/err.h"
#include "schedule/timepiece.h"
#include "schedule/window.h"

/*
 * A slot is a point of time at which a picture is due. Slots lie `every` apart on the elapsed clock
 * (schedule/timepiece.h), from an anchor that was found by the wall clock: a late picture moves no later
 * slot. They are numbered from 0 on; a grid point outside the windows is no slot and takes no number.
 * A slot that cannot be shot in time is missed: it keeps its number, which is never used again.
 *
 * When the wall clock is set during a run, in either direction:
 * - slots stay where they are on the elapsed clock: a timelapse is smooth by even distances;
 * - windows and `until` go by the wall clock as it is now, since sun and people do;
 * - planned wall times of slots to come are told as the clock now shows them; those that were
 *   written down are not touched, and numbers just go on;
 * - `lasting` and `count` do not notice;
 * - a grid that was bound to the wall clock, by `align` or a start time, is anchored anew when steps
 *   have added up to more than GRID_STEP: its next slot comes up to a period later, never earlier,
 *   at the first point that has the old grid's place on the wall clock, and the others follow that.
 *   No number is skipped for it. Smaller steps leave it alone: what sets a clock right by less is
 *   usual, leap seconds included, and an uneven distance would be worse.
 * Summer time is no step: the wall clock here is UTC. A period of a day is 24 hours; what is to happen
 * at a local time throughout the year is a window.
 *
 * After a suspend, what was due meanwhile is missed and the grid is where it was.
 */
#define GRID_STEP (2 * NSEC_PER_SEC)
/* Steps smaller than that are not told before they have added up to it. */
#define GRID_NOTICE    (NSEC_PER_SEC / 2)
#define GRID_EVERY_MIN (NSEC_PER_SEC / 10)
#define GRID_EVERY_MAX (400 * 86400 * NSEC_PER_SEC)
/* More than that after its time, half the period at most, a picture is not worth the name. */
#define GRID_LATE_LIMIT (600 * NSEC_PER_SEC)

/* What the user wants. Times are wall times; 0 means "not given" throughout. */
struct grid_plan {
	nsec_t every;   /* GRID_EVERY_MIN to GRID_EVERY_MAX */
	nsec_t start;   /* first slot, or first chance of it with align; 0: now */
	nsec_t align;   /* slots at whole multiples of this since local midnight */
	uint64_t count; /* slots, those that are missed included */
	nsec_t lasting; /* --for: from the first slot's time on, on the elapsed clock, its end excluded */
	nsec_t until; /* no slot at or after it */
	nsec_t late;  /* a slot is missed when so much late; 0: half the period, GRID_LATE_LIMIT at
			    most; never as much as a period */
	const struct windows *windows; /* or NULL: always; outlives the grid */
};

struct slot {
	uint64_t number;
	struct moment planned;
};

/* How many there are from first to last, both of them included; first is not behind last. */
static inline uint64_t slot_count(const struct slot *first, const struct slot *last)
{
	return last->number - first->number + 1;
}

/* Where an earlier run stood, from its journal. */
struct grid_mark {
	struct slot last; /* the last that was begun, or missed */
	nsec_t started;   /* slot 0's planned wall time, from which `lasting` counts */
	bool same_boot;   /* last.planned.elapsed is of the clock that is running now */
};

/* Read as you like, changed by the functions below only. No ownership; used by one thread. */
struct grid {
	struct grid_plan plan;
	struct moment anchor; /* the grid point from which the others are counted */
	nsec_t phase;         /* a point of the grid on the wall clock, as it was first found */
	nsec_t anchored;      /* wall - elapsed when it was found */
	nsec_t offset;   /* wall - elapsed, as last told: what planned wall times are made with */
	uint64_t point;  /* the next that is not settled, counted from the anchor */
	uint64_t number; /* the next slot's */
	nsec_t end;      /* of `lasting`, on the elapsed clock; INT64_MAX */
	struct window_span span; /* of the windows, where last looked */
};

/*
 * Finds slot 0: the start, or now; with align the first multiple at or after it. Is that past already,
 * then the first point of its grid that is not. ORC_EUSAGE for a plan that has no slot in it: `until`
 * not after the start, a period too short, windows that never open before the end.
 */
int grid_start(struct grid *grid, const struct grid_plan *plan, struct moment now,
	struct orc_error *err) must_check;
/*
 * Goes on where an earlier run ended; what was due meanwhile is missed, and told so by the first
 * grid_turn(). Within one boot the grid goes on by the elapsed clock, after another by the wall
 * clock. Should that now be earlier than the last slot by more than a period, then it is not set
 * (a machine without a battery-backed clock) and the next number comes at once; once the clock is
 * set, it is a step as any other.
 */
int grid_resume(struct grid *grid, const struct grid_plan *plan, const struct grid_mark *mark,
	struct moment now, struct orc_error *err) must_check;

enum grid_action {
	GRID_WAIT,    /* nothing yet: sleep until slot.planned.elapsed at most, ask again */
	GRID_SHOOT,   /* slot is due now, and is yours: it counts as begun */
	GRID_MISSED,  /* slots `slot` to `last` are past; ask again */
	GRID_STEPPED, /* the wall clock was set, by `step`; ask again */
	GRID_END,     /* no slot is left; `why` says what bound was met */
};

struct grid_turn {
	enum grid_action action;
	struct slot slot; /* WAIT: the next one. SHOOT: the one. MISSED: the first of them */
	struct slot last; /* MISSED */
	nsec_t step;      /* STEPPED: new time less old */
	bool anchored;    /* STEPPED: the grid has moved, see above */
	const char *why;  /* END: "all 360 slots" and so on; static */
};

/*
 * What is to be done at `now`; returns turn->action. The whole loop of an interval:
 *
 *	while (grid_turn(&grid, timepiece_now(&timepiece), &turn) != GRID_END)
 *		switch (turn.action) { WAIT: sleep until timepiece_deadline(); SHOOT: shoot; … }
 *
 * Time that the caller takes between two calls is what makes slots late or missed. Every number from
 * the first on comes exactly once, by SHOOT or within MISSED, in order; what remains to the end is
 * missed, too, before END. END and WAIT repeat.
 */
enum grid_action grid_turn(struct grid *grid, struct moment now, struct grid_turn *turn);
/* Slots left by count, lasting and until, windows disregarded; UINT64_MAX: no bound. */
uint64_t grid_left(const struct grid *grid, struct moment now);

#endif
