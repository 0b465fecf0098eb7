/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A local file that appears whole or not at all, and never takes another's place unasked. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/files.h"
#include "base/hidden.h"

/* Fewer free bytes than a small picture needs: not worth a try. */
#define FREE_MINIMUM (1 << 20)

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
		if (files_mkdir(cwd, copy, 0777) < 0 && errno != EEXIST && errno != EISDIR)
			return errno;
		*slash = '/';
	}
	return 0;
}

/* The folder of path, with its slash; "." for none. On the heap. */
static char *folder_of(const char *path)
{
	size_t len = folder_len(path);

	return orc_must(len ? strndup(path, len) : strdup("."));
}

/* A file's way through the kernel, which linkat() takes for the file itself. */
#define FD_PATH_SIZE 32

static const char *fd_path(int fd, char buf[FD_PATH_SIZE])
{
	snprintf(buf, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
	return buf;
}

/*
 * Without a name the kernel takes the file away with the process, however that ends. Not every file
 * system can do that (FAT, NFS, SMB and sshfs cannot), and the name that it gets comes by way of /proc.
 */
static int open_nameless(struct outfile *file)
{
	cleanup_free char *folder = folder_of(file->path);
	char buf[FD_PATH_SIZE];

	file->fd = openat(file->cwd, folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (file->fd >= 0 && faccessat(AT_FDCWD, fd_path(file->fd, buf), F_OK, 0) < 0)
		close(steal_fd(&file->fd));
	return file->fd;
}

/* Before there is another temporary name in a folder, those go that a process has left in it. */
static void tidy_folder(const struct outfile *file)
{
	cleanup_free char *folder = folder_of(file->path);

	/* Where it cannot be, what was left stays. */
	(void)files_tidy(file->cwd, folder);
}

/* Another temporary name in place of the last, if there was one. */
static int choose_temporary(struct outfile *file)
{
	free(file->temporary);
	file->temporary = hidden_name(file->path, folder_len(file->path));
	return file->temporary ? 0 : -1;
}

#define TRIES_MAX 16

static int open_hidden(struct outfile *file)
{
	int tries;

	tidy_folder(file);
	for (tries = 0; tries < TRIES_MAX; tries++) {
		if (choose_temporary(file) < 0)
			return -1;
		file->fd = files_open(
			file->cwd, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (file->fd >= 0 && hidden_lock(file->fd))
			break;
		if (file->fd >= 0)
			close(steal_fd(&file->fd));
		else if (errno != EEXIST)
			break;
	}
	return file->fd;
}

/*
 * File systems refuse the one with all kinds of errors; that of the other is the reason to tell. Who
 * keeps files for this process goes by names alone.
 */
static int open_unseen(struct outfile *file)
{
	return files_kept(file->cwd) || open_nameless(file) < 0 ? open_hidden(file) : file->fd;
}

/* What has the name may be anything: a link leads elsewhere, and opening a pipe waits for its reader. */
static int open_part(struct outfile *file)
{
	const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat status;

	if (asprintf(&file->temporary, "%s" OUTFILE_PART_SUFFIX, file->path) < 0)
		orc_must(NULL);
	file->fd = files_open(file->cwd, file->temporary, flags, 0666);
	if (file->fd < 0 || fstat(file->fd, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	file->size = (uint64_t)status.st_size;
	return lseek(file->fd, 0, SEEK_END) < 0 ? -1 : 0;
}

static int fail_open(const struct outfile *file, struct orc_error *err, int errnum)
{
	const char *part = file->keep ? file->temporary : NULL;
	struct stat status;

	if (!part || fstatat(file->cwd, part, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
		S_ISREG(status.st_mode))
		return fail(err, file->path, errnum);
	orc_fail(err, ORC_EFILE, "%.160s is no plain file", part + folder_len(part));
	return orc_what(err, "cannot write %s", file->path);
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
	if (errnum == 0 && (resume ? open_part(file) : open_unseen(file)) < 0)
		errnum = errno;
	if (errnum == 0)
		return 0;
	fail_open(file, err, errnum);
	/* What could not be opened is not ours to remove. */
	file->keep = true;
	outfile_abort(file);
	return ORC_EFILE;
}

/* The folder too, so that the name survives a power cut. Some file systems cannot; so be it. */
static void flush_folder(const struct outfile *file)
{
	cleanup_free char *folder = folder_of(file->path);
	cleanup_close int fd = files_open(file->cwd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (fd >= 0 && fsync(fd) < 0)
		return;
}

/* Gives a file that has none a name that is free. */
static int link_name(const struct outfile *file, const char *name)
{
	char buf[FD_PATH_SIZE];

	return linkat(AT_FDCWD, fd_path(file->fd, buf), file->cwd, name, AT_SYMLINK_FOLLOW);
}

/* A link replaces nothing. For a moment there is a temporary name, which is renamed. */
static int replace_by_link(struct outfile *file)
{
	int tries, ret = -1;

	if (link_name(file, file->path) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	tidy_folder(file);
	/* Without locks this one is not tidied up by others either. */
	(void)hidden_lock(file->fd);
	for (tries = 0; ret < 0 && tries < TRIES_MAX; tries++) {
		if (choose_temporary(file) < 0)
			return -1;
		ret = link_name(file, file->temporary);
		if (ret < 0 && errno != EEXIST)
			break;
	}
	if (ret < 0) {
		free(steal_pointer(&file->temporary));
		return -1;
	}
	return renameat(file->cwd, file->temporary, file->cwd, file->path);
}

static int give_name(struct outfile *file)
{
	if (!file->temporary)
		return file->mode == OUTFILE_REPLACE ? replace_by_link(file)
						     : link_name(file, file->path);
	if (file->mode == OUTFILE_REPLACE)
		return files_rename(file->cwd, file->temporary, file->path);
	if (files_rename_new(file->cwd, file->temporary, file->path) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* A file system without RENAME_NOREPLACE: a link refuses an existing name as well. */
	if (files_link(file->cwd, file->temporary, file->path) == 0)
		return files_unlink(file->cwd, file->temporary);
	if (errno == EEXIST)
		return -1;
	/* FAT knows neither. */
	if (outfile_exists(file->cwd, file->path)) {
		errno = EEXIST;
		return -1;
	}
	return files_rename(file->cwd, file->temporary, file->path);
}

/* What a network file system says at a close alone; the file stays open for its name, and locked. */
static int close_copy(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return copy < 0 ? -1 : close(copy);
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
	if (ret == 0 && close_copy(file->fd) < 0)
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
		files_unlink(file->cwd, file->temporary);
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
	if (strlen(path + folder_len(path)) > NAME_MAX)
		return fail(err, path, ENAMETOOLONG);
	/* The nearest folder that there is; what is missing below it will be made. */
	for (;;) {
		len = folder_len(folder);
		folder[len] = '\0';
		fd = openat(cwd, len ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
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
