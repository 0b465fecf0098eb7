/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One slot of an interval: begun, released at its time, and told of. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd/interval-run.h"

struct gate {
	struct interval_run *run;
	const struct slot *slot;
	nsec_t opened_nsec; /* on the monotonic clock; 0: it was not */
};

nsec_t interval_scaled(const struct interval_run *run, nsec_t real)
{
	return (nsec_t)((double)real * run->timepiece.speed);
}

/* How long after the gate the shutter is released: the least of the last few, so as never to be early. */
static nsec_t lead(const struct interval_run *run)
{
	unsigned count = run->lead_count < ARRAY_LENGTH(run->leads)
		? run->lead_count
		: (unsigned)ARRAY_LENGTH(run->leads);
	nsec_t least = 0;

	for (unsigned i = 0; i < count; i++)
		if (i == 0 || run->leads[i] < least)
			least = run->leads[i];
	return interval_scaled(run, least);
}

/* Sleeps up to a moment of the elapsed clock; the camera stays as it is, ours or not. */
static int sleep_until(struct interval_run *run, nsec_t elapsed)
{
	while (timepiece_now(&run->timepiece).elapsed < elapsed) {
		if (io_cancelled(run->call->io))
			return ORC_ESIGNAL;
		clock_sleep_until(deadline_min(
			timepiece_deadline(&run->timepiece, elapsed), deadline_after_msec(100)));
	}
	return io_cancelled(run->call->io) ? ORC_ESIGNAL : 0;
}

/* All is ready: what is left is to wait for the slot's time, the camera in hand. */
static int pass_gate(void *data)
{
	struct gate *gate = data;
	struct interval_run *run = gate->run;
	nsec_t planned = gate->slot->planned.elapsed;
	int ret;

	ret = sleep_until(run, planned - lead(run));
	if (ret < 0)
		return ret;
	if (timepiece_now(&run->timepiece).elapsed > planned + run->grid.plan.late)
		return ORC_ETIMEOUT;
	gate->opened_nsec = clock_now_nsec();
	return 0;
}

static void learn(
	struct interval_run *run, const struct shoot_times *times, const struct gate *gate)
{
	nsec_t took = times->focused_nsec - times->asked_nsec;

	if (gate->opened_nsec && times->sent_nsec > gate->opened_nsec)
		run->leads[run->lead_count++ % ARRAY_LENGTH(run->leads)] =
			times->sent_nsec - gate->opened_nsec;
	/* Of one that was lost on the way to it nothing is learnt. */
	if (!times->focused_nsec)
		return;
	/* A margin that shrinks slowly and grows at once. */
	took = 2 * took + INTERVAL_MARGIN_MIN;
	if (took < run->margin)
		took = run->margin - (run->margin - took) / 8;
	run->margin = took < INTERVAL_MARGIN_MAX ? took : INTERVAL_MARGIN_MAX;
}

int interval_failed(
	struct interval_run *run, const struct slot *slot, const char *why, struct orc_error *err)
{
	const struct journal_record record = {
		.event = JOURNAL_FAILED,
		.slot = *slot,
		.why = why,
	};
	char reason[192];
	int ret;

	/* It may be the run's own, or the error's that writing it fills in. */
	snprintf(reason, sizeof(reason), "%s", why);
	run->failed++;
	run->short_of++;
	run->unsettled = false;
	interval_hide(run);
	call_warn(run->call, "slot %llu: no picture: %s", (unsigned long long)slot->number, reason);
	ret = interval_write(run, &record, err);
	interval_print(run, &record, NULL);
	return ret;
}

/* When the shutter was released, in the record's clocks. */
static void put_times(
	struct interval_run *run, const struct shoot_times *times, struct journal_record *record)
{
	struct moment now = timepiece_now(&run->timepiece);
	nsec_t ago = interval_scaled(run, clock_now_nsec() - times->sent_nsec);

	record->released = now.wall - ago;
	record->late = now.elapsed - ago - record->slot.planned.elapsed;
	run->late = record->late;
}

static nsec_t next_time(const struct interval_run *run, const struct slot *slot)
{
	if (grid_left(&run->grid, slot->planned) == 0)
		return INT64_MAX;
	return slot->planned.elapsed + run->options->every - interval_scaled(run, run->margin);
}

/* There is a picture: fetched as far as there is time, written down. */
static int taken(struct interval_run *run, struct camera *camera, const struct slot *slot,
	const struct shoot_times *times, const struct camera_file *files, size_t count,
	struct orc_error *err)
{
	struct journal_record record = {
		.event = JOURNAL_SHOT,
		.slot = *slot,
	};
	cleanup(interval_files_free) struct interval_files done = { 0 };
	struct orc_error write_err = { 0 };
	int ret, written;

	put_times(run, times, &record);
	ret = interval_fetch(
		run, camera, slot->number, files, count, next_time(run, slot), &done, err);
	record.completed = timepiece_now(&run->timepiece).wall;
	if (ret == 0)
		ret = interval_ramp(run, camera, slot, files, count, &done, record.late, err);
	record.exposure = done.exposure;
	record.files = done.items;
	record.file_count = done.count;
	run->taken++;
	run->unsettled = false;
	run->why[0] = '\0';
	written = interval_write(run, &record, &write_err);
	interval_print(run, &record, &done);
	if (written < 0) {
		*err = write_err;
		return written;
	}
	interval_fetched(run, &done);
	return ret;
}

/* Somewhere else than on the card: not every body has memory for pictures. */
static bool has_other_place(struct camera *camera)
{
	struct setting setting = { 0 };
	int ret = camera_setting_get(camera, "capturetarget", &setting, &(struct orc_error){ 0 });

	setting_free(&setting);
	return ret == 0;
}

