/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files on a camera's card: listed, deleted, put. */
#include "camera/files.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gphoto2/gphoto2-list.h>
#include <gphoto2/gphoto2-port-log.h>
#include <gphoto2/gphoto2-result.h>

#include "camera/listing.h"
#include "camera/private.h"

void camera_file_free(struct camera_file *file)
{
	if (!file)
		return;
	free(file->folder);
	free(file->name);
	free(file->mime);
	*file = (struct camera_file){ 0 };
}

void camera_files_free(struct camera_file *files, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		camera_file_free(&files[i]);
	free(files);
}

struct camera_file *camera_files_add(
	struct camera_file **files, size_t *count, const char *folder, const char *name)
{
	struct camera_file *file;

	*files = orc_must(reallocarray(*files, *count + 1, sizeof(**files)));
	file = &(*files)[(*count)++];
	*file = (struct camera_file){
		.folder = orc_must(strdup(folder)),
		.name = orc_must(strdup(name)),
	};
	return file;
}

int camera_file_details(struct camera *camera, struct camera_file *file)
{
	CameraFileInfo info;
	int ret = gp_camera_file_get_info(
		camera->gp, file->folder, file->name, &info, camera->context);

	if (ret < 0)
		return ret;
	if (info.file.fields & GP_FILE_INFO_SIZE)
		file->size = info.file.size;
	if (info.file.fields & GP_FILE_INFO_MTIME)
		file->mtime = info.file.mtime;
	if (info.file.fields & GP_FILE_INFO_TYPE && !file->mime)
		file->mime = orc_must(strdup(info.file.type));
	if (info.file.fields & GP_FILE_INFO_WIDTH)
		file->width = info.file.width;
	if (info.file.fields & GP_FILE_INFO_HEIGHT)
		file->height = info.file.height;
	if (info.file.fields & GP_FILE_INFO_STATUS)
		file->downloaded = info.file.status == GP_FILE_STATUS_DOWNLOADED;
	if (info.file.fields & GP_FILE_INFO_PERMISSIONS)
		file->read_only = !(info.file.permissions & GP_FILE_PERM_DELETE);
	return GP_OK;
}

static void list_free(CameraList **list)
{
	if (*list)
		gp_list_free(*list);
}

static char *join(const char *folder, const char *name)
{
	char *path;

	/* The root ends in a slash of its own. */
	if (asprintf(&path, "%s/%s", strcmp(folder, "/") ? folder : "", name) < 0)
		path = orc_must(NULL);
	return path;
}

struct walk {
	struct camera *camera;
	bool recurse, details;
	struct camera_file *files;
	size_t count;
};

static int walk_files(struct walk *walk, const char *folder)
{
	cleanup(list_free) CameraList *list = NULL;
	struct camera *camera = walk->camera;
	struct camera_file *file;
	const char *name;
	int ret, i, count;

	ret = gp_list_new(&list);
	if (ret >= 0)
		ret = gp_camera_folder_list_files(camera->gp, folder, list, camera->context);
	if (ret < 0)
		return ret;
	count = gp_list_count(list);
	for (i = 0; i < count; i++) {
		if (camera_cancelled(camera))
			return GP_ERROR_CANCEL;
		if (gp_list_get_name(list, i, &name) < 0)
			continue;
		file = camera_files_add(&walk->files, &walk->count, folder, name);
		if (!walk->details)
			continue;
		ret = camera_file_details(camera, file);
		/* One that cannot describe itself is listed all the same; a lost camera is not. */
		if (ret < 0 && camera_error_code(ret, true) != ORC_EREFUSED)
			return ret;
	}
	return GP_OK;
}

static int walk_folder(struct walk *walk, const char *folder)
{
	cleanup(list_free) CameraList *list = NULL;
	struct camera *camera = walk->camera;
	const char *name;
	int ret, i, count;
	char *path;

	ret = walk_files(walk, folder);
	if (ret < 0 || !walk->recurse)
		return ret;
	ret = gp_list_new(&list);
	if (ret >= 0)
		ret = gp_camera_folder_list_folders(camera->gp, folder, list, camera->context);
	if (ret < 0)
		return ret;
	count = gp_list_count(list);
	for (i = 0; i < count; i++) {
		if (gp_list_get_name(list, i, &name) < 0)
			continue;
		path = join(folder, name);
		/* ptp2 keeps its pseudo files there. */
		ret = strcmp(path, "/special") ? walk_folder(walk, path) : GP_OK;
		free(path);
		if (ret < 0)
			return ret;
	}
	return GP_OK;
}

int camera_files_list(struct camera *camera, const char *folder, bool recurse, bool details,
	struct camera_file **files, size_t *count, struct orc_error *err)
{
	struct walk walk = { .camera = camera, .recurse = recurse, .details = details };
	int ret;

	*files = NULL;
	*count = 0;
	camera_begin_long(camera);
	ret = walk_folder(&walk, folder);
	if (ret < 0) {
		camera_files_free(walk.files, walk.count);
		camera_fail(camera, ret, err);
		return orc_what(err, "cannot list %.150s", folder);
	}
	*files = walk.files;
	*count = walk.count;
	return 0;
}

/* Keeps why ptp2 says in its log, and nowhere else, that a file was not deleted. */
static void on_delete_log(GPLogLevel level, const char *domain, const char *text, void *data)
{
	struct camera *camera = data;
	const char *failed = strstr(text, "ptp_deleteobject");
	const char *why = failed ? strstr(failed, "failed: ") : NULL;

	(void)level;
	(void)domain;
	if (why)
		snprintf(camera->message, sizeof(camera->message), "%s", why + strlen("failed: "));
}

