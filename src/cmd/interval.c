/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc interval: pictures at fixed times, for hours and weeks, with nobody there. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/hook.h"
#include "cmd/interval-run.h"

/* The process that held the camera died so often in a row, each within a minute: then it is over. */
#define RESTARTS_MAX 5
#define RESTART_NSEC (60 * NSEC_PER_SEC)
/* At the end: when so many pictures in a row could not be written, the rest is not tried. */
#define STAY_MAX 10
/* For tests: clocks that run faster than the machine's. */
#define TIMEPIECE_VARIABLE "OPENCAMRC_TIMEPIECE"

static void run_free(struct interval_run *run)
{
	interval_hide(run);
	journal_close(&run->journal);
	journal_state_free(&run->had);
	while (run->left_count > 0)
		interval_drop_left(run, run->left_count - 1);
	for (size_t i = 0; i < run->copy_count; i++) {
		free(run->copies[i].folder);
		free(run->copies[i].name);
		free(run->copies[i].path);
	}
	free(run->left);
	free(run->copies);
	free(run->journal_folder);
	free(run->newest_folder);
	free(run->newest_name);
	free(run->model);
	free(run->serial);
}

/* Each rung of the ladder is a line of the journal; the last one has the time lost in all. */
static void tell(void *data, enum recovery_rung rung, nsec_t lost_nsec, const char *why)
{
	struct interval_run *run = data;
	bool over = rung == RECOVERY_BACK || rung == RECOVERY_GIVE_UP;
	double seconds = (double)lost_nsec / (double)NSEC_PER_SEC;
	char text[640];
	const struct journal_record record = {
		.event = JOURNAL_RECOVERY,
		.slot = run->open,
		.rung = recovery_rung_name(rung),
		.lost = over ? lost_nsec : 0,
		.why = text,
	};
	struct orc_error err = { 0 };

	snprintf(text, sizeof(text), "%.1f s lost%s%s", seconds, why[0] ? ": " : "", why);
	interval_hide(run);
	if (rung != RECOVERY_ASK)
		call_warn(run->call, "the camera is %s: %s, %s",
			rung == RECOVERY_BACK ? "back" : "away", recovery_rung_name(rung), text);
	/* A disk that is full does not keep anybody from looking for the camera. */
	if (run->journal.fd >= 0 && journal_write(&run->journal, &record, &err) < 0)
		call_report(run->call, &err);
}

/* "fast:SPEED" or "fast:SPEED:TIME", where the caller's environment has it. */
static int set_timepiece(struct interval_run *run, struct orc_error *err)
{
	const char *text = io_getenv(run->call->io, TIMEPIECE_VARIABLE);
	nsec_t wall;
	double speed;
	int used = 0;

	timepiece_system(&run->timepiece);
	if (!text)
		return 0;
	wall = timepiece_now(&run->timepiece).wall;
	if (sscanf(text, "fast:%lf%n", &speed, &used) != 1 || !(speed > 0 && speed <= 1e6) ||
		(text[used] && (text[used] != ':' || wall_parse(text + used + 1, &wall) < 0)))
		return orc_fail(err, ORC_EUSAGE, "not a timepiece: %s", text);
	timepiece_fast(&run->timepiece, wall, speed);
	return 0;
}

int interval_camera(struct interval_run *run, struct camera **camera, struct orc_error *err)
{
	int ret;

	for (;;) {
		ret = call_camera(run->call, camera, err);
		run->shut_out = ret == ORC_EBUSY;
		if (ret == 0)
			recovery_done(&run->recovery, run->call);
		if (ret == 0 || !run->options->resume || run->shut_out || !recovery_is_for(ret))
			return ret;
		ret = recovery_step(&run->recovery, run->call, err);
		if (ret < 0)
			return ret;
	}
}

static int prepare(struct interval_run *run, struct orc_error *err)
{
	struct interval_options *options = run->options;
	struct camera *camera;
	size_t done;
	int ret;

	ret = interval_camera(run, &camera, err);
	if (ret == 0 && options->change_count > 0)
		ret = camera_settings_set(
			camera, options->changes, options->change_count, &done, err);
	if (ret == 0)
		ret = ramping_begin(&options->ramping, run->call, camera, options->every, err);
	if (ret == 0)
		ret = interval_open(run, camera, err);
	call_rest(run->call);
	return ret;
}

/* One that cannot be written is named, and left to a run that goes on. */
static void leave(struct interval_run *run)
{
	const struct interval_left *left = run->left;

	interval_hide(run);
	fetch_name_left(run->call, &left->file);
	/* Of a pair once. */
	if (run->left_count == 1 || run->left[1].slot != left->slot)
		run->short_of++;
	interval_drop_left(run, 0);
}

