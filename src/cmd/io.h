/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command may touch of its caller: three descriptors, a folder, and the wish to stop. */
#ifndef CMD_IO_H
#define CMD_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"

struct job;
struct session_caller;

/*
 * A command never uses the process's own stdout, stderr or working directory: it may run in the
 * process that owns the camera on behalf of another one. Descriptors belong to the caller.
 */
struct io {
	int in, out, err;
	int cwd; /* where relative paths start: a folder's descriptor, or AT_FDCWD */
	bool in_tty, out_tty, err_tty;
	unsigned columns; /* of the terminal; 80 where there is none */
	bool quiet;       /* no talk on err; errors are still said */
	/* The number of the signal that asks us to stop; 0: go on. */
	int (*signal)(void *data);
	void *signal_data;
	/*
	 * SIGINT was answered: forget it, and catch the next one; any other signal stays. NULL:
	 * there is nobody to go on.
	 */
	void (*signal_answered)(void *data);
	int out_errnum; /* the first failure to write to out; 0: none */
	/* Of the caller, for programs that are run; NULL: the process's own. */
	char *const *environment;
	/* The command runs where the camera is held, on behalf of a caller elsewhere; NULL: it does
	 * not. See session/owner.h. */
	struct job *job;
	bool holder_only; /* where nobody holds the camera, it is not opened: ORC_EAGAIN */
	/* A connection kept from one command to the next, as a shell does; NULL: one each. */
	struct session_caller **session;
};

/* What a variable of the caller's environment says; NULL: it is not set. */
const char *io_getenv(const struct io *io, const char *name);
/*
 * How to open a path of the caller's: /dev/stdin, /dev/fd/N and the like name descriptors of a
 * process, which is the caller's and not the one that the command runs in. The path itself, or buf.
 */
#define IO_PATH_SIZE 64
/* The same for the process `pid`, whose first three descriptors are here `own`. */
const char *io_path_of(const int own[3], long pid, const char *path, char buf[IO_PATH_SIZE]);
const char *io_path(const struct io *io, const char *path, char buf[IO_PATH_SIZE]);

/* Fills in what the three descriptors tell: terminals and columns. */
void io_look(struct io *io);

/*
 * What is printed on a terminal goes through utf8_disarm(): names and texts are the camera's, which may be
 * anybody's. A pipe gets them as they are. What draws on a terminal uses the last two of these.
 */
/* To out. A failure is remembered in out_errnum and told by io_end(). */
void io_printf(struct io *io, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Talk, to err; nothing when quiet. */
void io_note(struct io *io, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* To err, quiet or not. */
void io_complain(struct io *io, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* On err's terminal, in place of the line that stands there; "" leaves it empty. Nothing when quiet. */
void io_redraw(struct io *io, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Text to out in a colour, "32" or what ECMA-48's SGR takes. */
void io_paint(struct io *io, const char *colour, const char *text);
/* 0, or what went wrong with out: ORC_EPIPE, ORC_EFILE, or ORC_ESIGNAL where that ended the writing. */
int io_end(struct io *io, struct orc_error *err) must_check;

/* All of buf to fd, waiting as needed: 0, ORC_EPIPE, or ORC_EFILE; errno says why. */
int io_write_all(int fd, const void *buf, size_t len) must_check;

/*
 * Until fd has bytes, or its end, to be read; blocking. ORC_ESIGNAL: a signal asks to stop; one that
 * another thread got is noticed within a second.
 */
int io_wait_readable(const struct io *io, int fd) must_check;

/* The same, and reads: how many bytes, 0 at the end; ORC_ESIGNAL, or ORC_EFILE with errno. */
ssize_t io_read(const struct io *io, int fd, void *buf, size_t size) must_check;
/*
 * A path of the caller's, to be read with io_read(): a descriptor, or ORC_EFILE. Nobody is waited for who
 * may write to a pipe of that name.
 */
int io_open(const struct io *io, const char *path, struct orc_error *err) must_check;

/* Takes a struct io; true once a signal asks to stop. As camera_options.cancelled wants it. */
bool io_cancelled(void *io);
/* ORC_ESIGNAL with the signal's number in err. */
int io_fail_signal(const struct io *io, struct orc_error *err);
/* Sleeps; returns early, with ORC_ESIGNAL, when a signal asks to stop. */
int io_sleep_until(struct io *io, struct deadline deadline) must_check;

#endif
