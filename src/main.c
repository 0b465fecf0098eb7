/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc: the table of subcommands, signals, and the exit status. */
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "cmd/dispatch.h"

const struct command *const commands[] = {
	&command_list,
	&command_info,
	&command_capture,
	&command_config,
	&command_interval,
	&command_liveview,
	&command_tether,
	&command_wait,
	&command_focus,
	&command_files,
	&command_open,
	&command_close,
	&command_attach,
	&command_detach,
	&command_ports,
	&command_env,
	&command_doctor,
	&command_shell,
	&command_help,
	&command_version,
	NULL,
};

/* A handler has no other way to tell the loops; they read it through struct io, several of them in threads. */
static atomic_int signal_seen;

static void on_signal(int number)
{
	/* One that asks to end stands above an interrupt, which somebody may have answered. */
	if (!signal_seen || signal_seen == SIGINT)
		signal_seen = number;
}

static int ask_signal(void *data)
{
	(void)data;
	return signal_seen;
}

static void catch_signal(int number)
{
	/* The second one kills: a user who repeats it does not want to wait for the camera. */
	struct sigaction stop = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigaction(number, &stop, NULL);
}

static void answer_signal(void *data)
{
	sigset_t all, before;

	(void)data;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (signal_seen == SIGINT)
		signal_seen = 0;
	catch_signal(SIGINT);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void catch_signals(void)
{
	static const int stopping[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(stopping); i++) {
		/* nohup's wish. A script's background job has SIGINT ignored too, but whoever
		 * sends it one means it. */
		if (stopping[i] == SIGHUP && sigaction(SIGHUP, NULL, &before) == 0 &&
			before.sa_handler == SIG_IGN)
			continue;
		catch_signal(stopping[i]);
	}
	/* Both are answered by an error of write(), which has more to say. */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

/*
 * A descriptor that is closed would be given to the next file that is opened, and what is meant for a
 * user would be written there. What stands in its place fails as a closed one does.
 */
static void fill_gaps(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			abort();
}

int main(int argc, char **argv)
{
	struct io io = {
		.in = 0,
		.out = 1,
		.err = 2,
		.cwd = AT_FDCWD,
		.signal = ask_signal,
		.signal_answered = answer_signal,
	};
	struct outcome outcome;

	fill_gaps();
	setlocale(LC_ALL, "");
	/* Scripts and profiles read the same in every country: numbers have a point, and the library
	 * translates neither the settings nor their choices. */
	setlocale(LC_NUMERIC, "C");
	setlocale(LC_MESSAGES, "C");
	io_look(&io);
	catch_signals();
	dispatch(&io, argc, (const char *const *)argv, &outcome);
	return outcome.status;
}
