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
/* A signal is not answered at once by an owner that is stopped, or looks whether its camera is there. */
#define HEED_MSEC 1000
/* Then it is time to look for a signal again: an owner that is in other hands may ask for ever. */
#define ERRANDS_AT_ONCE 64
/* A camera that hangs is closed by its owner within this. */
#define CLOSE_MSEC 30000

struct session_caller {
	struct channel channel;
	bool made; /* the owner was made by us */
	bool admitted;
	bool started;
	bool silent; /* it is not waited for any more */
	int signal;  /* the last one passed on */
	int errands; /* of the call under way; -1: there is none */
	char key[PLACE_KEY_SIZE];
};

static struct session_caller *caller_new(int fd, const char *key)
{
	struct session_caller *caller = orc_must(calloc(1, sizeof(*caller)));

	caller->channel.fd = fd;
	caller->errands = -1;
	snprintf(caller->key, sizeof(caller->key), "%s", key);
	return caller;
}

static void caller_destroy(struct session_caller *caller)
{
	if (!caller)
		return;
	channel_close(&caller->channel);
	cleanup_close_fd(&caller->errands);
	free(caller);
}

/* In a child: the owner is its child in turn, and nobody's when this one ends. It may outlive us. */
static _Noreturn void fork_owner(const int ends[2], const struct session_call *call)
{
	bool homeless;
	pid_t child;

	close(ends[0]);
	child = fork();
	if (child != 0)
		_exit(child < 0 ? errno : 0);
	/* The log is the caller's, and its file's number will be another's. */
	log_set_thread(NULL);
	homeless = owner_go_apart(ends[1]);
	exit(owner_run(&(struct owner_options){
		.key = call->key,
		.run = call->run,
		.first = ends[1],
		.listener = -1,
		.sandbox = call->sandbox,
		.homeless = homeless,
	}));
}

/* What that child has to tell, an errno or 0; also 0 where SIGCHLD is ignored, and nothing is told. */
static int await_fork(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

/* A new owner, which the caller is connected to. */
static int make_owner(
	struct session_caller **caller, const struct session_call *call, struct orc_error *err)
{
	int ends[2], errnum;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "cannot make a socket");
	}
	child = fork();
	if (child == 0)
		fork_owner(ends, call);
	errnum = child < 0 ? errno : await_fork(child);
	close(ends[1]);
	if (errnum) {
		orc_fail_errno(err, ORC_EREFUSED, errnum);
		close(ends[0]);
		return orc_what(err, "cannot start a process");
	}
	*caller = caller_new(ends[0], call->key);
	(*caller)->made = true;
	return 0;
}

/* The camera is as busy as with a command of another's, but nobody can say which. */
static int fail_silent(const struct session_call *call, struct orc_error *err)
{
	char text[DURATION_WORDS_SIZE];

	orc_fail(err, ORC_EBUSY, "the process that holds it did not answer for %s",
		duration_words(call->patience_msec, text));
	orc_what(err, "the camera is busy");
	return orc_hint(err, "if it was stopped, pkill -CONT opencamrc lets it go on");
}

static int fail_signal(int number, struct orc_error *err)
{
	orc_fail(err, ORC_ESIGNAL, "stopped");
	err->errnum = number;
	return ORC_ESIGNAL;
}

static int ask_signal(const struct session_call *call)
{
	return call->signal ? call->signal(call->signal_data) : 0;
}

static int connect_to(struct session_caller **caller, const struct session_call *call,
	const char *key, struct deadline deadline, struct orc_error *err)
{
	int fd;

	while ((fd = place_connect(key, err)) == ORC_EBUSY) {
		if (ask_signal(call))
			return fail_signal(ask_signal(call), err);
		if (deadline_passed(deadline))
			return fail_silent(call, err);
		clock_sleep_until(deadline_after_msec(AGAIN_MSEC));
	}
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

static int send_call(struct session_caller *caller, const struct session_call *call,
	struct deadline deadline, struct orc_error *err)
{
	cleanup_close int cwd = -1, theirs = -1;
	cleanup_free const char **texts = NULL;
	size_t argc = (size_t)call->argc, envc = count_texts(environ), i, n = 0;
	struct message message = {
		.type = MESSAGE_CALL,
		.numbers = { read_umask(), (uint32_t)argc, (uint32_t)envc },
	};
	int fds[MESSAGE_FDS] = { call->in, call->out, call->err, call->cwd };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "cannot make a socket");
	}
	cleanup_close_fd(&caller->errands);
	caller->errands = ends[0];
	fds[4] = theirs = ends[1];
	if (call->gate)
		message.numbers[0] |= MESSAGE_CALL_SEVERAL;
	if (call->line)
		message.numbers[0] |= MESSAGE_CALL_LINE;
	if (call->sandbox == USBIP_SANDBOX_YES)
		message.numbers[0] |= MESSAGE_CALL_SANDBOX;
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
	return channel_send(&caller->channel, &message, fds, MESSAGE_FDS, deadline, err);
}

