/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a camera's process may not do in its sandbox, and has its callers do for it. */
#include "session/errand.h"

#include "session/passing.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A caller that is stopped, as by Control-Z, answers when it goes on; one that is gone, at once. */
#define CONNECT_MORE_MSEC 2000

/* The numbers of an errand as they go over the socket, texts behind them; both ends are one program. */
struct wire {
	uint32_t kind, act;
	int32_t flags;
	uint32_t mode, local_port, msec;
	uint8_t on_lost, apart, texts;
};

/* Whose errands are done in which folder. */
struct errands {
	struct errands *next;
	int cwd, fd;
};
static struct errands *all;
static pthread_mutex_t all_mutex = PTHREAD_MUTEX_INITIALIZER;
/* Of the thread's own job; -1: there is none. */
static __thread int own_fd = -1;

/* One packet, or -1 with errno. */
static ssize_t receive(int fd, struct iovec *parts, size_t count, int fds[2], int flags)
{
	union passing passing;
	struct msghdr header = {
		.msg_iov = parts,
		.msg_iovlen = count,
		.msg_control = passing.buf,
		.msg_controllen = sizeof(passing.buf),
	};
	ssize_t n;

	fds[0] = fds[1] = -1;
	do
		n = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | flags);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		passing_take(&header, fds, 2);
	if (n > 0 && (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		cleanup_close_fd(&fds[0]);
		cleanup_close_fd(&fds[1]);
		errno = EMSGSIZE;
		return -1;
	}
	return n;
}

/* The texts that a packet ends with, each with its NUL; NULL where one is not there. */
static bool find_texts(const struct wire *wire, const char *buf, size_t len, const char **first,
	const char **second)
{
	const char *end = len > 0 ? memchr(buf, '\0', len) : NULL;

	*first = *second = NULL;
	if (wire->texts == 0)
		return len == 0;
	if (!end || (size_t)(end - buf) >= ERRAND_TEXT_SIZE)
		return false;
	*first = buf;
	len -= (size_t)(end + 1 - buf);
	if (wire->texts == 1)
		return len == 0;
	*second = end + 1;
	end = len > 0 ? memchr(*second, '\0', len) : NULL;
	return wire->texts == 2 && end && (size_t)(end + 1 - *second) == len &&
		len <= ERRAND_TEXT_SIZE;
}

static bool read_errand(
	struct errand *errand, const struct wire *wire, const char *texts, size_t len)
{
	const char *first, *second;

	if (!find_texts(wire, texts, len, &first, &second))
		return false;
	*errand = (struct errand){
		.kind = (enum errand_kind)wire->kind,
		.file = {
			.act = (enum files_act)wire->act,
			.flags = wire->flags,
			.mode = (mode_t)(wire->mode & 0777),
			.path = first,
			.to = second,
		},
		.on_lost = wire->on_lost,
		.apart = wire->apart,
		.local_port = (uint16_t)wire->local_port,
		.msec = wire->msec,
		.first = first,
		.second = second,
	};
	switch (wire->kind) {
	case ERRAND_FILE:
		return first && wire->act > 0 && wire->act < FILES_ACTS &&
			(second != NULL) ==
			(wire->act == FILES_RENAME || wire->act == FILES_RENAME_NEW ||
				wire->act == FILES_LINK);
	case ERRAND_RUN:
		return first != NULL;
	case ERRAND_CONNECT:
		return true;
	case ERRAND_HOLDER:
		return first != NULL && !second;
	default:
		return false;
	}
}

bool errand_take(int fd, struct errand *errand, char buf[ERRAND_SIZE], int *reply)
{
	struct wire wire;
	struct iovec parts[] = { { &wire, sizeof(wire) }, { buf, ERRAND_SIZE } };
	int fds[2];
	ssize_t n = receive(fd, parts, ARRAY_LENGTH(parts), fds, MSG_DONTWAIT);

	cleanup_close_fd(&fds[1]);
	*reply = fds[0];
	if (n < (ssize_t)sizeof(wire) || *reply < 0 ||
		!read_errand(errand, &wire, buf, (size_t)n - sizeof(wire))) {
		cleanup_close_fd(reply);
		*reply = -1;
		return false;
	}
	return true;
}

