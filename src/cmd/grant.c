/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command line allows the process that holds the camera to have done in its name. */
#include "cmd/grant.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hidden.h"
#include "base/outfile.h"
#include "cmd/pattern.h"

/* What a sidecar (schedule/sidecar.h) has in place of its picture's suffix. */
#define SIDECAR_SUFFIX ".xmp"

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* NAME-2.jpg as NAME.jpg, as of pattern_numbered(); NULL where it has no number. */
static char *without_number(const char *path)
{
	size_t start = folder_len(path), dot, digits;
	const char *suffix = strrchr(path + start, '.');
	char *text;

	dot = suffix ? (size_t)(suffix - path) : strlen(path);
	for (digits = dot; digits > start && isdigit((unsigned char)path[digits - 1]); digits--)
		;
	if (digits == dot || digits <= start + 1 || path[digits - 1] != '-')
		return NULL;
	if (asprintf(&text, "%.*s%s", (int)digits - 1, path, path + dot) < 0)
		text = orc_must(NULL);
	return text;
}

/* The pattern of sidecars: what stands before the suffix. */
static char *sidecar_pattern(const char *pattern)
{
	size_t start = folder_len(pattern);
	const char *dot = strrchr(pattern + start, '.');
	char *text;

	if (!pattern[start])
		return orc_must(strdup(pattern));
	if (asprintf(&text, "%.*s" SIDECAR_SUFFIX,
		    dot && dot > pattern + start ? (int)(dot - pattern) : (int)strlen(pattern),
		    pattern) < 0)
		text = orc_must(NULL);
	return text;
}

static bool comes_out_as(const char *pattern, const char *path)
{
	cleanup_free char *plain = NULL, *sidecars = NULL;
	size_t len = strlen(path), suffix = strlen(SIDECAR_SUFFIX);

	if (pattern_matches(pattern, path, false))
		return true;
	plain = without_number(path);
	if (plain && pattern_matches(pattern, plain, false))
		return true;
	if (len < suffix || strcmp(path + len - suffix, SIDECAR_SUFFIX) != 0)
		return false;
	sidecars = sidecar_pattern(pattern);
	return pattern_matches(sidecars, path, false) ||
		(plain && pattern_matches(sidecars, plain, false));
}

bool grant_names(const struct grant *grant, const char *path)
{
	if (same(path, grant->journal))
		return true;
	/* The camera's own: see download_name(). */
	return grant->pictures && comes_out_as(grant->pattern ? grant->pattern : "%:", path);
}

/* A hidden name (hidden.h) as the NAME in it, "NAME.part" as well; NULL: it is no temporary file's name. */
static char *target_of(const char *path, bool *part)
{
	const size_t part_len = strlen(OUTFILE_PART_SUFFIX), mark_len = strlen(HIDDEN_MARK);
	size_t start = folder_len(path), len = strlen(path), end;
	char *text;

	*part = len > start + part_len && strcmp(path + len - part_len, OUTFILE_PART_SUFFIX) == 0;
	if (*part)
		return orc_must(strndup(path, len - part_len));
	if (path[start] != '.' || len < start + 2 + mark_len + HIDDEN_DIGITS)
		return NULL;
	end = len - mark_len - HIDDEN_DIGITS;
	if (strncmp(path + end, HIDDEN_MARK, mark_len) != 0 ||
		strspn(path + end + mark_len, "0123456789abcdef") != HIDDEN_DIGITS)
		return NULL;
	if (asprintf(&text, "%.*s%.*s", (int)start, path, (int)(end - start - 1),
		    path + start + 1) < 0)
		text = orc_must(NULL);
	return text;
}

/* The beginning of a long name, in the folder of the pictures: the whole of it is judged when it is given. */
static bool is_beginning(const struct grant *grant, const char *path)
{
	cleanup_free char *folder = NULL;
	size_t len = grant->pattern ? folder_len(grant->pattern) : 0;

	if (!grant->pictures || strlen(path + folder_len(path)) != HIDDEN_NAME_MAX)
		return false;
	folder = len ? orc_must(strndup(grant->pattern, len)) : NULL;
	return pattern_matches(folder ? folder : "%:", path, false);
}

