/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a line of the shell to the arguments of dispatch(): the shell's own options, then the line's. */
#ifndef CMD_SHELL_LINE_H
#define CMD_SHELL_LINE_H

#include "cmd/command.h"
#include "cmd/line.h"

/* What of a line must be known before it runs. */
struct shell_look {
	const char *name;              /* the command, known or not; NULL: there is none */
	const struct command *command; /* NULL: unknown, or its options are wrong */
	bool own_camera;               /* names one: the shell's does not count */
	bool all;                      /* is for all cameras of the shell's servers */
	bool own_log;
};

/* Reads the line's options without running it; what is wrong with them is for dispatch() to say. */
void shell_look(const struct line *line, struct io *io, struct shell_look *look);

struct shell_arguments {
	const char **words; /* ends with NULL; those of the line are the line's */
	size_t count;
	char *texts[12]; /* those before them */
};

void shell_arguments_make(struct shell_arguments *arguments, const struct globals *globals,
	const struct shell_look *look, const struct line *line);
void shell_arguments_free(struct shell_arguments *arguments);

#endif
