/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a camera's process in its sandbox has a command's own process do. */
#include "cmd/errands.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/apart.h"
#include "cmd/hook.h"
#include "session/place.h"
#include "session/sandbox.h"
#include "usbip/address.h"
#include "usbip/link.h"

/* Longer than anybody waits for a server. */
#define CONNECT_MAX_MSEC 600000

/* What is written where -o says nothing. */
static const struct {
	const char *command;
	const char *pattern; /* NULL: the camera's own names */
	const char *journal; /* of that name beside the pictures */
} writers[] = {
	{ "capture", NULL, NULL },
	{ "tether", NULL, NULL },
	{ "files", NULL, NULL },
	{ "liveview", "-", NULL },
	{ "interval", INTERVAL_PATTERN, INTERVAL_JOURNAL },
};

static void take_options(struct errands *errands)
{
	const struct call *call = errands->call;
	struct grant *grant = &errands->grant;
	size_t i, n = 0;

	grant->read =
		orc_must(calloc(call->value_count + call->word_count + 1, sizeof(*grant->read)));
	for (i = 0; i < call->word_count; i++)
		grant->read[n++] = call->words[i];
	for (i = 0; i < call->value_count; i++) {
		const struct option_value *value = &call->values[i];

		if (strcmp(value->name, "--force") == 0)
			grant->replace = true;
		if (!value->arg)
			continue;
		if (strcmp(value->name, "--output") == 0)
			grant->pattern = value->arg;
		else if (strcmp(value->name, "--journal") == 0)
			grant->journal = value->arg;
		else if (strcmp(value->name, "--v4l2") == 0)
			grant->device = value->arg;
		else if (strcmp(value->name, "--hook-script") == 0)
			errands->hook = value->arg;
		else if (strcmp(value->name, "--on-lost") == 0)
			errands->on_lost = value->arg;
		else
			grant->read[n++] = value->arg;
	}
	grant->log = call->globals.debug_logfile;
}

/* A folder that is there may be named without its slash: see download_prepare(). */
static void name_folder(struct errands *errands)
{
	struct grant *grant = &errands->grant;
	size_t len = strlen(grant->pattern);
	struct stat status;

	if (len == 0 || grant->pattern[len - 1] == '/' ||
		fstatat(errands->request->cwd, grant->pattern, &status, 0) < 0 ||
		!S_ISDIR(status.st_mode))
		return;
	if (asprintf(&errands->pattern, "%s/", grant->pattern) < 0)
		errands->pattern = orc_must(NULL);
	grant->pattern = errands->pattern;
}

/* As interval-options.c: in the folder of the pictures, as far as that is constant. */
static void name_journal(struct errands *errands, const char *pattern, const char *name)
{
	const char *end = strchrnul(pattern, '%');

	while (end > pattern && end[-1] != '/')
		end--;
	if (asprintf(&errands->journal, "%.*s%s", (int)(end - pattern), pattern, name) < 0)
		errands->journal = orc_must(NULL);
	errands->grant.journal = errands->journal;
}

void errands_init(
	struct errands *errands, const struct call *call, const struct session_call *request)
{
	struct grant *grant = &errands->grant;
	size_t i;

	*errands = (struct errands){ .call = call, .request = request };
	/* As coarse as the times of files: a clock that is finer would be ahead of theirs. */
	clock_gettime(CLOCK_REALTIME_COARSE, &grant->since);
	take_options(errands);
	for (i = 0; i < ARRAY_LENGTH(writers); i++) {
		if (strcmp(call->command->name, writers[i].command) != 0)
			continue;
		grant->pictures = true;
		if (!grant->pattern)
			grant->pattern = writers[i].pattern;
		if (grant->pattern)
			name_folder(errands);
		if (writers[i].journal) {
			grant->reread = true;
			if (!grant->journal)
				name_journal(errands, grant->pattern, writers[i].journal);
		}
	}
	if (grant->pattern && strcmp(grant->pattern, "-") == 0)
		grant->pictures = false;
}

void errands_free(struct errands *errands)
{
	free(errands->pattern);
	free(errands->journal);
	free(errands->grant.read);
	errands->pattern = errands->journal = NULL;
	errands->grant.read = NULL;
}

/* Either this is an attack, or something that a command needs has been forgotten: both are to be seen. */
static void tell_refused(struct errands *errands, const char *what, const char *on)
{
	char plain[200];
	size_t i;

	if (errands->told)
		return;
	errands->told = true;
	for (i = 0; on[i] && i + 1 < sizeof(plain); i++)
		plain[i] = iscntrl((unsigned char)on[i]) ? '?' : on[i];
	plain[i] = '\0';
	io_complain(errands->call->io,
		"opencamrc: %s: sandbox: the camera's process was refused: %s %s\n",
		errands->call->command->name, what, plain);
}

