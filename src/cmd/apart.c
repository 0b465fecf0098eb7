/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that goes on by itself: nobody waits for it, and it has nothing of its maker's open. */
#include "cmd/apart.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* No program here has more files open. */
#define FILES_MAX 4096

int apart_fork(void)
{
	pid_t between = fork();

	if (between < 0)
		return -1;
	if (between == 0) {
		if (fork() != 0)
			_exit(0);
		return 0;
	}
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	return 1;
}

void apart_settle(int kept)
{
	int fd;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (fd = 0; fd < FILES_MAX; fd++)
		if (fd != kept)
			close(fd);
}
