/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc capture: take pictures and fetch them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/settings.h"
#include "camera/shoot.h"
#include "cmd/command.h"
#include "cmd/fetch.h"
#include "cmd/hook.h"
#include "cmd/pattern.h"

enum {
	OPTION_COUNT = 1,
	OPTION_INTERVAL,
	OPTION_OUTPUT,
	OPTION_BULB,
	OPTION_HALF_PRESS,
	OPTION_TRIGGER,
	OPTION_CARD,
	OPTION_KEEP,
	OPTION_NO_KEEP,
	OPTION_RAW_ONLY,
	OPTION_JPEG_ONLY,
	OPTION_FORCE,
	OPTION_SKIP_EXISTING,
	OPTION_SET,
	OPTION_HOOK_SCRIPT,
};

static const struct poptOption options[] = {
	{ "count", 'n', POPT_ARG_STRING, NULL, OPTION_COUNT, "take N pictures", "N" },
	{ "interval", 0, POPT_ARG_STRING, NULL, OPTION_INTERVAL,
		"from the start of one shot to the start of the next", "DURATION" },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"name the files after PATTERN (%n %C %f %F %: and strftime's letters); a folder; "
		"or - for stdout",
		"PATTERN" },
	{ "set", 0, POPT_ARG_STRING, NULL, OPTION_SET, "change a setting first; may be repeated",
		"NAME=VALUE" },
	{ "bulb", 0, POPT_ARG_STRING, NULL, OPTION_BULB,
		"hold the shutter open for so long; the body must be set to bulb", "DURATION" },
	{ "half-press", 0, POPT_ARG_NONE, NULL, OPTION_HALF_PRESS,
		"focus and meter first; with --count=0 do that alone", NULL },
	{ "trigger", 0, POPT_ARG_NONE, NULL, OPTION_TRIGGER,
		"release the shutter and do not wait for the picture", NULL },
	{ "card", 0, POPT_ARG_NONE, NULL, OPTION_CARD,
		"leave the pictures on the camera's card, fetch nothing", NULL },
	{ "keep", 0, POPT_ARG_NONE, NULL, OPTION_KEEP,
		"shoot to the card, fetch, and keep the pictures there as well", NULL },
	{ "no-keep", 0, POPT_ARG_NONE, NULL, OPTION_NO_KEEP,
		"delete the pictures from the card once they are here", NULL },
	{ "raw-only", 0, POPT_ARG_NONE, NULL, OPTION_RAW_ONLY,
		"of a RAW+JPEG pair fetch the RAW; the other stays", NULL },
	{ "jpeg-only", 0, POPT_ARG_NONE, NULL, OPTION_JPEG_ONLY,
		"of a RAW+JPEG pair fetch the JPEG; the other stays", NULL },
	{ "force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE, "replace files that exist", NULL },
	{ "skip-existing", 0, POPT_ARG_NONE, NULL, OPTION_SKIP_EXISTING,
		"do not fetch where the file exists", NULL },
	{ "hook-script", 0, POPT_ARG_STRING, NULL, OPTION_HOOK_SCRIPT,
		"run FILE with ACTION (init, start, download, stop) and ARGUMENT in its "
		"environment",
		"FILE" },
	POPT_TABLEEND,
};

struct capture {
	long count;
	bool interval_given, keep, card;
	nsec_t interval_nsec;
	struct shoot_options shoot;
	struct fetch fetch;
	struct setting_change *changes;
	size_t change_count;
};

static void capture_free(struct capture *capture)
{
	free(capture->changes);
	fetch_free(&capture->fetch);
}

static int add_change(struct capture *capture, struct call *call, struct orc_error *err)
{
	char *equals = strchr(call->value->arg, '=');

	if (!equals || equals == call->value->arg)
		return call_misused(call, err, "--set %s: NAME=VALUE is needed", call->value->arg);
	*equals = '\0';
	capture->changes = orc_must(
		realloc(capture->changes, (capture->change_count + 1) * sizeof(*capture->changes)));
	capture->changes[capture->change_count++] = (struct setting_change){
		.name = call->value->arg,
		.value = equals + 1,
	};
	return 0;
}

