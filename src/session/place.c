/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an owner and its callers meet: a folder of the user's with a lock and a socket a camera. */
#include "session/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

#define FOLDER  "opencamrc"
#define BACKLOG 64

enum { IN_ENVIRONMENT, IN_RUN, IN_TMP, FOLDERS };

/* The path of a folder, or false where there is none of the kind. */
static bool folder_path(int which, char *buf, size_t size)
{
	const char *base = getenv("XDG_RUNTIME_DIR");

	switch (which) {
	case IN_ENVIRONMENT:
		if (!base || base[0] != '/')
			return false;
		return snprintf(buf, size, "%s/" FOLDER, base) < (int)size;
	case IN_RUN:
		return snprintf(buf, size, "/run/user/%lu/" FOLDER, (unsigned long)getuid()) > 0;
	default:
		return snprintf(buf, size, "/tmp/" FOLDER "-%lu", (unsigned long)getuid()) > 0;
	}
}

/* A folder that anyone else can write to, or that is somebody's link, is not to be trusted. */
static int open_folder(int which, bool make)
{
	char path[PATH_MAX];
	struct stat status;
	int fd;

	if (!folder_path(which, path, sizeof(path)))
		return -1;
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return -1;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && !(status.st_mode & 077))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

/* What a socket's address has room for behind the folder, the suffix taken off. */
#define NAME_MAX_LEN 72
#define NAME_SIZE    (NAME_MAX_LEN + 8)

/* Of a key that is too long for a name (FNV-1a). */
static uint32_t digest(const char *key)
{
	uint32_t sum = UINT32_C(2166136261);

	for (; *key; key++)
		sum = (sum ^ (uint8_t)*key) * UINT32_C(16777619);
	return sum;
}

/* A key as a file's name: a slash is the one letter that neither a host nor a bus id has. */
static void file_name(const char *key, const char *suffix, char buf[NAME_SIZE])
{
	char *p;

	if (strlen(key) <= NAME_MAX_LEN)
		snprintf(buf, NAME_SIZE, "%s%s", key, suffix);
	else
		snprintf(buf, NAME_SIZE, "%.*s~%08x%s", NAME_MAX_LEN - 9, key,
			(unsigned)digest(key), suffix);
	for (p = buf; *p; p++)
		if (*p == '/')
			*p = '+';
}

/* By way of the descriptor: a socket's own name has room for 108 letters. */
static void socket_address(int folder, const char *name, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s", folder, name);
}

