/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files on a camera's card: list, fetch, delete, put. */
#ifndef CAMERA_FILES_H
#define CAMERA_FILES_H

#include <time.h>

#include "camera/camera.h"

struct camera_file {
	char *folder;           /* "/store_00020001/DCIM/100CANON" */
	char *name;             /* "IMG_0001.JPG" */
	uint64_t size;          /* bytes; 0 where not told */
	time_t mtime;           /* camera's clock taken as local time; 0 where not told */
	char *mime;             /* "image/jpeg"; NULL where not told */
	uint32_t width, height; /* 0 where not told */
	bool downloaded;        /* the camera's own mark */
	bool read_only;
};

void camera_file_free(struct camera_file *file); /* what it holds */
void camera_files_free(struct camera_file *files, size_t count);

/* All files below folder ("/" for all), in the camera's order; details: sizes and times as well. */
int camera_files_list(struct camera *camera, const char *folder, bool recurse, bool details,
	struct camera_file **files, size_t *count, struct orc_error *err) must_check;

enum camera_file_kind { FILE_NORMAL, FILE_THUMBNAIL, FILE_EXIF };

/*
 * Writes the file's bytes to fd. Long files do not stay in memory whole where the camera can read
 * partially. *written counts the bytes that reached fd.
 */
int camera_file_get(struct camera *camera, const char *folder, const char *name,
	enum camera_file_kind kind, int fd, uint64_t *written, struct orc_error *err) must_check;
/*
 * The same for a plain file, open to be read too and standing at its end, that had *had bytes of an earlier
 * try: those that are missing are fetched (a camera that cannot read partially sends all, and its head is
 * dropped). The last 64 KiB that were there are compared with the camera's: where it has others by that
 * name by now, the file is emptied, *had becomes 0, and all of it is fetched.
 */
int camera_file_get_rest(struct camera *camera, const char *folder, const char *name,
	enum camera_file_kind kind, int fd, uint64_t *had, uint64_t *written,
	struct orc_error *err) must_check;
int camera_file_delete(struct camera *camera, const char *folder, const char *name,
	struct orc_error *err) must_check;
/* The newest folder that takes pictures; to be free()d. */
int camera_picture_folder(struct camera *camera, char **folder, struct orc_error *err) must_check;
/* Reads all of fd; folder and name are those on the camera. */
int camera_file_put(struct camera *camera, const char *folder, const char *name, int fd,
	struct orc_error *err) must_check;

#endif
