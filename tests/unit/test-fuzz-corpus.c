/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz harness over every file of its corpus; the harness aborts on what it finds. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder, const char *name)
{
	static uint8_t data[65536];
	char path[4096];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file) {
		perror(path);
		exit(1);
	}
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	return 1;
}

/* Linked with fuzz-NAME.c and called test-fuzz-NAME, it takes corpus-NAME. */
int main(void)
{
	const char *name = strstr(program_invocation_short_name, "test-fuzz-");
	char folder[2048];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	if (!name) {
		fprintf(stderr, "which corpus? this is to be called test-fuzz-NAME\n");
		return 1;
	}
	name += strlen("test-fuzz-");
	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus-%s", SRCDIR, name);
	dir = opendir(folder);
	if (!dir) {
		perror(folder);
		return 1;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			count += replay(folder, entry->d_name);
	closedir(dir);
	printf("1..1\n%s 1 - %d files of corpus-%s\n", count ? "ok" : "not ok", count, name);
	return count ? 0 : 1;
}
