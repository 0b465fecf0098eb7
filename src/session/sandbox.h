/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the process that holds a camera gives up before it hears the first byte of it. */
#ifndef SESSION_SANDBOX_H
#define SESSION_SANDBOX_H

#include <stdbool.h>

#include "base/err.h"

/*
 * Landlock (Linux 5.13) for files, a filter of system calls (seccomp) for what Landlock leaves:
 * no file is read but the system's libraries, libgphoto2's drivers, the configuration and /sys, none
 * is written but /dev/null and what is in the folder of sockets (place.h), a camera of this machine
 * excepted; no program is run, no process is made, signalled or looked into, no connection is made,
 * no socket but that of this session. Errands (errand.h) are the way to the rest.
 *
 * The second half is no luxury: Landlock lets a process connect to the sockets of the user's
 * session, where a service manager runs programs for whoever asks, and before its third version
 * (Linux 6.2) truncate any file; it never forbids chmod().
 */

/* Whether there can be one: 0, or ORC_EREFUSED with the reason in err. Nothing is changed. */
int sandbox_check(struct orc_error *err) must_check;
/*
 * Enters it, for good: before there are other threads. `key` is the camera's: one that is not behind
 * a server is this machine's, and then its USB devices stay within reach. ORC_EREFUSED, and nothing
 * may have been given up, or half of it.
 */
int sandbox_enter(const char *key, struct orc_error *err) must_check;
/* "Landlock 7, libseccomp 2.5.4", what is missing in words; NULL: built without. */
const char *sandbox_version(void);

#endif
