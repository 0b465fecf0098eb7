/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's program that is told what happens, as gphoto2's --hook-script. */
#include "cmd/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The child: only what is safe after fork(). Exit status 127: could not be run. */
static void run_child(
	const struct io *io, char *const argv[], char *const environment[], bool apart)
{
	int nothing;

	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (apart) {
		setpgid(0, 0);
		nothing = open("/dev/null", O_RDONLY);
		if (nothing >= 0)
			dup2(nothing, 0);
	}
	if (io->cwd != AT_FDCWD && fchdir(io->cwd) < 0)
		_exit(127);
	if (dup2(io->in, 0) < 0 || dup2(io->err, 1) < 0 || dup2(io->err, 2) < 0)
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

/* The child's id, or ORC_EREFUSED. */
static int start_program(const struct io *io, char *const argv[], const char *action,
	const char *argument, bool apart, struct orc_error *err)
{
	cleanup_free char *action_text = NULL, *argument_text = NULL;
	cleanup_free char **environment = NULL;
	pid_t child;

	if (asprintf(&action_text, "ACTION=%s", action) < 0)
		orc_must(action_text = NULL);
	if (argument && asprintf(&argument_text, "ARGUMENT=%s", argument) < 0)
		orc_must(argument_text = NULL);
	environment = make_environment(
		io->environment ? io->environment : environ, action_text, argument_text);
	child = fork();
	if (child == 0)
		run_child(io, argv, environment, apart);
	if (child < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "cannot run %s", argv[0]);
	}
	return child;
}

static int start(const struct io *io, const char *script, const char *action, const char *argument,
	bool apart, struct orc_error *err)
{
	char *const argv[] = { (char *)(uintptr_t)script, NULL };

	return start_program(io, argv, action, argument, apart, err);
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
	int child, status;

	if (!script)
		return 0;
	child = start(io, script, action, argument, false, err);
	if (child < 0)
		return child;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return judge(status, script, action, err);
}

int hook_run_apart(struct io *io, const char *script, const char *action, const char *argument,
	bool (*give_up)(void *data), void *data, struct orc_error *err)
{
	const int look_msec = 10;
	int child = start(io, script, action, argument, true, err), status, ended;
	bool told = false;

	if (child < 0)
		return child;
	while ((ended = waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		if (!told && give_up(data)) {
			told = true;
			kill(-child, SIGTERM);
		}
		clock_sleep_until(deadline_after_msec(look_msec));
	}
	return judge(status, script, action, err);
}

int hook_run_command(struct io *io, const char *command, const char *action, const char *argument,
	struct deadline deadline, struct orc_error *err)
{
	char *const argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t)command, NULL };
	const int look_msec = 10, term_msec = 2000;
	int child = start_program(io, argv, action, argument, true, err), status, ended;
	struct deadline last = deadline_never();

	if (child < 0)
		return child;
	while ((ended = waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		if (last.at_nsec == INT64_MAX && (deadline_passed(deadline) || io_cancelled(io))) {
			last = deadline_after_msec(term_msec);
			kill(-child, SIGTERM);
		} else if (deadline_passed(last)) {
			kill(-child, SIGKILL);
		}
		clock_sleep_until(deadline_after_msec(look_msec));
	}
	return judge(status, command, action, err);
}
