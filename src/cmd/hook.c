/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's program that is told what happens, as gphoto2's --hook-script. */
#include "cmd/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cmd/apart.h"
#include "session/descriptors.h"
#include "session/errand.h"

/* How often a program is looked at. */
#define LOOK_MSEC 10

/* The child: only what is safe after fork(). Exit status 127: could not be run. */
static void run_child(
	const struct io *io, char *const argv[], char *const environment[], bool apart)
{
	int in = io->in;

	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	descriptors_restore_limit();
	if (apart) {
		setpgid(0, 0);
		in = open("/dev/null", O_RDONLY);
	}
	if (io->cwd != AT_FDCWD && fchdir(io->cwd) < 0)
		_exit(127);
	if (dup2(in, 0) < 0 || dup2(io->err, 1) < 0 || dup2(io->err, 2) < 0)
		_exit(127);
	execve(argv[0], argv, environment);
	_exit(127);
}

/* The caller's environment with the two variables in it; the texts are the caller's. */
static char **make_environment(char *const *from, char *action, char *argument)
{
	char **environment;
	size_t count = 0, i, n = 0;

	while (from[count])
		count++;
	environment = orc_must(calloc(count + 3, sizeof(*environment)));
	for (i = 0; i < count; i++)
		if (strncmp(from[i], "ACTION=", 7) != 0 && strncmp(from[i], "ARGUMENT=", 9) != 0)
			environment[n++] = from[i];
	environment[n++] = action;
	if (argument)
		environment[n++] = argument;
	return environment;
}

/* A program that was asked for: a child of ours, or in a sandbox one of the caller's. */
struct program {
	pid_t child;
	int ticket; /* errand.h */
	bool apart;
};

/* All that a new process needs; made before fork(). */
struct start {
	char *argv[4];
	char *action, *argument;
	char **environment;
};

static void start_free(struct start *start)
{
	free(start->action);
	free(start->argument);
	free(start->environment);
}

static void start_prepare(struct start *start, const struct io *io, const char *text, bool command,
	const char *action, const char *argument)
{
	char *program = (char *)(uintptr_t)text;

	*start = (struct start){ .argv = { program } };
	if (command) {
		start->argv[0] = (char *)(uintptr_t) "/bin/sh";
		start->argv[1] = (char *)(uintptr_t) "-c";
		start->argv[2] = program;
	}
	if (asprintf(&start->action, "ACTION=%s", action) < 0)
		orc_must(start->action = NULL);
	if (argument && asprintf(&start->argument, "ARGUMENT=%s", argument) < 0)
		orc_must(start->argument = NULL);
	start->environment = make_environment(
		io->environment ? io->environment : environ, start->action, start->argument);
}

static int fail_start(const char *text, struct orc_error *err)
{
	orc_fail_errno(err, ORC_EREFUSED, errno);
	return orc_what(err, "cannot run %s", text);
}

/* `command`: for the shell; else the name of a program. */
static int begin(struct program *program, const struct io *io, const char *text, bool command,
	const char *action, const char *argument, bool apart, struct orc_error *err)
{
	cleanup(start_free) struct start start = { 0 };

	*program = (struct program){ .ticket = -1, .apart = apart };
	if (errand_is_for(io->cwd)) {
		program->ticket = errand_run(io->cwd, command, action, argument, apart, err);
		return program->ticket < 0 ? program->ticket : 0;
	}
	start_prepare(&start, io, text, command, action, argument);
	program->child = fork();
	if (program->child == 0)
		run_child(io, start.argv, start.environment, apart);
	return program->child < 0 ? fail_start(text, err) : 0;
}

/* Has it ended, within that time? Then *status is what waitpid() tells. */
static bool ends(struct program *program, struct deadline deadline, int *status)
{
	int ret;

	if (program->ticket >= 0) {
		ret = errand_wait(program->ticket, deadline, status);
		/* It went with the caller, or was none of the caller's: as if it had not run. */
		if (ret < 0)
			*status = 127 << 8;
		if (ret != 0)
			close(steal_fd(&program->ticket));
		return ret != 0;
	}
	do
		ret = waitpid(program->child, status, WNOHANG);
	while (ret < 0 && errno == EINTR);
	if (ret == 0)
		clock_sleep_until(deadline);
	return ret != 0;
}

