/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc tether: pictures shot with the body's own button arrive as files. */
#include <stdlib.h>
#include <string.h>

#include "camera/shoot.h"
#include "cmd/events.h"
#include "cmd/fetch.h"
#include "cmd/hook.h"
#include "cmd/pattern.h"
#include "cmd/recovery.h"

/* After the last picture: the other half of a pair from the slowest of cards comes within this. */
#define QUIET_MSEC 3000
/* A Nikon hands out nothing while it exposes: the rest of a burst, or the next picture of the night. */
#define BUSY_MSEC 120000

enum {
	OPTION_COUNT = 1,
	OPTION_DURATION,
	OPTION_OUTPUT,
	OPTION_EVENTS,
	OPTION_KEEP,
	OPTION_HOOK_SCRIPT,
	OPTION_RECOVER,
	OPTION_ON_LOST,
};

static const struct poptOption options[] = {
	{ "count", 'n', POPT_ARG_STRING, NULL, OPTION_COUNT, "end after N pictures", "N" },
	{ "duration", 0, POPT_ARG_STRING, NULL, OPTION_DURATION, "end after so long", "DURATION" },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"name the files after PATTERN (%n %C %f %F %: %N and strftime's letters), or a "
		"folder",
		"PATTERN" },
	{ "events", 0, POPT_ARG_NONE, NULL, OPTION_EVENTS,
		"tell all that the camera tells, in JSON, one object a line", NULL },
	{ "keep", 0, POPT_ARG_NONE, NULL, OPTION_KEEP,
		"pictures go to the card, are fetched, and stay there as well", NULL },
	FETCH_CARD_OPTIONS,
	FETCH_FILE_OPTIONS,
	{ "hook-script", 0, POPT_ARG_STRING, NULL, OPTION_HOOK_SCRIPT,
		"run FILE with ACTION (init, start, download, stop) and ARGUMENT in its "
		"environment; nothing waits for it",
		"FILE" },
	RECOVERY_POPT_OPTIONS(OPTION_RECOVER, OPTION_ON_LOST),
	POPT_TABLEEND,
};

struct tether {
	long count; /* 0: no end */
	nsec_t duration_nsec;
	bool keep;
	struct fetch fetch;
	struct deadline deadline;
	struct camera_listener *listener;
	bool announced;

	long shot;         /* the number of the picture that came last */
	char *last;        /* the name of its last file */
	size_t files;      /* that it has */
	bool complete;     /* the body said so after it */
	nsec_t quiet_nsec; /* since when nothing was heard behind that; 0: not yet */
	bool enough;       /* one more came than was asked for */

	struct recovery recovery;
	struct camera_file pending; /* on the card; its download broke off. No name: none */
};

static void tether_free(struct tether *tether)
{
	camera_listener_destroy(tether->listener);
	fetch_free(&tether->fetch);
	camera_file_free(&tether->pending);
	free(tether->last);
}

static int take_option(struct tether *tether, struct call *call, int option, struct orc_error *err)
{
	if (fetch_option(&tether->fetch, option))
		return 0;
	switch (option) {
	case OPTION_COUNT:
		return call_long(call, 1, 1000000, &tether->count, err);
	case OPTION_DURATION:
		return call_duration(call, &tether->duration_nsec, err);
	case OPTION_OUTPUT:
		tether->fetch.download.pattern = call->value->arg;
		break;
	case OPTION_EVENTS:
		tether->fetch.events = true;
		break;
	case OPTION_KEEP:
		tether->keep = true;
		break;
	case OPTION_HOOK_SCRIPT:
		tether->fetch.hook = call->value->arg;
		break;
	case OPTION_RECOVER:
		return recovery_parse(&tether->recovery.options, call, err);
	case OPTION_ON_LOST:
		tether->recovery.options.on_lost = call->value->arg;
		break;
	}
	return 0;
}

static int check_options(const struct tether *tether, struct call *call, struct orc_error *err)
{
	const char *pattern = tether->fetch.download.pattern;

	if (tether->keep && tether->fetch.no_keep)
		return call_misused(call, err, "--keep and --no-keep exclude each other");
	if (!pattern)
		return 0;
	if (download_to_stdout(&tether->fetch.download))
		return call_misused(call, err, "the pictures need files: -o - cannot hold them");
	if (tether->count == 1 || tether->fetch.download.mode == OUTFILE_REPLACE ||
		!pattern_is_constant(pattern))
		return 0;
	orc_fail(err, ORC_EUSAGE, "many pictures do not fit into one file %s", pattern);
	return orc_hint(err, "number them, for example -o 'shot-%%03n.%%C'");
}

/*
 * RAW and JPEG of one picture have one name on a card. In the camera's memory the driver numbers the
 * files: there it is a second one of another kind.
 */
static bool same_picture(const struct tether *tether, const struct camera_file *file)
{
	const char *last = tether->last;

	if (!last)
		return false;
	if (!fetch_in_memory(file))
		return pattern_stem(last) == pattern_stem(file->name) &&
			strncmp(last, file->name, pattern_stem(last)) == 0;
	return tether->files == 1 &&
		strcmp(last + pattern_stem(last), file->name + pattern_stem(file->name)) != 0;
}

