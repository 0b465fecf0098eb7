/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What went wrong: the error codes, and the struct that carries the one line a user reads. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int orc_fail(struct orc_error *err, enum orc_err code, const char *why, ...)
{
	va_list ap;

	if (!err)
		return code;
	memset(err, 0, sizeof(*err));
	err->code = code;
	va_start(ap, why);
	vsnprintf(err->why, sizeof(err->why), why, ap);
	va_end(ap);
	return code;
}

int orc_fail_errno(struct orc_error *err, enum orc_err code, int errnum)
{
	orc_fail(err, code, "%s", strerror(errnum));
	if (err)
		err->errnum = errnum;
	return code;
}

int orc_what(struct orc_error *err, const char *what, ...)
{
	va_list ap;

	if (!err)
		return ORC_EREFUSED;
	va_start(ap, what);
	vsnprintf(err->what, sizeof(err->what), what, ap);
	va_end(ap);
	return err->code;
}

int orc_hint(struct orc_error *err, const char *hint, ...)
{
	va_list ap;

	if (!err)
		return ORC_EREFUSED;
	va_start(ap, hint);
	vsnprintf(err->hint, sizeof(err->hint), hint, ap);
	va_end(ap);
	return err->code;
}

const char *orc_error_line(const struct orc_error *err, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s%s%s%s", err->what, err->what[0] && err->why[0] ? ": " : "",
		err->why, err->hint[0] ? " (" : "", err->hint, err->hint[0] ? ")" : "");
	return buf;
}

int orc_exit_status(enum orc_err code, int signal)
{
	switch (code) {
	case ORC_OK:
		return 0;
	case ORC_EUSAGE:
		return 2;
	case ORC_ENOCAMERA:
		return 3;
	case ORC_EBUSY:
		return 4;
	case ORC_ELOST:
	case ORC_EPROTO:
	case ORC_ETIMEOUT:
		return 5;
	case ORC_EPARTIAL:
		return 6;
	case ORC_ESIGNAL:
		return 128 + signal;
	case ORC_EPIPE:
		return 128 + 13;
	case ORC_EREFUSED:
	case ORC_ENOMEM:
	case ORC_EFILE:
	case ORC_ESTALL:
	case ORC_EAGAIN:
		break;
	}
	return 1;
}

/* Set once, before there are threads. */
static void (*tell_exhausted)(void);

void orc_when_exhausted(void (*tell)(void))
{
	tell_exhausted = tell;
}

void *orc_must(void *allocated)
{
	if (allocated)
		return allocated;
	if (tell_exhausted) {
		tell_exhausted();
		/* Other threads go on until the end: nothing is taken away under their feet. */
		_exit(1);
	}
	fputs("opencamrc: out of memory\n", stderr);
	exit(1);
}
