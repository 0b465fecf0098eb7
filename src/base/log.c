/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log: one line on stderr (or wherever it is sent) for those who asked for it. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
	const char *name;
	struct log_target target;
} logger = { .name = "opencamrc", .target.level = LOG_LEVEL_INFO };

static _Thread_local const struct log_target *thread_target;

static const struct log_target *target(void)
{
	return thread_target ? thread_target : &logger.target;
}

void log_set_name(const char *name)
{
	logger.name = name;
}

void log_set_level(enum log_level level)
{
	logger.target.level = level;
}

enum log_level log_level(void)
{
	return target()->level;
}

void log_set_sink(void (*sink)(enum log_level level, const char *line, void *data), void *data)
{
	logger.target.sink = sink;
	logger.target.data = data;
}

const struct log_target *log_set_thread(const struct log_target *own)
{
	const struct log_target *before = thread_target;

	thread_target = own;
	return before;
}

void log_write(enum log_level level, const char *format, ...)
{
	const struct log_target *to = target();
	char line[1024];
	va_list ap;

	if (level > to->level)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (to->sink)
		to->sink(level, line, to->data);
	else
		fprintf(stderr, "%s: %s\n", logger.name, line);
}
