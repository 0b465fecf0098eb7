/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `capture` was asked for: its options, read and checked. */
#include "cmd/capture-options.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/pattern.h"

/* More are a slip of the finger; a long holds no more than 2 * 10^9 on a small machine. */
#define SHOTS_MAX 1000000

enum {
	OPTION_COUNT = 1,
	OPTION_INTERVAL,
	OPTION_OUTPUT,
	OPTION_BULB,
	OPTION_HALF_PRESS,
	OPTION_TRIGGER,
	OPTION_CARD,
	OPTION_KEEP,
	OPTION_SET,
	OPTION_RESTORE,
	OPTION_BRACKET,
	OPTION_STACK,
	OPTION_STEP,
	OPTION_STEP_SIZE,
	OPTION_TIMING,
	OPTION_HOOK_SCRIPT,
};

const struct poptOption capture_option_table[] = {
	{ "count", 'n', POPT_ARG_STRING, NULL, OPTION_COUNT, "take N pictures", "N" },
	{ "interval", 0, POPT_ARG_STRING, NULL, OPTION_INTERVAL,
		"from the start of one shot to the start of the next", "DURATION" },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"name the files after PATTERN (%n %C %f %F %: %N and strftime's letters); a "
		"folder; "
		"or - for stdout",
		"PATTERN" },
	{ "set", 0, POPT_ARG_STRING, NULL, OPTION_SET, "change a setting first; may be repeated",
		"NAME=VALUE" },
	{ "restore", 0, POPT_ARG_NONE, NULL, OPTION_RESTORE,
		"put back at the end what --set changed", NULL },
	{ "bracket", 0, POPT_ARG_STRING, NULL, OPTION_BRACKET,
		"take each picture several times: in stops (-2,0,+2 or 3x1), or with values of a "
		"setting (iso=100,400,1600); put back at the end",
		"STOPS|NAME=VALUE,..." },
	{ "stack", 0, POPT_ARG_STRING, NULL, OPTION_STACK,
		"take each picture at N places of the focus; moved back at the end", "N" },
	{ "step", 0, POPT_ARG_STRING, NULL, OPTION_STEP,
		"from one place of the stack to the next: steps of the lens, negative is nearer",
		"S" },
	{ "step-size", 0, POPT_ARG_STRING, NULL, OPTION_STEP_SIZE,
		"how large those steps are, 1 to 3 (default 1)", "SIZE" },
	{ "timing", 0, POPT_ARG_NONE, NULL, OPTION_TIMING,
		"tell when each shot was asked for, focused, released, known and fetched", NULL },
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
	FETCH_CARD_OPTIONS,
	FETCH_FILE_OPTIONS,
	{ "hook-script", 0, POPT_ARG_STRING, NULL, OPTION_HOOK_SCRIPT,
		"run FILE with ACTION (init, start, download, stop) and ARGUMENT in its "
		"environment",
		"FILE" },
	POPT_TABLEEND,
};

void capture_options_free(struct capture_options *capture)
{
	free(capture->changes);
	vary_free(&capture->vary);
	fetch_free(&capture->fetch);
}

static int take_option(
	struct capture_options *capture, struct call *call, int option, struct orc_error *err)
{
	if (fetch_option(&capture->fetch, option))
		return 0;
	switch (option) {
	case OPTION_COUNT:
		return call_long(call, 0, SHOTS_MAX, &capture->count, err);
	case OPTION_INTERVAL:
		capture->interval_given = true;
		return call_duration(call, &capture->interval_nsec, err);
	case OPTION_OUTPUT:
		capture->fetch.download.pattern = call->value->arg;
		break;
	case OPTION_SET:
		return call_change(call, &capture->changes, &capture->change_count, err);
	case OPTION_RESTORE:
		capture->restore = true;
		break;
	case OPTION_BRACKET:
		if (capture->vary.bracket.count > 0)
			return call_misused(call, err, "--bracket is taken once");
		return bracket_parse(&capture->vary.bracket, call->value->arg, err);
	case OPTION_STACK:
		capture->shoot.keep_focus = true;
		return call_long(call, 2, 10000, &capture->vary.places, err);
	case OPTION_STEP:
		return call_long(call, -10000, 10000, &capture->vary.step, err);
	case OPTION_STEP_SIZE:
		return call_long(call, 1, 3, &capture->vary.size, err);
	case OPTION_TIMING:
		capture->timing = true;
		capture->shoot.times = &capture->times;
		break;
	case OPTION_BULB:
		return call_some_time(call, &capture->shoot.bulb_nsec, err);
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
	case OPTION_HOOK_SCRIPT:
		capture->fetch.hook = call->value->arg;
		break;
	}
	return 0;
}

long capture_options_shots(const struct capture_options *capture)
{
	return capture->count * vary_shots(&capture->vary);
}

static int check_series(
	const struct capture_options *capture, struct call *call, struct orc_error *err)
{
	const struct vary *vary = &capture->vary;
	bool series = vary->places || vary->bracket.count > 0;

	if (capture->restore && capture->change_count == 0)
		return call_misused(call, err, "--restore puts back what --set changes");
	if (vary->places ? !vary->step : vary->step || vary->size)
		return call_misused(call, err,
			vary->places ? "--stack needs --step, not 0" : "--step needs --stack");
	if (vary->places && capture->shoot.half_press)
		return call_misused(call, err, "--half-press would undo the focus of --stack");
	if (series && capture->shoot.trigger_only)
		return call_misused(call, err, "--trigger does not wait: no --bracket, no --stack");
	if (series && capture->count == 0)
		return call_misused(call, err, "--count=0 leaves nothing to do");
	if (capture->count > SHOTS_MAX / vary_shots(vary))
		return call_misused(call, err, "more than %d pictures in all", SHOTS_MAX);
	return 0;
}

static int check_options(
	const struct capture_options *capture, struct call *call, struct orc_error *err)
{
	const char *pattern = capture->fetch.download.pattern;
	bool stays = capture->card || capture->shoot.trigger_only;
	long shots;
	int ret;

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
	ret = check_series(capture, call, err);
	shots = ret < 0 ? 0 : capture_options_shots(capture);
	if (ret < 0 || !pattern || shots < 2 || capture->fetch.download.mode == OUTFILE_REPLACE)
		return ret;
	if (download_to_stdout(&capture->fetch.download))
		return call_misused(call, err, "-o - takes one picture, not %ld", shots);
	if (!pattern_is_constant(pattern))
		return 0;
	orc_fail(err, ORC_EUSAGE, "%ld pictures do not fit into one file %s", shots, pattern);
	return orc_hint(err, "number them, for example -o 'shot-%%03n.%%C'");
}

/* What can go wrong with the file is found before the shutter opens, as far as it can be. */
static int check_target(struct capture_options *capture, struct call *call, struct orc_error *err)
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

int capture_options_read(struct capture_options *capture, struct call *call, struct orc_error *err)
{
	int ret, option;

	*capture = (struct capture_options){ .count = 1, .fetch.download.shot = true };
	while ((option = call_next(call)) > 0) {
		ret = take_option(capture, call, option, err);
		if (ret < 0)
			return ret;
	}
	ret = call_no_more_words(call, 0, err);
	if (ret == 0)
		ret = check_options(capture, call, err);
	if (ret == 0)
		ret = fetch_prepare(&capture->fetch, call, err);
	return ret == 0 ? check_target(capture, call, err) : ret;
}
