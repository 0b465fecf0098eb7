/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a line of the shell, from the tables of commands and options. */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include <stddef.h>

#include "cmd/command.h"

/* A setting of the camera, as far as it is known. */
struct complete_setting {
	const char *name;
	const char *const *choices; /* ends with NULL; may be NULL */
};

/* Where the words come from. */
struct completer {
	const struct command *const *commands; /* ends with NULL */
	const struct poptOption *globals;
	const char *const *own; /* the shell's own words; ends with NULL */
	int cwd;                /* where relative file names start */
	/* The camera's settings, asked for only where a line wants them; may be NULL. */
	const struct complete_setting *(*settings)(void *data, size_t *count);
	void *settings_data;
};

/* Zero-initialise; complete_free() it. */
struct completions {
	char **items; /* whole words, not quoted */
	size_t count;
	char *insert; /* what all of them go on with, quoted as the line needs it; perhaps empty */
};

/* The words that the one at the end of text, which is the line up to the cursor, may become. */
void complete_line(
	const struct completer *completer, const char *text, struct completions *completions);
void complete_free(struct completions *completions);

#endif
