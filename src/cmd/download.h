/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of the camera becomes a local one, or goes to stdout. */
#ifndef CMD_DOWNLOAD_H
#define CMD_DOWNLOAD_H

#include "base/outfile.h"
#include "camera/files.h"
#include "cmd/command.h"

/* How to; the same for all files of one call. Zero-initialised: camera's names, nothing replaced. */
struct download {
	const char *pattern; /* NULL: the camera's names; "-": to out; else see pattern.h */
	enum outfile_mode mode;
	bool skip_existing; /* a name that is taken is passed over … */
	bool only_one;      /* … but not by this file, which is nowhere else */
	bool free_name;     /* a name that is taken gets a number */
	bool resume;
	bool shot; /* just taken: an error says where the picture stays */
	enum camera_file_kind kind;
	const char *zone;   /* the caller's TZ */
	unsigned number;    /* of the next file; 0 becomes 1 */
	char *own_pattern;  /* pattern, where it had to be completed */
	const char *camera; /* what it is called */
};

/* Checks the pattern; one that names a folder gets its slash. ORC_EUSAGE. */
int download_prepare(
	struct download *download, struct call *call, struct orc_error *err) must_check;
void download_free(struct download *download);
#define cleanup_download cleanup(download_free)

bool download_to_stdout(const struct download *download);
/* The name that the next file will have; NULL for stdout. To be free()d. */
char *download_name(const struct download *download, const struct camera_file *file) must_check;

struct downloaded {
	char *path;    /* NULL: stdout */
	uint64_t size; /* of the whole file */
	bool skipped;
};

/*
 * Fetches one file, under a temporary name until it is whole. On an error there is no local file
 * (but NAME.part with resume), the camera still has it, and err says where.
 */
int download_file(struct download *download, struct call *call, struct camera *camera,
	const struct camera_file *file, struct downloaded *done, struct orc_error *err) must_check;

#endif
