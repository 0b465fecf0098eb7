/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to a server by way of a spawned ssh. */
#include "usbip/ssh.h"

/* In quotes it would be the one of this folder. */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "usbip/ssh-command.h"

/* What it has not said by then, after its end or ours, it will not say. */
#define LAST_WORDS_MSEC 300
#define GOODBYE_MSEC    300
#define KILL_MSEC       200

/* A copy that none of the three standard descriptors can be in the way of; the original is closed. */
static int above_standard(int fd)
{
	int copy = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	cleanup_close_fd(&fd);
	return copy;
}

static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t signals;

	/* No terminal: nobody is asked there, and a Control-C is for the camera's program alone. */
	posix_spawnattr_setflags(
		attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(attributes, &signals);
	sigaddset(&signals, SIGPIPE);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	posix_spawnattr_setsigdefault(attributes, &signals);
}

/* Returns 0 or an errno. */
static int spawn(pid_t *pid, const struct ssh_command *command, int stream, int complaints)
{
	char *const *argv = (char *const *)(uintptr_t)command->arguments;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r = posix_spawn_file_actions_init(&actions);

	if (r != 0)
		return r;
	r = posix_spawnattr_init(&attributes);
	if (r == 0) {
		set_attributes(&attributes);
		posix_spawn_file_actions_adddup2(&actions, stream, 0);
		posix_spawn_file_actions_adddup2(&actions, stream, 1);
		posix_spawn_file_actions_adddup2(&actions, complaints, 2);
#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
		/* It may outlive this process, whose other files are no business of it. */
		posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#endif
		r = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

static int run(pid_t *pid, const struct usbip_address *address, int stream, int complaints)
{
	struct ssh_command command;

	ssh_command_build(&command, address);
	return spawn(pid, &command, stream, complaints);
}

static int cannot_start(struct orc_error *err, const struct usbip_address *address, int errnum)
{
	const char *command = address->ssh_command;

	orc_fail_errno(err, ORC_ENOCAMERA, errnum);
	orc_what(err, "cannot run %.100s", command[0] ? command : SSH_COMMAND_DEFAULT);
	if (errnum == ENOENT)
		orc_hint(err, "install openssh-client, or name another program with --ssh");
	return ORC_ENOCAMERA;
}

int usbip_ssh_start(
	struct usbip_ssh *ssh, int *fd, const struct usbip_address *address, struct orc_error *err)
{
	int stream[2] = { -1, -1 }, complaints[2] = { -1, -1 };
	cleanup_close int ours = -1, theirs = -1, told = -1, tells = -1;
	pid_t pid;
	int r;

	*fd = -1;
	*ssh = (struct usbip_ssh){ 0 };
	/* Non-blocking at both ends: ssh does not stand still where nobody reads what it says. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream) < 0 ||
		pipe2(complaints, O_CLOEXEC | O_NONBLOCK) < 0)
		r = errno;
	else
		r = 0;
	ours = stream[0];
	theirs = above_standard(stream[1]);
	told = complaints[0];
	tells = above_standard(complaints[1]);
	if (r == 0 && (theirs < 0 || tells < 0 || fcntl(ours, F_SETFL, O_NONBLOCK) < 0))
		r = errno;
	if (r == 0)
		r = run(&pid, address, theirs, tells);
	if (r != 0)
		return cannot_start(err, address, r);
	log_debug("usbip: ssh to %s is process %ld", address->host, (long)pid);
	*ssh = (struct usbip_ssh){ .pid = pid, .err_fd = steal_fd(&told) };
	*fd = steal_fd(&ours);
	return 0;
}

/*
 * What was said, up to `size` bytes and terminated, and whether the last one who could say something
 * has ended; waits for that until the deadline. More than what fits is dropped.
 */
static bool listen_to(
	const struct usbip_ssh *ssh, char *text, size_t size, struct deadline deadline)
{
	struct pollfd pfd = { .fd = ssh->err_fd, .events = POLLIN };
	size_t len = 0;
	char rest[256];

	for (;;) {
		bool full = len + 1 >= size;
		ssize_t n = read(ssh->err_fd, full ? rest : text + len,
			full ? sizeof(rest) : size - 1 - len);

		if (n > 0 && !full)
			len += (size_t)n;
		if (size > 0)
			text[len] = '\0';
		if (n > 0)
			continue;
		if (n == 0 || deadline_passed(deadline))
			return n == 0;
		poll(&pfd, 1, deadline_left_msec(deadline));
	}
}

/* Still a child of ours, whatever the program that we are in does with its children. */
static bool is_running(const struct usbip_ssh *ssh)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)ssh->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		info.si_pid == 0;
}

static const struct {
	const char *said, *why, *hint;
} sayings[] = {
	{ "IDENTIFICATION HAS CHANGED", "the host key is another than the known one",
		"somebody may be in between; if not, ssh-keygen -R takes the old key away" },
	{ "ey mismatch", "the host key is another than the known one",
		"somebody may be in between; if not, remove its line from known_hosts" },
	{ "Host key verification failed", "the host key is not known",
		"run ssh to that host by hand once: it shows the key and asks" },
	{ "not in the trusted hosts file", "the host key is not known",
		"run dbclient to that host by hand once: it shows the key and asks" },
	{ "Permission denied (", NULL,
		"a key without a passphrase, or ssh-agent: nobody is asked for one here" },
	{ "No auth methods could be used", NULL, "dbclient needs a key: -i FILE" },
	{ "Could not resolve hostname", NULL, "check the name" },
	{ "dministratively prohibited", "the ssh server forbids a connection to the port of usbipd",
		"see permitopen in authorized_keys, and AllowTcpForwarding" },
	{ "open failed: connect failed", "nothing listens on the port of usbipd there",
		"is usbipd running on that host?" },
	/* All that dbclient says of it. */
	{ " closed.", NULL, "is usbipd running on that host?" },
	{ "Connection refused", NULL, "is an ssh server running on that host?" },
	{ "not found", NULL, "--ssh names the program" },
};

static char *last_line(char *text)
{
	char *line = text, *found = text, *rest = NULL;

	for (line = strtok_r(text, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest))
		if (line[strspn(line, " \t")])
			found = line;
	return found;
}

/* What came from the other end is not to reach a terminal as it is. */
static void make_plain(char *text)
{
	for (char *p = text; *p; p++)
		if (*p != '\r' && *p != '\n' &&
			((unsigned char)*p < ' ' || (unsigned char)*p > '~'))
			*p = '?';
}

int usbip_ssh_explain(
	const struct usbip_ssh *ssh, bool silent, enum orc_err code, struct orc_error *err)
{
	char text[4096];
	const char *line;

	listen_to(ssh, text, sizeof(text), deadline_after_msec(silent ? 0 : LAST_WORDS_MSEC));
	make_plain(text);
	if (text[0])
		log_debug("usbip: ssh said: %s", text);
	for (size_t i = 0; i < ARRAY_LENGTH(sayings); i++) {
		const char *said = strstr(text, sayings[i].said);

		if (!said)
			continue;
		while (said > text && said[-1] != '\n')
			said--;
		orc_fail(err, code, "%.*s", (int)strcspn(said, "\r\n"), said);
		if (sayings[i].why)
			orc_fail(err, code, "%s", sayings[i].why);
		orc_hint(err, "%s", sayings[i].hint);
		return code;
	}
	line = last_line(text);
	if (*line)
		return orc_fail(err, code, "%s", line);
	if (!silent)
		return orc_fail(err, code, "the connection by ssh was closed");
	orc_fail(err, code, "no answer by ssh");
	return orc_hint(err, "is the host up? A slow one needs a longer --timeout");
}

static void wait_for_end(const struct usbip_ssh *ssh, int64_t msec)
{
	listen_to(ssh, NULL, 0, deadline_after_msec(msec));
}

void usbip_ssh_end(struct usbip_ssh *ssh)
{
	int options = 0;

	if (ssh->pid <= 0)
		return;
	wait_for_end(ssh, GOODBYE_MSEC);
	/* A number that is a child's no more may be anybody's. */
	if (is_running(ssh)) {
		kill(-ssh->pid, SIGTERM);
		wait_for_end(ssh, KILL_MSEC);
	}
	/* Another user's process, as sudo makes one, does not take our signals: it ends by itself. */
	if (is_running(ssh) && kill(-ssh->pid, SIGKILL) < 0)
		options = WNOHANG;
	while (waitpid(ssh->pid, NULL, options) < 0 && errno == EINTR)
		;
	close(ssh->err_fd);
	*ssh = (struct usbip_ssh){ 0 };
}
