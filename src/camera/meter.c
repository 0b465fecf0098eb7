/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast a camera and the way to it are. */
#include "camera/meter.h"

#include <stdlib.h>

#include <gphoto2/gphoto2-result.h>

#include "camera/listen.h"
#include "camera/private.h"
#include "camera/watch.h"

/* The first part shows whether a longer one would take long. */
#define PART_FIRST (UINT64_C(64) << 10)
#define PART_MOST  (UINT64_C(1) << 20)
#define QUICK_NSEC (NSEC_PER_SEC / 5)
/* So many of the newest are looked at. */
#define TRIES 8

static void end(const struct watch_meter *watch, struct camera_meter *meter)
{
	watch_meter(NULL);
	*meter = (struct camera_meter){
		.transactions = watch->transactions,
		.shortest_nsec = watch->shortest_nsec,
		.most_bytes = watch->most_bytes,
		.most_nsec = watch->most_nsec,
	};
}

/* Every body answers to one of them, and some to neither in a transaction. */
static int ask(struct camera *camera)
{
	CameraStorageInformation *storages = NULL;
	CameraEventType type;
	void *data = NULL;
	int ret, count;

	ret = camera_take_event(camera, 0, false, &type, &data);
	free(data);
	if (ret < 0 && ret != GP_ERROR_CAMERA_BUSY && ret != GP_ERROR_NOT_SUPPORTED)
		return ret;
	ret = gp_camera_get_storageinfo(camera->gp, &storages, &count, camera->context);
	free(storages);
	return ret == GP_ERROR_NOT_SUPPORTED || ret == GP_ERROR_CAMERA_BUSY ? GP_OK : ret;
}

int camera_meter_answers(struct camera *camera, unsigned rounds, struct deadline deadline,
	struct camera_meter *meter, struct orc_error *err)
{
	struct watch_meter watch;
	int ret = GP_OK;

	camera_begin(camera);
	watch_meter(&watch);
	do
		ret = ask(camera);
	while (--rounds > 0 && ret >= 0 && !deadline_passed(deadline) && !camera_cancelled(camera));
	end(&watch, meter);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "the camera does not answer");
}

int camera_meter_frame(struct camera *camera, struct camera_view *view, struct deadline deadline,
	size_t *frame_bytes, struct camera_meter *meter, struct orc_error *err)
{
	struct watch_meter watch;
	struct camera_frame frame;
	uint64_t damaged = 0;
	int ret;

	watch_meter(&watch);
	ret = camera_preview(camera, view, &frame, deadline, &damaged, err);
	end(&watch, meter);
	if (ret == 0)
		*frame_bytes = frame.len;
	return ret;
}

static bool may_read(struct camera *camera, const char *folder, const char *name, uint64_t *size)
{
	CameraFileInfo info;
	int ret = gp_camera_file_get_info(camera->gp, folder, name, &info, camera->context);

	if (ret < 0 || !(info.file.fields & GP_FILE_INFO_SIZE))
		return false;
	*size = info.file.size;
	if (*size < PART_FIRST)
		return false;
	/* Whose it is is not known of one that only speaks PTP. */
	if (camera->abilities.usb_vendor && camera->abilities.usb_vendor != VENDOR_CANON)
		return true;
	return info.file.fields & GP_FILE_INFO_STATUS &&
		info.file.status == GP_FILE_STATUS_DOWNLOADED;
}

static int read_part(struct camera *camera, const char *folder, const char *name, uint64_t len)
{
	cleanup_free char *buf = orc_must(malloc(len));

	return gp_camera_file_read(
		camera->gp, folder, name, GP_FILE_TYPE_NORMAL, 0, buf, &len, camera->context);
}

static int read_parts(struct camera *camera, const char *folder, const char *name, uint64_t size,
	struct camera_meter *meter)
{
	struct watch_meter watch;
	int ret;

	watch_meter(&watch);
	ret = read_part(camera, folder, name, PART_FIRST);
	end(&watch, meter);
	if (ret < 0 || size < PART_MOST || meter->most_nsec > QUICK_NSEC)
		return ret;
	watch_meter(&watch);
	ret = read_part(camera, folder, name, PART_MOST);
	end(&watch, meter);
	return ret;
}

static int read_newest(
	struct camera *camera, const char *folder, CameraList *list, struct camera_meter *meter)
{
	int count = gp_list_count(list), first = count > TRIES ? count - TRIES : 0, i;
	const char *name;
	uint64_t size;

	for (i = count - 1; i >= first; i--)
		if (gp_list_get_name(list, i, &name) >= 0 && may_read(camera, folder, name, &size))
			return read_parts(camera, folder, name, size, meter);
	return GP_ERROR_FILE_NOT_FOUND;
}

int camera_meter_file(struct camera *camera, struct camera_meter *meter, struct orc_error *err)
{
	cleanup_free char *folder = NULL;
	CameraList *list;
	int ret;

	*meter = (struct camera_meter){ 0 };
	ret = camera_picture_folder(camera, &folder, err);
	if (ret < 0)
		return orc_fail(err, ORC_EAGAIN, "there is no folder with pictures");
	camera_begin_long(camera);
	ret = gp_list_new(&list);
	if (ret >= 0) {
		ret = gp_camera_folder_list_files(camera->gp, folder, list, camera->context);
		if (ret >= 0)
			ret = read_newest(camera, folder, list, meter);
		gp_list_free(list);
	}
	if (ret == GP_ERROR_FILE_NOT_FOUND || ret == GP_ERROR_NOT_SUPPORTED)
		return orc_fail(err, ORC_EAGAIN, "there is no picture that may be read");
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot read a picture on the card");
}
