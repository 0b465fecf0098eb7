/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What went wrong: the error codes, and the struct that carries the one line a user reads. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/cleanup.h"

/*
 * Functions return 0 (or a count) on success and one of these, all negative, on failure. The
 * comment gives the exit status that orc_exit_status() makes of it.
 */
enum orc_err {
	ORC_OK = 0,
	ORC_EREFUSED = -1,  /* 1: the camera, or a file, refused */
	ORC_ENOMEM = -2,    /* 1: out of memory */
	ORC_EFILE = -3,     /* 1: a local file could not be read or written */
	ORC_EUSAGE = -4,    /* 2: arguments, an address, a config file or a pattern are wrong */
	ORC_ENOCAMERA = -5, /* 3: no such camera, or the server is not reachable */
	ORC_EBUSY = -6,     /* 4: another program holds the camera */
	ORC_ELOST = -7,     /* 5: the link, or the camera on it, is gone */
	ORC_EPROTO = -8,    /* 5: the other end broke the protocol */
	ORC_ETIMEOUT = -9,  /* 5: the deadline has passed; the link itself answers */
	ORC_EPARTIAL = -10, /* 6: part was done */
	ORC_ESIGNAL = -11,  /* 128+n: a signal asked us to stop; errnum holds n */
	ORC_ESTALL = -12,   /* 1: the endpoint is halted; clear-halt ends it */
	ORC_EAGAIN = -13,   /* 1: nothing there yet: a live view frame, an event */
	ORC_EPIPE = -14,    /* 0 or 128+SIGPIPE as the command decides: our reader closed its end */
};

/*
 * The one line: `opencamrc: COMMAND: what failed: why (what to do)`. Owned by the caller, no
 * allocation inside; texts that do not fit are cut. Zero-initialised means "no error".
 */
struct orc_error {
	enum orc_err code;
	int errnum;     /* errno, or the signal's number, or 0 */
	char what[192]; /* what failed, on what: "cannot download IMG_0001.JPG" */
	char why[192];  /* "No space left on device" */
	char hint[192]; /* what to do; may be empty */
};

/*
 * Fills in code and why, clears the rest, returns code; so that `return orc_fail(err, …);` reads
 * well. err may be NULL everywhere below.
 */
int orc_fail(struct orc_error *err, enum orc_err code, const char *why, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with strerror(errnum) as the reason. */
int orc_fail_errno(struct orc_error *err, enum orc_err code, int errnum);
/*
 * Sets what failed (replacing what an inner layer said) or what to do; returns err->code. Where err is
 * NULL the code is not known any more and ORC_EREFUSED is returned: a failure, whatever its kind.
 */
int orc_what(struct orc_error *err, const char *what, ...) __attribute__((format(printf, 2, 3)));
int orc_hint(struct orc_error *err, const char *hint, ...) __attribute__((format(printf, 2, 3)));
/* Writes "what: why (hint)" into buf, leaving out what is empty; returns buf. */
const char *orc_error_line(const struct orc_error *err, char *buf, size_t size);
/* The exit status of a code; signal is the number for ORC_ESIGNAL. */
int orc_exit_status(enum orc_err code, int signal);
/*
 * Out of memory is not handled piecemeal in a command: says so and exits with 1. The process that holds a
 * camera ends as well, and its callers say why; the next command finds the camera free. What such a process
 * does beside its commands, and the port driver, which is in other people's programs, do not call this.
 */
void *orc_must(void *allocated);
/* In place of saying so: tells whoever has to know, without allocating, in whatever thread it was. */
void orc_when_exhausted(void (*tell)(void));

#endif
