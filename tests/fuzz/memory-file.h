/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file in memory that holds an input, for what reads files. */
#ifndef FUZZ_MEMORY_FILE_H
#define FUZZ_MEMORY_FILE_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The one file of the process, with these bytes; its page is kept, to make one anew takes longer. */
static inline int memory_file(const uint8_t *data, size_t size)
{
	static int file = -1;
	static size_t had;

	if (file < 0)
		file = memfd_create("fuzz", MFD_CLOEXEC);
	if (file < 0 || pwrite(file, data, size, 0) != (ssize_t)size ||
		(size < had && ftruncate(file, (off_t)size) < 0))
		abort();
	had = size;
	return file;
}

#endif
