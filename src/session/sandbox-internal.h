/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two halves of a sandbox; inside this room. */
#ifndef SESSION_SANDBOX_INTERNAL_H
#define SESSION_SANDBOX_INTERNAL_H

#include <stdbool.h>

/* Files. The version that the kernel has, or 0; 0, or -1 with errno. */
int sandbox_landlock_version(void);
int sandbox_landlock_enter(bool local);
/* System calls: 0 or -1 with errno. "2.5.4". */
int sandbox_seccomp_enter(bool local);
const char *sandbox_seccomp_version(void);

#endif