static int take_option(
	struct capture *capture, struct call *call, int option, struct orc_error *err)
{
	switch (option) {
	case OPTION_COUNT:
		return call_long(call, 0, 1000000, &capture->count, err);
	case OPTION_INTERVAL:
		capture->interval_given = true;
		return call_duration(call, &capture->interval_nsec, err);
	case OPTION_OUTPUT:
		capture->fetch.download.pattern = call->value->arg;
		break;
	case OPTION_SET:
		return add_change(capture, call, err);
	case OPTION_BULB:
		return call_duration(call, &capture->shoot.bulb_nsec, err);
	case OPTION_HALF_PRESS:
		capture->shoot.half_press = true;
		break;
	case OPTION_TRIGGER:
		capture->shoot.trigger_only = true;
		break;
	case OPTION_CARD:
		capture->card = capture->shoot.to_card = true;
		break;
	case OPTION_KEEP:
		capture->keep = capture->shoot.to_card = true;
		break;
	case OPTION_NO_KEEP:
		capture->fetch.no_keep = true;
		break;
	case OPTION_RAW_ONLY:
		capture->fetch.wanted = FETCH_RAW;
		break;
	case OPTION_JPEG_ONLY:
		capture->fetch.wanted = FETCH_JPEG;
		break;
	case OPTION_FORCE:
		capture->fetch.download.mode = OUTFILE_REPLACE;
		break;
	case OPTION_SKIP_EXISTING:
		capture->fetch.download.skip_existing = true;
		break;
	case OPTION_HOOK_SCRIPT:
		capture->fetch.hook = call->value->arg;
		break;
	}
	return 0;
}

static int check_options(const struct capture *capture, struct call *call, struct orc_error *err)
{
	const char *pattern = capture->fetch.download.pattern;
	bool stays = capture->card || capture->shoot.trigger_only;

	if (capture->keep && capture->fetch.no_keep)
		return call_misused(call, err, "--keep and --no-keep exclude each other");
	if (stays && (pattern || capture->fetch.no_keep))
		return call_misused(call, err,
			"%s fetches nothing: --output and --no-keep mean nothing",
			capture->card ? "--card" : "--trigger");
	if (capture->shoot.trigger_only && capture->shoot.bulb_nsec > 0)
		return call_misused(call, err, "--trigger and --bulb exclude each other");
	if (capture->count == 0 && !capture->shoot.half_press)
		return call_misused(call, err, "--count=0 leaves nothing to do");
	if (!pattern || capture->count < 2 || capture->fetch.download.mode == OUTFILE_REPLACE)
		return 0;
	if (download_to_stdout(&capture->fetch.download))
		return call_misused(call, err, "-o - takes one picture, not %ld", capture->count);
	if (!pattern_is_constant(pattern))
		return 0;
	orc_fail(err, ORC_EUSAGE, "%ld pictures do not fit into one file %s", capture->count,
		pattern);
	return orc_hint(err, "number them, for example -o 'shot-%%03n.%%C'");
}

/* What can go wrong with the file is found before the shutter opens, as far as it can be. */
static int check_target(struct capture *capture, struct call *call, struct orc_error *err)
{
	const struct camera_file unknown = { .folder = "/", .name = "x" };
	cleanup_free char *path = download_name(&capture->fetch.download, &unknown);
	enum outfile_mode mode = capture->fetch.download.mode;

	if (!path || capture->card || capture->shoot.trigger_only)
		return 0;
	if (!capture->fetch.download.pattern ||
		!pattern_is_foreseeable(capture->fetch.download.pattern) ||
		capture->fetch.download.skip_existing)
		mode = OUTFILE_REPLACE;
	return outfile_check(call->io->cwd, path, mode, err);
}

static bool is_wanted(const struct capture *capture, const struct camera_file *file)
{
	return !capture->card && fetch_wants(&capture->fetch, file);
}

static int fetch_all(struct capture *capture, struct call *call, struct camera *camera, long shot,
	const struct camera_file *files, size_t count, struct orc_error *err)
{
	bool sent = false;
	int first = 0, ret;
	size_t i;

	for (i = 0; i < count; i++) {
		struct orc_error own = { 0 };

		if (!is_wanted(capture, &files[i])) {
			if (capture->card)
				fetch_print(call, shot, &files[i], NULL, true);
			continue;
		}
		if (first < 0) {
			fetch_name_left(call, &files[i]);
			capture->fetch.missing++;
			continue;
		}
		if (sent) {
			/* One stream, one picture: what follows it would spoil it. */
			orc_fail(err, ORC_EPARTIAL, "-o - takes one file a shot");
			orc_what(err, "%s is not fetched", files[i].name);
			first = orc_hint(err, "--jpeg-only or --raw-only chooses%s",
				fetch_in_memory(&files[i]) ? "" : "; it stays on the card");
			continue;
		}
		ret = fetch_file(&capture->fetch, call, camera, shot, &files[i], &own);
		sent = ret == 0 && download_to_stdout(&capture->fetch.download);
		if (ret < 0) {
			*err = own;
			first = ret;
		}
	}
	return first;
}