/*
 * A body says that it is, or how many pictures fit; where it does not, the last one's size tells. Where nothing
 * is to be done about it each slot has its own reason, until somebody changes the card.
 */
static bool is_card_full(
	struct interval_run *run, struct camera *camera, const struct orc_error *err)
{
	struct setting setting = { 0 };
	bool told, none;

	if (run->options->memory || run->full ||
		(run->options->on_full == ON_FULL_HOST && !has_other_place(camera)))
		return false;
	if (err->errnum == ENOSPC)
		return true;
	told = camera_setting_get(camera, "availableshots", &setting, &(struct orc_error){ 0 }) ==
		0;
	none = told && setting.value && strcmp(setting.value, "0") == 0;
	setting_free(&setting);
	if (none)
		return true;
	return interval_ask(run, camera, true) &&
		run->card_bytes < run->shot_bytes + run->shot_bytes / 4;
}

/* No picture, or not all of it: what becomes of the slot. */
static int failed(struct interval_run *run, struct camera *camera, const struct gate *gate,
	const struct shoot_times *times, int error, struct orc_error *err)
{
	const struct slot *slot = gate->slot;
	char line[sizeof(run->why)];
	int ret;

	orc_error_line(err, line, sizeof(line));
	if (error == ORC_ESIGNAL || io_cancelled(run->call->io)) {
		/* Released, and not waited for: a run that goes on looks on the card. */
		if (times->sent_nsec)
			return io_fail_signal(run->call->io, err);
		if (interval_failed(run, slot, "stopped before it was taken", err) < 0)
			return ORC_ESIGNAL;
		return io_fail_signal(run->call->io, err);
	}
	if (error != ORC_EBUSY && interval_lose(run, error, err) == 0) {
		/* It may be released, and the answer lost: the card knows more. */
		if (gate->opened_nsec) {
			run->unsettled = true;
			run->open = *slot;
			return 0;
		}
		return interval_failed(run, slot, line, err);
	}
	if (error == ORC_EREFUSED && camera && is_card_full(run, camera, err)) {
		ret = interval_failed(run, slot, "the card is full", err);
		return ret < 0 ? ret : interval_card_full(run, err);
	}
	return interval_failed(run, slot, line, err);
}

static int shoot(struct interval_run *run, const struct slot *slot, struct orc_error *err)
{
	struct gate gate = { .run = run, .slot = slot };
	struct shoot_times times = { 0 };
	struct shoot_options shoot = run->options->shoot;
	struct camera_file *files = NULL;
	struct camera *camera;
	nsec_t wait_before = run->call->globals.wait_nsec;
	struct moment now = timepiece_now(&run->timepiece);
	size_t count = 0;
	int ret;

	shoot.to_card = !run->options->memory && !run->full;
	shoot.gate = pass_gate;
	shoot.gate_data = &gate;
	shoot.times = &times;
	/* Another command's shot may take longer than the slot has. */
	run->call->globals.wait_nsec =
		(nsec_t)((double)(slot->planned.elapsed + run->grid.plan.late - now.elapsed) /
			run->timepiece.speed);
	if (run->call->globals.wait_nsec < NSEC_PER_MSEC)
		run->call->globals.wait_nsec = NSEC_PER_MSEC;
	ret = call_camera(run->call, &camera, err);
	run->call->globals.wait_nsec = wait_before;
	if (ret < 0)
		return failed(run, NULL, &gate, &times, ret, err);
	ret = ramping_set(&run->options->ramping, camera, err);
	if (recovery_is_for(ret))
		return failed(run, camera, &gate, &times, ret, err);
	/* A picture that is too dark is better than none. */
	if (ret < 0) {
		interval_hide(run);
		call_report(run->call, err);
	}
	ret = camera_shoot(camera, &shoot, &files, &count, err);
	learn(run, &times, &gate);
	if (ret == ORC_ETIMEOUT && !times.sent_nsec && !camera_is_broken(camera))
		ret = interval_failed(run, slot, "the camera was not ready in time", err);
	else if (ret < 0 && (count == 0 || (ret != ORC_EPARTIAL && ret != ORC_ESIGNAL)))
		ret = failed(run, camera, &gate, &times, ret, err);
	else
		ret = taken(run, camera, slot, &times, files, count, err);
	camera_files_free(files, count);
	return ret == 0 && io_cancelled(run->call->io) ? io_fail_signal(run->call->io, err) : ret;
}

int interval_slot(struct interval_run *run, const struct slot *slot, struct orc_error *err)
{
	const struct journal_record begin = { .event = JOURNAL_BEGIN, .slot = *slot };
	int ret;

	ret = interval_write(run, &begin, err);
	if (ret < 0)
		return ret;
	run->open = *slot;
	interval_show(run, slot);
	call_rest(run->call);
	/* Others have the camera until then. */
	ret = sleep_until(run, slot->planned.elapsed - interval_scaled(run, run->margin));
	if (ret < 0) {
		ret = interval_failed(run, slot, "stopped before it was taken", err);
		return ret < 0 ? ret : io_fail_signal(run->call->io, err);
	}
	if (timepiece_now(&run->timepiece).elapsed > slot->planned.elapsed + run->grid.plan.late)
		return interval_failed(run, slot, run->why[0] ? run->why : "too late", err);
	ret = interval_lose(run, shoot(run, slot, err), err);
	/* One that is lost is kept for the ladder, which may do with a reset of it. */
	if (!run->lost)
		call_rest(run->call);
	return ret;
}
