/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growing a list of camera files; inside this room. */
#ifndef CAMERA_LISTING_H
#define CAMERA_LISTING_H

#include "camera/files.h"

/* Appends a file by name; valid until the next one is added. */
struct camera_file *camera_files_add(
	struct camera_file **files, size_t *count, const char *folder, const char *name);
/* Asks the camera for size, time and type; a code of libgphoto2. */
int camera_file_details(struct camera *camera, struct camera_file *file);

#endif
