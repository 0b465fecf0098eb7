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
	bool single;     /* a press makes one picture; asked where somebody listens */
	bool complete;   /* the body said so after the last file */
	bool forgotten;  /* by the driver: there was a file that it will not tell of */
	struct watch watch;
	/* What bulb changes on a Nikon, as it was; NULL: nothing to be put back. */
	char *mode, *shutter;
};

/* As its drive is set, a press makes one picture. Asks the camera. */
bool shot_is_single(struct camera *camera);
/* One of its files is known. */
void shot_add(struct shot *shot, const CameraFilePath *path);
/*
 * Before the release: pictures of the body's own button, or of a shot whose program was killed. The driver of an
 * EOS forgets them when it is to release; with others they would be taken for this shot's. While an EOS exposes it
 * must not be told where the next picture goes, for that one might go there: where somebody listens it is waited
 * for. A code of libgphoto2.
 */
int shot_take_others(struct shot *shot);
/*
 * Releases the shutter, as the options have it, and fills in the times: of the release where it was seen in the
 * transfers, or else how long it took in all. A code of libgphoto2.
 */
int shot_release(struct shot *shot);

#endif
