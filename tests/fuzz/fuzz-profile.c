/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes profiles, in both forms: what was read is the same after it was written and read again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const struct profile_line *line)
{
	struct profile again = { 0 };
	struct orc_error err = { 0 };
	char *value = profile_escape(line->value), *text;

	if (asprintf(&text, "%s=%s\n", line->name, value) < 0)
		abort();
	/* JSON may have any name; one with these in it is no name of a setting. */
	if (line->name[0] && line->name[0] != '#' && !strpbrk(line->name, "=\n\r{ \t")) {
		if (profile_parse(&again, text, &err) < 0 || again.count != 1 ||
			strcmp(again.lines[0].name, line->name) != 0 ||
			strcmp(again.lines[0].value, line->value) != 0)
			abort();
	}
	profile_free(&again);
	free(value);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct profile profile = { 0 };
	struct orc_error err = { 0 };

	if (!text)
		abort();
	if (profile_parse(&profile, text, &err) < 0) {
		if (err.code != ORC_EUSAGE || !err.why[0])
			abort();
	} else {
		for (size_t i = 0; i < profile.count; i++)
			check_line(&profile.lines[i]);
	}
	profile_free(&profile);
	free(text);
	return 0;
}
