/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cameras a line is meant for, and the line that each of them gets. */
#ifndef CMD_SEVERAL_CAMERAS_H
#define CMD_SEVERAL_CAMERAS_H

#include "cmd/command.h"

struct several_camera {
	char *name;          /* as -r says it, or its address */
	char *remote, *port; /* one of them; the other is NULL */
	char key[CAMERA_KEY_SIZE];
	const char **argv; /* the line with this camera alone */
	int argc;
	char **texts; /* those of argv that are its own */
	size_t text_count;
};

/*
 * The cameras that the call's -r name, or with --all those that are found. ORC_EUSAGE: one is named
 * twice; ORC_ENOCAMERA; ORC_EPARTIAL with those there are, where some machine did not answer.
 */
int several_cameras_find(struct call *call, struct several_camera **cameras, size_t *count,
	struct orc_error *err) must_check;
/* Two names turned out to be of one camera: ORC_EUSAGE. */
int several_cameras_fail_twice(
	const struct call *call, const char *first, const char *second, struct orc_error *err);
void several_cameras_free(struct several_camera *cameras, size_t count);

#endif