/* What was put off; a signal leaves it on the card, where a run that goes on finds it. */
static int fetch_rest(struct interval_run *run, struct orc_error *err)
{
	unsigned stay = 0;
	int ret = 1;

	while (ret > 0) {
		/* Each may be downloaded before it cannot be written. */
		if (stay == STAY_MAX && run->left_count > 0) {
			leave(run);
			continue;
		}
		ret = interval_fetch_left(run, INT64_MAX, err);
		call_rest(run->call);
		if (ret < 0 && interval_is_disk_full(err)) {
			ret = interval_wait_room(run, err);
			if (ret == 0)
				ret = 1;
		} else if (interval_stays(run, ret)) {
			leave(run);
			stay++;
			ret = 1;
		} else if (ret < 0 && recovery_is_for(ret)) {
			ret = recovery_step(&run->recovery, run->call, err);
			if (ret == 0)
				ret = 1;
		} else if (ret >= 0) {
			stay = 0;
			recovery_done(&run->recovery, run->call);
		}
		if (ret > 0 && io_cancelled(run->call->io))
			ret = io_fail_signal(run->call->io, err);
	}
	return ret;
}

/* The journal's last line, whatever the end is. */
static void write_end(struct interval_run *run, int ret, const struct orc_error *why)
{
	char line[512];
	const struct journal_record record = {
		.event = JOURNAL_END,
		.why = ret < 0 ? line : run->stop,
		.taken = run->taken,
		.missed = run->missed,
		.failed = run->failed,
	};
	struct orc_error err = { 0 };

	orc_error_line(why, line, sizeof(line));
	if (journal_write(&run->journal, &record, &err) < 0)
		call_report(run->call, &err);
}

static int fail_short(uint64_t count, struct orc_error *err)
{
	return orc_fail(
		err, ORC_EPARTIAL, "slots without a picture here: %llu", (unsigned long long)count);
}

static int take_all(struct interval_run *run, struct orc_error *err)
{
	int ret;

	ret = interval_loop(run, err);
	if (ret == 0 && run->left_count > 0)
		ret = fetch_rest(run, err);
	interval_hide(run);
	if (ret < 0 && recovery_is_for(ret))
		call_drop_camera(run->call);
	else
		call_rest(run->call);
	write_end(run, ret, err);
	if (!run->options->once)
		call_warn(run->call, "%llu taken, %llu missed, %llu failed: %s",
			(unsigned long long)run->taken, (unsigned long long)run->missed,
			(unsigned long long)run->failed, ret < 0 ? err->why : run->stop);
	return ret == 0 && run->short_of > 0 ? fail_short(run->short_of, err) : ret;
}

static int run_hooked(struct interval_run *run, struct orc_error *err)
{
	struct fetch *fetch = &run->options->fetch;
	struct io *io = run->call->io;
	int ret;

	ret = hook_run(io, fetch->hook, "init", NULL, err);
	if (ret == 0)
		ret = prepare(run, err);
	if (ret < 0)
		return ret;
	if (fetch->hook)
		ret = hook_queue_start(&fetch->hooks, run->call, fetch->hook, err);
	if (ret < 0)
		return ret;
	if (fetch->hook)
		hook_queue_add(fetch->hooks, "start", NULL);
	ret = take_all(run, err);
	if (fetch->hook)
		hook_queue_add(fetch->hooks, "stop", NULL);
	hook_queue_stop(fetch->hooks);
	return ret;
}

static bool is_shut(const struct interval_run *run)
{
	struct window_span span;

	if (!run->options->once)
		return false;
	windows_at(&run->options->windows, timepiece_now(&run->timepiece).wall, &span);
	return !span.open;
}

static int run_here(struct interval_options *options, struct call *call, struct orc_error *err)
{
	cleanup(run_free) struct interval_run run = {
		.options = options,
		.call = call,
		.journal.fd = -1,
		.margin = 2 * INTERVAL_MARGIN_MIN,
		.recovery.options = options->recovery,
	};
	const char *slash = strrchr(options->journal, '/');
	int ret;

	run.recovery.options.tell = tell;
	run.recovery.options.tell_data = &run;
	run.journal_folder = orc_must(
		strndup(options->journal, slash ? (size_t)(slash + 1 - options->journal) : 0));
	ret = set_timepiece(&run, err);
	if (ret < 0 || is_shut(&run))
		return ret;
	if (options->skip)
		call->globals.wait_nsec = 0;
	ret = run_hooked(&run, err);
	if (ret == ORC_EBUSY && run.shut_out && options->skip) {
		call_warn(call, "skipped: another run or command has the camera");
		return 0;
	}
	return ret;
}

