/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the camera's files are meant by the words of a command line. */
#include "cmd/select.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool matches(const struct camera_file *file, const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *name = slash ? slash + 1 : word;
	size_t folder_len = slash ? (size_t)(slash - word) : 0;

	if (slash &&
		(strlen(file->folder) != folder_len ||
			strncmp(file->folder, word, folder_len) != 0) &&
		!(folder_len == 0 && strcmp(file->folder, "/") == 0))
		return false;
	return strcmp(file->name, name) == 0 || fnmatch(name, file->name, 0) == 0;
}

static bool is_numbers(const char *word)
{
	return isdigit((unsigned char)*word) && word[strspn(word, "0123456789-,")] == '\0';
}

/* One of "7" and "1-5" at *text, which is moved past it and a comma. */
static int read_range(const char **text, size_t count, size_t *first, size_t *last)
{
	char *end;

	errno = 0;
	*first = *last = strtoul(*text, &end, 10);
	if (end == *text)
		return ORC_EUSAGE;
	if (*end == '-') {
		*text = end + 1;
		*last = strtoul(*text, &end, 10);
		if (end == *text || !isdigit((unsigned char)**text))
			return ORC_EUSAGE;
	}
	if (*end != '\0' && (*end != ',' || !isdigit((unsigned char)end[1])))
		return ORC_EUSAGE;
	if (errno || *first < 1 || *last < *first)
		return ORC_EUSAGE;
	if (*last > count)
		return ORC_EREFUSED;
	*text = end + (*end == ',');
	return 0;
}

static int select_numbers(size_t count, const char *word, bool *chosen, struct orc_error *err)
{
	const char *text = word;
	size_t first, last, i;
	int ret;

	while (*text) {
		ret = read_range(&text, count, &first, &last);
		if (ret == ORC_EREFUSED)
			return orc_fail(
				err, ret, "no file number %zu: the camera has %zu", last, count);
		if (ret < 0)
			return orc_fail(err, ret, "%s: not a range such as 1-5 or 1-3,7", word);
		for (i = first; i <= last; i++)
			chosen[i - 1] = true;
	}
	return 0;
}

int select_files(const struct camera_file *files, size_t count, const char *word, bool *chosen,
	struct orc_error *err)
{
	bool found = false;
	size_t i;

	for (i = 0; i < count; i++)
		if (matches(&files[i], word))
			found = chosen[i] = true;
	if (found)
		return 0;
	if (is_numbers(word))
		return select_numbers(count, word, chosen, err);
	orc_fail(err, ORC_EREFUSED, "no file %s on the camera", word);
	return orc_hint(err, "`files list` names them");
}
