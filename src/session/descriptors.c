/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that goes on without its parent has open. */
#include "session/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

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

void descriptors_close_all_but(int kept)
{
	int fd = open("/dev/null", O_RDWR);
	int i;

	for (i = 0; i <= 2 && fd >= 0; i++)
		dup2(fd, i);
	/* valgrind keeps its own where no program sees them. */
	close_listed(kept);
}
