/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell's lines where somebody types them: editing, history, completion, by libedit. */
#ifndef CMD_PROMPT_H
#define CMD_PROMPT_H

#include "cmd/io.h"

struct completer;
struct prompt;

/*
 * Only where io's in and err are a terminal. io, text and completer are used until
 * prompt_destroy(). NULL: this terminal cannot move its cursor; read plain lines.
 */
struct prompt *prompt_new(struct io *io, const char *text, const struct completer *completer);
void prompt_destroy(struct prompt *prompt);
/*
 * Shows text and reads a line, without its end: 1 and *line, for the caller to free; 0: Control-D.
 * ORC_ESIGNAL: a signal came, what was typed is gone. The terminal is as it was before.
 */
int prompt_read(struct prompt *prompt, char **line, struct orc_error *err) must_check;

#endif
