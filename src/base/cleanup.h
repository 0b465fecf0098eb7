/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cleanup attributes, and how to steal what they would free. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stddef.h>

#define must_check      __attribute__((warn_unused_result))
#define cleanup(f)      __attribute__((cleanup(f)))
#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

/* free() for `cleanup_free char *p`. */
void cleanup_free_pointer(void *pointer_to_pointer);
/* close() for `cleanup_close int fd = -1`; leaves errno alone. */
void cleanup_close_fd(int *fd);

#define cleanup_free  cleanup(cleanup_free_pointer)
#define cleanup_close cleanup(cleanup_close_fd)

/* Gives the value away: the variable no longer owns it. */
#define steal_pointer(p)                                                                           \
	({                                                                                         \
		__typeof__(*(p)) stolen_ = *(p);                                                   \
		*(p) = NULL;                                                                       \
		stolen_;                                                                           \
	})

static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

#endif