/* Fetched when the camera is back; the file may be that which is pending. */
static void keep_pending(struct tether *tether, const struct camera_file *file)
{
	struct camera_file kept = *file;

	if (file == &tether->pending)
		return;
	kept.folder = orc_must(strdup(file->folder));
	kept.name = orc_must(strdup(file->name));
	kept.mime = file->mime ? orc_must(strdup(file->mime)) : NULL;
	camera_file_free(&tether->pending);
	tether->pending = kept;
}

/* A file in the memory is lost if nobody fetches it: it is left only as half of a pair. */
static bool is_wanted(
	const struct tether *tether, struct camera *camera, const struct camera_file *file)
{
	return fetch_wants(&tether->fetch, file) ||
		(fetch_in_memory(file) && !camera_makes_pairs(camera));
}

static int fetch_one(struct tether *tether, struct call *call, struct camera *camera,
	const struct camera_file *file, struct orc_error *err)
{
	struct deadline patience = deadline_after_msec(BUSY_MSEC);
	struct orc_error own;
	int ret;

	if (!is_wanted(tether, camera, file))
		return 0;
	do {
		own = (struct orc_error){ 0 };
		ret = fetch_file(&tether->fetch, call, camera, tether->shot, file, &own);
	} while (ret == ORC_EBUSY && !deadline_passed(patience) && !io_cancelled(call->io));
	if (ret == 0)
		return 0;
	if (recovery_is_for(ret) && tether->recovery.options.give_up_nsec >= 0 &&
		!fetch_in_memory(file)) {
		keep_pending(tether, file);
		*err = own;
		return ret;
	}
	/* What is still pending in the end is named then. */
	if (ret != ORC_EREFUSED && ret != ORC_EFILE && file == &tether->pending) {
		*err = own;
		return ret;
	}
	tether->fetch.missing++;
	if (ret != ORC_EREFUSED && ret != ORC_EFILE) {
		if (!fetch_in_memory(file))
			fetch_name_left(call, file);
		*err = own;
		return ret;
	}
	/* One file that cannot be had is no reason to miss the next. */
	call_report(call, &own);
	return 0;
}

static int take_file(struct tether *tether, struct call *call, struct camera *camera,
	const struct camera_file *file, struct orc_error *err)
{
	if (same_picture(tether, file)) {
		if (strcmp(tether->last, file->name) == 0)
			return 0; /* told twice */
		tether->files++;
	} else {
		tether->enough = tether->count > 0 && tether->shot >= tether->count;
		if (tether->enough) {
			fetch_name_left(call, file);
			return 0;
		}
		tether->shot++;
		tether->files = 1;
	}
	free(tether->last);
	tether->last = orc_must(strdup(file->name));
	tether->complete = false;
	tether->quiet_nsec = 0;
	return fetch_one(tether, call, camera, file, err);
}

static int take_event(struct tether *tether, struct call *call, struct camera *camera,
	const struct camera_event *event, struct orc_error *err)
{
	if (tether->fetch.events)
		event_print(call, true, event);
	else if (event->type == CAMERA_EVENT_CARD_FULL)
		call_warn(call, "the card is full");
	if (event->type == CAMERA_EVENT_COMPLETE)
		tether->complete = true;
	if (event->type != CAMERA_EVENT_FILE || event->own)
		return 0;
	return take_file(tether, call, camera, &event->file, err);
}

static bool finished(const struct tether *tether)
{
	bool quiet = tether->quiet_nsec &&
		clock_now_nsec() - tether->quiet_nsec >= QUIET_MSEC * NSEC_PER_MSEC;

	if (tether->enough || deadline_passed(tether->deadline))
		return true;
	return tether->count > 0 && tether->shot >= tether->count && (tether->complete || quiet);
}

static void announce(struct tether *tether, struct call *call)
{
	if (tether->announced || !camera_listener_ready(tether->listener))
		return;
	call_warn(call, "waiting for pictures");
	tether->announced = true;
}

static void back(struct tether *tether, struct call *call)
{
	if (recovery_done(&tether->recovery, call) && !tether->fetch.events)
		call_warn(call, "what was shot meanwhile is on the card, if it has one");
}

/* ORC_EAGAIN: nothing came. */
static int step(struct tether *tether, struct call *call, struct orc_error *err)
{
	struct camera_event event = { 0 };
	struct camera *camera;
	int ret;

	ret = call_camera(call, &camera, err);
	if (ret == 0 && tether->pending.name) {
		ret = fetch_one(tether, call, camera, &tether->pending, err);
		if (ret == 0)
			camera_file_free(&tether->pending);
		if (ret == 0)
			recovery_done(&tether->recovery, call);
		return ret;
	}
	if (ret == 0)
		ret = camera_event_next(camera, tether->listener,
			deadline_after_msec(EVENTS_SLICE_MSEC), &event, err);
	announce(tether, call);
	if (ret == 0 || ret == ORC_EAGAIN)
		back(tether, call);
	if (ret == ORC_EAGAIN && !tether->quiet_nsec)
		tether->quiet_nsec = clock_now_nsec();
	if (ret < 0)
		return ret;
	ret = take_event(tether, call, camera, &event, err);
	camera_event_free(&event);
	return ret;
}

