/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A libgphoto2 that a hostile server has taken over: tries what an attacker would, for LD_PRELOAD. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gphoto2/gphoto2-camera.h>

#include "session/errand.h"

/*
 * It stands in for gp_camera_get_summary(), so that its report is what `info --summary` prints: a line
 * for each deed, "NAME: done", or "NAME: " and the reason why not. HOSTILE names a folder that is
 * made up for it: with home/ (the victim's, beside the real HOME), elsewhere/ and listener (a socket);
 * HOSTILE_PORT a server of this machine, HOSTILE_PID a process.
 */
#define PATH_SIZE 4096

/* Of this machine, so that the test names no number. */
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

static char *at(const char *name, char buf[PATH_SIZE])
{
	snprintf(buf, PATH_SIZE, "%s/%s", getenv("HOSTILE"), name);
	return buf;
}

/* Never 0 or less, which for kill() would be everybody. */
static long number_of(const char *variable)
{
	long number = atol(getenv(variable));

	return number > 1 ? number : 1;
}

static int opened(const char *name, int flags)
{
	char path[PATH_SIZE];
	int fd = open(at(name, path), flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int read_key(void)
{
	return opened("home/.ssh/id_ed25519", O_RDONLY);
}

static int list_keys(void)
{
	char path[PATH_SIZE];
	DIR *dir = opendir(at("home/.ssh", path));

	return dir ? closedir(dir) : -1;
}

static int write_profile(void)
{
	return opened("home/.bashrc", O_WRONLY | O_APPEND);
}

static int make_file(void)
{
	return opened("elsewhere/made", O_WRONLY | O_CREAT);
}

static int make_file_in_cwd(void)
{
	return opened("cwd/planted", O_WRONLY | O_CREAT);
}

static int make_folder(void)
{
	char path[PATH_SIZE];

	return mkdir(at("elsewhere/folder", path), 0700);
}

static int make_link(void)
{
	char path[PATH_SIZE];

	return symlink("/etc/passwd", at("elsewhere/link", path));
}

static int move_file(void)
{
	char from[PATH_SIZE], to[PATH_SIZE];

	return rename(at("elsewhere/one", from), at("elsewhere/two", to));
}

static int delete_file(void)
{
	char path[PATH_SIZE];

	return unlink(at("elsewhere/doomed", path));
}

static int truncate_file(void)
{
	char path[PATH_SIZE];

	return truncate(at("elsewhere/long", path), 0);
}

/* A file that may be read, and is emptied by opening it. */
static int empty_config(void)
{
	return opened(".config/opencamrc/config", O_RDONLY | O_TRUNC);
}

static int change_mode(void)
{
	char path[PATH_SIZE];

	return chmod(at("home/.ssh", path), 0777);
}

static int change_times(void)
{
	char path[PATH_SIZE];

	return utimes(at("home/.bashrc", path), NULL);
}

static int write_driver(void)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/.gphoto/settings", getenv("HOME"));
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? -1 : 0;
}

static int run_program(void)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -1;
	return WEXITSTATUS(status) == 7 ? 0 : -1;
}

/* In place of this one, where there is none: the reason tells. */
static int become_program(void)
{
	char path[PATH_SIZE];
	char *const nothing[] = { NULL };

	return execve(at("no such program", path), nothing, nothing) < 0 && errno == ENOENT ? 0
											    : -1;
}

static int connect_tcp(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)number_of("HOSTILE_PORT")),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int listen_tcp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -1
										    : listen(fd, 1);
}

/* The service manager of a user's session, an ssh agent, a desktop: they all listen so. */
static int connect_session(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[PATH_SIZE];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%.100s", at("listener", path));
	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static int send_datagram(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) < 0 || socket(AF_UNIX, SOCK_DGRAM, 0) < 0 ? -1 : 0;
}

static int signal_process(void)
{
	return kill((pid_t)number_of("HOSTILE_PID"), 0);
}