/* The descriptor; ORC_EBUSY where somebody listens, and as many wait to be let in as may; or ORC_EAGAIN. */
static int connect_in(int folder, const char *name)
{
	struct sockaddr_un address;
	int fd, ret;

	/* One that blocks would wait for ever for a process that is stopped. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ORC_EAGAIN;
	socket_address(folder, name, &address);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	ret = errno == EAGAIN ? ORC_EBUSY : ORC_EAGAIN;
	close(fd);
	return ret;
}

/* A connection, or why there is none: somebody listens there, be it with no more room. */
static bool has_listener(int fd)
{
	return fd >= 0 || fd == ORC_EBUSY;
}

/* Of the process: it is in a sandbox, or it is not. */
static bool (*asked_by)(const char *key);

void place_ask_by(bool (*asker)(const char *key))
{
	asked_by = asker;
}

bool place_is_held(const char *key)
{
	cleanup_close int fd = -1;

	if (asked_by)
		return asked_by(key);
	fd = place_connect(key, &(struct orc_error){ 0 });
	return has_listener(fd);
}

/* The key that file_name() made a name of; false for what is no socket's. */
static bool key_of_socket(const char *name, char key[NAME_SIZE])
{
	size_t len = strlen(name);
	char *p;

	if (len < 5 || len - 5 > NAME_MAX_LEN || strcmp(name + len - 5, ".sock") != 0)
		return false;
	snprintf(key, NAME_SIZE, "%.*s", (int)(len - 5), name);
	for (p = key; *p; p++)
		if (*p == '+')
			*p = '/';
	return true;
}

static bool is_owned(int folder, const char *name)
{
	cleanup_close int fd = connect_in(folder, name);

	return has_listener(fd);
}

bool place_is_any_held(bool (*meant)(void *data, const char *key), void *data)
{
	char key[NAME_SIZE];
	struct dirent *entry;
	bool found = false;
	int which, folder;
	DIR *dir;

	for (which = 0; which < FOLDERS && !found; which++) {
		folder = open_folder(which, false);
		dir = folder < 0 ? NULL : fdopendir(folder);
		if (!dir) {
			cleanup_close_fd(&folder);
			continue;
		}
		while (!found && (entry = readdir(dir)))
			found = key_of_socket(entry->d_name, key) && meant(data, key) &&
				is_owned(folder, entry->d_name);
		closedir(dir);
	}
	return found;
}

void place_each_folder(void (*each)(void *data, int folder), void *data)
{
	bool made = false;
	int which;

	for (which = 0; which < FOLDERS; which++) {
		cleanup_close int folder = open_folder(which, !made);

		if (folder < 0)
			continue;
		made = true;
		each(data, folder);
	}
}

/* Does somebody listen at the seat's own socket? */
static bool is_served(const struct place_seat *seat, const char *name)
{
	return asked_by ? asked_by(seat->key) : is_owned(seat->folder, name);
}

static int fail_folder(struct orc_error *err)
{
	char path[PATH_MAX];
	int errnum = errno;

	orc_fail_errno(err, ORC_EFILE, errnum);
	if (folder_path(IN_TMP, path, sizeof(path)))
		orc_what(err, "cannot use a folder for sockets, the last tried %.120s", path);
	return orc_hint(err, "XDG_RUNTIME_DIR names a folder that only you may read");
}

/* Does a name lead to this key's socket? */
static bool links_here(const struct place_seat *seat, const char *name)
{
	char own[NAME_SIZE], target[NAME_SIZE];
	ssize_t len = readlinkat(seat->folder, name, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	file_name(seat->key, ".sock", own);
	return strcmp(own, target) == 0;
}

static void unlink_names(const struct place_seat *seat)
{
	char own[NAME_SIZE];
	struct dirent *entry;
	DIR *dir;
	int fd;

	file_name(seat->key, ".sock", own);
	unlinkat(seat->folder, own, 0);
	fd = openat(seat->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (links_here(seat, entry->d_name))
			unlinkat(seat->folder, entry->d_name, 0);
	closedir(dir);
}

static int listen_at(struct place_seat *seat)
{
	char name[NAME_SIZE];
	struct sockaddr_un address;

	file_name(seat->key, ".sock", name);
	/* A service manager may listen there for us. */
	if (is_served(seat, name))
		return 0;
	/* What is there is of an owner that died: its lock is free. */
	unlink_names(seat);
	socket_address(seat->folder, name, &address);
	seat->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (seat->listener < 0)
		return -1;
	if (bind(seat->listener, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return listen(seat->listener, BACKLOG);
}

/* Is the lock taken in another folder, by an owner whose first caller had another environment? */
static bool is_taken_elsewhere(const struct place_seat *seat, int own, const char *name)
{
	struct stat here, there;
	int which;

	if (fstat(seat->folder, &here) < 0)
		return false;
	for (which = 0; which < FOLDERS; which++) {
		cleanup_close int folder = which == own ? -1 : open_folder(which, false);
		cleanup_close int lock = -1;

		if (folder < 0 || fstat(folder, &there) < 0 ||
			(there.st_dev == here.st_dev && there.st_ino == here.st_ino))
			continue;
		lock = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
		if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) < 0)
			return true;
	}
	return false;
}

int place_take(struct place_seat *seat, const char *key, struct orc_error *err)
{
	char name[NAME_SIZE];
	int which, own = 0;

	snprintf(seat->key, sizeof(seat->key), "%s", key);
	for (which = 0; which < FOLDERS && seat->folder < 0; which++)
		seat->folder = open_folder(own = which, true);
	if (seat->folder < 0)
		return fail_folder(err);
	file_name(key, ".lock", name);
	seat->lock = openat(seat->folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (seat->lock < 0) {
		fail_folder(err);
		place_leave(seat);
		return ORC_EFILE;
	}
	if (flock(seat->lock, LOCK_EX | LOCK_NB) < 0 || is_taken_elsewhere(seat, own, name)) {
		place_leave(seat);
		return orc_fail(err, ORC_EBUSY, "another opencamrc has it");
	}
	if (listen_at(seat) == 0)
		return 0;
	fail_folder(err);
	place_leave(seat);
	return ORC_EFILE;
}

void place_link(const struct place_seat *seat, const char *name)
{
	char own[NAME_SIZE], link[NAME_SIZE];
	struct stat status;

	if (seat->listener < 0 || strcmp(name, seat->key) == 0)
		return;
	file_name(seat->key, ".sock", own);
	file_name(name, ".sock", link);
	if (links_here(seat, link))
		return;
	/* A link is of an owner that is gone, or of another camera: the newest is meant. */
	if (fstatat(seat->folder, link, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		!S_ISLNK(status.st_mode))
		return;
	unlinkat(seat->folder, link, 0);
	if (symlinkat(own, seat->folder, link) < 0)
		log_debug("session: no link %s: %s", link, strerror(errno));
}

void place_shut(struct place_seat *seat)
{
	if (seat->listener < 0)
		return;
	unlink_names(seat);
	close(seat->listener);
	seat->listener = -1;
}

void place_leave(struct place_seat *seat)
{
	place_shut(seat);
	if (seat->lock >= 0)
		close(seat->lock);
	if (seat->folder >= 0)
		close(seat->folder);
	seat->lock = seat->folder = -1;
}

bool place_is_own(int fd, pid_t *pid)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	*pid = peer.pid;
	return peer.uid == geteuid();
}

int place_connect(const char *key, struct orc_error *err)
{
	char name[NAME_SIZE];
	int which, fd = ORC_EAGAIN;
	pid_t pid;

	file_name(key, ".sock", name);
	for (which = 0; which < FOLDERS && fd == ORC_EAGAIN; which++) {
		cleanup_close int folder = open_folder(which, false);

		if (folder >= 0)
			fd = connect_in(folder, name);
	}
	if (fd == ORC_EBUSY)
		return orc_fail(err, ORC_EBUSY, "the process that holds it lets nobody in");
	if (fd < 0)
		return orc_fail(err, ORC_EAGAIN, "nobody holds it");
	if (place_is_own(fd, &pid))
		return fd;
	close(fd);
	return orc_fail(err, ORC_EREFUSED, "the socket of %s is another user's", key);
}
