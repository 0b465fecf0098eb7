/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A shot under way, between its release and its files; inside this room. */
#ifndef CAMERA_SHOT_H
#define CAMERA_SHOT_H

#include "camera/private.h"
#include "camera/shot-files.h"
#include "camera/watch.h"

struct shot {
	struct camera *camera;
	const struct shoot_options *options;
	struct shoot_times times;
	int refused; /* what the gate said */
	struct shot_files files;
	bool triggers;   /* the release alone, then the files by events */
	size_t expected; /* how many files the image format makes; 0: not asked yet */
	bool complete;   /* the body said so after the last file */
	bool forgotten;  /* by the driver: there was a file that it will not tell of */
	struct watch watch;
	/* What bulb changes on a Nikon, as it was; NULL: nothing to be put back. */
	char *mode, *shutter;
};

/* One of its files is known. */
void shot_add(struct shot *shot, const CameraFilePath *path);
/*
 * Releases the shutter, as the options have it, and fills in the times: of the release where it was seen in the
 * transfers, or else how long it took in all. A code of libgphoto2.
 */
int shot_release(struct shot *shot);

#endif
