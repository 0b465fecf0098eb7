/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines typed at the shell's prompt, kept in a file from one time to the next. */
#include "cmd/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/log.h"
#include "base/outfile.h"

char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path;
	int len;

	if (state && *state == '/')
		len = asprintf(&path, "%s/opencamrc/history", state);
	else if (home && *home)
		len = asprintf(&path, "%s/.local/state/opencamrc/history", home);
	else
		return NULL;
	return len < 0 ? orc_must(NULL) : path;
}

/* Leaves the last HISTORY_LINES alone, by a new file: another shell may be adding to this one. */
static void shorten(const char *path, char *const *lines, size_t count)
{
	cleanup_outfile struct outfile out = { .fd = -1 };
	struct orc_error err;
	char line[640];
	size_t i;

	if (outfile_open(&out, AT_FDCWD, path, OUTFILE_REPLACE, false, &err) < 0)
		return;
	/* It is nobody else's to read. */
	if (fchmod(out.fd, 0600) < 0)
		return;
	for (i = count - HISTORY_LINES; i < count; i++)
		if (dprintf(out.fd, "%s\n", lines[i]) < 0)
			return;
	if (outfile_commit(&out, 0, &err) < 0)
		log_debug("%s", orc_error_line(&err, line, sizeof(line)));
}

void history_load(const char *path, void (*take)(const char *line, void *data), void *data)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, **lines = NULL;
	size_t size = 0, count = 0, i;
	ssize_t len;

	if (!file)
		return;
	while ((len = getline(&line, &size, file)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (!*line)
			continue;
		lines = orc_must(realloc(lines, (count + 1) * sizeof(*lines)));
		lines[count++] = steal_pointer(&line);
		size = 0;
	}
	free(line);
	fclose(file);
	for (i = count > HISTORY_LINES ? count - HISTORY_LINES : 0; i < count; i++)
		take(lines[i], data);
	if (count > 2 * HISTORY_LINES)
		shorten(path, lines, count);
	for (i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}

/* The folders above the file, those that are missing. */
static void make_folders(const char *path)
{
	cleanup_free char *folder = orc_must(strdup(path));
	char *slash;

	for (slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(folder, 0700);
		*slash = '/';
	}
}

void history_add(const char *path, const char *line)
{
	cleanup_close int fd = -1;
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;

	fd = open(path, flags, 0600);
	if (fd < 0 && errno == ENOENT) {
		make_folders(path);
		fd = open(path, flags, 0600);
	}
	/* In one write, so that two shells do not mix their lines. */
	if (fd < 0 || dprintf(fd, "%s\n", line) < 0)
		log_debug("%s: %s", path, strerror(errno));
}
