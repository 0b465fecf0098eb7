/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of an interval: slots as they come, what lies between them, and the way back from a loss. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/interval-run.h"

/* A disk that is full is looked at again after so long. */
#define ROOM_MSEC 1000
/* Between two slots that are far apart: the line on the terminal is drawn so often at least. */
#define LOOK_MSEC 1000

bool interval_is_disk_full(const struct orc_error *err)
{
	return err->code == ORC_EFILE &&
		(err->errnum == ENOSPC || err->errnum == EDQUOT || err->errnum == EFBIG);
}

int interval_wait_room(struct interval_run *run, struct orc_error *err)
{
	if (strncmp(run->why, "the disk", 8) != 0) {
		interval_hide(run);
		call_warn(run->call, "the disk is full: waiting for room");
		snprintf(run->why, sizeof(run->why), "the disk was full");
	}
	if (call_sleep_until(run->call, deadline_after_msec(ROOM_MSEC)) < 0)
		return io_fail_signal(run->call->io, err);
	return 0;
}

int interval_write(
	struct interval_run *run, const struct journal_record *record, struct orc_error *err)
{
	bool waited = false;
	int ret;

	for (;;) {
		ret = journal_write(&run->journal, record, err);
		if (ret == 0 || !interval_is_disk_full(err))
			break;
		waited = true;
		ret = interval_wait_room(run, err);
		if (ret < 0)
			return ret;
	}
	if (ret == 0 && waited)
		call_warn(run->call, "there is room on the disk again");
	return ret;
}

int interval_note(struct interval_run *run, struct orc_error *err, const char *format, ...)
{
	char text[512];
	const struct journal_record record = { .event = JOURNAL_NOTE, .why = text };
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	interval_hide(run);
	call_warn(run->call, "%s", text);
	return interval_write(run, &record, err);
}

static int missed(struct interval_run *run, const struct grid_turn *turn, struct orc_error *err)
{
	const struct journal_record record = {
		.event = JOURNAL_MISSED,
		.slot = turn->slot,
		.last = turn->last,
		.why = run->why[0] ? run->why : "the slots before took too long",
	};
	uint64_t count = slot_count(&turn->slot, &turn->last);
	int ret;

	run->missed += count;
	run->short_of += count;
	interval_hide(run);
	if (count == 1)
		call_warn(run->call, "slot %llu is missed: %s",
			(unsigned long long)turn->slot.number, record.why);
	else
		call_warn(run->call, "slots %llu to %llu are missed: %s",
			(unsigned long long)turn->slot.number,
			(unsigned long long)turn->last.number, record.why);
	ret = interval_write(run, &record, err);
	interval_print(run, &record, NULL);
	return ret;
}

static int stepped(struct interval_run *run, const struct grid_turn *turn, struct orc_error *err)
{
	const struct journal_record record = {
		.event = JOURNAL_CLOCK,
		.slot = turn->slot,
		.step = turn->step,
		.anchored = turn->anchored,
	};

	interval_hide(run);
	call_warn(run->call, "the clock was set by %+.3f s",
		(double)turn->step / (double)NSEC_PER_SEC);
	return interval_write(run, &record, err);
}

int interval_lose(struct interval_run *run, int error, const struct orc_error *err)
{
	if (error >= 0 || !recovery_is_for(error))
		return error;
	run->lost = true;
	orc_error_line(err, run->why, sizeof(run->why));
	return 0;
}

/* Climbs the ladder until the camera answers. Negative: given up, or a signal. */
static int regain(struct interval_run *run, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	orc_fail(err, ORC_ELOST, "%s", run->why);
	for (;;) {
		ret = recovery_step(&run->recovery, run->call, err);
		if (ret < 0)
			return ret;
		ret = call_camera(run->call, &camera, err);
		if (ret == 0)
			ret = camera_is_there(camera);
		if (ret == 0)
			break;
		if (err->code == 0 || run->call->camera)
			orc_fail(err, ORC_ELOST, "it does not answer");
		if (!recovery_is_for(ret))
			return ret;
	}
	run->lost = false;
	recovery_done(&run->recovery, run->call);
	/* It may be lost again meanwhile: the next rung is for that, and the slot stays open. */
	if (run->unsettled)
		ret = interval_lose(run, interval_settle(run, err), err);
	return ret;
}

/* Time until the slot: for what was put off, else for sleep. */
static int idle(struct interval_run *run, const struct slot *next, struct orc_error *err)
{
	nsec_t ahead = interval_scaled(run, INTERVAL_AHEAD);
	nsec_t until = next->planned.elapsed - ahead;
	struct camera *camera;
	int ret;

	if (run->options->download == DOWNLOAD_NOW && !run->lost) {
		ret = interval_lose(run, interval_fetch_left(run, until, err), err);
		if (ret < 0 && interval_is_disk_full(err))
			ret = interval_wait_room(run, err);
		/* The slots go on. */
		else if (interval_stays(run, ret))
			ret = 0;
		if (ret != 0 || run->lost)
			return ret < 0 ? ret : 0;
	}
	if (until - timepiece_now(&run->timepiece).elapsed > 2 * ahead &&
		call_camera(run->call, &camera, err) == 0)
		interval_ask(run, camera, false);
	interval_show(run, next);
	if (call_sleep_until(run->call,
		    deadline_min(timepiece_deadline(&run->timepiece, until),
			    deadline_after_msec(LOOK_MSEC))) < 0)
		return io_fail_signal(run->call->io, err);
	return 0;
}

/* What is to be done now; a slot that is close counts as due, so that it can be made ready. */
static void look(struct interval_run *run, struct grid_turn *turn)
{
	struct moment now = timepiece_now(&run->timepiece);
	nsec_t left;

	if (grid_turn(&run->grid, now, turn) != GRID_WAIT)
		return;
	left = turn->slot.planned.elapsed - now.elapsed;
	if (left > interval_scaled(run, INTERVAL_AHEAD))
		return;
	now.elapsed += left;
	now.wall += left;
	grid_turn(&run->grid, now, turn);
}

static int take_turn(struct interval_run *run, const struct grid_turn *turn, struct orc_error *err)
{
	switch (turn->action) {
	case GRID_WAIT:
		return idle(run, &turn->slot, err);
	case GRID_SHOOT:
		return interval_slot(run, &turn->slot, err);
	case GRID_MISSED:
		return missed(run, turn, err);
	case GRID_STEPPED:
		return stepped(run, turn, err);
	case GRID_END:
		run->stop = turn->why;
	}
	return 0;
}

int interval_loop(struct interval_run *run, struct orc_error *err)
{
	struct grid_turn turn;
	int ret = 0;

	while (ret == 0 && !run->stop) {
		if (io_cancelled(run->call->io))
			return io_fail_signal(run->call->io, err);
		if (run->lost) {
			ret = regain(run, err);
			continue;
		}
		look(run, &turn);
		ret = take_turn(run, &turn, err);
	}
	return ret;
}
