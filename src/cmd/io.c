/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command may touch of its caller: three descriptors, a folder, and the wish to stop. */
#include "cmd/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/utf8.h"
#include "session/errand.h"
#include "session/owner.h"

/* How often a signal is asked for while a reader does not read. */
#define SLICE_MSEC 100

void io_look(struct io *io)
{
	struct winsize size;

	io->in_tty = isatty(io->in);
	io->out_tty = isatty(io->out);
	io->err_tty = isatty(io->err);
	io->columns = 80;
	if ((ioctl(io->out, TIOCGWINSZ, &size) == 0 || ioctl(io->err, TIOCGWINSZ, &size) == 0) &&
		size.ws_col >= 40)
		io->columns = size.ws_col;
}

const char *io_getenv(const struct io *io, const char *name)
{
	size_t len = strlen(name), i;

	if (!io->environment)
		return getenv(name);
	for (i = 0; io->environment[i]; i++)
		if (strncmp(io->environment[i], name, len) == 0 && io->environment[i][len] == '=')
			return io->environment[i] + len + 1;
	return NULL;
}

/* The number in "/dev/fd/N"; -1 where it is no such path. */
static int descriptor_of(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	static const char *const names[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(names); i++)
		if (strcmp(path, names[i]) == 0)
			return (int)i;
	for (i = 0; i < ARRAY_LENGTH(folders); i++) {
		size_t len = strlen(folders[i]), digits;

		if (strncmp(path, folders[i], len) != 0)
			continue;
		digits = strspn(path + len, "0123456789");
		if (digits > 0 && digits < 9 && path[len + digits] == '\0')
			return atoi(path + len);
	}
	return -1;
}

const char *io_path_of(const int own[3], long pid, const char *path, char buf[IO_PATH_SIZE])
{
	int fd = descriptor_of(path);

	if (fd < 0)
		return path;
	if (fd < 3)
		snprintf(buf, IO_PATH_SIZE, "/proc/self/fd/%d", own[fd]);
	else
		snprintf(buf, IO_PATH_SIZE, "/proc/%ld/fd/%d", pid, fd);
	return buf;
}

const char *io_path(const struct io *io, const char *path, char buf[IO_PATH_SIZE])
{
	const int own[] = { io->in, io->out, io->err };

	/* In a sandbox it is the caller who opens it. */
	if (!io->job || errand_is_for(io->cwd))
		return path;
	return io_path_of(own, (long)io->job->pid, path, buf);
}

int io_write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			struct pollfd wait = { .fd = fd, .events = POLLOUT };

			poll(&wait, 1, -1);
			continue;
		}
		if (n < 0)
			return errno == EPIPE ? ORC_EPIPE : ORC_EFILE;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/*
 * A signal ends it where the reader does not read: the command may run in another process than the one
 * that got the signal, whose write() goes on. What a pipe that polls writable takes for sure is
 * PIPE_BUF.
 */
static int put_all(const struct io *io, int fd, const char *text, size_t len)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	size_t part;

	for (; len > 0; text += part, len -= part) {
		while (poll(&wait, 1, SLICE_MSEC) == 0) {
			errno = EINTR;
			if (io->signal && io->signal(io->signal_data))
				return ORC_ESIGNAL;
		}
		part = len < PIPE_BUF ? len : PIPE_BUF;
		if (io_write_all(fd, text, part) < 0)
			return errno == EPIPE ? ORC_EPIPE : ORC_EFILE;
	}
	return 0;
}

/* `before` and `after` are ours, the text between them may be anybody's. */
__attribute__((format(printf, 4, 0))) static void put_between(struct io *io, int fd,
	const char *before, const char *format, va_list ap, const char *after)
{
	const bool tty = fd == io->out ? io->out_tty : io->err_tty;
	cleanup_free char *text = NULL, *all = NULL;
	int len;

	if (vasprintf(&text, format, ap) < 0) {
		text = NULL;
		orc_must(NULL);
	}
	if (tty)
		utf8_disarm(text);
	len = asprintf(&all, "%s%s%s", before, text, after);
	if (len < 0) {
		all = NULL;
		orc_must(NULL);
	}
	if (put_all(io, fd, all, (size_t)len) < 0 && fd == io->out && !io->out_errnum)
		io->out_errnum = errno;
}

