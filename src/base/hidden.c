/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of files that are not whole yet, and what a process that died has left under such a name. */
#include "base/hidden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/err.h"

#define MARK_LEN (sizeof(HIDDEN_MARK) - 1 + HIDDEN_DIGITS)

/* The folder that was looked through last; that is the process's to know, whatever file it writes. */
static struct {
	pthread_mutex_t mutex;
	dev_t dev;
	ino_t ino;
} looked_through = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* By its name (FNV-1a). */
static uint32_t machine(void)
{
	uint32_t sum = UINT32_C(2166136261);
	struct utsname names;
	const char *p;

	if (uname(&names) < 0)
		return 0;
	for (p = names.nodename; *p; p++)
		sum = (sum ^ (uint8_t)*p) * UINT32_C(16777619);
	return sum;
}

char *hidden_name(const char *path, size_t at)
{
	uint32_t random;
	char *name;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return NULL;
	if (asprintf(&name, "%.*s.%.*s" HIDDEN_MARK "%08x%08x", (int)at, path, HIDDEN_NAME_MAX,
		    path + at, machine(), random) < 0)
		return orc_must(NULL);
	return name;
}

bool hidden_lock(int fd)
{
	struct stat status;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno != EWOULDBLOCK;
	return fstat(fd, &status) == 0 && status.st_nlink > 0;
}

static bool is_ours(const char *name)
{
	char mark[MARK_LEN + 1];
	size_t len = strlen(name);

	snprintf(mark, sizeof(mark), HIDDEN_MARK "%08x", machine());
	return name[0] == '.' && len > MARK_LEN &&
		strncmp(name + len - MARK_LEN, mark, strlen(mark)) == 0;
}

static void remove_left(int folder, const char *name)
{
	cleanup_close int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder, name, 0);
}

static bool is_new_folder(int fd)
{
	struct stat status;
	bool is_new;

	if (fstat(fd, &status) < 0)
		return false;
	pthread_mutex_lock(&looked_through.mutex);
	is_new = looked_through.dev != status.st_dev || looked_through.ino != status.st_ino;
	looked_through.dev = status.st_dev;
	looked_through.ino = status.st_ino;
	pthread_mutex_unlock(&looked_through.mutex);
	return is_new;
}

void hidden_tidy(int folder)
{
	DIR *dir = is_new_folder(folder) ? fdopendir(folder) : NULL;
	struct dirent *entry;

	if (!dir) {
		close(folder);
		return;
	}
	while ((entry = readdir(dir)))
		if (is_ours(entry->d_name))
			remove_left(folder, entry->d_name);
	closedir(dir);
}
