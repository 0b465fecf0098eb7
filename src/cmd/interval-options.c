/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `interval` was asked for: its options, read and checked. */
#include "cmd/interval-options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/grant.h"
#include "cmd/pattern.h"

/* --once has no period of its own; a journal needs one. */
#define ONCE_EVERY (60 * NSEC_PER_SEC)
#define EVERY_MIN  (NSEC_PER_SEC / 2)

enum {
	OPTION_EVERY = 1,
	OPTION_COUNT,
	OPTION_FOR,
	OPTION_UNTIL,
	OPTION_START,
	OPTION_BETWEEN,
	OPTION_DAYS,
	OPTION_AT,
	OPTION_ALIGN,
	OPTION_LATE,
	OPTION_OUTPUT,
	OPTION_DOWNLOAD,
	OPTION_MEMORY,
	OPTION_KEEP,
	OPTION_SET,
	OPTION_BULB,
	OPTION_HALF_PRESS,
	OPTION_HOOK_SCRIPT,
	OPTION_RESUME,
	OPTION_JOURNAL,
	OPTION_ONCE,
	OPTION_LOCK,
	OPTION_ON_FULL,
	OPTION_RECOVER,
	OPTION_ON_LOST,
	OPTION_REPORT,
	OPTION_SVG,
};

const struct poptOption interval_option_table[] = {
	{ "every", 0, POPT_ARG_STRING, NULL, OPTION_EVERY,
		"from one slot to the next: 0.5s to days", "DURATION" },
	{ "count", 'n', POPT_ARG_STRING, NULL, OPTION_COUNT, "end after N slots", "N" },
	{ "for", 0, POPT_ARG_STRING, NULL, OPTION_FOR, "end so long after the first slot",
		"DURATION" },
	{ "until", 0, POPT_ARG_STRING, NULL, OPTION_UNTIL, "end at that time", "TIME" },
	{ "start", 0, POPT_ARG_STRING, NULL, OPTION_START,
		"the first slot: 20:30, +2h, sunset-30m, '2026-11-22 06:00' (default now)",
		"TIME" },
	{ "between", 0, POPT_ARG_STRING, NULL, OPTION_BETWEEN,
		"only between these times of the day: 06:00-20:00, sunrise-sunset+30m; may be "
		"repeated",
		"FROM-TO" },
	{ "days", 0, POPT_ARG_STRING, NULL, OPTION_DAYS, "only on these days: mon-fri, sat,sun",
		"DAYS" },
	{ "at", 0, POPT_ARG_STRING, NULL, OPTION_AT, "the place, for the sun's times", "LAT,LON" },
	{ "align", 0, POPT_ARG_STRING, NULL, OPTION_ALIGN,
		"the first slot is at a whole multiple of that since midnight", "DURATION" },
	{ "late", 0, POPT_ARG_STRING, NULL, OPTION_LATE,
		"a slot is missed when so much late (default half of --every, 10m at most)",
		"DURATION" },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"name the files after PATTERN (default " INTERVAL_PATTERN "; %n is the slot's "
		"number, from 0), or a folder",
		"PATTERN" },
	{ "download", 0, POPT_ARG_STRING, NULL, OPTION_DOWNLOAD,
		"fetch each picture when there is time (now, the default), all at the end, or "
		"never",
		"now|end|never" },
	{ "memory", 0, POPT_ARG_NONE, NULL, OPTION_MEMORY,
		"pictures go to the computer alone, not to the card", NULL },
	{ "keep", 0, POPT_ARG_NONE, NULL, OPTION_KEEP,
		"keep the pictures on the card as well (the default)", NULL },
	FETCH_CARD_OPTIONS,
	{ "set", 0, POPT_ARG_STRING, NULL, OPTION_SET, "change a setting first; may be repeated",
		"NAME=VALUE" },
	{ "bulb", 0, POPT_ARG_STRING, NULL, OPTION_BULB,
		"hold the shutter open for so long; the body must be set to bulb", "DURATION" },
	{ "half-press", 0, POPT_ARG_NONE, NULL, OPTION_HALF_PRESS,
		"focus and meter before each picture, ahead of its time", NULL },
	{ "hook-script", 0, POPT_ARG_STRING, NULL, OPTION_HOOK_SCRIPT,
		"run FILE with ACTION (init, start, download, stop) and ARGUMENT in its "
		"environment; no slot waits for it",
		"FILE" },
	{ "resume", 0, POPT_ARG_NONE, NULL, OPTION_RESUME,
		"go on with what the journal tells; without a journal begin", NULL },
	{ "journal", 0, POPT_ARG_STRING, NULL, OPTION_JOURNAL,
		"write the journal there (default " INTERVAL_JOURNAL " beside the pictures)",
		"FILE" },
	{ "once", 0, POPT_ARG_NONE, NULL, OPTION_ONCE,
		"one slot, now, if a window is open: for cron", NULL },
	{ "lock", 0, POPT_ARG_STRING, NULL, OPTION_LOCK,
		"with --once: while another run or command has the camera, wait (default, see "
		"--wait) or skip",
		"wait|skip" },
	{ "on-full", 0, POPT_ARG_STRING, NULL, OPTION_ON_FULL,
		"when the card is full: stop, delete the oldest that are here, or go on to the "
		"host's disk (default host, but stop without --download now)",
		"stop|oldest|host" },
	{ "recover", 0, POPT_ARG_STRING, NULL, OPTION_RECOVER,
		"look so long for a camera that is lost: forever (default), 0 to end at once",
		"DURATION" },
	{ "on-lost", 0, POPT_ARG_STRING, NULL, OPTION_ON_LOST,
		"run COMMAND when it is lost for a minute, or half of --recover: a smart plug, "
		"uhubctl",
		"COMMAND" },
	{ "report", 0, POPT_ARG_STRING, NULL, OPTION_REPORT,
		"tell what the journal FILE adds up to; needs no camera", "FILE" },
	{ "svg", 0, POPT_ARG_STRING, NULL, OPTION_SVG,
		"with --report: draw it into FILE, lateness and brightness over time", "FILE" },
	RAMPING_OPTIONS,
	POPT_TABLEEND,
};

