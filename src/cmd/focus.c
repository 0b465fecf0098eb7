/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc focus: the lens, driven from afar. */
#include "camera/focus.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/json.h"

enum { OPTION_COUNT = 1 };

static const struct poptOption options[] = {
	{ "count", 'n', POPT_ARG_STRING, NULL, OPTION_COUNT, "near, far: so many steps", "N" },
	POPT_TABLEEND,
};

struct focus {
	long count;      /* of steps */
	const char *arg; /* the second word; NULL: none */
	unsigned x, y;
	int size; /* of a step, negative is nearer */
};

static int focus_auto(
	const struct focus *focus, struct call *call, struct camera *camera, struct orc_error *err)
{
	enum focus_result result;
	int ret;

	(void)focus;
	ret = camera_focus_auto(camera, &result, err);
	if (ret < 0)
		return ret;
	if (call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		if (result == FOCUS_LOCKED)
			json_put_bool(object, "focused", true);
		else
			json_put_null(object, "focused");
		json_print(call->io, object);
		return 0;
	}
	io_printf(call->io, "%s\n", result == FOCUS_LOCKED ? "focused" : "the camera does not say");
	return 0;
}

static int focus_step(
	const struct focus *focus, struct call *call, struct camera *camera, struct orc_error *err)
{
	long i;
	int ret = 0;

	for (i = 0; i < focus->count && ret == 0; i++) {
		if (i > 0 &&
			call_sleep_until(call, deadline_after_msec(CAMERA_FOCUS_STEP_MSEC)) < 0)
			return io_fail_signal(call->io, err);
		if (i > 0)
			ret = call_camera(call, &camera, err);
		if (ret == 0)
			ret = camera_focus_step(camera, focus->size, err);
	}
	if (ret < 0 && i > 1)
		call_warn(call, "%ld of %ld steps were made", i - 1, focus->count);
	return ret;
}

static int focus_zoom(
	const struct focus *focus, struct call *call, struct camera *camera, struct orc_error *err)
{
	(void)call;
	return camera_focus_zoom(camera, focus->arg, err);
}

static int focus_point(
	const struct focus *focus, struct call *call, struct camera *camera, struct orc_error *err)
{
	(void)call;
	return camera_focus_point(camera, focus->x, focus->y, err);
}

static int read_size(struct focus *focus, struct call *call, struct orc_error *err)
{
	const char *arg = focus->arg ? focus->arg : "1";

	if (strlen(arg) != 1 || *arg < '1' || *arg > '3')
		return call_misused(call, err, "%s: a step has a size of 1 to 3", arg);
	focus->size = *arg - '0';
	if (strcmp(call->words[0], "near") == 0)
		focus->size = -focus->size;
	return 0;
}

static int read_zoom(struct focus *focus, struct call *call, struct orc_error *err)
{
	return focus->arg ? 0 : call_misused(call, err, "zoom: how many times?");
}

static int read_point(struct focus *focus, struct call *call, struct orc_error *err)
{
	int len = 0;

	if (!focus->arg || focus->arg[0] == '-' ||
		sscanf(focus->arg, "%6u,%6u%n", &focus->x, &focus->y, &len) != 2 || focus->arg[len])
		return call_misused(call, err, "point: X,Y is needed");
	return 0;
}

static const struct verb {
	const char *word;
	size_t words; /* at most */
	int (*read)(
		struct focus *focus, struct call *call, struct orc_error *err); /* may be NULL */
	int (*run)(const struct focus *focus, struct call *call, struct camera *camera,
		struct orc_error *err);
} verbs[] = {
	{ "auto", 1, NULL, focus_auto },
	{ "near", 2, read_size, focus_step },
	{ "far", 2, read_size, focus_step },
	{ "zoom", 2, read_zoom, focus_zoom },
	{ "point", 2, read_point, focus_point },
};

static const struct verb *find_verb(const char *word)
{
	size_t i;

	for (i = 0; word && i < ARRAY_LENGTH(verbs); i++)
		if (strcmp(verbs[i].word, word) == 0)
			return &verbs[i];
	return NULL;
}

static int run_focus(struct call *call, struct orc_error *err)
{
	struct focus focus = { .count = 1 };
	const struct verb *verb;
	struct camera *camera;
	bool counts = false;
	int ret = 0;

	while (ret == 0 && call_next(call) > 0) {
		counts = true;
		ret = call_long(call, 1, 10000, &focus.count, err);
	}
	if (ret < 0)
		return ret;
	verb = find_verb(call->word_count ? call->words[0] : NULL);
	if (!verb)
		return call_misused(call, err, "auto, near, far, zoom or point?");
	if (counts && verb->run != focus_step)
		return call_misused(call, err, "--count goes with near and far");
	ret = call_no_more_words(call, verb->words, err);
	focus.arg = call->word_count > 1 ? call->words[1] : NULL;
	if (ret == 0 && verb->read)
		ret = verb->read(&focus, call, err);
	if (ret == 0)
		ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	ret = verb->run(&focus, call, camera, err);
	camera = call_camera_to_end(call);
	if (camera)
		camera_focus_end(camera);
	return ret;
}

const struct command command_focus = {
	.name = "focus",
	.synopsis = "auto\n"
		    "near|far [SIZE] [-n N]\n"
		    "zoom N\n"
		    "point X,Y",
	.summary = "focus, move the lens by steps, enlarge the live view",
	.details =
		"auto focuses once and says whether the body found it. near and far move the lens "
		"one step of size 1 (fine, the default) to 3 (coarse). zoom enlarges the live "
		"view: "
		"an EOS takes 1, 5 and 10. point is where, in the body's own pixels from the top "
		"left. Live view, which all but auto need, is switched on for the "
		"time where it is off.",
	.options = options,
	.examples = "opencamrc -r router focus auto\n"
		    "opencamrc -r router focus near 2 -n 3",
	.camera = true,
	.run = run_focus,
};