/* ptp2 reports success whatever the camera answers; its log is the only place that costs nothing. */
static int delete_and_listen(struct camera *camera, const char *folder, const char *name)
{
	int id = gp_log_add_func(GP_LOG_ERROR, on_delete_log, camera);
	int ret = gp_camera_file_delete(camera->gp, folder, name, camera->context);

	if (id >= 0)
		gp_log_remove_func(id);
	return ret >= 0 && camera->message[0] ? GP_ERROR : ret;
}

int camera_file_delete(
	struct camera *camera, const char *folder, const char *name, struct orc_error *err)
{
	CameraFileInfo info;
	int ret;

	camera_begin_long(camera);
	/* The driver deletes what it does not find without a word. What was in a Nikon's memory is found no more,
	 * and must be forgotten all the same. */
	if (strcmp(folder, "/") == 0)
		ret = GP_OK;
	else
		ret = gp_camera_file_get_info(camera->gp, folder, name, &info, camera->context);
	if (ret >= 0)
		ret = delete_and_listen(camera, folder, name);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot delete %.80s/%.80s", folder, name);
}

/* "100CANON", "101D5200": the folders that pictures go to, by the DCF standard. */
static bool is_picture_folder(const char *name)
{
	return strlen(name) == 8 && isdigit((unsigned char)name[0]) &&
		isdigit((unsigned char)name[1]) && isdigit((unsigned char)name[2]);
}

/* The last of the folders in `list` that `wanted` takes, in the order of their names; NULL: none. */
static const char *newest(CameraList *list, bool (*wanted)(const char *))
{
	const char *best = NULL, *name;
	int i;

	for (i = 0; i < gp_list_count(list); i++)
		if (gp_list_get_name(list, i, &name) >= 0 && wanted(name) &&
			(!best || strcmp(name, best) > 0))
			best = name;
	return best;
}

static bool is_storage(const char *name)
{
	return strncmp(name, "store_", 6) == 0;
}

static bool is_dcim(const char *name)
{
	return strcasecmp(name, "DCIM") == 0;
}

/* Follows storage, DCIM and picture folder as far as they are there. */
static int find_picture_folder(struct camera *camera, char **folder)
{
	static bool (*const steps[])(const char *) = { is_storage, is_dcim, is_picture_folder };
	char *path = orc_must(strdup("/"));
	const char *name;
	CameraList *list;
	char *next;
	size_t i;
	int ret = GP_OK;

	for (i = 0; i < ARRAY_LENGTH(steps); i++) {
		ret = gp_list_new(&list);
		if (ret < 0)
			break;
		ret = gp_camera_folder_list_folders(camera->gp, path, list, camera->context);
		name = ret < 0 ? NULL : newest(list, steps[i]);
		if (name) {
			next = join(path, name);
			free(path);
			path = next;
		}
		gp_list_free(list);
		if (ret < 0)
			break;
	}
	if (ret < 0)
		free(path);
	else
		*folder = path;
	return ret;
}

int camera_picture_folder(struct camera *camera, char **folder, struct orc_error *err)
{
	int ret;

	camera_begin_long(camera);
	ret = find_picture_folder(camera, folder);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot find the folder of the pictures");
}

/* Until fd has bytes, or its end: whoever writes there may be slow. A code of libgphoto2. */
static int wait_readable(struct camera *camera, int fd)
{
	const int slice_msec = 100;
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (poll(&wait, 1, slice_msec) == 0)
		if (camera_cancelled(camera))
			return GP_ERROR_CANCEL;
	return GP_OK;
}

/* What fd holds, in memory. */
static int read_all(struct camera *camera, CameraFile *file, int fd)
{
	char buf[65536];
	ssize_t n;
	int ret;

	for (;;) {
		ret = wait_readable(camera, fd);
		if (ret < 0)
			return ret;
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return n < 0 ? GP_ERROR_OS_FAILURE : GP_OK;
		ret = gp_file_append(file, buf, (unsigned long)n);
		if (ret < 0)
			return ret;
	}
}

/*
 * Makes a camera file of what fd holds, reading it into memory where it cannot be sought in. A code of
 * libgphoto2; GP_ERROR_OS_FAILURE with errno.
 */
static int file_from_fd(struct camera *camera, CameraFile **file, int fd)
{
	struct stat st;
	int copy, ret;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		copy = dup(fd); /* libgphoto2 closes what it is given */
		if (copy < 0)
			return GP_ERROR_OS_FAILURE;
		ret = gp_file_new_from_fd(file, copy);
		if (ret < 0)
			close(copy);
		return ret;
	}
	ret = gp_file_new(file);
	return ret < 0 ? ret : read_all(camera, *file, fd);
}

static void file_unref(CameraFile **file)
{
	if (*file)
		gp_file_unref(*file);
}

int camera_file_put(
	struct camera *camera, const char *folder, const char *name, int fd, struct orc_error *err)
{
	cleanup(file_unref) CameraFile *file = NULL;
	int ret;

	camera_begin_long(camera);
	ret = file_from_fd(camera, &file, fd);
	if (ret == GP_ERROR_OS_FAILURE) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot read the file for %.150s", name);
	}
	if (ret >= 0)
		ret = gp_camera_folder_put_file(
			camera->gp, folder, name, GP_FILE_TYPE_NORMAL, file, camera->context);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot put %.80s into %.80s", name, folder);
}
