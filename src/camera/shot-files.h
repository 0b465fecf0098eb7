/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of one shot, told apart from what the body's own button takes meanwhile; inside this room. */
#ifndef CAMERA_SHOT_FILES_H
#define CAMERA_SHOT_FILES_H

#include <gphoto2/gphoto2-camera.h>

#include "camera/files.h"
#include "camera/private.h"

/* Zero-initialised. */
struct shot_files {
	struct camera_file *files; /* the shot's, the caller's to free */
	size_t count;
	struct camera_file *others; /* on the card, while the shot's go to the memory */
	size_t other_count;
	nsec_t last_nsec; /* when the last one came, of either kind */
};

/* A picture on the card of a camera whose shot goes to the memory, or one more than the shot makes. */
bool shot_files_is_others(const struct camera *camera, const CameraFilePath *path);
/* An event may tell of the same file twice: false where it is none of the shot's, or none that is new. */
bool shot_files_add(struct shot_files *shot, struct camera *camera, const CameraFilePath *path);
/*
 * There may be bodies that do not heed where a picture is to go: where none of the shot's has come since
 * `released`, those of others are the shot's after all.
 */
void shot_files_adopt(struct shot_files *shot, struct camera *camera, nsec_t released);
/* But for those of the shot. */
void shot_files_free(struct shot_files *shot);

#endif
