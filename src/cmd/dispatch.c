/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a line of arguments to the command that is meant, run to its end. */
#include "cmd/dispatch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/nearest.h"

static void log_to_file(enum log_level level, const char *line, void *data)
{
	FILE *file = data;
	struct timespec now;
	struct tm tm;
	char when[16];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%H:%M:%S", &tm);
	fprintf(file, "%s.%06ld %s\n", when, now.tv_nsec / 1000, line);
	fflush(file);
	/* What a user is to see is not to be looked for in a file. */
	if (level <= LOG_LEVEL_WARNING)
		fprintf(stderr, "opencamrc: %s\n", line);
}

static int start_log(const struct globals *globals, struct orc_error *err)
{
	FILE *file;

	if (globals->quiet)
		log_set_level(LOG_LEVEL_WARNING);
	if (globals->debug || globals->debug_logfile)
		log_set_level(LOG_LEVEL_DEBUG);
	if (!globals->debug_logfile)
		return 0;
	file = fopen(globals->debug_logfile, "we");
	if (!file) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot write %s", globals->debug_logfile);
	}
	log_set_sink(log_to_file, file);
	return 0;
}

const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int fail_command(const char *name, struct orc_error *err)
{
	struct nearest nearest = { .word = name };
	size_t i;

	for (i = 0; commands[i]; i++)
		nearest_try(&nearest, commands[i]->name);
	orc_fail(err, ORC_EUSAGE, "unknown command: %s", name);
	if (nearest.best)
		return orc_hint(err, "did you mean %s?", nearest.best);
	return orc_hint(err, "opencamrc help lists them");
}

/* True when one of --help, --usage and --version was all there was to do. */
static bool answer_help(const struct call *call)
{
	if (call->globals.version)
		help_version(call->io, call->globals.json);
	else if (call->globals.help && call->command)
		help_command(call->io, call->command);
	else if (call->globals.help)
		help_overview(call->io);
	else if (call->globals.usage)
		help_usage(call->io, call->command);
	else
		return false;
	return true;
}

static int run(struct call *call, int argc, const char **argv, struct orc_error *err)
{
	int ret;

	ret = call_parse_globals(call, argc, argv, err);
	if (ret < 0)
		return ret;
	if (call->word_count == 0) {
		if (answer_help(call))
			return 0;
		orc_fail(err, ORC_EUSAGE, "no command given");
		return orc_hint(err, "opencamrc help lists them");
	}
	call->command = command_find(call->words[0]);
	if (!call->command)
		return fail_command(call->words[0], err);
	ret = call_parse_command(call, (int)call->word_count, (const char **)call->words, err);
	if (ret < 0)
		return ret;
	if (answer_help(call))
		return 0;
	call->io->quiet = call->globals.quiet;
	ret = start_log(&call->globals, err);
	if (ret < 0)
		return ret;
	return call->command->run(call, err);
}

void dispatch(struct io *io, int argc, const char *const *argv, struct outcome *outcome)
{
	struct call call = { .io = io };
	struct orc_error err = { 0 };
	int ret, end;

	*outcome = (struct outcome){ 0 };
	ret = run(&call, argc, (const char **)(uintptr_t)argv, &err);
	progress_stop(&call.progress);
	if (ret >= 0) {
		end = io_end(io, &err);
		if (end < 0)
			ret = end;
	}
	/* A reader that has gone needs no word, nor does whoever pressed Control-C. */
	if (ret < 0 && ret != ORC_EPIPE && ret != ORC_ESIGNAL) {
		orc_error_line(&err, outcome->error, sizeof(outcome->error));
		call_report(&call, &err);
	}
	call_free(&call);
	outcome->status = ret > 0 ? ret : orc_exit_status(ret, err.errnum);
}