/* An owner that is gone is found out by the next reading. */
static void tell(struct session_caller *caller, const struct message *message)
{
	struct orc_error err = { 0 };

	if (channel_send(&caller->channel, message, NULL, 0, deadline_after_msec(0), &err) < 0)
		log_debug("session: the owner does not listen");
}

/* True when there was one. */
static bool pass_signal(struct session_caller *caller, const struct session_call *call)
{
	struct message message = { .type = MESSAGE_SIGNAL };
	int number = ask_signal(call);

	if (!number || number == caller->signal)
		return false;
	caller->signal = number;
	message.numbers[0] = (uint32_t)number;
	tell(caller, &message);
	return true;
}

static void do_errands(struct session_caller *caller, const struct session_call *call)
{
	char buf[ERRAND_SIZE];
	struct errand errand;
	int reply, i;

	for (i = 0; i < ERRANDS_AT_ONCE && errand_take(caller->errands, &errand, buf, &reply);
		i++) {
		if (call->errand)
			call->errand(call->errand_data, &errand, reply);
		else
			close(reply);
	}
}

/* The next message; ORC_ELOST where the owner is gone. */
static int hear(struct session_caller *caller, const struct session_call *call,
	struct message *message, struct deadline deadline)
{
	struct pollfd fds[] = {
		{ .fd = caller->channel.fd, .events = POLLIN },
		{ .fd = call ? caller->errands : -1, .events = POLLIN },
	};
	int ret;

	for (;;) {
		if (call && pass_signal(caller, call) && !caller->started)
			deadline = deadline_min(deadline, deadline_after_msec(HEED_MSEC));
		if (call)
			do_errands(caller, call);
		ret = channel_receive(&caller->channel, message);
		if (ret != ORC_EAGAIN)
			return ret;
		if (deadline_passed(deadline))
			return ORC_ETIMEOUT;
		poll(fds, ARRAY_LENGTH(fds), SLICE_MSEC);
		/* The other end of a job that is over is closed, and would be readable for ever. */
		if (fds[1].revents & (POLLHUP | POLLERR))
			fds[1].fd = -1;
	}
}

/*
 * The command ended as one does that got a signal, and it is not we who passed one on: the owner got it, as
 * all processes of a service do that ends.
 */
static bool was_ended_there(
	const struct session_caller *caller, const struct session_call *call, int status)
{
	return (status == 128 + SIGTERM || status == 128 + SIGINT) && !caller->signal &&
		!ask_signal(call);
}

static int fail_owner(const struct session_caller *caller, const char *how, struct orc_error *err)
{
	orc_fail(err, ORC_ELOST, "the process that held the camera%s %s",
		caller->made ? "" : ", another opencamrc command's,", how);
	orc_what(err, "the command was cut short");
	return orc_hint(err, "try again: the camera is free");
}

static int fail_exhausted(const struct session_caller *caller, struct orc_error *err)
{
	orc_fail(err, ORC_ENOMEM, "the process that holds the camera is out of memory");
	orc_what(err, "the command was %s", caller->started ? "cut short" : "not run");
	return orc_hint(err, "try again when more is free");
}

static void open_gate(struct session_caller *caller, const struct session_call *call)
{
	nsec_t when = call->gate ? call->gate(call->gate_data) : clock_now_nsec();
	struct message message = { .type = MESSAGE_GO };

	/* The signal goes there with the next waiting. */
	if (when == 0)
		return;
	message_put_time(&message, when);
	tell(caller, &message);
}

static void take_start(struct session_caller *caller, const struct session_call *call, pid_t owner)
{
	caller->started = true;
	if (call->started)
		call->started(call->gate_data, owner);
}

/* It leaves unheard: then the owner, when it goes on, finds nobody to run the command for. */
static int give_up(
	struct session_caller *caller, const struct session_call *call, struct orc_error *err)
{
	caller->silent = true;
	return caller->signal ? fail_signal(caller->signal, err) : fail_silent(call, err);
}

/* 0, or ORC_EAGAIN where there is nobody to take it any more. */
static int submit(struct session_caller *caller, const struct session_call *call,
	struct deadline deadline, struct orc_error *err)
{
	int ret = send_call(caller, call, deadline, err);

