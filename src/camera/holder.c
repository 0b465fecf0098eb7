/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program holds a local camera. */
#include "camera/holder.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool has_open(const char *process, const char *device)
{
	char path[sizeof("/proc//fd/") + 2 * NAME_MAX];
	char target[PATH_MAX];
	cleanup(close_dir) DIR *dir = NULL;
	struct dirent *entry;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%s/fd", process);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/fd/%s", process, entry->d_name);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (strcmp(target, device) == 0)
			return true;
	}
	return false;
}

static void describe(const char *process, char *name, size_t size)
{
	char path[sizeof("/proc//comm") + NAME_MAX];
	char comm[32] = "a program";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", process);
	file = fopen(path, "re");
	if (file) {
		if (fgets(comm, sizeof(comm), file))
			comm[strcspn(comm, "\n")] = '\0';
		fclose(file);
	}
	snprintf(name, size, "%s (process %s)", comm, process);
}

int camera_holder_find(const char *port, char *name, size_t size)
{
	char device[sizeof("/dev/bus/usb/") + 16];
	cleanup(close_dir) DIR *dir = NULL;
	struct dirent *entry;
	unsigned int bus, number;
	char self[16];

	if (!port || sscanf(port, "usb:%3u,%3u", &bus, &number) != 2)
		return ORC_EAGAIN;
	snprintf(device, sizeof(device), "/dev/bus/usb/%03u/%03u", bus, number);
	snprintf(self, sizeof(self), "%ld", (long)getpid());
	dir = opendir("/proc");
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || strcmp(entry->d_name, self) == 0)
			continue;
		if (!has_open(entry->d_name, device))
			continue;
		describe(entry->d_name, name, size);
		return 0;
	}
	return ORC_EAGAIN;
}

void camera_holder_hint(const char *port, struct orc_error *err)
{
	char name[64];

	if (camera_holder_find(port, name, sizeof(name)))
		return;
	if (strstr(name, "gvfs"))
		orc_hint(err,
			"%s has it: unmount it in the file manager, or with gio mount -s gphoto2",
			name);
	else
		orc_hint(err, "%s has it", name);
}
