/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log: one line on stderr (or wherever it is sent) for those who asked for it. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
	const char *name;
	enum log_level level;
	void (*sink)(enum log_level level, const char *line, void *data);
	void *data;
} logger = { .name = "opencamrc", .level = LOG_LEVEL_INFO };

void log_set_name(const char *name)
{
	logger.name = name;
}

void log_set_level(enum log_level level)
{
	logger.level = level;
}

enum log_level log_level(void)
{
	return logger.level;
}

void log_set_sink(void (*sink)(enum log_level level, const char *line, void *data), void *data)
{
	logger.sink = sink;
	logger.data = data;
}

void log_write(enum log_level level, const char *format, ...)
{
	char line[1024];
	va_list ap;

	if (level > logger.level)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (logger.sink)
		logger.sink(level, line, logger.data);
	else
		fprintf(stderr, "%s: %s\n", logger.name, line);
}
