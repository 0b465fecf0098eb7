/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of one shot, told apart from what the body's own button takes meanwhile. */
#include "camera/shot-files.h"

#include <string.h>

#include "base/log.h"
#include "camera/listing.h"

/* What the shot itself makes has come by then, unless it exposes for longer. */
#define OTHERS_MSEC 5000

static bool is_known(const struct camera_file *files, size_t count, const CameraFilePath *path)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(files[i].folder, path->folder) == 0 &&
			strcmp(files[i].name, path->name) == 0)
			return true;
	return false;
}

bool shot_files_is_others(const struct camera *camera, const CameraFilePath *path)
{
	const struct shot_files *full = camera->full;

	return (camera->to_memory && strcmp(path->folder, "/") != 0) ||
		(full && !is_known(full->files, full->count, path));
}

static bool add(struct shot_files *shot, struct camera *camera, struct camera_file **files,
	size_t *count, const CameraFilePath *path)
{
	if (is_known(*files, *count, path))
		return false;
	/* The driver has it from the event; nothing is asked of the camera. */
	camera_file_details(camera, camera_files_add(files, count, path->folder, path->name));
	shot->last_nsec = clock_now_nsec();
	log_debug("new file %s/%s%s", path->folder, path->name,
		files == &shot->others ? ", of another" : "");
	return true;
}

bool shot_files_add(struct shot_files *shot, struct camera *camera, const CameraFilePath *path)
{
	if (shot_files_is_others(camera, path)) {
		add(shot, camera, &shot->others, &shot->other_count, path);
		return false;
	}
	if (camera->to_memory)
		camera->heedless = false;
	return add(shot, camera, &shot->files, &shot->count, path);
}

void shot_files_adopt(struct shot_files *shot, struct camera *camera, nsec_t released)
{
	nsec_t since = shot->last_nsec > released ? shot->last_nsec : released;

	if (shot->count || !shot->other_count ||
		clock_now_nsec() - since < OTHERS_MSEC * NSEC_PER_MSEC)
		return;
	log_debug("nothing came to the memory: what is on the card is the shot's");
	shot->files = steal_pointer(&shot->others);
	shot->count = shot->other_count;
	shot->other_count = 0;
	camera->to_memory = false;
	camera->heedless = true;
}

void shot_files_free(struct shot_files *shot)
{
	camera_files_free(shot->others, shot->other_count);
	shot->others = NULL;
	shot->other_count = 0;
}
