/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view on its way to a reader: the newest frame, whole, never a backlog. */
#include "cmd/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* What every frame of a stream begins with: so many bytes. */
#define START_LEN 2
/* How often it is looked whether a slow reader has read a frame. */
#define OLD_FRAME_MSEC 10

struct slot {
	uint8_t *data;
	size_t len, size;
};

enum stream_kind { STREAM_PIPE, STREAM_SOCKET, STREAM_FILE, STREAM_OTHER };

struct stream {
	int fd;
	int wake; /* eventfd: there is something new for the writer to look at */
	enum stream_kind kind;
	int pipe_size; /* of a pipe, before we changed it; 0: not to be changed */
	pthread_t writer;

	pthread_mutex_t mutex;    /* guards what follows */
	pthread_cond_t taken;     /* the writer has taken the waiting frame, or has ended */
	struct slot waiting;      /* len 0: none; the writer swaps it with its own */
	uint8_t start[START_LEN]; /* of the first frame, and of each; stays as it is from then on */
	bool begun;               /* start was sent for the waiting frame, whichever it is */
	bool stopping;            /* no more frames come */
	struct deadline give_up;  /* once stopping: when even a begun frame is left */
	int failed;               /* ORC_EPIPE, ORC_EFILE, ORC_ETIMEOUT */
	int errnum;
	struct stream_counts counts;

	struct slot sending; /* the writer's alone */
};

static enum stream_kind kind_of(int fd)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return STREAM_OTHER;
	if (S_ISFIFO(status.st_mode))
		return STREAM_PIPE;
	if (S_ISSOCK(status.st_mode))
		return STREAM_SOCKET;
	return S_ISREG(status.st_mode) ? STREAM_FILE : STREAM_OTHER;
}

/*
 * Never blocks where a reader decides how fast it goes. The descriptor's flags belong to whoever
 * shares it, so O_NONBLOCK is not ours to set; a pipe that polls writable takes PIPE_BUF
 * bytes, and room, where more of that is known.
 */