/* Before it has been open once nothing is lost: that is told at once. */
static int recover(struct tether *tether, struct call *call, struct orc_error *err)
{
	if (!tether->announced)
		return (int)err->code;
	return recovery_step(&tether->recovery, call, err);
}

static int follow(struct tether *tether, struct call *call, struct orc_error *err)
{
	struct deadline pause;
	int ret;

	while (!finished(tether)) {
		if (io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		/* Pictures are fetched whoever reads their names; events are for a reader. */
		if (tether->fetch.events && call->io->out_errnum)
			return io_end(call->io, err);
		ret = step(tether, call, err);
		if (ret < 0 && ret != ORC_EAGAIN) {
			ret = recover(tether, call, err);
			if (ret < 0)
				return ret;
			continue;
		}
		pause = deadline_min(tether->deadline, deadline_after_msec(EVENTS_POLL_MSEC));
		/* What it tells at the start is long: that is not over with an answer. */
		if (ret == 0 || !tether->announced)
			call_rest(call);
		else if (call_sleep_until(call, pause) < 0)
			return io_fail_signal(call->io, err);
	}
	return 0;
}

/* What was heard of and cannot be fetched any more. */
static void name_unfetched(struct tether *tether, struct call *call)
{
	struct camera_event event;

	if (tether->pending.name) {
		fetch_name_left(call, &tether->pending);
		tether->fetch.missing++;
	}
	while (camera_listener_take(tether->listener, &event)) {
		if (event.type == CAMERA_EVENT_FILE && !event.own) {
			fetch_name_left(call, &event.file);
			tether->fetch.missing++;
		}
		camera_event_free(&event);
	}
}

static int run_hooked(struct tether *tether, struct call *call, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	ret = hook_run(call->io, tether->fetch.hook, "init", NULL, err);
	if (ret == 0)
		ret = call_camera(call, &camera, err);
	if (ret == 0)
		ret = hook_run(call->io, tether->fetch.hook, "start", NULL, err);
	if (ret == 0 && tether->fetch.hook)
		ret = hook_queue_start(&tether->fetch.hooks, call, tether->fetch.hook, err);
	if (ret < 0)
		return ret;
	ret = follow(tether, call, err);
	if (event_is_gone(ret) && tether->fetch.events)
		event_print_gone(call, true, err);
	name_unfetched(tether, call);
	/* Hooks may take long: others have the camera meanwhile. */
	if (event_is_gone(ret))
		call_drop_camera(call);
	else
		call_rest(call);
	if (tether->fetch.hooks)
		hook_queue_add(tether->fetch.hooks, "stop", NULL);
	hook_queue_stop(tether->fetch.hooks);
	if (ret == 0 && tether->fetch.missing > 0)
		ret = orc_fail(err, ORC_EPARTIAL, "files that are not as they were asked for: %zu",
			tether->fetch.missing);
	return ret;
}

static int run_tether(struct call *call, struct orc_error *err)
{
	cleanup(tether_free) struct tether tether = {
		.duration_nsec = -1,
		.deadline = deadline_never(),
		.fetch.download.shot = true,
		.recovery.options.give_up_nsec = RECOVERY_DEFAULT_NSEC,
	};
	int ret, option;

	while ((option = call_next(call)) > 0) {
		ret = take_option(&tether, call, option, err);
		if (ret < 0)
			return ret;
	}
	ret = call_no_more_words(call, 0, err);
	if (ret == 0)
		ret = fetch_prepare(&tether.fetch, call, err);
	if (ret == 0)
		ret = check_options(&tether, call, err);
	if (ret < 0)
		return ret;
	tether.listener = camera_listener_new(tether.keep ? LISTENER_TO_CARD : LISTENER_AS_SET);
	if (tether.duration_nsec >= 0)
		tether.deadline.at_nsec = clock_now_nsec() + tether.duration_nsec;
	return run_hooked(&tether, call, err);
}

const struct command command_tether = {
	.name = "tether",
	.synopsis = "[-o PATTERN] [OPTION…]",
	.summary = "fetch the pictures that are shot with the camera's own button",
	.details =
		"Prints the name of each file that was written. Without -o the files have the "
		"camera's names, with a number added where such a file exists. Pictures that "
		"another command takes are left to it. Where the link or the camera fails it goes "
		"on once they are back: a picture that was being fetched is fetched then. The hook "
		"script runs beside: neither the "
		"camera nor the next download waits for it; in the end those that are left "
		"are waited for, after a signal a minute at most.",
	.options = options,
	.examples = "opencamrc -r router tether -o '%Y%m%d-%H%M%S-%03n.%C'\n"
		    "opencamrc -r router tether --keep --hook-script ./show\n"
		    "opencamrc -r router tether --events | jq .event",
	.camera = true,
	.run = run_tether,
};