static void reply_errno(int reply, int errnum)
{
	const struct errand_answer answer = { .ret = -1, .errnum = errnum, .fds = { -1, -1 } };

	errand_reply(reply, &answer);
}

static void do_file(struct errands *errands, const struct errand *errand, int reply)
{
	static const char *const acts[FILES_ACTS] = {
		[FILES_OPEN] = "to open",
		[FILES_MKDIR] = "to make the folder",
		[FILES_RENAME] = "to rename",
		[FILES_RENAME_NEW] = "to rename",
		[FILES_LINK] = "to link",
		[FILES_UNLINK] = "to delete",
		[FILES_TIDY] = "to tidy up",
	};
	const struct session_call *request = errands->request;
	const int own[] = { request->in, request->out, request->err };
	struct errand_answer answer = { .fds = { -1, -1 } };
	struct files_request file = errand->file;
	char other[IO_PATH_SIZE];
	struct stat status;

	/* What is there already needs no leave, and no making: mkdir -p asks for every folder above. */
	if (file.act == FILES_MKDIR && fstatat(request->cwd, file.path, &status, 0) == 0) {
		reply_errno(reply, EEXIST);
		return;
	}
	if (!grant_allows(&errands->grant, request->cwd, &file)) {
		tell_refused(errands, acts[file.act], file.path);
		reply_errno(reply, EACCES);
		return;
	}
	if (file.act == FILES_OPEN)
		file.path = io_path_of(own, (long)getpid(), file.path, other);
	answer.ret = files_do(request->cwd, &file);
	if (answer.ret < 0)
		answer.errnum = errno;
	else if (file.act == FILES_OPEN)
		answer.fds[0] = answer.ret;
	errand_reply(reply, &answer);
	cleanup_close_fd(&answer.fds[0]);
}

static bool is_action(const char *action)
{
	static const char *const actions[] = { "init", "start", "download", "stop" };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(actions); i++)
		if (strcmp(action, actions[i]) == 0)
			return true;
	return false;
}

static void do_run(struct errands *errands, const struct errand *errand, int reply)
{
	const struct session_call *request = errands->request;
	const struct io io = {
		.in = request->in, .out = request->out, .err = request->err, .cwd = request->cwd
	};
	const char *text = errand->on_lost ? errands->on_lost : errands->hook;
	const char *action = errand->on_lost ? "lost" : errand->first;
	const char *argument = errand->on_lost ? request->key : errand->second;

	if (!text ||
		(!errand->on_lost &&
			(!is_action(action) ||
				(argument && !grant_names(&errands->grant, argument))))) {
		tell_refused(errands, "to run a program for", argument ? argument : action);
		reply_errno(reply, EACCES);
		return;
	}
	if (hook_run_for(&io, text, errand->on_lost, action, argument, errand->apart, reply) < 0)
		log_debug("sandbox: cannot run %s: %s", text, strerror(errno));
}

/* A connection that is being made. */
struct connecting {
	struct usbip_address address;
	uint16_t local_port;
	int64_t msec;
	int reply;
};

static void *connect_tcp(void *data)
{
	struct connecting *connecting = data;
	struct errand_answer answer = { .fds = { -1, -1 } };
	struct usbip_link link = USBIP_LINK_CLOSED;

	answer.ret = usbip_link_connect_from(&link, &connecting->address, connecting->local_port,
		deadline_after_msec(connecting->msec), &answer.error);
	answer.fds[0] = link.fd;
	errand_reply(connecting->reply, &answer);
	usbip_link_close(&link);
	free(connecting);
	return NULL;
}