void interval_options_free(struct interval_options *options)
{
	free(options->between);
	free(options->journal);
	free(options->changes);
	ramping_free(&options->ramping);
	fetch_free(&options->fetch);
}

static int add_between(struct interval_options *options, struct call *call, struct orc_error *err)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", options->between ? options->between : "",
		    options->between ? "," : "", call->value->arg) < 0)
		joined = orc_must(NULL);
	free(options->between);
	options->between = joined;
	return windows_add(&options->windows, call->value->arg, err);
}

/* One of several words: its place among them; an empty one is for what is not said. */
static int take_word(
	const struct call *call, const char *const *words, int *choice, struct orc_error *err)
{
	char known[64] = "";

	for (*choice = 0; words[*choice]; (*choice)++) {
		const char *word = words[*choice];
		size_t len = strlen(known);

		if (*word && strcmp(word, call->value->arg) == 0)
			return 0;
		snprintf(known + len, sizeof(known) - len, "%s%s", len ? ", " : "", word);
	}
	return call_misused(
		call, err, "%s: '%s' is none of %s", call->value->name, call->value->arg, known);
}

static int take_choice(
	struct interval_options *options, struct call *call, int option, struct orc_error *err)
{
	static const char *const downloads[] = { "now", "end", "never", NULL };
	static const char *const fulls[] = { "", "stop", "oldest", "host", NULL };
	static const char *const locks[] = { "wait", "skip", NULL };
	int choice, ret;

	ret = take_word(call,
		option == OPTION_DOWNLOAD          ? downloads
			: option == OPTION_ON_FULL ? fulls
						   : locks,
		&choice, err);
	if (ret < 0)
		return ret;
	if (option == OPTION_DOWNLOAD)
		options->download = (enum interval_download)choice;
	else if (option == OPTION_ON_FULL)
		options->on_full = (enum interval_on_full)choice;
	else
		options->skip = choice == 1;
	options->lock_given = options->lock_given || option == OPTION_LOCK;
	return 0;
}