static int count_short(void *data, const struct journal_record *record)
{
	uint64_t *count = data;

	if (record->event == JOURNAL_PLAN || record->event == JOURNAL_RESUME)
		*count = 0;
	else if (record->event == JOURNAL_FAILED)
		++*count;
	else if (record->event == JOURNAL_MISSED)
		*count += slot_count(&record->slot, &record->last);
	return 0;
}

static off_t journal_size(const struct interval_options *options, const struct call *call)
{
	struct stat st;

	return fstatat(call->io->cwd, options->journal, &st, 0) == 0 ? st.st_size : 0;
}

/* The slots without a picture of a process that began when the journal had that size. */
static uint64_t slots_short(
	const struct interval_options *options, const struct call *call, off_t size)
{
	struct journal_damage damage;
	uint64_t count = 0;
	int fd;

	/* One that has written nothing may have ended a torn line. */
	if (journal_size(options, call) <= size + 1)
		return 0;
	fd = openat(call->io->cwd, options->journal, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (journal_read(fd, count_short, &count, &damage, &(struct orc_error){ 0 }) < 0)
		count = 0;
	close(fd);
	return count;
}

/*
 * By a process that holds the camera. Should that die (out of memory, kill -9), then nobody has to be
 * there: the next one goes on with the journal, which also tells what those before it have to answer for.
 */
static int run_there(
	const struct interval_options *options, struct call *call, struct orc_error *err)
{
	const char *const *argv = call->argv;
	cleanup_free const char **again = orc_must(calloc((size_t)call->argc + 2, sizeof(*again)));
	int argc = call->argc, deaths = 0, ret;
	uint64_t missing = 0;
	nsec_t begun;
	off_t size;

	memcpy(again, argv, (size_t)argc * sizeof(*again));
	again[argc] = "--resume";
	for (;;) {
		begun = clock_now_nsec();
		size = journal_size(options, call);
		ret = call_elsewhere(call, false, err);
		if ((ret != ORC_ELOST && ret != ORC_ENOMEM) || options->once)
			break;
		missing += slots_short(options, call, size);
		if (clock_now_nsec() - begun > RESTART_NSEC)
			deaths = 0;
		if (++deaths > RESTARTS_MAX || io_cancelled(call->io))
			break;
		call_warn(call, "%s: going on", err->why);
		call->argv = again;
		call->argc = argc + 1;
	}
	call->argv = argv;
	call->argc = argc;
	if (missing == 0)
		return ret;
	if (ret == 0)
		return fail_short(missing, err);
	if (ret == orc_exit_status(ORC_EPARTIAL, 0))
		call_warn(call, "with those of before, slots without a picture here: %llu",
			(unsigned long long)(missing + slots_short(options, call, size)));
	return ret;
}

static int run_interval(struct call *call, struct orc_error *err)
{
	cleanup(interval_options_free) struct interval_options options;
	int ret = interval_options_read(&options, call, err);

	if (ret < 0)
		return ret;
	if (options.report)
		return interval_report(&options, call, err);
	return call->io->job ? run_here(&options, call, err) : run_there(&options, call, err);
}

const struct command command_interval = {
	.name = "interval",
	.synopsis = "--every DURATION [-n N] [-o PATTERN] [OPTION…]\n"
		    "--once [-o PATTERN] [OPTION…]\n"
		    "--report JOURNAL [--svg FILE]",
	.summary = "take pictures at fixed times, unattended: timelapses",
	.details = "Slots lie on a fixed grid: a late picture moves no later one, and a slot that "
		   "cannot be shot in time is missed, named, and its number is never used again. "
		   "A journal beside the pictures has a line for all that happens; --resume goes "
		   "on with it after a crash or a power cut. A camera or a link that is lost is "
		   "waited for. Pictures go to the card, are fetched, and stay there as well "
		   "unless --no-keep is given.",
	.options = interval_option_table,
	.examples = "opencamrc -r router interval --every 10s --count 360 -o 'tl-%05n.%C'\n"
		    "opencamrc -r router interval --every 1m --align 1m --between sunrise-sunset "
		    "--at 52.5,13.4 -o garden/ --resume\n"
		    "opencamrc -r router interval --every 5s --until 6:30 --download end\n"
		    "opencamrc -r router interval --once --lock skip -q -o 'yard/%Y%m%d-%H%M.%C'\n"
		    "opencamrc interval --report garden/interval.jsonl --svg garden.svg",
	.run = run_interval,
};