	if (ret == ORC_ELOST)
		return orc_fail(err, ORC_EAGAIN, "the process that held it has left");
	return ret == ORC_ETIMEOUT ? give_up(caller, call, err) : ret;
}

/*
 * Waits for the end of the command. ORC_EAGAIN: it was not begun, since the owner has left, or another
 * one has the camera; then key is whose to ask next.
 */
static int await(struct session_caller *caller, const struct session_call *call,
	char key[PLACE_KEY_SIZE], struct session_result *result, struct deadline deadline,
	struct orc_error *err)
{
	struct message message;
	int ret;

	for (;;) {
		ret = hear(caller, call, &message, caller->started ? deadline_never() : deadline);
		if (ret == ORC_ENOMEM)
			return orc_fail(err, ORC_ENOMEM, "out of memory");
		if (ret == ORC_ETIMEOUT)
			return give_up(caller, call, err);
		if (ret < 0 && !caller->started)
			return orc_fail(err, ORC_EAGAIN, "the process that held it has left");
		if (ret < 0)
			return fail_owner(caller, "has died", err);
		if (message.type == MESSAGE_ADMITTED && !caller->admitted) {
			caller->admitted = true;
			ret = submit(caller, call, deadline, err);
		} else if (message.type == MESSAGE_STARTED)
			take_start(caller, call, (pid_t)message.numbers[0]);
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
		} else if (message.type == MESSAGE_EXHAUSTED) {
			ret = fail_exhausted(caller, err);
		} else if (message.type == MESSAGE_EXIT) {
			result->status = (int)message.numbers[0];
			snprintf(result->error, sizeof(result->error), "%s", message.texts[0]);
			ret = 1;
			if (was_ended_there(caller, call, result->status))
				ret = fail_owner(caller, "was told to end", err);
		}
		message_free(&message);
		if (ret != 0)
			return ret > 0 ? 0 : ret;
	}
}

static int ask(struct session_caller *caller, const struct session_call *call,
	char key[PLACE_KEY_SIZE], struct session_result *result, struct deadline deadline,
	struct orc_error *err)
{
	int ret = caller->admitted ? submit(caller, call, deadline, err) : 0;

	return ret < 0 ? ret : await(caller, call, key, result, deadline, err);
}

/* The connection is of another camera: the shell's `-r` on a line. */
static bool is_for(const struct session_caller *caller, const struct session_call *call)
{
	return strcmp(caller->key, call->key) == 0;
}

int session_begin(
	struct session_caller **caller, const struct session_call *call, struct orc_error *err)
{
	int ret = connect_to(caller, call, call->key, deadline_after_msec(0), err);

	if (ret == ORC_EBUSY)
		return 0;
	return ret == ORC_EAGAIN ? make_owner(caller, call, err) : ret;
}

int session_call(struct session_caller **caller, const struct session_call *call,
	struct session_result *result, struct orc_error *err)
{
	struct deadline meeting = { 0 }, patience;
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
		patience = deadline_after_msec(call->patience_msec);
		if (!*caller)
			ret = connect_to(caller, call, key, patience, err);
		if (ret == ORC_EAGAIN) {
			/* Whoever has it is about to leave, or has not begun to listen. */
			if (strcmp(key, call->key) != 0)
				clock_sleep_until(deadline_after_msec(AGAIN_MSEC));
			snprintf(key, sizeof(key), "%s", call->key);
			ret = make_owner(caller, call, err);
		}
		if (ret == 0)
			ret = ask(*caller, call, key, result, patience, err);
		if (ret < 0) {
			session_end(*caller);
			*caller = NULL;
		}
		/* From the first one that went: until then there was one, and it was waited for. */
		if (ret == ORC_EAGAIN && meeting.at_nsec == 0)
			meeting = deadline_after_msec(MEET_MSEC);
		else if (ret == ORC_EAGAIN && deadline_passed(meeting))
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
	struct deadline patience = deadline_after_msec(call->patience_msec);
	struct session_caller *caller = NULL;
	char key[PLACE_KEY_SIZE];
	int ret;

	*result = (struct session_result){ 0 };
	ret = connect_to(&caller, call, call->key, patience, err);
	if (ret == 0)
		ret = ask(caller, call, key, result, patience, err);
	session_end(caller);
	return ret;
}

void session_end(struct session_caller *caller)
{
	struct message message;
	int ret = 0;

	if (!caller)
		return;
	shutdown(caller->channel.fd, SHUT_WR);
	while (ret == 0 && !caller->silent) {
		ret = hear(caller, NULL, &message, deadline_after_msec(CLOSE_MSEC));
		if (ret == 0)
			message_free(&message);
	}
	caller_destroy(caller);
}
