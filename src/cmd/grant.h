/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command line allows the process that holds the camera to have done in its name. */
#ifndef CMD_GRANT_H
#define CMD_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/files.h"

/*
 * Texts belong to whoever made it. What a command writes are files whose names its pattern can come
 * out as, the temporary ones that become those, and what an option names: never a name that begins
 * with a dot, unless the user wrote the dot, never one above or beside what was named. What it reads
 * is what an option or a word names, and what it has written itself.
 */
/* Where `interval` says nothing. */
#define INTERVAL_PATTERN "tl-%05n.%C"
#define INTERVAL_JOURNAL "interval.jsonl"

struct grant {
	const char *pattern;   /* NULL: the camera's own names, in the working directory */
	bool pictures;         /* the command writes any, by that pattern */
	bool replace;          /* --force */
	bool reread;           /* pictures of an earlier run as well */
	const char *journal;   /* a path; this and the following NULL: none */
	const char *log;       /* --debug-logfile */
	const char *device;    /* --v4l2 */
	const char **read;     /* may be read as they are; ends with NULL */
	struct timespec since; /* the command's begin: what has changed after is its own */
};

/* Is that the name of a file that the command writes? */
bool grant_names(const struct grant *grant, const char *path);
/* Is it part of what was asked for? What is relative is relative to cwd. */
bool grant_allows(const struct grant *grant, int cwd, const struct files_request *request);

#endif
