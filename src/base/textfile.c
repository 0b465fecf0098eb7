/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files, as the kernel's are: a line or a page, read in one go. */
#include "base/textfile.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

const char *path_print(char *path, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(path, size, format, ap);
	va_end(ap);
	return path;
}

ssize_t file_read(const char *path, void *buf, size_t size)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = buf;
	size_t len = 0;

	if (fd < 0)
		return -1;
	while (len < size) {
		ssize_t n = read(fd, p + len, size - len);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

bool file_read_line(const char *path, char *buf, size_t size)
{
	ssize_t len = file_read(path, buf, size - 1);

	buf[len > 0 ? len : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return len >= 0;
}

bool file_read_words(const char *path, char *buf, size_t size)
{
	bool there = file_read_line(path, buf, size);

	for (; *buf; buf++)
		if ((unsigned char)*buf < 0x20 || (unsigned char)*buf >= 0x7f)
			*buf = '?';
	return there;
}