void errand_reply(int reply, const struct errand_answer *answer)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)answer, .iov_len = sizeof(*answer) };
	struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
	union passing passing;
	size_t count = answer->fds[0] < 0 ? 0 : answer->fds[1] < 0 ? 1 : 2;

	passing_put(&header, &passing, answer->fds, count);
	/* Who does not wait for it any more has closed the other end. */
	if (sendmsg(reply, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		errno = 0;
	close(reply);
}

int errand_heard(int reply)
{
	uint8_t number;
	ssize_t n = recv(reply, &number, 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n == 1 ? number : -1;
}

void errand_begin(int cwd, int fd)
{
	struct errands *errands = orc_must(calloc(1, sizeof(*errands)));

	*errands = (struct errands){ .cwd = cwd, .fd = fd };
	own_fd = fd;
	pthread_mutex_lock(&all_mutex);
	errands->next = all;
	all = errands;
	pthread_mutex_unlock(&all_mutex);
}

void errand_end(int cwd)
{
	struct errands **at = &all, *found;

	pthread_mutex_lock(&all_mutex);
	while (*at && (*at)->cwd != cwd)
		at = &(*at)->next;
	found = *at;
	if (found)
		*at = found->next;
	pthread_mutex_unlock(&all_mutex);
	free(found);
	own_fd = -1;
}

static int find_fd(int cwd)
{
	const struct errands *errands;
	int fd = -1;

	pthread_mutex_lock(&all_mutex);
	for (errands = all; errands && fd < 0; errands = errands->next)
		if (errands->cwd == cwd)
			fd = errands->fd;
	pthread_mutex_unlock(&all_mutex);
	return fd;
}

bool errand_is_for(int cwd)
{
	return find_fd(cwd) >= 0;
}

static int send_errand(int fd, struct wire *wire, const char *first, const char *second, int reply)
{
	struct iovec parts[3] = { { wire, sizeof(*wire) } };
	struct msghdr header = { .msg_iov = parts, .msg_iovlen = 1 };
	union passing passing;
	ssize_t n;

	wire->texts = (uint8_t)((first != NULL) + (second != NULL));
	if (first)
		parts[header.msg_iovlen++] =
			(struct iovec){ (void *)(uintptr_t)first, strlen(first) + 1 };
	if (second)
		parts[header.msg_iovlen++] =
			(struct iovec){ (void *)(uintptr_t)second, strlen(second) + 1 };
	passing_put(&header, &passing, &reply, 1);
	do
		n = sendmsg(fd, &header, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

/* The descriptor on which the answer comes, or -1 with errno. */
static int ask(int fd, struct wire *wire, const char *first, const char *second)
{
	int ends[2], ret;

	if (fd < 0) {
		errno = EACCES;
		return -1;
	}
	if ((first && strlen(first) >= ERRAND_TEXT_SIZE) ||
		(second && strlen(second) >= ERRAND_TEXT_SIZE)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	ret = send_errand(fd, wire, first, second, ends[1]);
	cleanup_close_fd(&ends[1]);
	if (ret == 0)
		return ends[0];
	cleanup_close_fd(&ends[0]);
	return -1;
}

/* 1 with the answer, 0 at the deadline, -1: there will be none. */
static int await(int ticket, struct errand_answer *answer, struct deadline deadline)
{
	struct iovec part = { answer, sizeof(*answer) };
	struct pollfd wait = { .fd = ticket, .events = POLLIN };
	int ret;

	do
		ret = poll(&wait, 1, deadline_left_msec(deadline));
	while (ret < 0 && errno == EINTR);
	if (ret == 0)
		return 0;
	if (receive(ticket, &part, 1, answer->fds, MSG_DONTWAIT) == sizeof(*answer))
		return 1;
	errno = ECONNRESET;
	return -1;
}

int errand_file(int cwd, const struct files_request *request)
{
	struct wire wire = {
		.kind = ERRAND_FILE,
		.act = request->act,
		.flags = request->flags,
		.mode = request->mode,
	};
	struct errand_answer answer;
	cleanup_close int ticket = ask(find_fd(cwd), &wire, request->path, request->to);

	if (ticket < 0 || await(ticket, &answer, deadline_never()) < 0)
		return -1;
	if (answer.ret < 0) {
		errno = answer.errnum;
		return -1;
	}
	return request->act == FILES_OPEN ? answer.fds[0] : 0;
}

int errand_connect(struct usbip_link *link, const struct usbip_address *address,
	uint16_t local_port, struct deadline deadline, struct orc_error *err)
{
	struct wire wire = {
		.kind = ERRAND_CONNECT,
		.local_port = local_port,
		.msec = (uint32_t)deadline_left_msec(deadline),
	};
	struct errand_answer answer;
	cleanup_close int ticket = ask(own_fd, &wire, NULL, NULL);
	struct deadline last = deadline_after_msec(wire.msec + CONNECT_MORE_MSEC);
	int ret = ticket < 0 ? -1 : await(ticket, &answer, last);

	if (ret < 0)
		orc_fail_errno(err, ORC_ENOCAMERA, errno);
	else if (ret == 0)
		orc_fail(err, ORC_ENOCAMERA, "the command's own process does not answer");
	if (ret <= 0) {
		orc_what(err, "cannot connect to %.150s", address->host);
		return ORC_ENOCAMERA;
	}
	if (answer.ret < 0) {
		if (err)
			*err = answer.error;
		return answer.ret;
	}
	*link = (struct usbip_link){ .fd = answer.fds[0] };
	link->ssh = (struct usbip_ssh){ .pid = answer.pid, .err_fd = answer.fds[1] };
	return 0;
}

bool errand_holder(const char *key)
{
	struct wire wire = { .kind = ERRAND_HOLDER };
	struct errand_answer answer;
	cleanup_close int ticket = ask(own_fd, &wire, key, NULL);

	return ticket >= 0 && await(ticket, &answer, deadline_never()) > 0 && answer.ret == 1;
}

int errand_run(int cwd, bool on_lost, const char *action, const char *argument, bool apart,
	struct orc_error *err)
{
	struct wire wire = { .kind = ERRAND_RUN, .on_lost = on_lost, .apart = apart };
	int ticket = ask(find_fd(cwd), &wire, action, argument);

	if (ticket >= 0)
		return ticket;
	orc_fail_errno(err, ORC_EREFUSED, errno);
	return orc_what(err, "cannot run %s", on_lost ? "the command" : "the hook script");
}

int errand_wait(int ticket, struct deadline deadline, int *status)
{
	struct errand_answer answer;
	int ret = await(ticket, &answer, deadline);

	if (ret <= 0)
		return ret < 0 ? ORC_ELOST : 0;
	*status = answer.ret;
	return 1;
}

void errand_signal(int ticket, int number)
{
	const uint8_t byte = (uint8_t)number;

	if (send(ticket, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return; /* it has ended */
}