/* When there is to be a slot. */
static int take_time(
	struct interval_options *options, struct call *call, int option, struct orc_error *err)
{
	long count;
	int ret;

	switch (option) {
	case OPTION_EVERY:
		return call_duration(call, &options->every, err);
	case OPTION_COUNT:
		ret = call_long(call, 1, 1000000000, &count, err);
		options->count = (uint64_t)count;
		return ret;
	case OPTION_FOR:
		return call_some_time(call, &options->lasting, err);
	case OPTION_UNTIL:
		options->until = call->value->arg;
		return 0;
	case OPTION_START:
		options->start = call->value->arg;
		return 0;
	case OPTION_BETWEEN:
		return add_between(options, call, err);
	case OPTION_DAYS:
		options->days = call->value->arg;
		return windows_set_days(&options->windows, call->value->arg, err);
	case OPTION_AT:
		options->at = call->value->arg;
		options->windows.has_place = true;
		return place_parse(call->value->arg, &options->windows.place, err);
	case OPTION_ALIGN:
		return call_duration(call, &options->align, err);
	default:
		return call_duration(call, &options->late, err);
	}
}

/* Where a text goes as it is. */
static const char **text_of(struct interval_options *options, int option)
{
	switch (option) {
	case OPTION_OUTPUT:
		return &options->fetch.download.pattern;
	case OPTION_HOOK_SCRIPT:
		return &options->fetch.hook;
	case OPTION_ON_LOST:
		return &options->recovery.on_lost;
	case OPTION_REPORT:
		return &options->report;
	case OPTION_SVG:
		return &options->svg;
	default:
		return NULL;
	}
}

static int take_option(
	struct interval_options *options, struct call *call, int option, struct orc_error *err)
{
	const char **text = text_of(options, option);

	if (option <= OPTION_LATE)
		return take_time(options, call, option, err);
	if (text) {
		*text = call->value->arg;
		return 0;
	}
	if (fetch_option(&options->fetch, option))
		return 0;
	switch (option) {
	case OPTION_DOWNLOAD:
	case OPTION_ON_FULL:
	case OPTION_LOCK:
		return take_choice(options, call, option, err);
	case OPTION_MEMORY:
		options->memory = true;
		break;
	case OPTION_KEEP:
		options->keep = true;
		break;
	case OPTION_SET:
		return call_change(call, &options->changes, &options->change_count, err);
	case OPTION_RECOVER:
		return recovery_parse(&options->recovery, call, err);
	case OPTION_BULB:
		return call_some_time(call, &options->shoot.bulb_nsec, err);
	case OPTION_HALF_PRESS:
		options->shoot.half_press = true;
		break;
	case OPTION_RESUME:
		options->resume = true;
		break;
	case OPTION_JOURNAL:
		free(options->journal);
		options->journal = orc_must(strdup(call->value->arg));
		break;
	default:
		options->once = true;
		break;
	}
	return 0;
}

static int check_files(
	const struct interval_options *options, struct call *call, struct orc_error *err)
{
	const char *pattern = options->fetch.download.pattern;

	if (options->keep && options->fetch.no_keep)
		return call_misused(call, err, "--keep and --no-keep exclude each other");
	if (options->memory && (options->keep || options->on_full != ON_FULL_DEFAULT))
		return call_misused(call, err, "--memory has no card: no --keep, no --on-full");
	if (options->memory && options->download != DOWNLOAD_NOW)
		return call_misused(call, err, "--memory needs --download now");
	if (options->download == DOWNLOAD_NEVER && options->fetch.no_keep)
		return call_misused(call, err, "--download never and --no-keep leave nothing");
	if (options->on_full == ON_FULL_HOST && options->download != DOWNLOAD_NOW)
		return call_misused(call, err, "--on-full host needs --download now");
	if (download_to_stdout(&options->fetch.download))
		return call_misused(call, err, "the pictures need files: -o - cannot hold them");
	if (!pattern_is_constant(pattern))
		return 0;
	orc_fail(err, ORC_EUSAGE, "many pictures do not fit into one file %s", pattern);
	return orc_hint(err, "number them, for example -o '%s'", INTERVAL_PATTERN);
}

