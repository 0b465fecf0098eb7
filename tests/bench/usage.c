/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command and writes what it cost to a file: wall seconds, processor seconds, peak KiB. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * usage FILE COMMAND…: one line, "WALL USER SYSTEM PEAK": the time until the command ended, and the
 * processor time of it and of all processes that it began, each of which is waited for; the
 * peak is that of the largest. SIGINT and SIGTERM are handed on. Exit status: the command's, 128+n for a
 * signal.
 */
static volatile pid_t child;

static void hand_on(int signal)
{
	kill(child, signal);
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = hand_on, .sa_flags = SA_RESTART };
	double start = now(), wall;
	struct rusage usage;
	int status;
	FILE *file;

	if (argc < 3)
		return 2;
	/* Whoever started us may have left it ignored: then nothing is there to wait for. */
	signal(SIGCHLD, SIG_DFL);
	/* A process that goes on by itself is ours when its parent has ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (child < 0 || waitpid(child, &status, 0) < 0 || !(file = fopen(argv[1], "w"))) {
		perror("usage");
		return 126;
	}
	wall = now() - start;
	while (wait(NULL) > 0)
		;
	getrusage(RUSAGE_CHILDREN, &usage);
	fprintf(file, "%.4f %.4f %.4f %ld\n", wall, seconds(usage.ru_utime),
		seconds(usage.ru_stime), usage.ru_maxrss);
	fclose(file);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
