/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the choice of files: a user's word against the names that a camera has. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/select.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct camera_file files[FILES_MAX] = { 0 };
	bool chosen[FILES_MAX] = { 0 }, any = false;
	struct orc_error err = { 0 };
	char *copy, *rest, *line;
	const char *word;
	size_t count = 0;
	int ret;

	if (size > 400)
		return 0;
	copy = rest = strndup((const char *)data, size);
	if (!copy)
		abort();
	word = strsep(&rest, "\n");
	/* A folder and a name in turn. */
	while (count < FILES_MAX && (line = strsep(&rest, "\n"))) {
		files[count].folder = line;
		line = strsep(&rest, "\n");
		if (!line)
			break;
		files[count++].name = line;
	}
	ret = select_files(files, count, word, chosen, &err);
	for (size_t i = 0; i < count; i++)
		any |= chosen[i];
	if (ret == 0 ? !any : !err.why[0])
		abort();
	free(copy);
	return 0;
}
