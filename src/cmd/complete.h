/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a line of the shell, ours or another, from the tables of commands and options. */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include <stddef.h>

#include "cmd/command.h"

/* A setting of the camera, as far as it is known. */
struct complete_setting {
	const char *name;
	const char *const *choices; /* ends with NULL; may be NULL */
};

/* The camera that a line names, by -r or --port; NULL: it does not. */
struct complete_camera {
	const char *remote, *port;
};

/* Where the words come from. */
struct completer {
	const struct command *const *commands; /* ends with NULL */
	const struct poptOption *globals;
	const char *const *own;       /* the shell's own words; ends with NULL */
	const char *const *addresses; /* names for -r; ends with NULL; may be NULL */
	bool alone;                   /* commands that are no line of our shell as well */
	int cwd; /* where relative file names start; COMPLETE_NO_FILES: the caller offers files */
	/* The camera's settings, asked for only where a line wants them; may be NULL. */
	const struct complete_setting *(*settings)(
		void *data, const struct complete_camera *camera, size_t *count);
	void *settings_data;
};
#define COMPLETE_NO_FILES (-2)

struct completion {
	char *word;        /* whole, not quoted */
	const char *about; /* what it is, in the table's words; NULL: nothing is said of it */
};

/* Zero-initialise; complete_free() it. */
struct completions {
	struct completion *items;
	size_t count;
	bool files;   /* names of files may come as well: only with COMPLETE_NO_FILES */
	char *insert; /* what all of them go on with, quoted as the line needs it; perhaps empty */
};

/* The words that the one at the end of text, which is the line up to the cursor, may become. */
void complete_line(
	const struct completer *completer, const char *text, struct completions *completions);
void complete_free(struct completions *completions);

#endif
