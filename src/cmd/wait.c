/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc wait: until the camera tells of something. */
#include <stdlib.h>

#include "cmd/events.h"

enum { OPTION_LIMIT = 1 };

static const struct poptOption options[] = {
	{ "limit", 0, POPT_ARG_STRING, NULL, OPTION_LIMIT,
		"wait no longer; exit status 1 when it passes", "DURATION" },
	POPT_TABLEEND,
};

struct waiting {
	struct event_wish *wishes;
	size_t count;
	struct deadline deadline;
	struct camera_listener *listener;
	bool announced;
};

static void waiting_free(struct waiting *waiting)
{
	free(waiting->wishes);
	camera_listener_destroy(waiting->listener);
}

static bool is_wanted(const struct waiting *waiting, const struct camera_event *event)
{
	size_t i;

	for (i = 0; i < waiting->count; i++)
		if (event_wish_matches(&waiting->wishes[i], event))
			return true;
	return false;
}

static bool wants_gone(const struct waiting *waiting)
{
	size_t i;

	for (i = 0; i < waiting->count; i++)
		if (waiting->wishes[i].gone)
			return true;
	return false;
}

static void announce(struct waiting *waiting, struct call *call)
{
	if (!waiting->announced && camera_listener_ready(waiting->listener))
		call_warn(call, "waiting");
	waiting->announced = waiting->announced || camera_listener_ready(waiting->listener);
}

/* 0: it came and was printed; ORC_EAGAIN: not yet. */
static int look(struct waiting *waiting, struct call *call, struct orc_error *err)
{
	struct camera_event event = { 0 };
	struct camera *camera;
	bool wanted;
	int ret;

	ret = call_camera(call, &camera, err);
	if (ret == 0)
		ret = camera_event_next(camera, waiting->listener,
			deadline_after_msec(EVENTS_SLICE_MSEC), &event, err);
	announce(waiting, call);
	if (ret < 0)
		return ret;
	wanted = is_wanted(waiting, &event);
	if (wanted)
		event_print(call, call->globals.json, &event);
	camera_event_free(&event);
	if (wanted)
		return 0;
	call_rest(call);
	return 1;
}

static int wait_for_it(struct waiting *waiting, struct call *call, struct orc_error *err)
{
	struct deadline next;
	int ret;

	for (;;) {
		if (io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		ret = look(waiting, call, err);
		if (ret <= 0 && ret != ORC_EAGAIN)
			break;
		if (deadline_passed(waiting->deadline)) {
			orc_fail(err, ORC_EAGAIN, "it did not come in time");
			return orc_what(err, "waited in vain");
		}
		next = deadline_min(deadline_after_msec(EVENTS_POLL_MSEC), waiting->deadline);
		/* What it tells at the start is long: that is not over with an answer. */
		if (!waiting->announced)
			call_rest(call);
		else if (ret == ORC_EAGAIN && call_sleep_until(call, next) < 0)
			return io_fail_signal(call->io, err);
	}
	if (!event_is_gone(ret) || !wants_gone(waiting))
		return ret;
	event_print_gone(call, call->globals.json, err);
	return 0;
}

static int run_wait(struct call *call, struct orc_error *err)
{
	cleanup(waiting_free) struct waiting waiting = { .deadline = deadline_never() };
	nsec_t limit = -1;
	int ret, option;
	size_t i;

	while ((option = call_next(call)) > 0) {
		ret = call_duration(call, &limit, err);
		if (ret < 0)
			return ret;
	}
	if (call->word_count == 0)
		return call_misused(call, err, "which event?");
	waiting.wishes = orc_must(calloc(call->word_count, sizeof(*waiting.wishes)));
	for (i = 0; i < call->word_count; i++) {
		ret = event_wish_parse(&waiting.wishes[i], call->words[i], err);
		if (ret < 0)
			return ret;
	}
	waiting.count = call->word_count;
	waiting.listener = camera_listener_new(LISTENER_CARD);
	if (limit >= 0)
		waiting.deadline.at_nsec = clock_now_nsec() + limit;
	return wait_for_it(&waiting, call, err);
}

const struct command command_wait = {
	.name = "wait",
	.synopsis = "EVENT… [--limit DURATION]",
	.summary = "wait until the camera tells of something, and say what",
	.details =
		"Events: file (a new picture), folder, capture-complete, property (a setting has "
		"changed, by whatever hand), property=NAME, card-full, gone (the camera was "
		"switched off or unplugged), other and any; the first of those that are named "
		"ends it. gphoto2's FILEADDED, FOLDERADDED, CAPTURECOMPLETE and UNKNOWN are "
		"taken as well. Pictures of the body's own button stay on its card. Exit status 1 "
		"when the limit passed first.",
	.options = options,
	.examples =
		"opencamrc -r router wait file --limit 1m && opencamrc -r router files get --new\n"
		"opencamrc -r router wait property=iso",
	.camera = true,
	.run = run_wait,
};
