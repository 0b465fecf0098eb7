/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc: the global options, the table of subcommands, signals, and the exit status. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/nearest.h"

const struct command *const commands[] = {
	&command_list,
	&command_info,
	&command_capture,
	&command_config,
	&command_liveview,
	&command_files,
	&command_attach,
	&command_detach,
	&command_ports,
	&command_env,
	&command_help,
	&command_version,
	NULL,
};

/* A handler has no other way to tell the loops; they read it through struct io. */
static volatile sig_atomic_t signal_seen;

static void on_signal(int number)
{
	signal_seen = number;
}

static int ask_signal(void *data)
{
	(void)data;
	return signal_seen;
}

static void catch_signals(void)
{
	static const int stopping[] = { SIGINT, SIGTERM, SIGHUP };
	/* The second one kills: a user who repeats it does not want to wait for the camera. */
	struct sigaction stop = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(stopping); i++) {
		/* nohup's wish. A script's background job has SIGINT ignored too, but whoever
		 * sends it one means it. */
		if (stopping[i] == SIGHUP && sigaction(SIGHUP, NULL, &before) == 0 &&
			before.sa_handler == SIG_IGN)
			continue;
		sigaction(stopping[i], &stop, NULL);
	}
	/* Both are answered by an error of write(), which has more to say. */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

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

static int dispatch(struct call *call, int argc, const char **argv, struct orc_error *err)
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

int main(int argc, char **argv)
{
	struct io io = { .in = 0, .out = 1, .err = 2, .cwd = AT_FDCWD, .signal = ask_signal };
	struct call call = { .io = &io };
	struct orc_error err = { 0 };
	int ret, end;

	setlocale(LC_ALL, "");
	/* Scripts and profiles read the same in every country: numbers have a point, and the library
	 * translates neither the settings nor their choices. */
	setlocale(LC_NUMERIC, "C");
	setlocale(LC_MESSAGES, "C");
	io_look(&io);
	catch_signals();
	ret = dispatch(&call, argc, (const char **)(uintptr_t)argv, &err);
	progress_stop(&call.progress);
	if (ret >= 0) {
		end = io_end(&io, &err);
		if (end < 0)
			ret = end;
	}
	/* A reader that has gone needs no word, nor does whoever pressed Control-C. */
	if (ret < 0 && ret != ORC_EPIPE && ret != ORC_ESIGNAL)
		call_report(&call, &err);
	call_free(&call);
	if (ret > 0)
		return ret;
	return orc_exit_status(ret, err.errnum);
}
