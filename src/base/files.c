/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that a user has named: opened and changed here, or by whoever keeps them for this process. */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/hidden.h"

/* linux/fs.h; stdio.h has it in glibc only. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif

/* Of the process: it is in a sandbox, or it is not. */
static int (*kept_by)(int cwd, const struct files_request *request);

void files_keep(int (*keeper)(int cwd, const struct files_request *request))
{
	kept_by = keeper;
}

static int tidy(int cwd, const char *folder)
{
	int fd = openat(cwd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	hidden_tidy(fd);
	return 0;
}

int files_do(int cwd, const struct files_request *request)
{
	const char *path = request->path, *to = request->to;

	switch (request->act) {
	case FILES_OPEN:
		return openat(cwd, path, request->flags | O_CLOEXEC, request->mode);
	case FILES_MKDIR:
		return mkdirat(cwd, path, request->mode);
	case FILES_RENAME:
		return renameat(cwd, path, cwd, to);
	case FILES_RENAME_NEW:
		/* musl has no renameat2(). */
		return (int)syscall(SYS_renameat2, cwd, path, cwd, to, RENAME_NOREPLACE);
	case FILES_LINK:
		return linkat(cwd, path, cwd, to, 0);
	case FILES_UNLINK:
		return unlinkat(cwd, path, 0);
	case FILES_TIDY:
		return tidy(cwd, path);
	default:
		errno = ENOSYS;
		return -1;
	}
}

bool files_kept(int cwd)
{
	return kept_by && cwd != AT_FDCWD;
}

static int have_done(int cwd, const struct files_request *request)
{
	if (files_kept(cwd))
		return kept_by(cwd, request);
	return files_do(cwd, request);
}

int files_open(int cwd, const char *path, int flags, mode_t mode)
{
	return have_done(cwd,
		&(struct files_request){
			.act = FILES_OPEN, .path = path, .flags = flags, .mode = mode });
}

int files_mkdir(int cwd, const char *path, mode_t mode)
{
	return have_done(
		cwd, &(struct files_request){ .act = FILES_MKDIR, .path = path, .mode = mode });
}

int files_rename(int cwd, const char *from, const char *to)
{
	return have_done(
		cwd, &(struct files_request){ .act = FILES_RENAME, .path = from, .to = to });
}

int files_rename_new(int cwd, const char *from, const char *to)
{
	return have_done(
		cwd, &(struct files_request){ .act = FILES_RENAME_NEW, .path = from, .to = to });
}

int files_link(int cwd, const char *from, const char *to)
{
	return have_done(cwd, &(struct files_request){ .act = FILES_LINK, .path = from, .to = to });
}

int files_unlink(int cwd, const char *path)
{
	return have_done(cwd, &(struct files_request){ .act = FILES_UNLINK, .path = path });
}

int files_tidy(int cwd, const char *folder)
{
	return have_done(cwd, &(struct files_request){ .act = FILES_TIDY, .path = folder });
}
