/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program holds a local camera. */
#ifndef CAMERA_HOLDER_H
#define CAMERA_HOLDER_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/* Where to look. Constant but in tests. */
struct holder_places {
	const char *proc;
	const char *nodes; /* BBB/DDD */
};
extern const struct holder_places holder_system;

struct camera_holder {
	char name[64]; /* "gvfsd-gphoto2 (process 1234)" */
	pid_t pid;
	const char *remedy; /* how to make it let go */
};

/*
 * A process, not ours, that has a descriptor open on the device of the port "usb:BBB,DDD". ORC_EAGAIN
 * where none is found: other users' processes are not visible.
 */
int camera_holder_find(const struct holder_places *places, const char *port,
	struct camera_holder *holder) must_check;
/* Adds who it is, and what to do, as the hint. */
void camera_holder_hint(const char *port, struct orc_error *err);

#endif
