/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes file name patterns, "PATTERN NUL CAMERA'S NAME": what is checked expands. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *pattern = strndup((const char *)data, size), *name, *path;
	size_t used = pattern ? strlen(pattern) : 0;
	struct pattern_file file = { .folder = "/store_00010001/DCIM", .time = 1, .number = 7 };
	struct orc_error err = { 0 };

	name = strndup((const char *)data + used, size - used);
	if (used < size) {
		free(name);
		name = strndup((const char *)data + used + 1, size - used - 1);
	}
	if (!pattern || !name)
		abort();
	file.name = name;
	if (pattern_check(pattern, &err) == 0) {
		path = pattern_expand(pattern, &file);
		if (!path)
			abort();
		free(pattern_numbered(path, 2));
		/* What does not vary does not. */
		if (pattern_is_constant(pattern)) {
			char *again;

			file.number = 8;
			again = pattern_expand(pattern, &file);
			if (strcmp(path, again) != 0)
				abort();
			free(again);
		}
		free(path);
	}
	free(pattern);
	free(name);
	return 0;
}
