/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that goes on without its parent has open. */
#include "session/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Each caller brings six, and its command may open some; no more, for apart.c closes so many. */
#define ENOUGH 4096

static struct rlimit before;

static void close_listed(int kept)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > 2 && fd != kept && fd != dirfd(dir))
			close(fd);
	}
	closedir(dir);
}

/* What is looked for later on in a place that a relative path names. */
static bool needs_folder(void)
{
	static const char *const names[] = { "OPENCAMRC_IOLIBS", "IOLIBS", "CAMLIBS",
		"XDG_CONFIG_HOME", "HOME", "LD_LIBRARY_PATH" };
	const char *path;
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(names); i++)
		for (path = getenv(names[i]); path && *path; path += *path == ':') {
			if (*path != '/' && *path != ':')
				return true;
			path += strcspn(path, ":");
		}
	return false;
}

bool descriptors_leave_folder(void)
{
	/* Where a thread cannot have a folder of its own, a relative path to ssh needs this one. */
	return !needs_folder() && unshare(CLONE_FS) == 0 && chdir("/") == 0;
}

void descriptors_close_all_but(int kept)
{
	int fd = open("/dev/null", O_RDWR);
	int i;

	for (i = 0; i <= 2 && fd >= 0; i++)
		dup2(fd, i);
	/* valgrind keeps its own where no program sees them. */
	close_listed(kept);
}

void descriptors_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= ENOUGH)
		return;
	before = limit;
	limit.rlim_cur = limit.rlim_max < ENOUGH ? limit.rlim_max : ENOUGH;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void descriptors_restore_limit(void)
{
	if (before.rlim_cur > 0)
		setrlimit(RLIMIT_NOFILE, &before);
}