/* A temporary file of something that is written. */
static bool is_temporary(const struct grant *grant, const char *path, bool *part)
{
	cleanup_free char *target = target_of(path, part);

	return target && (grant_names(grant, target) || (!*part && is_beginning(grant, target)));
}

/* Written since the command began, so that it is nobody else's. */
static bool is_fresh(const struct grant *grant, int cwd, const char *path)
{
	struct stat status;

	if (fstatat(cwd, path, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode))
		return false;
	if (status.st_ctim.tv_sec != grant->since.tv_sec)
		return status.st_ctim.tv_sec > grant->since.tv_sec;
	return status.st_ctim.tv_nsec >= grant->since.tv_nsec;
}

static bool is_folder_of(const struct grant *grant, const char *path)
{
	cleanup_free char *folder = orc_must(strdup(path));
	size_t len = strlen(folder);

	while (len > 1 && folder[len - 1] == '/')
		folder[--len] = '\0';
	if (grant->journal && strncmp(grant->journal, folder, len) == 0 &&
		grant->journal[len] == '/')
		return true;
	return grant->pictures && grant->pattern && pattern_matches(grant->pattern, folder, true);
}

static bool may_enter(const struct grant *grant, const char *path)
{
	return same(path, ".") || is_folder_of(grant, path);
}

static bool may_read(const struct grant *grant, int cwd, const char *path)
{
	size_t i;

	for (i = 0; grant->read && grant->read[i]; i++)
		if (same(path, grant->read[i]))
			return true;
	if (same(path, grant->device))
		return true;
	return grant_names(grant, path) && (grant->reread || is_fresh(grant, cwd, path));
}

static bool may_open(const struct grant *grant, int cwd, const struct files_request *request)
{
	const int known = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_NOCTTY |
		O_NONBLOCK | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC | O_LARGEFILE;
	const char *path = request->path;
	int flags = request->flags;
	bool part;

	if (flags & ~known)
		return false;
	/* To have its entries written to the disk; what is in it is not to be had by that. */
	if (flags & O_DIRECTORY)
		return (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC)) &&
			may_enter(grant, path);
	if ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC)))
		return may_read(grant, cwd, path);
	if (same(path, grant->log) || same(path, grant->device))
		return true;
	if (same(path, grant->journal))
		return !(flags & O_TRUNC) && (flags & O_APPEND);
	if (flags & O_TRUNC || !is_temporary(grant, path, &part))
		return false;
	return part || ((flags & O_CREAT) && (flags & O_EXCL));
}

/* A temporary file gets the name that it was made for, or one with a number in it. */
static bool may_rename(const struct grant *grant, int cwd, const struct files_request *request)
{
	bool part;

	if (!is_temporary(grant, request->path, &part) || !grant_names(grant, request->to))
		return false;
	return request->act != FILES_RENAME || grant->replace || !outfile_exists(cwd, request->to);
}

static bool may_unlink(const struct grant *grant, int cwd, const char *path)
{
	bool part;

	if (is_temporary(grant, path, &part))
		return true;
	return grant_names(grant, path) && is_fresh(grant, cwd, path);
}

bool grant_allows(const struct grant *grant, int cwd, const struct files_request *request)
{
	switch (request->act) {
	case FILES_OPEN:
		return may_open(grant, cwd, request);
	case FILES_MKDIR:
		return is_folder_of(grant, request->path);
	case FILES_RENAME:
	case FILES_RENAME_NEW:
	case FILES_LINK:
		return may_rename(grant, cwd, request);
	case FILES_UNLINK:
		return may_unlink(grant, cwd, request->path);
	case FILES_TIDY:
		return may_enter(grant, request->path);
	default:
		return false;
	}
}
