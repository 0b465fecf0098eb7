/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera's settings as a text file: written, read, compared. */
#ifndef CMD_PROFILE_H
#define CMD_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "camera/settings.h"
#include "cmd/io.h"

/*
 * A line a setting, NAME=VALUE, in the camera's order; # begins a comment line; a backslash
 * in a value is written \\, a line break \n, a carriage return \r. Or one JSON object
 * {NAME: VALUE}. NAME is the path where two settings have the same name.
 */
struct profile_line {
	char *name, *value;
};

struct profile {
	struct profile_line *lines;
	size_t count;
};

/* Belongs in a profile: can be set again later, and setting it does nothing else (no button, no
 * shutter, no clock); and not the same as another one, as the properties are that have a number for
 * a name. */
bool profile_wants(const struct setting *setting);
/* Its name in a profile of these settings. */
const char *profile_name(const struct setting *setting, const struct setting *all, size_t count);
/* The value as a line of the text form has it; to be free()d. */
char *profile_escape(const char *value) must_check;

/* Both forms, told apart by their first character. ORC_EUSAGE names the line. */
int profile_parse(struct profile *profile, const char *text, struct orc_error *err) must_check;
/* The file's, or with "-" what stdin holds. */
int profile_read(struct profile *profile, const struct io *io, const char *path,
	struct orc_error *err) must_check;
void profile_free(struct profile *profile);
#define cleanup_profile cleanup(profile_free)

#endif