static int check_options(
	const struct interval_options *options, struct call *call, struct orc_error *err)
{
	if (options->report)
		return 0;
	if (options->svg)
		return call_misused(call, err, "--svg needs --report");
	if (options->once ? options->every > 0 : options->every == 0)
		return call_misused(call, err,
			options->once ? "--once has no --every: cron has" : "--every is needed");
	if (!options->once && options->every < EVERY_MIN)
		return call_misused(call, err, "--every: less than 0.5 s");
	if (options->lock_given && !options->once)
		return call_misused(call, err, "--lock needs --once");
	if (options->once &&
		(options->count || options->lasting || options->start || options->until ||
			options->align))
		return call_misused(call, err, "--once is one slot, now");
	if (options->ramping.wanted && (options->once || options->shoot.bulb_nsec))
		return call_misused(call, err, "--ramp goes neither with --once nor with --bulb");
	return check_files(options, call, err);
}

/* The journal stands in the folder in which the pattern puts its files, as far as that is constant. */
static void name_journal(struct interval_options *options)
{
	const char *pattern = options->fetch.download.pattern;
	const char *end = strchrnul(pattern, '%');

	if (options->journal)
		return;
	while (end > pattern && end[-1] != '/')
		end--;
	if (asprintf(&options->journal, "%.*s" INTERVAL_JOURNAL, (int)(end - pattern), pattern) < 0)
		options->journal = orc_must(NULL);
}

int interval_options_read(
	struct interval_options *options, struct call *call, struct orc_error *err)
{
	bool only_report = true;
	int ret, option;

	*options = (struct interval_options){
		.fetch.download = { .shot = true, .free_name = true, .pattern = INTERVAL_PATTERN },
	};
	while ((option = call_next(call)) > 0) {
		only_report = only_report && (option == OPTION_REPORT || option == OPTION_SVG);
		ret = ramping_option(&options->ramping, call, option, err);
		if (ret > 0)
			ret = take_option(options, call, option, err);
		if (ret < 0)
			return ret;
	}
	ret = call_no_more_words(call, 0, err);
	if (ret == 0 && options->report && !only_report)
		return call_misused(
			call, err, "--report takes no picture: it goes with --svg alone");
	if (ret == 0)
		ret = check_options(options, call, err);
	if (ret == 0)
		ret = windows_check(&options->windows, err);
	if (ret == 0 && !options->report)
		ret = fetch_prepare(&options->fetch, call, err);
	if (ret < 0)
		return ret;
	if (options->once)
		options->every = ONCE_EVERY;
	options->shoot.keep_focus = !options->shoot.half_press;
	if (options->on_full == ON_FULL_DEFAULT)
		options->on_full = options->download == DOWNLOAD_NOW ? ON_FULL_HOST : ON_FULL_STOP;
	name_journal(options);
	return 0;
}

/* What becomes of the pictures, in a word. */
static const char *keep_word(const struct interval_options *options)
{
	if (options->download == DOWNLOAD_NEVER)
		return "card";
	if (options->memory)
		return "memory";
	return options->fetch.no_keep ? "host" : "both";
}

int interval_options_plan(struct interval_options *options, nsec_t now, struct journal_plan *plan,
	struct orc_error *err)
{
	const struct place *place = options->windows.has_place ? &options->windows.place : NULL;
	int ret = 0;

	*plan = (struct journal_plan){
		.every = options->every,
		.align = options->align,
		.lasting = options->lasting,
		.late = options->late,
		.count = options->count,
		.between = options->between,
		.days = options->days,
		.at = options->at,
		.pattern = options->fetch.download.pattern,
		.keep = keep_word(options),
	};
	if (options->start)
		ret = when_parse(options->start, now, place, WHEN_FIRST, &plan->start, err);
	if (ret == 0 && options->until)
		ret = when_parse(options->until, plan->start ? plan->start : now, place,
			WHEN_SECOND, &plan->until, err);
	return ret;
}
