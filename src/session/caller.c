/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands run where the camera is held: the caller's side. */
#include "session/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "config.h"
#include "session/channel.h"
#include "session/place.h"

/* A signal is passed on within this. */
#define SLICE_MSEC 100
/* Two processes that start at once find each other within this. */
#define MEET_MSEC  15000
#define AGAIN_MSEC 20
/* A camera that hangs is closed by its owner within this. */
#define CLOSE_MSEC 30000

struct session_caller {
	struct channel channel;
	bool made; /* the owner was made by us */
	bool started;
	int signal; /* the last one passed on */
	char key[PLACE_KEY_SIZE];
};

static struct session_caller *caller_new(int fd, const char *key)
{
	struct session_caller *caller = orc_must(calloc(1, sizeof(*caller)));

	caller->channel.fd = fd;
	snprintf(caller->key, sizeof(caller->key), "%s", key);
	return caller;
}

static void caller_destroy(struct session_caller *caller)
{
	if (!caller)
		return;
	channel_close(&caller->channel);
	free(caller);
}

/* A new owner, at the other end of *fd. */
static int make_owner(
	struct session_caller **caller, const struct session_call *call, struct orc_error *err)
{
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "cannot make a socket");
	}
	child = fork();
	if (child == 0) {
		close(ends[0]);
		/* A child of nobody's: it may outlive us, and a shell lives for weeks. */
		if (fork() != 0)
			_exit(0);
		owner_go_apart(ends[1]);
		exit(owner_run(&(struct owner_options){
			.key = call->key,
			.run = call->run,
			.first = ends[1],
			.listener = -1,
		}));
	}
	close(ends[1]);
	if (child < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		close(ends[0]);
		return orc_what(err, "cannot start a process");
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	*caller = caller_new(ends[0], call->key);
	(*caller)->made = true;
	return 0;
}

static int connect_to(struct session_caller **caller, const char *key, struct orc_error *err)
{
	int fd = place_connect(key, err);

	if (fd < 0)
		return fd;
	*caller = caller_new(fd, key);
	return 0;
}

static size_t count_texts(char *const *texts)
{
	size_t count = 0;

	while (texts[count])
		count++;
	return count;
}

/* umask() itself would change it, for the other threads as well. */
static mode_t read_umask(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	unsigned mask = 022;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Umask: %o", &mask) == 1)
			break;
	if (file)
		fclose(file);
	return mask;
}

/*
 * The working directory; where this user may not so much as pass through it, something that no
 * relative path leads on from.
 */
static int open_folder(void)
{
	int fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? open("/dev/null", O_PATH | O_CLOEXEC) : fd;
}

static int send_call(
	struct session_caller *caller, const struct session_call *call, struct orc_error *err)
{
	cleanup_close int cwd = -1;
	cleanup_free const char **texts = NULL;
	size_t argc = (size_t)call->argc, envc = count_texts(environ), i, n = 0;
	struct message message = {
		.type = MESSAGE_CALL,
		.numbers = { read_umask(), (uint32_t)argc, (uint32_t)envc },
	};
	int fds[MESSAGE_FDS] = { call->in, call->out, call->err, call->cwd };

	if (call->gate)
		message.numbers[0] |= MESSAGE_CALL_SEVERAL;
	if (call->cwd == AT_FDCWD)
		fds[3] = cwd = open_folder();
	texts = orc_must(calloc(2 + argc + envc, sizeof(*texts)));
	texts[n++] = PACKAGE_VERSION;
	texts[n++] = call->key;
	for (i = 0; i < argc; i++)
		texts[n++] = call->argv[i];
	for (i = 0; i < envc; i++)
		texts[n++] = environ[i];
	message.texts = texts;
	message.text_count = n;
	caller->started = false;
	caller->signal = 0;
	return channel_send(&caller->channel, &message, fds, MESSAGE_FDS, false, err);
}

static void pass_signal(struct session_caller *caller, const struct session_call *call)
{
	struct message message = { .type = MESSAGE_SIGNAL };
	int number = call->signal ? call->signal(call->signal_data) : 0;

	if (!number || number == caller->signal)
		return;
	caller->signal = number;
	message.numbers[0] = (uint32_t)number;
	/* An owner that is gone is found out by the next reading. */
	if (channel_send(&caller->channel, &message, NULL, 0, true, &(struct orc_error){ 0 }) < 0)
		log_debug("session: the owner does not listen");
}

/* The next message; ORC_ELOST where the owner is gone. */
static int hear(struct session_caller *caller, const struct session_call *call,
	struct message *message, struct deadline deadline)
{
	struct pollfd pfd = { .fd = caller->channel.fd, .events = POLLIN };
	int ret;

	for (;;) {
		if (call)
			pass_signal(caller, call);
		ret = channel_receive(&caller->channel, message);
		if (ret != ORC_EAGAIN)
			return ret;
		if (deadline_passed(deadline))
			return ORC_ETIMEOUT;
		poll(&pfd, 1, SLICE_MSEC);
	}
}

static int fail_owner(const struct session_caller *caller, struct orc_error *err)
{
	orc_fail(err, ORC_ELOST, "the process that held the camera%s has died",
		caller->made ? "" : ", another opencamrc command's,");
	orc_what(err, "the command was cut short");
	return orc_hint(err, "try again: the camera is free");
}

