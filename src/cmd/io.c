/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command may touch of its caller: three descriptors, a folder, and the wish to stop. */
#include "cmd/io.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"

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

__attribute__((format(printf, 3, 0))) static void put_text(
	struct io *io, int fd, const char *format, va_list ap)
{
	cleanup_free char *text = NULL;
	int len;

	len = vasprintf(&text, format, ap);
	if (len < 0) {
		text = NULL;
		orc_must(NULL);
	}
	if (io_write_all(fd, text, (size_t)len) < 0 && fd == io->out && !io->out_errnum)
		io->out_errnum = errno;
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

int io_end(struct io *io, struct orc_error *err)
{
	if (!io->out_errnum)
		return 0;
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