__attribute__((format(printf, 3, 0))) static void put_text(
	struct io *io, int fd, const char *format, va_list ap)
{
	put_between(io, fd, "", format, ap, "");
}

void io_printf(struct io *io, const char *format, ...)
{
	va_list ap;

	if (io->out_errnum)
		return;
	va_start(ap, format);
	put_text(io, io->out, format, ap);
	va_end(ap);
}

void io_note(struct io *io, const char *format, ...)
{
	va_list ap;

	if (io->quiet)
		return;
	va_start(ap, format);
	put_text(io, io->err, format, ap);
	va_end(ap);
}

void io_complain(struct io *io, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_text(io, io->err, format, ap);
	va_end(ap);
}

void io_redraw(struct io *io, const char *format, ...)
{
	va_list ap;

	if (io->quiet)
		return;
	va_start(ap, format);
	put_between(io, io->err, "\r", format, ap, "\033[K");
	va_end(ap);
}

__attribute__((format(printf, 3, 4))) static void put_painted(
	struct io *io, const char *before, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_between(io, io->out, before, format, ap, "\033[0m");
	va_end(ap);
}

void io_paint(struct io *io, const char *colour, const char *text)
{
	char before[16];

	if (io->out_errnum)
		return;
	snprintf(before, sizeof(before), "\033[%sm", colour);
	put_painted(io, before, "%s", text);
}

int io_end(struct io *io, struct orc_error *err)
{
	if (!io->out_errnum)
		return 0;
	/* Nobody read, and nobody is to be waited for. */
	if (io->out_errnum == EINTR && io_cancelled(io))
		return io_fail_signal(io, err);
	orc_fail_errno(err, io->out_errnum == EPIPE ? ORC_EPIPE : ORC_EFILE, io->out_errnum);
	return orc_what(err, "cannot write to standard output");
}

int io_wait_readable(const struct io *io, int fd)
{
	const int slice_msec = 1000;
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		if (io->signal && io->signal(io->signal_data))
			return ORC_ESIGNAL;
		/* An error is read()'s to tell. */
		if (poll(&wait, 1, slice_msec) > 0)
			return 0;
	}
}

ssize_t io_read(const struct io *io, int fd, void *buf, size_t size)
{
	ssize_t len;

	do {
		if (io_wait_readable(io, fd) < 0)
			return ORC_ESIGNAL;
		len = read(fd, buf, size);
	} while (len < 0 && (errno == EINTR || errno == EAGAIN));
	return len < 0 ? ORC_EFILE : len;
}

int io_open(const struct io *io, const char *path, struct orc_error *err)
{
	char other[IO_PATH_SIZE];
	int fd = files_open(
		io->cwd, io_path(io, path, other), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	if (fd >= 0)
		return fd;
	orc_fail_errno(err, ORC_EFILE, errno);
	return orc_what(err, "cannot read %s", path);
}

bool io_cancelled(void *data)
{
	struct io *io = data;

	return io->signal && io->signal(io->signal_data) != 0;
}

int io_fail_signal(const struct io *io, struct orc_error *err)
{
	int number = io->signal ? io->signal(io->signal_data) : 0;

	orc_fail(err, ORC_ESIGNAL, "%s", strsignal(number));
	if (err)
		err->errnum = number;
	return ORC_ESIGNAL;
}

int io_sleep_until(struct io *io, struct deadline deadline)
{
	const int64_t slice_msec = 100;

	/* In slices: a signal may arrive between the question and the sleep. */
	while (!deadline_passed(deadline)) {
		if (io_cancelled(io))
			return ORC_ESIGNAL;
		clock_sleep_until(deadline_min(deadline, deadline_after_msec(slice_msec)));
	}
	return 0;
}
