/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program holds a local camera. */
#ifndef CAMERA_HOLDER_H
#define CAMERA_HOLDER_H

#include <stddef.h>

#include "base/err.h"

/*
 * Writes "NAME (process N)" of a process, not ours, that has a descriptor open on the device of the
 * port "usb:BBB,DDD". ORC_EAGAIN where none is found: other users' processes are not visible.
 */
int camera_holder_find(const char *port, char *name, size_t size) must_check;
/* Adds who it is, and what to do, as the hint. */
void camera_holder_hint(const char *port, struct orc_error *err);

#endif
