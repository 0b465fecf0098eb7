/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that a user has named: opened and changed here, or by whoever keeps them for this process. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/cleanup.h"

/*
 * A process in a sandbox opens no file of its users: it has them do it, and gets the descriptor. So
 * whatever a command does with a path of its caller's goes through here, and is the plain system
 * call where there is no keeper. stat(), access() and readlink() are free in a sandbox, too, and
 * not to be found here.
 */
enum files_act {
	FILES_OPEN = 1,
	FILES_MKDIR,
	FILES_RENAME,
	FILES_RENAME_NEW, /* not where there is one of the new name: EEXIST, or EINVAL where it cannot */
	FILES_LINK,
	FILES_UNLINK,
	FILES_TIDY, /* a folder: hidden_tidy() */
	FILES_ACTS
};

struct files_request {
	enum files_act act;
	int flags; /* of open() */
	mode_t mode;
	const char *path, *to; /* `to` is of a renaming or a link; NULL otherwise */
};

/* As the system calls: a descriptor, 0, or -1 with errno. */
int files_open(int cwd, const char *path, int flags, mode_t mode) must_check;
int files_mkdir(int cwd, const char *path, mode_t mode) must_check;
int files_rename(int cwd, const char *from, const char *to) must_check;
int files_rename_new(int cwd, const char *from, const char *to) must_check;
int files_link(int cwd, const char *from, const char *to) must_check;
int files_unlink(int cwd, const char *path);
int files_tidy(int cwd, const char *folder);

/* The same as a request, here and now, whoever the keeper is. */
int files_do(int cwd, const struct files_request *request) must_check;

/*
 * From now on `keeper` does all that is relative to a folder's descriptor (AT_FDCWD is this process's
 * own, and stays so). Before there are threads; NULL: nobody does.
 */
void files_keep(int (*keeper)(int cwd, const struct files_request *request));
/* Is what is relative to cwd somebody else's to do? */
bool files_kept(int cwd);

#endif
