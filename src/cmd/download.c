/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of the camera becomes a local one, or goes to stdout. */
#include "cmd/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/pattern.h"
#include "cmd/recovery.h"

bool download_to_stdout(const struct download *download)
{
	return download->pattern && strcmp(download->pattern, "-") == 0;
}

static bool is_folder(const char *pattern)
{
	size_t len = strlen(pattern);

	return len > 0 && pattern[len - 1] == '/';
}

/* Cameras number their files alike. What is shot gets another number; what is copied shall not. */
static int check_several(
	const struct download *download, const struct call *call, struct orc_error *err)
{
	const char *pattern = download->pattern;

	if (!call->several || (pattern && pattern_names_camera(pattern)) ||
		(download->shot && (!pattern || is_folder(pattern))))
		return 0;
	orc_fail(err, ORC_EUSAGE, "several cameras' files do not fit %s",
		pattern ? pattern : "into one folder");
	return orc_hint(err, "%%N is the camera's name, for example -o '%%N-%%f.%%C'");
}

int download_prepare(struct download *download, struct call *call, struct orc_error *err)
{
	struct stat status;
	int ret;

	if (download->number == 0)
		download->number = 1;
	download->camera = call_camera_name(call);
	download->zone = io_getenv(call->io, "TZ");
	if (!download->pattern)
		return check_several(download, call, err);
	if (download_to_stdout(download) && call->several) {
		orc_fail(err, ORC_EUSAGE, "-o - takes the pictures of one camera");
		return orc_hint(err, "-o '%%N-%%f.%%C' names the files of each");
	}
	if (download_to_stdout(download)) {
		if (!call->io->out_tty)
			return 0;
		orc_fail(err, ORC_EUSAGE, "a picture is not for a terminal");
		return orc_hint(err, "redirect it: … -o - > FILE");
	}
	ret = pattern_check(download->pattern, err);
	if (ret < 0)
		return ret;
	/* The same name whether it is there already or not: a journal goes by it. */
	if (is_folder(download->pattern) ||
		fstatat(call->io->cwd, download->pattern, &status, 0) < 0 ||
		!S_ISDIR(status.st_mode))
		return check_several(download, call, err);
	if (asprintf(&download->own_pattern, "%s/", download->pattern) < 0)
		orc_must(NULL);
	download->pattern = download->own_pattern;
	return check_several(download, call, err);
}

void download_free(struct download *download)
{
	free(download->own_pattern);
	download->own_pattern = NULL;
}

char *download_name(const struct download *download, const struct camera_file *file)
{
	/* A server can say that its camera has a file "../.bashrc". */
	cleanup_free char *name = pattern_plain_name(file->name);
	cleanup_free char *folder = pattern_plain_folder(file->folder);
	cleanup_free char *thumbnail = NULL;
	struct pattern_file values = {
		.folder = folder,
		.name = name,
		.time = file->mtime,
		.zone = download->zone,
		.number = download->number,
		.camera = download->camera,
	};

	if (download_to_stdout(download))
		return NULL;
	if (download->pattern)
		return pattern_expand(download->pattern, &values);
	if (download->kind == FILE_NORMAL)
		return steal_pointer(&name);
	/* As gphoto2 names them: a thumbnail beside its picture is another file. */
	if (asprintf(&thumbnail, "thumb_%s", name) < 0)
		orc_must(NULL);
	return steal_pointer(&thumbnail);
}

/* The first of NAME, NAME-2, NAME-3… that is free. */
static char *free_name(int cwd, char *path)
{
	char *candidate = orc_must(strdup(path));
	unsigned number;

	for (number = 2; outfile_exists(cwd, candidate); number++) {
		free(candidate);
		candidate = pattern_numbered(path, number);
	}
	free(path);
	return candidate;
}

/* What stays where, for the hint of a failed download. */
static int stays(
	const struct download *download, struct orc_error *err, const struct camera_file *file)
{
	if (!download->shot && err->errnum == EEXIST)
		return orc_hint(err, "--force replaces it, --skip-existing passes over it");
	if (!download->shot)
		return err->code;
	if (file->folder && strcmp(file->folder, "/") == 0)
		return orc_hint(err,
			"%s was in the camera's memory only; --card shoots to the card",
			file->name);
	return orc_hint(err, "picture stays on the camera as %s/%s", file->folder, file->name);
}

static int to_stdout(const struct download *download, struct call *call, struct camera *camera,
	const struct camera_file *file, struct downloaded *done, struct orc_error *err)
{
	int ret;

	ret = camera_file_get(
		camera, file->folder, file->name, download->kind, call->io->out, &done->size, err);
	if (ret < 0)
		stays(download, err, file);
	return ret;
}

/* *base is the name before a number was added to it. */
static int to_file(struct download *download, struct call *call, struct camera *camera,
	const struct camera_file *file, char **base, struct downloaded *done, struct orc_error *err)
{
	cleanup_outfile struct outfile out = { .fd = -1 };
	uint64_t written = 0, total;
	int ret;

	ret = outfile_open(&out, call->io->cwd, done->path, download->mode, download->resume, err);
	if (ret < 0)
		return ret;
	progress_start(&call->progress, call->io, file->name, out.size);
	ret = camera_file_get_rest(
		camera, file->folder, file->name, download->kind, out.fd, &out.size, &written, err);
	progress_stop(&call->progress);
	if (ret < 0)
		return ret;
	total = out.size + written;
	if (download->kind == FILE_NORMAL && file->size > 0 && total != file->size) {
		orc_fail(err, ORC_EPROTO, "%llu of %llu bytes came", (unsigned long long)total,
			(unsigned long long)file->size);
		return orc_what(err, "cannot download %s", file->name);
	}
	done->size = total;
	if (!download->free_name)
		return outfile_commit(&out, file->mtime, err);
	/* Another camera's picture may have taken the name meanwhile. */
	ret = outfile_commit_as(&out, file->mtime, base, pattern_numbered, err);
	if (ret == 0) {
		free(done->path);
		done->path = steal_pointer(base);
	}
	return ret;
}

int download_file(struct download *download, struct call *call, struct camera *camera,
	const struct camera_file *file, struct downloaded *done, struct orc_error *err)
{
	cleanup_free char *base = NULL;
	int ret;

	*done = (struct downloaded){ .path = download_name(download, file) };
	if (call->several && download->shot && download->pattern && is_folder(download->pattern))
		download->free_name = true;
	download->number++;
	if (!done->path)
		return to_stdout(download, call, camera, file, done, err);
	base = orc_must(strdup(done->path));
	if (download->mode == OUTFILE_NEW && outfile_exists(call->io->cwd, done->path)) {
		if (download->skip_existing && !download->only_one) {
			done->skipped = true;
			return 0;
		}
		if (download->free_name)
			done->path = free_name(call->io->cwd, done->path);
	}
	ret = to_file(download, call, camera, file, &base, done, err);
	if (ret < 0) {
		/* The next try is for the same file. */
		if (recovery_is_for(ret))
			download->number--;
		free(done->path);
		done->path = NULL;
		stays(download, err, file);
	}
	return ret;
}
