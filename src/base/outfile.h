/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A local file that appears whole or not at all, and never takes another's place unasked. */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"

enum outfile_mode {
	OUTFILE_NEW,     /* an existing file is an error */
	OUTFILE_REPLACE, /* an existing file is replaced, in one step */
};

/* What the name of a file ends with that can be gone on with. */
#define OUTFILE_PART_SUFFIX ".part"

/* Written beside its target. Zero-initialise with .fd = -1. */
struct outfile {
	int fd;  /* write here; what an earlier try left can be read as well */
	int cwd; /* what path and temporary are relative to */
	enum outfile_mode mode;
	bool keep;     /* outfile_abort() leaves the temporary file, for another try */
	uint64_t size; /* bytes that an earlier try had left */
	char *path;
	char *temporary; /* NULL: it has no name yet, and goes away with the process */
};

/*
 * Makes the folders of path where they are missing, and a temporary file in the last. With `resume`
 * the temporary file is PATH.part, it is continued if it is there, and it is kept on an abort;
 * without, it has no name, so that nothing is left of it even by kill -9. Where the file system wants a
 * name it begins with a dot, and what a process has left there is removed by the next one's first such
 * file in that folder. ORC_EFILE; "file exists" with OUTFILE_NEW; where something other than a plain file
 * is called PATH.part, a pipe or a link, it is left alone.
 */
int outfile_open(struct outfile *file, int cwd, const char *path, enum outfile_mode mode,
	bool resume, struct orc_error *err) must_check;
/*
 * Flushes to the disk, sets the time (0: leaves it), gives the file its name. With OUTFILE_NEW it
 * fails, and nothing is lost but the temporary file, if the name has been taken meanwhile.
 */
int outfile_commit(struct outfile *file, time_t mtime, struct orc_error *err) must_check;
/*
 * The same, but where the name is taken it gets the first that is free of those that `another` makes,
 * on the heap, of *path and of 2, 3 and so on; *path, on the heap too, becomes the name that it has
 * got. Both NULL: as outfile_commit().
 */
int outfile_commit_as(struct outfile *file, time_t mtime, char **path,
	char *(*another)(const char *path, unsigned number), struct orc_error *err) must_check;
/* Closes; the temporary file goes, unless it is kept. Legal at any time, after a commit too. */
void outfile_abort(struct outfile *file);
#define cleanup_outfile cleanup(outfile_abort)

/* Is there anything of that name? A dangling link counts. */
bool outfile_exists(int cwd, const char *path);
/*
 * Can a file be made at path, as far as one can tell without making it: 0, or ORC_EFILE with the
 * reason (exists, no permission, read-only, disk full).
 */
int outfile_check(
	int cwd, const char *path, enum outfile_mode mode, struct orc_error *err) must_check;

#endif
