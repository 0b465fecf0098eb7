/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A local file that appears whole or not at all, and never takes another's place unasked. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Fewer free bytes than a small picture needs: not worth a try. */
#define FREE_MINIMUM (1 << 20)

/* linux/fs.h; stdio.h has it in glibc only. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif

static int fail(struct orc_error *err, const char *path, int errnum)
{
	orc_fail_errno(err, ORC_EFILE, errnum);
	orc_what(err, "cannot write %s", path);
	return ORC_EFILE;
}

static int fail_exists(struct orc_error *err, const char *path)
{
	orc_fail_errno(err, ORC_EFILE, EEXIST);
	orc_what(err, "cannot write %s", path);
	return orc_hint(err, "--force replaces it");
}

bool outfile_exists(int cwd, const char *path)
{
	struct stat status;

	return fstatat(cwd, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Length of the folder's part of path, its last slash included; 0: none. */
static size_t folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* As mkdir -p: each folder above the last name of path. */
static int make_folders(int cwd, const char *path)
{
	cleanup_free char *copy = orc_must(strdup(path));
	char *slash;

	for (slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(cwd, copy, 0777) < 0 && errno != EEXIST && errno != EISDIR)
			return errno;
		*slash = '/';
	}
	return 0;
}

static int open_hidden(struct outfile *file)
{
	size_t len = folder_len(file->path);
	uint32_t random;
	int tries;

	for (tries = 0; tries < 16; tries++) {
		if (getrandom(&random, sizeof(random), 0) != sizeof(random))
			return -1;
		free(file->temporary);
		file->temporary = NULL;
		if (asprintf(&file->temporary, "%.*s.%.200s.%08x", (int)len, file->path,
			    file->path + len, random) < 0)
			orc_must(NULL);
		file->fd = openat(
			file->cwd, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (file->fd >= 0 || errno != EEXIST)
			break;
	}
	return file->fd;
}

static int open_part(struct outfile *file)
{
	struct stat status;

	if (asprintf(&file->temporary, "%s" OUTFILE_PART_SUFFIX, file->path) < 0)
		orc_must(NULL);
	file->fd = openat(file->cwd, file->temporary, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (file->fd < 0 || fstat(file->fd, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	file->size = (uint64_t)status.st_size;
	return lseek(file->fd, 0, SEEK_END) < 0 ? -1 : 0;
}

int outfile_open(struct outfile *file, int cwd, const char *path, enum outfile_mode mode,
	bool resume, struct orc_error *err)
{
	int errnum;

	*file = (struct outfile){ .fd = -1, .cwd = cwd, .mode = mode, .keep = resume };
	if (mode == OUTFILE_NEW && outfile_exists(cwd, path))
		return fail_exists(err, path);
	file->path = orc_must(strdup(path));
	errnum = make_folders(cwd, path);
	if (errnum == 0 && (resume ? open_part(file) : open_hidden(file)) < 0)
		errnum = errno;
	if (errnum == 0)
		return 0;
	/* What could not be opened is not ours to remove. */
	file->keep = true;
	outfile_abort(file);
	return fail(err, path, errnum);
}

/* The folder too, so that the name survives a power cut. Some file systems cannot; so be it. */
static void flush_folder(const struct outfile *file)
{
	cleanup_free char *folder = orc_must(strdup(file->path));
	cleanup_close int fd = -1;
	size_t len = folder_len(file->path);

	folder[len] = '\0';
	fd = openat(file->cwd, len ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && fsync(fd) < 0)
		return;
}

static int give_name(struct outfile *file)
{
	long ret;

	if (file->mode == OUTFILE_REPLACE)
		return renameat(file->cwd, file->temporary, file->cwd, file->path);
	/* musl has no renameat2(). */
	ret = syscall(
		SYS_renameat2, file->cwd, file->temporary, file->cwd, file->path, RENAME_NOREPLACE);
	if (ret == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* A file system without RENAME_NOREPLACE: a link refuses an existing name as well. */
	if (linkat(file->cwd, file->temporary, file->cwd, file->path, 0) == 0)
		return unlinkat(file->cwd, file->temporary, 0);
	if (errno == EEXIST)
		return -1;
	/* FAT knows neither. */
	if (outfile_exists(file->cwd, file->path)) {
		errno = EEXIST;
		return -1;
	}
	return renameat(file->cwd, file->temporary, file->cwd, file->path);
}

/* More pictures of one name than anybody has. */
#define NUMBERS_MAX 1000000

/* A name that is free when it is taken, whoever else takes names. */
static int give_free_name(
	struct outfile *file, char **path, char *(*another)(const char *path, unsigned number))
{
	unsigned number = 1;
	int ret = give_name(file);

	while (ret < 0 && errno == EEXIST && another && number < NUMBERS_MAX) {
		free(file->path);
		file->path = orc_must(another(*path, ++number));
		ret = give_name(file);
	}
	if (ret == 0 && another) {
		free(*path);
		*path = orc_must(strdup(file->path));
	}
	return ret;
}

int outfile_commit(struct outfile *file, time_t mtime, struct orc_error *err)
{
	return outfile_commit_as(file, mtime, NULL, NULL, err);
}

int outfile_commit_as(struct outfile *file, time_t mtime, char **path,
	char *(*another)(const char *path, unsigned number), struct orc_error *err)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = mtime } };
	int ret = 0;

	if (mtime > 0)
		futimens(file->fd, times);
	if (fsync(file->fd) < 0 && errno != EINVAL && errno != EROFS)
		ret = fail(err, file->path, errno);
	if (ret == 0 && close(steal_fd(&file->fd)) < 0)
		ret = fail(err, file->path, errno);
	if (ret == 0 && give_free_name(file, path, another) < 0)
		ret = errno == EEXIST ? fail_exists(err, file->path) : fail(err, file->path, errno);
	if (ret == 0) {
		flush_folder(file);
		free(file->temporary);
		file->temporary = NULL;
	}
	outfile_abort(file);
	return ret;
}

void outfile_abort(struct outfile *file)
{
	if (file->fd >= 0)
		close(steal_fd(&file->fd));
	if (file->temporary && !file->keep)
		unlinkat(file->cwd, file->temporary, 0);
	free(file->temporary);
	free(file->path);
	file->temporary = NULL;
	file->path = NULL;
}

int outfile_check(int cwd, const char *path, enum outfile_mode mode, struct orc_error *err)
{
	cleanup_free char *folder = orc_must(strdup(path));
	cleanup_close int fd = -1;
	struct statvfs status;
	size_t len;

	if (mode == OUTFILE_NEW && outfile_exists(cwd, path))
		return fail_exists(err, path);
	/* The nearest folder that there is; what is missing below it will be made. */
	for (;;) {
		len = folder_len(folder);
		folder[len] = '\0';
		fd = openat(cwd, len ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			break;
		if (errno != ENOENT || len <= 1)
			return fail(err, path, errno);
		folder[len - 1] = '\0';
	}
	if (faccessat(cwd, len ? folder : ".", W_OK | X_OK, AT_EACCESS) < 0)
		return fail(err, path, errno);
	if (fstatvfs(fd, &status) == 0 && status.f_blocks > 0 &&
		(uint64_t)status.f_bavail * status.f_frsize < FREE_MINIMUM)
		return fail(err, path, ENOSPC);
	return 0;
}