static int trace_process(void)
{
	pid_t pid = (pid_t)number_of("HOSTILE_PID");

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
		return -1;
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, __WALL);
	return (int)ptrace(PTRACE_DETACH, pid, 0, 0);
}

static int read_process(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/environ", number_of("HOSTILE_PID"));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : close(fd);
}

static int share_memory(void)
{
	int id = shmget(IPC_PRIVATE, 4096, 0600);

	return id < 0 ? -1 : shmctl(id, IPC_RMID, NULL);
}

static int read_system(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int queue_calls(void)
{
	char params[256] = "";
	long fd = syscall(SYS_io_uring_setup, 1, params);

	return fd < 0 ? -1 : close((int)fd);
}

/* The errands are open to it as well: what the command did not ask for is refused by its caller. */
static int errands_fd(void)
{
	int fd, type;

	for (fd = 3; fd < 1024; fd++) {
		socklen_t len = sizeof(type);

		if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET)
			return fd;
	}
	return -1;
}

static int ask_open(const char *name, int flags)
{
	const int folder = 5000; /* any number that no descriptor has */
	char path[PATH_SIZE];
	int fd;

	errand_begin(folder, errands_fd());
	fd = errand_file(folder,
		&(struct files_request){
			.act = FILES_OPEN, .flags = flags, .path = at(name, path) });
	errand_end(folder);
	return fd < 0 ? -1 : close(fd);
}

static int ask_for_key(void)
{
	return ask_open("home/.ssh/id_ed25519", O_RDONLY);
}

static int ask_for_profile(void)
{
	return ask_open("home/.bashrc", O_WRONLY | O_APPEND);
}

static int ask_for_file(void)
{
	return ask_open("cwd/planted", O_WRONLY | O_CREAT | O_EXCL);
}

static int ask_for_program(void)
{
	const int folder = 5000;
	struct orc_error err;
	int ticket, status = -1;

	errand_begin(folder, errands_fd());
	ticket = errand_run(folder, true, "lost", "/bin/sh", false, &err);
	errand_end(folder);
	if (ticket < 0 || errand_wait(ticket, deadline_after_msec(5000), &status) != 1)
		return -1;
	if (status < 0)
		errno = EACCES;
	return status < 0 ? -1 : 0;
}

static const struct {
	const char *name;
	int (*try)(void);
} deeds[] = {
	{ "read-key", read_key },
	{ "list-keys", list_keys },
	{ "write-profile", write_profile },
	{ "make-file", make_file },
	{ "make-file-in-cwd", make_file_in_cwd },
	{ "make-folder", make_folder },
	{ "make-link", make_link },
	{ "move-file", move_file },
	{ "delete-file", delete_file },
	{ "truncate-file", truncate_file },
	{ "empty-config", empty_config },
	{ "change-mode", change_mode },
	{ "change-times", change_times },
	{ "write-driver-settings", write_driver },
	{ "run-program", run_program },
	{ "become-program", become_program },
	{ "connect-tcp", connect_tcp },
	{ "listen-tcp", listen_tcp },
	{ "connect-session", connect_session },
	{ "send-datagram", send_datagram },
	{ "signal-process", signal_process },
	{ "trace-process", trace_process },
	{ "read-process", read_process },
	{ "share-memory", share_memory },
	{ "read-system", read_system },
	{ "queue-calls", queue_calls },
	{ "ask-for-key", ask_for_key },
	{ "ask-for-profile", ask_for_profile },
	{ "ask-for-file", ask_for_file },
	{ "ask-for-program", ask_for_program },
};

int gp_camera_get_summary(Camera *camera, CameraText *summary, GPContext *context)
{
	size_t len = 0, i;

	(void)camera;
	(void)context;
	for (i = 0; i < ARRAY_LENGTH(deeds); i++) {
		int ret, errnum;

		errno = 0;
		ret = deeds[i].try();
		errnum = errno;
		len += (size_t)snprintf(summary->text + len, sizeof(summary->text) - len,
			"%s: %s\n", deeds[i].name, ret < 0 ? strerror(errnum) : "done");
	}
	return GP_OK;
}