static void send_signal(const struct program *program, int number)
{
	if (program->ticket >= 0)
		errand_signal(program->ticket, number);
	else
		kill(program->apart ? -program->child : program->child, number);
}

static int judge(int status, const char *script, const char *action, struct orc_error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		orc_fail(err, ORC_EREFUSED, "ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) == 127)
		orc_fail(err, ORC_EREFUSED, "cannot be run, or exit status 127");
	else
		orc_fail(err, ORC_EREFUSED, "exit status %d", WEXITSTATUS(status));
	return orc_what(err, "hook script %s, ACTION=%s", script, action);
}

int hook_run(struct io *io, const char *script, const char *action, const char *argument,
	struct orc_error *err)
{
	const int left_msec = 60000;
	/* One that a signal has brought about, as "stop" may be, has a minute. */
	const bool signalled = io_cancelled(io);
	struct deadline deadline = signalled ? deadline_after_msec(left_msec) : deadline_never();
	struct program program;
	int ret, status = 0;
	bool told = false;

	if (!script)
		return 0;
	ret = begin(&program, io, script, false, action, argument, false, err);
	if (ret < 0)
		return ret;
	while (!ends(&program, deadline_after_msec(LOOK_MSEC), &status)) {
		if (!told && (deadline_passed(deadline) || (!signalled && io_cancelled(io)))) {
			told = true;
			send_signal(&program, SIGTERM);
		}
	}
	return told && !signalled ? io_fail_signal(io, err) : judge(status, script, action, err);
}

int hook_run_apart(struct io *io, const char *script, const char *action, const char *argument,
	bool (*give_up)(void *data), void *data, struct orc_error *err)
{
	struct program program;
	int ret = begin(&program, io, script, false, action, argument, true, err), status = 0;
	bool told = false;

	if (ret < 0)
		return ret;
	while (!ends(&program, deadline_after_msec(LOOK_MSEC), &status)) {
		if (!told && give_up(data)) {
			told = true;
			send_signal(&program, SIGTERM);
		}
	}
	return judge(status, script, action, err);
}

int hook_run_command(struct io *io, const char *command, const char *action, const char *argument,
	struct deadline deadline, struct orc_error *err)
{
	const int term_msec = 2000;
	struct program program;
	int ret = begin(&program, io, command, true, action, argument, true, err), status = 0;
	struct deadline last = deadline_never();

	if (ret < 0)
		return ret;
	while (!ends(&program, deadline_after_msec(LOOK_MSEC), &status)) {
		if (last.at_nsec == INT64_MAX && (deadline_passed(deadline) || io_cancelled(io))) {
			last = deadline_after_msec(term_msec);
			send_signal(&program, SIGTERM);
		} else if (deadline_passed(last)) {
			send_signal(&program, SIGKILL);
		}
	}
	return judge(status, command, action, err);
}

/* Between a program and who asked for it; only what is safe after fork(). */
static void supervise(pid_t child, bool apart, int reply)
{
	struct errand_answer answer = { .fds = { -1, -1 } };
	struct pollfd wait = { .fd = reply, .events = POLLIN };
	pid_t ended;
	int heard;

	/* A Control-C is the program's own affair. */
	apart_settle(reply);
	while ((ended = waitpid(child, &answer.ret, wait.fd < 0 ? 0 : WNOHANG)) == 0 ||
		(ended < 0 && errno == EINTR)) {
		if (poll(&wait, 1, LOOK_MSEC) <= 0)
			continue;
		heard = errand_heard(reply);
		if (heard < 0)
			wait.fd = -1;
		else if (heard == SIGTERM || heard == SIGKILL)
			kill(apart ? -child : child, heard);
	}
	if (child < 0)
		answer.ret = 127 << 8;
	errand_reply(reply, &answer);
	_exit(0);
}

int hook_run_for(const struct io *io, const char *text, bool command, const char *action,
	const char *argument, bool apart, int reply)
{
	cleanup(start_free) struct start start = { 0 };
	pid_t child;
	int made;

	start_prepare(&start, io, text, command, action, argument);
	made = apart_fork();
	if (made == 0) {
		child = fork();
		if (child == 0)
			run_child(io, start.argv, start.environment, apart);
		supervise(child, apart, reply);
	}
	close(reply);
	return made < 0 ? ORC_EREFUSED : 0;
}
