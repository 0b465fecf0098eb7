/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines typed at the shell's prompt, kept in a file from one time to the next. */
#ifndef CMD_HISTORY_H
#define CMD_HISTORY_H

#define HISTORY_LINES 1000 /* are offered; the file is cut to them when it has twice as many */

/* $XDG_STATE_HOME/opencamrc/history, or below ~/.local/state; NULL: there is no home. Free it. */
char *history_path(void);
/*
 * Calls take with each line of the file, oldest first, of the last HISTORY_LINES. No file is no
 * history.
 */
void history_load(const char *path, void (*take)(const char *line, void *data), void *data);
/* Adds a line; makes the folder. What fails is only told to the debug log: it is a convenience. */
void history_add(const char *path, const char *line);

#endif
