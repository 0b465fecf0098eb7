/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program holds a local camera. */
#include "camera/holder.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/textfile.h"

const struct holder_places holder_system = { .proc = "/proc", .nodes = "/dev/bus/usb" };

/* By the beginning of a program's name, of which Linux keeps 15 letters; the last is for all others. */
static const struct {
	const char *program, *remedy;
} remedies[] = {
	{ "gvfs", "unmount it in the file manager, or with gio mount -s gphoto2" },
	{ "kiod", "close the file manager's window that shows it" },
	{ "qemu", "take it out of the virtual machine" },
	{ "", "end that program" },
};

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool has_open(const char *proc, const char *process, const char *device)
{
	char path[PATH_MAX], target[PATH_MAX];
	cleanup(close_dir) DIR *dir = NULL;
	struct dirent *entry;
	ssize_t len;

	dir = opendir(path_print(path, sizeof(path), "%s/%s/fd", proc, process));
	while (dir && (entry = readdir(dir))) {
		path_print(path, sizeof(path), "%s/%s/fd/%s", proc, process, entry->d_name);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (strcmp(target, device) == 0)
			return true;
	}
	return false;
}

static void describe(const char *proc, const char *process, struct camera_holder *holder)
{
	char path[PATH_MAX], comm[32];
	size_t i = 0;

	path_print(path, sizeof(path), "%s/%s/comm", proc, process);
	if (!file_read_words(path, comm, sizeof(comm)) || !comm[0])
		snprintf(comm, sizeof(comm), "a program");
	while (strncmp(comm, remedies[i].program, strlen(remedies[i].program)) != 0)
		i++;
	holder->pid = (pid_t)strtol(process, NULL, 10);
	holder->remedy = remedies[i].remedy;
	snprintf(holder->name, sizeof(holder->name), "%s (process %ld)", comm, (long)holder->pid);
}

int camera_holder_find(
	const struct holder_places *places, const char *port, struct camera_holder *holder)
{
	char device[PATH_MAX];
	cleanup(close_dir) DIR *dir = NULL;
	struct dirent *entry;
	unsigned int bus, number;
	char self[16];

	if (!port || sscanf(port, "usb:%3u,%3u", &bus, &number) != 2)
		return ORC_EAGAIN;
	path_print(device, sizeof(device), "%s/%03u/%03u", places->nodes, bus, number);
	snprintf(self, sizeof(self), "%ld", (long)getpid());
	dir = opendir(places->proc);
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || strcmp(entry->d_name, self) == 0)
			continue;
		if (!has_open(places->proc, entry->d_name, device))
			continue;
		describe(places->proc, entry->d_name, holder);
		return 0;
	}
	return ORC_EAGAIN;
}

void camera_holder_hint(const char *port, struct orc_error *err)
{
	struct camera_holder holder;

	if (camera_holder_find(&holder_system, port, &holder) == 0)
		orc_hint(err, "%s has it: %s", holder.name, holder.remedy);
}