static int shoot(struct capture *capture, struct call *call, struct camera *camera, long shot,
	struct orc_error *err)
{
	struct orc_error shoot_err = { 0 };
	struct camera_file *files = NULL;
	size_t count = 0;
	int ret, fetched;

	ret = camera_shoot(camera, &capture->shoot, &files, &count, &shoot_err);
	if (ret < 0)
		*err = shoot_err;
	if (ret == ORC_ELOST || ret == ORC_ETIMEOUT || ret == ORC_EPROTO) {
		size_t i;

		for (i = 0; i < count; i++)
			fetch_name_left(call, &files[i]);
	} else if (count > 0) {
		fetched = fetch_all(capture, call, camera, shot, files, count, err);
		if (ret == 0)
			ret = fetched;
	}
	camera_files_free(files, count);
	return ret;
}

static int shoot_all(
	struct capture *capture, struct call *call, struct camera *camera, struct orc_error *err)
{
	nsec_t next = clock_now_nsec();
	long shot;
	int ret;

	if (capture->count == 0)
		return camera_half_press(camera, err);
	for (shot = 1; shot <= capture->count; shot++) {
		if (io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		ret = shoot(capture, call, camera, shot, err);
		if (ret < 0) {
			if (shot > 1 && ret != ORC_ESIGNAL)
				call_warn(call, "ended at shot %ld of %ld", shot, capture->count);
			return ret;
		}
		if (!capture->interval_given || shot == capture->count)
			continue;
		/* A shot that took longer than the interval starts the next at once. */
		next += capture->interval_nsec;
		if (next < clock_now_nsec())
			next = clock_now_nsec();
		if (call_sleep_until(call, (struct deadline){ .at_nsec = next }) < 0)
			return io_fail_signal(call->io, err);
	}
	return 0;
}

static int capture_run(struct capture *capture, struct call *call, struct orc_error *err)
{
	struct orc_error stop_err = { 0 };
	struct camera *camera;
	size_t done = 0;
	int ret;

	ret = hook_run(call->io, capture->fetch.hook, "init", NULL, err);
	if (ret == 0)
		ret = call_camera(call, &camera, err);
	if (ret == 0 && capture->change_count > 0)
		ret = camera_settings_set(
			camera, capture->changes, capture->change_count, &done, err);
	if (ret == 0)
		ret = hook_run(call->io, capture->fetch.hook, "start", NULL, err);
	if (ret < 0)
		return ret;
	ret = shoot_all(capture, call, camera, err);
	if (hook_run(call->io, capture->fetch.hook, "stop", NULL, &stop_err) < 0)
		call_report(call, &stop_err);
	if (ret == 0 && capture->fetch.missing > 0) {
		orc_fail(err, ORC_EPARTIAL, "%zu files are not as they were asked for",
			capture->fetch.missing);
		ret = ORC_EPARTIAL;
	}
	return ret;
}

static int run_capture(struct call *call, struct orc_error *err)
{
	cleanup(capture_free) struct capture capture = { .count = 1, .fetch.download.shot = true };
	int ret, option;

	while ((option = call_next(call)) > 0) {
		ret = take_option(&capture, call, option, err);
		if (ret < 0)
			return ret;
	}
	ret = call_no_more_words(call, 0, err);
	if (ret == 0)
		ret = check_options(&capture, call, err);
	if (ret == 0)
		ret = fetch_prepare(&capture.fetch, call, err);
	if (ret == 0)
		ret = check_target(&capture, call, err);
	if (ret < 0)
		return ret;
	return capture_run(&capture, call, err);
}

const struct command command_capture = {
	.name = "capture",
	.synopsis = "[-n N] [-o PATTERN|-] [OPTION…]",
	.summary = "take pictures, fetch them and name what was written",
	.details = "Waits for every file of a shot (RAW and JPEG). Without -o the files have the "
		   "camera's names, with a number added where such a file exists. Nothing is ever "
		   "replaced unless --force is given. A picture on the card stays there unless "
		   "--no-keep is given; a failed download leaves it there.",
	.options = options,
	.examples =
		"opencamrc -r router capture -o 'shot-%Y%m%d-%H%M%S.%C'\n"
		"opencamrc -r router capture --set iso=400 -n 10 --interval 5s -o 'tl-%04n.%C'\n"
		"opencamrc -r router capture --jpeg-only -o - > now.jpg",
	.camera = true,
	.run = run_capture,
};
