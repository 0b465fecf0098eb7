/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a line of arguments to the command that is meant, run to its end. */
#include "cmd/dispatch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "base/zone.h"
#include "cmd/command.h"
#include "cmd/errands.h"
#include "cmd/nearest.h"
#include "cmd/several.h"
#include "session/caller.h"
#include "session/owner.h"

/* Longer than a shot of half a minute and its dark frame take. */
#define WAIT_DEFAULT_NSEC (90 * NSEC_PER_SEC)

/* Where a command's log goes: to its caller's stderr or file. */
struct command_log {
	struct log_target target;
	const struct log_target *before; /* a shell's, whose line this is */
	struct io *io;
	FILE *file;
};

static void log_to_err(enum log_level level, const char *line, void *data)
{
	const struct command_log *log = data;

	(void)level;
	io_complain(log->io, "opencamrc: %s\n", line);
}

static void log_to_file(enum log_level level, const char *line, void *data)
{
	struct command_log *log = data;
	struct timespec now;
	struct tm tm;
	char when[16];

	clock_gettime(CLOCK_REALTIME, &now);
	zone_local(io_getenv(log->io, "TZ"), now.tv_sec, &tm);
	strftime(when, sizeof(when), "%H:%M:%S", &tm);
	fprintf(log->file, "%s.%06ld %s\n", when, now.tv_nsec / 1000, line);
	fflush(log->file);
	/* What a user is to see is not to be looked for in a file. */
	if (level <= LOG_LEVEL_WARNING)
		log_to_err(level, line, log);
}

/* How: O_TRUNC, or 0 where others write to it as well. */
static FILE *open_log(const struct io *io, const char *path, int how)
{
	char other[IO_PATH_SIZE];
	int fd = files_open(io->cwd, io_path(io, path, other),
		O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | how, 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* The shell has begun the log. */
static bool is_line(const struct io *io)
{
	return io->job ? io->job->line : io->session != NULL;
}

static int start_log(struct command_log *log, const struct call *call, struct orc_error *err)
{
	const struct globals *globals = &call->globals;

	*log = (struct command_log){
		.target = { LOG_LEVEL_INFO, log_to_err, log },
		.io = call->io,
	};
	log->before = log_set_thread(&log->target);
	if (globals->quiet)
		log->target.level = LOG_LEVEL_WARNING;
	if (globals->debug || globals->debug_logfile)
		log->target.level = LOG_LEVEL_DEBUG;
	if (globals->debug_logfile) {
		log->file = open_log(call->io, globals->debug_logfile,
			call->several || is_line(call->io) ? 0 : O_TRUNC);
		if (!log->file) {
			orc_fail_errno(err, ORC_EFILE, errno);
			return orc_what(err, "cannot write %s", globals->debug_logfile);
		}
		log->target.sink = log_to_file;
	}
	return 0;
}

static void end_log(struct command_log *log)
{
	log_set_thread(log->before);
	if (log->file)
		fclose(log->file);
}

const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

int command_unknown(const char *name, struct orc_error *err)
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

/* What came from elsewhere is run as it would be here. */
void call_run_job(struct job *job)
{
	struct io io = {
		.in = job->in,
		.out = job->out,
		.err = job->err,
		.cwd = job->cwd,
		.signal = job_signal,
		.signal_data = job,
		.environment = job->environment,
		.job = job,
	};
	struct outcome outcome;

	io_look(&io);
	dispatch(&io, job->argc, job->argv, &outcome);
	job->status = outcome.status;
	snprintf(job->error, sizeof(job->error), "%s", outcome.error);
}

int call_elsewhere(struct call *call, bool holder_only, struct orc_error *err)
{
	const struct camera_options options = call_camera_options(call);
	struct session_caller *own = NULL;
	struct session_caller **session = call->io->session ? call->io->session : &own;
	char key[CAMERA_KEY_SIZE];
	struct errands errands;
	struct session_call request = {
		.argc = call->argc,
		.argv = call->argv,
		.key = key,
		.in = call->io->in,
		.out = call->io->out,
		.err = call->io->err,
		.cwd = call->io->cwd,
		.patience_msec = call_patience_msec(call),
		.line = is_line(call->io),
		.signal = call->io->signal,
		.signal_data = call->io->signal_data,
		.run = call_run_job,
		.errand = errands_do,
		.errand_data = &errands,
	};
	struct session_result result;
	int ret;

	ret = errands_sandbox(
		call, options.address.remote, options.address.port, &request.sandbox, err);
	if (ret == 0)
		ret = camera_address_key(&options.address, key, err);
	errands_init(&errands, call, &request);
	if (ret == 0)
		ret = holder_only ? session_call_holder(&request, &result, err)
				  : session_call(session, &request, &result, err);
	session_end(own);
	errands_free(&errands);
	if (ret < 0)
		return ret;
	snprintf(call->outcome->error, sizeof(call->outcome->error), "%s", result.error);
	return result.status;
}

static int run(struct call *call, struct orc_error *err)
{
	struct command_log log = { 0 };
	int ret;

	ret = call_parse_globals(call, call->argc, (const char **)(uintptr_t)call->argv, err);
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
		return command_unknown(call->words[0], err);
	if (call->io->job)
		owner_name_job(call->io->job, call->command->name);
	ret = call_parse_command(call, (int)call->word_count, (const char **)call->words, err);
	if (ret < 0)
		return ret;
	if (answer_help(call))
		return 0;
	call->io->quiet = call->globals.quiet;
	call->several = call->io->job && call->io->job->several;
	if (call->globals.all || call->globals.remote_count > 1) {
		/* What each of them then writes is added. */
		ret = start_log(&log, call, err);
		end_log(&log);
		return ret < 0 ? ret : several_run(call, err);
	}
	if (call->command->camera && !call->io->job)
		return call_elsewhere(call, call->io->holder_only, err);
	ret = start_log(&log, call, err);
	if (ret == 0 && call->io->job && owner_sandbox_missing(call->io->job->owner))
		log_debug("no sandbox: %s", owner_sandbox_missing(call->io->job->owner));
	if (ret == 0)
		ret = call->command->run(call, err);
	call_rest(call);
	end_log(&log);
	return ret;
}

/* It begins anew in another process. */
static bool is_moved(const struct io *io)
{
	return io->job && io->job->moved[0];
}

void dispatch(struct io *io, int argc, const char *const *argv, struct outcome *outcome)
{
	struct call call = {
		.io = io,
		.argc = argc,
		.argv = argv,
		.outcome = outcome,
		.globals.wait_nsec = WAIT_DEFAULT_NSEC,
	};
	struct orc_error err = { 0 };
	int ret, end;

	*outcome = (struct outcome){ 0 };
	ret = run(&call, &err);
	progress_stop(&call.progress);
	/* Which signal it was is not known to all who are stopped by it. */
	if (ret == ORC_ESIGNAL && io_cancelled(io))
		io_fail_signal(io, &err);
	if (ret >= 0) {
		end = io_end(io, &err);
		if (end < 0)
			ret = end;
	}
	/* A reader that has gone needs no word, nor does whoever pressed Control-C. */
	if (ret < 0 && ret != ORC_EPIPE && ret != ORC_ESIGNAL && !is_moved(io)) {
		orc_error_line(&err, outcome->error, sizeof(outcome->error));
		call_report(&call, &err);
	}
	call_free(&call);
	if (ret != 0)
		outcome->status = ret > 0 ? ret : orc_exit_status(ret, err.errnum);
}