static void open_gate(struct session_caller *caller, const struct session_call *call)
{
	nsec_t when = call->gate ? call->gate(call->gate_data) : clock_now_nsec();
	struct message message = { .type = MESSAGE_GO };

	/* The signal goes there with the next waiting. */
	if (when == 0)
		return;
	message_put_time(&message, when);
	if (channel_send(&caller->channel, &message, NULL, 0, true, &(struct orc_error){ 0 }) < 0)
		log_debug("session: the owner does not listen");
}

/*
 * Waits for the end of the command. ORC_EAGAIN: it was not begun, since the owner has left, or another
 * one has the camera; then key is whose to ask next.
 */
static int await(struct session_caller *caller, const struct session_call *call,
	char key[PLACE_KEY_SIZE], struct session_result *result, struct orc_error *err)
{
	struct message message;
	int ret;

	for (;;) {
		ret = hear(caller, call, &message, deadline_never());
		if (ret < 0 && !caller->started)
			return orc_fail(err, ORC_EAGAIN, "the process that held it has left");
		if (ret < 0)
			return fail_owner(caller, err);
		if (message.type == MESSAGE_STARTED)
			caller->started = true;
		else if (message.type == MESSAGE_READY)
			open_gate(caller, call);
		else if (message.type == MESSAGE_RELEASED && call->released)
			call->released(call->gate_data, message_time(&message));
		else if (message.type == MESSAGE_MOVED) {
			snprintf(key, PLACE_KEY_SIZE, "%s", message.texts[0]);
			ret = orc_fail(err, ORC_EAGAIN, "another process holds it");
		} else if (message.type == MESSAGE_REFUSED) {
			orc_fail(err, ORC_EBUSY, "%s", message.texts[0]);
			ret = orc_what(err, "the camera cannot be had");
		} else if (message.type == MESSAGE_EXIT) {
			result->status = (int)message.numbers[0];
			snprintf(result->error, sizeof(result->error), "%s", message.texts[0]);
			ret = 1;
		}
		message_free(&message);
		if (ret != 0)
			return ret > 0 ? 0 : ret;
	}
}

static int ask(struct session_caller *caller, const struct session_call *call,
	char key[PLACE_KEY_SIZE], struct session_result *result, struct orc_error *err)
{
	int ret = send_call(caller, call, err);

	if (ret == ORC_ELOST)
		return orc_fail(err, ORC_EAGAIN, "the process that held it has left");
	return ret < 0 ? ret : await(caller, call, key, result, err);
}

/* The connection is of another camera: the shell's `-r` on a line. */
static bool is_for(const struct session_caller *caller, const struct session_call *call)
{
	return strcmp(caller->key, call->key) == 0;
}

int session_begin(
	struct session_caller **caller, const struct session_call *call, struct orc_error *err)
{
	int ret = connect_to(caller, call->key, err);

	return ret == ORC_EAGAIN ? make_owner(caller, call, err) : ret;
}

int session_call(struct session_caller **caller, const struct session_call *call,
	struct session_result *result, struct orc_error *err)
{
	struct deadline deadline = deadline_after_msec(MEET_MSEC);
	char key[PLACE_KEY_SIZE];
	int ret = ORC_EAGAIN;

	*result = (struct session_result){ 0 };
	snprintf(key, sizeof(key), "%s", call->key);
	if (*caller && !is_for(*caller, call)) {
		session_end(*caller);
		*caller = NULL;
	}
	while (ret == ORC_EAGAIN) {
		ret = 0;
		if (!*caller)
			ret = connect_to(caller, key, err);
		if (!*caller && ret != ORC_EREFUSED) {
			/* Whoever has it is about to leave, or has not begun to listen. */
			if (strcmp(key, call->key) != 0)
				clock_sleep_until(deadline_after_msec(AGAIN_MSEC));
			snprintf(key, sizeof(key), "%s", call->key);
			ret = make_owner(caller, call, err);
		}
		if (ret == 0)
			ret = ask(*caller, call, key, result, err);
		if (ret < 0) {
			session_end(*caller);
			*caller = NULL;
		}
		if (ret == ORC_EAGAIN && deadline_passed(deadline))
			return orc_fail(err, ORC_EBUSY, "another opencamrc comes and goes");
	}
	/* A connection found under another name is kept for the name that is used. */
	if (*caller)
		snprintf((*caller)->key, sizeof((*caller)->key), "%s", call->key);
	return ret;
}

int session_call_holder(
	const struct session_call *call, struct session_result *result, struct orc_error *err)
{
	struct session_caller *caller = NULL;
	char key[PLACE_KEY_SIZE];
	int ret;

	*result = (struct session_result){ 0 };
	ret = connect_to(&caller, call->key, err);
	if (ret == 0)
		ret = ask(caller, call, key, result, err);
	session_end(caller);
	return ret;
}

void session_end(struct session_caller *caller)
{
	struct message message;
	int ret;

	if (!caller)
		return;
	shutdown(caller->channel.fd, SHUT_WR);
	do {
		ret = hear(caller, NULL, &message, deadline_after_msec(CLOSE_MSEC));
		if (ret == 0)
			message_free(&message);
	} while (ret == 0);
	caller_destroy(caller);
}
