/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The camera's settings as `config list --json` told them, for completion. */
#ifndef CMD_KNOWN_SETTINGS_H
#define CMD_KNOWN_SETTINGS_H

#include "cmd/complete.h"

struct known_settings {
	struct complete_setting *items;
	size_t count;
};

/* Runs `config list --json`, which argv is with whatever else it needs, as io's caller and without
 * a word to him, and takes what it tells. */
void known_settings_ask(
	struct known_settings *known, const struct io *io, int argc, const char *const *argv);
/* Takes the lines from fd, a file at its start, in place of what is known. Those that are
 * read-only are left out, and lines that are no setting. */
void known_settings_read(struct known_settings *known, int fd);
void known_settings_free(struct known_settings *known);

#endif
