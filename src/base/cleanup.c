/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cleanup attributes, and how to steal what they would free. */
#include "base/cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void cleanup_free_pointer(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}

void cleanup_close_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}