static ssize_t send_some(const struct stream *stream, const uint8_t *data, size_t len, size_t room)
{
	if (stream->kind == STREAM_SOCKET)
		return send(stream->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (room < PIPE_BUF)
		room = PIPE_BUF;
	if (stream->kind == STREAM_PIPE && len > room)
		len = room;
	return write(stream->fd, data, len);
}

/* For so much, if that is more than it had and allowed; what it holds now. */
static size_t widen_pipe(const struct stream *stream, size_t len)
{
	int size = -1;

	if (stream->pipe_size <= 0)
		return 0;
	if (len > (size_t)stream->pipe_size && len <= INT_MAX)
		size = fcntl(stream->fd, F_SETPIPE_SZ, (int)len);
	if (size < 0)
		size = fcntl(stream->fd, F_SETPIPE_SZ, stream->pipe_size);
	return size > 0 ? (size_t)size : 0;
}

static void drain_wake(const struct stream *stream)
{
	uint64_t count;

	if (read(stream->wake, &count, sizeof(count)) < 0)
		return;
}

static void wake(const struct stream *stream)
{
	const uint64_t one = 1;

	/* A full counter is awake as well. */
	if (write(stream->wake, &one, sizeof(one)) < 0)
		return;
}

static bool is_stopping(struct stream *stream, struct deadline *give_up)
{
	bool stopping;

	pthread_mutex_lock(&stream->mutex);
	stopping = stream->stopping;
	*give_up = stopping ? stream->give_up : deadline_never();
	pthread_mutex_unlock(&stream->mutex);
	return stopping;
}

/*
 * Until fd is writable: 0, or ORC_ETIMEOUT when the stream is to end and the reader does not read. Whether it
 * does is looked at first: it may be us who had no time.
 */
static int wait_writable(struct stream *stream)
{
	struct pollfd wait[] = {
		{ .fd = stream->fd, .events = POLLOUT },
		{ .fd = stream->wake, .events = POLLIN },
	};
	struct deadline deadline;

	/* A disk takes what it is given, or blocks in that. */
	while (stream->kind != STREAM_FILE) {
		/* No newer frame can come: what fits the reader may find after we have left. */
		if (is_stopping(stream, &deadline))
			widen_pipe(stream, 0);
		if (poll(wait, 2, deadline_left_msec(deadline)) < 0 && errno != EINTR)
			return 0;
		if (wait[0].revents)
			return 0;
		if (deadline_passed(deadline))
			return ORC_ETIMEOUT;
		if (wait[1].revents)
			drain_wake(stream);
	}
	return 0;
}

/* There is room for so many bytes, or nothing is known. */
static int send_all(struct stream *stream, const uint8_t *data, size_t len, size_t room)
{
	size_t done = 0;
	ssize_t n;
	int ret;

	while (done < len) {
		ret = room ? 0 : wait_writable(stream);
		if (ret < 0)
			return ret;
		n = send_some(stream, data + done, len - done, room);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return errno == EPIPE || errno == ECONNRESET ? ORC_EPIPE : ORC_EFILE;
		done += (size_t)n;
		room = 0;
	}
	return 0;
}

/* Is there a frame to begin? It is not taken from stream_stop() any more then. */
static bool begin_frame(struct stream *stream, bool *more)
{
	bool begun;

	pthread_mutex_lock(&stream->mutex);
	begun = stream->begun = stream->waiting.len > 0;
	*more = begun || !stream->stopping;
	pthread_mutex_unlock(&stream->mutex);
	return begun;
}

/* The waiting frame becomes the one being sent. */
static void take_frame(struct stream *stream)
{
	struct slot slot;

	pthread_mutex_lock(&stream->mutex);
	slot = stream->sending;
	stream->sending = stream->waiting;
	stream->waiting = slot;
	stream->waiting.len = 0;
	stream->begun = false;
	pthread_cond_signal(&stream->taken);
	pthread_mutex_unlock(&stream->mutex);
}

/* Until there is something to do: 0, or ORC_EPIPE when the reader goes while there is nothing. */
static int wait_frame(struct stream *stream, int timeout_msec)
{
	struct pollfd wait[] = {
		{ .fd = stream->wake, .events = POLLIN },
		{ .fd = stream->fd, .events = 0 }, /* POLLERR comes unasked */
	};

	if (poll(wait, 2, timeout_msec) < 0)
		return 0;
	if (wait[0].revents)
		drain_wake(stream);
	else if (wait[1].revents & (POLLERR | POLLHUP))
		return ORC_EPIPE;
	return 0;
}

/*
 * A pipe of one page polls writable just when it is empty. 1 once it is that and the reader has the
 * frame's first bytes; 0 where that cannot be or no newer frame can come.
 */
static int offer_frame(struct stream *stream)
{
	struct deadline give_up;
	int ret = 0;

	if (stream->pipe_size <= 0)
		return 0;
	while (ret == 0 && fcntl(stream->fd, F_SETPIPE_SZ, 1) < 0) {
		if (errno != EBUSY || is_stopping(stream, &give_up))
			return 0;
		/* The reader is not through with the last frame, and nothing tells when it is. */
		ret = wait_frame(stream, OLD_FRAME_MSEC);
	}
	if (ret == 0)
		ret = send_all(stream, stream->start, START_LEN, 0);
	if (ret == 0)
		ret = wait_writable(stream);
	return ret < 0 ? ret : 1;
}

/* Sends the newest frame there is when the reader wants one. */
static int send_frame(struct stream *stream)
{
	int offered = offer_frame(stream);
	size_t done = offered > 0 ? START_LEN : 0, room = 0;
	struct deadline give_up;

	if (offered < 0)
		return offered;
	take_frame(stream);
	if (offered > 0 && !is_stopping(stream, &give_up))
		room = widen_pipe(stream, stream->sending.len);
	return send_all(stream, stream->sending.data + done, stream->sending.len - done, room);
}

static void *write_frames(void *data)
{
	struct stream *stream = data;
	bool more = true;
	int ret = 0;

	while (ret == 0 && more) {
		if (!begin_frame(stream, &more)) {
			ret = more ? wait_frame(stream, -1) : 0;
			continue;
		}
		ret = send_frame(stream);
		pthread_mutex_lock(&stream->mutex);
		if (ret == 0) {
			stream->counts.frames++;
			stream->counts.bytes += stream->sending.len;
		}
		pthread_mutex_unlock(&stream->mutex);
	}
	pthread_mutex_lock(&stream->mutex);
	stream->errnum = ret == ORC_EFILE ? errno : EPIPE;
	stream->failed = ret;
	pthread_cond_signal(&stream->taken);
	pthread_mutex_unlock(&stream->mutex);
	return NULL;
}

int stream_start(struct stream **out, int fd, struct orc_error *err)
{
	struct stream *stream = orc_must(calloc(1, sizeof(*stream)));
	sigset_t all, before;
	int errnum;

	stream->fd = fd;
	stream->kind = kind_of(fd);
	stream->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&stream->mutex, NULL);
	pthread_cond_init(&stream->taken, NULL);
	stream->pipe_size = stream->kind == STREAM_PIPE ? fcntl(fd, F_GETPIPE_SZ) : 0;
	/* Signals are for the camera's thread, whose waits they end. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errnum = stream->wake < 0 ? errno
				  : pthread_create(&stream->writer, NULL, write_frames, stream);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (errnum != 0) {
		if (stream->wake >= 0)
			close(stream->wake);
		free(stream);
		orc_fail_errno(err, ORC_EREFUSED, errnum);
		return orc_what(err, "cannot start the writer");
	}
	*out = stream;
	return 0;
}

static int fail(const struct stream *stream, struct orc_error *err)
{
	if (stream->failed == ORC_ETIMEOUT)
		return orc_fail(err, ORC_ETIMEOUT, "the reader does not read");
	orc_fail_errno(err, stream->failed, stream->errnum);
	return orc_what(err, "cannot write the stream");
}

int stream_put(struct stream *stream, const uint8_t *data, size_t len, struct orc_error *err)
{
	int ret = 0;

	if (len <= START_LEN)
		return 0;
	pthread_mutex_lock(&stream->mutex);
	while (stream->kind == STREAM_FILE && stream->waiting.len > 0 && !stream->failed)
		pthread_cond_wait(&stream->taken, &stream->mutex);
	if (stream->failed) {
		ret = fail(stream, err);
	} else {
		if (stream->counts.accepted == 0)
			memcpy(stream->start, data, START_LEN);
		if (stream->waiting.len > 0)
			stream->counts.dropped++;
		else
			stream->counts.accepted++;
		if (stream->waiting.size < len) {
			stream->waiting.data = orc_must(realloc(stream->waiting.data, len));
			stream->waiting.size = len;
		}
		memcpy(stream->waiting.data, data, len);
		stream->waiting.len = len;
	}
	pthread_mutex_unlock(&stream->mutex);
	wake(stream);
	return ret;
}

int stream_check(struct stream *stream, struct orc_error *err)
{
	int ret;

	pthread_mutex_lock(&stream->mutex);
	ret = stream->failed ? fail(stream, err) : 0;
	pthread_mutex_unlock(&stream->mutex);
	return ret;
}

void stream_counts(struct stream *stream, struct stream_counts *counts)
{
	pthread_mutex_lock(&stream->mutex);
	*counts = stream->counts;
	pthread_mutex_unlock(&stream->mutex);
}

int stream_stop(struct stream *stream, bool drain, struct deadline deadline,
	struct stream_counts *counts, struct orc_error *err)
{
	int ret;

	if (!stream)
		return 0;
	pthread_mutex_lock(&stream->mutex);
	stream->stopping = true;
	stream->give_up = deadline;
	if (!drain && stream->waiting.len > 0 && !stream->begun) {
		stream->waiting.len = 0;
		stream->counts.dropped++;
	}
	pthread_mutex_unlock(&stream->mutex);
	wake(stream);
	pthread_join(stream->writer, NULL);
	widen_pipe(stream, 0);
	ret = stream->failed ? fail(stream, err) : 0;
	*counts = stream->counts;
	close(stream->wake);
	pthread_cond_destroy(&stream->taken);
	pthread_mutex_destroy(&stream->mutex);
	free(stream->waiting.data);
	free(stream->sending.data);
	free(stream);
	return ret;
}
