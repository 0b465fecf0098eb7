/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files, as the kernel's are: a line or a page, read in one go. */
#ifndef BASE_TEXTFILE_H
#define BASE_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* As snprintf(), for paths: returns path, which is cut where it does not fit. */
const char *path_print(char *path, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* At most size bytes: how many, or -1 with errno. */
ssize_t file_read(const char *path, void *buf, size_t size);
/* The text up to its first line end, terminated; false, and empty, where it cannot be read. */
bool file_read_line(const char *path, char *buf, size_t size);
/*
 * The same of words that a device or a program has chosen for itself: whatever a terminal would act upon
 * becomes a question mark.
 */
bool file_read_words(const char *path, char *buf, size_t size);

#endif