/* What ssh complains of is passed on, until it ends or nobody has the connection any more. */
static void listen_to_ssh(const struct usbip_ssh *ssh, int told)
{
	struct pollfd fds[] = {
		{ .fd = ssh->err_fd, .events = POLLIN },
		{ .fd = told },
	};
	char text[4096];
	ssize_t n;

	for (;;) {
		if (poll(fds, ARRAY_LENGTH(fds), -1) < 0 && errno != EINTR)
			return;
		if (fds[1].revents)
			return;
		n = read(ssh->err_fd, text, sizeof(text));
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
		/* What does not fit is more than anybody reads. */
		if (n > 0 && send(told, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			errno = 0;
	}
}

/*
 * A process that stands behind ssh for as long as it lives, in place of the one that has the connection:
 * that may not end a process, and this command's own may have ended by then.
 */
static void connect_ssh(const struct connecting *connecting)
{
	struct errand_answer answer = { .fds = { -1, -1 } };
	struct usbip_link link = USBIP_LINK_CLOSED;
	int ends[2] = { -1, -1 };

	apart_settle(connecting->reply);
	setsid();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
		answer.ret = orc_fail_errno(&answer.error, ORC_ENOCAMERA, errno);
	else
		answer.ret = usbip_link_connect_from(
			&link, &connecting->address, 0, deadline_never(), &answer.error);
	if (answer.ret == 0) {
		answer.pid = link.ssh.pid;
		answer.fds[0] = link.fd;
		answer.fds[1] = ends[0];
	}
	errand_reply(connecting->reply, &answer);
	usbip_link_leave(&link);
	cleanup_close_fd(&ends[0]);
	if (answer.ret == 0)
		listen_to_ssh(&link.ssh, ends[1]);
	cleanup_close_fd(&ends[1]);
	usbip_link_close(&link);
	_exit(0);
}

/* Takes `connecting`; a server that does not answer keeps nobody waiting. */
static int begin_connecting(struct connecting *connecting, struct orc_error *err)
{
	pthread_t thread;
	int failed;

	if (connecting->address.ssh) {
		failed = apart_fork();
		if (failed == 0)
			connect_ssh(connecting);
		if (failed < 0)
			return orc_fail_errno(err, ORC_ENOCAMERA, errno);
		close(connecting->reply);
		free(connecting);
		return 0;
	}
	failed = pthread_create(&thread, NULL, connect_tcp, connecting);
	if (failed)
		return orc_fail_errno(err, ORC_ENOCAMERA, failed);
	pthread_detach(thread);
	return 0;
}

/* The server that the caller's own key names. */
static int find_server(
	const struct errands *errands, struct usbip_address *address, struct orc_error *err)
{
	const char *remote = usbip_port_address(errands->request->key);
	struct usbip_config config = { 0 };
	int ret;

	if (!remote) {
		orc_fail(err, ORC_ENOCAMERA, "in a sandbox no server is looked for");
		return orc_hint(err, "name it with -r");
	}
	ret = usbip_config_load(&config, errands->call->globals.ssh, err);
	if (ret == 0)
		ret = usbip_config_resolve(&config, remote, address, err);
	usbip_config_free(&config);
	return ret;
}

static void do_connect(struct errands *errands, const struct errand *errand, int reply)
{
	struct connecting *connecting = orc_must(calloc(1, sizeof(*connecting)));
	struct errand_answer answer = { .fds = { -1, -1 } };

	connecting->reply = reply;
	connecting->local_port = errand->local_port;
	connecting->msec = errand->msec < CONNECT_MAX_MSEC ? errand->msec : CONNECT_MAX_MSEC;
	answer.ret = find_server(errands, &connecting->address, &answer.error);
	if (answer.ret == 0)
		answer.ret = begin_connecting(connecting, &answer.error);
	if (answer.ret == 0)
		return;
	errand_reply(reply, &answer);
	free(connecting);
}

void errands_do(void *data, const struct errand *errand, int reply)
{
	struct errands *errands = data;
	struct errand_answer answer = { .fds = { -1, -1 } };

	switch (errand->kind) {
	case ERRAND_FILE:
		do_file(errands, errand, reply);
		break;
	case ERRAND_RUN:
		do_run(errands, errand, reply);
		break;
	case ERRAND_CONNECT:
		do_connect(errands, errand, reply);
		break;
	default:
		answer.ret = place_is_held(errand->first);
		errand_reply(reply, &answer);
		break;
	}
}

int errands_sandbox(const struct call *call, const char *remote, const char *port,
	enum usbip_sandbox *sandbox, struct orc_error *err)
{
	struct usbip_config config = { 0 };
	int ret;

	ret = usbip_config_load(&config, NULL, err);
	if (ret < 0)
		return ret;
	*sandbox = call->globals.sandbox ? USBIP_SANDBOX_YES
					 : usbip_config_sandbox(&config, remote, port != NULL);
	usbip_config_free(&config);
	if (*sandbox != USBIP_SANDBOX_YES)
		return 0;
	ret = sandbox_check(err);
	if (ret < 0) {
		orc_what(err, "no sandbox for the camera's process");
		orc_hint(err, "`sandbox = try` goes on without one");
		return ret;
	}
	if (port && !usbip_port_address(port) && strncmp(port, "usb:", 4) != 0) {
		orc_fail(err, ORC_EREFUSED, "it would make connections of its own");
		orc_what(err, "no sandbox for %.120s", port);
		return orc_hint(err, "`sandbox = no` goes on without one");
	}
	return 0;
}
