/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a camera says of itself. */
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/names.h"
#include "camera/private.h"

/* The USB device class, as CameraAbilities has it. */
enum { USB_CLASS_IMAGE = 6 };

/* The settings that hold a fact. */
static const struct {
	size_t field;
	const char *setting;
} facts[] = {
	{ offsetof(struct camera_info, serial), NAME_SERIAL },
	{ offsetof(struct camera_info, manufacturer), NAME_MANUFACTURER },
	{ offsetof(struct camera_info, version), NAME_VERSION },
	{ offsetof(struct camera_info, lens), NAME_LENS },
	{ offsetof(struct camera_info, battery), NAME_BATTERY },
};

/* "Unknown value 0000" and the like are no answers. */
static bool is_answer(const char *value)
{
	return value[strspn(value, " ")] && strncmp(value, "Unknown", 7) && strcmp(value, "None");
}

static char *first_answer(struct camera *camera, const char *setting)
{
	const char *native;
	char *value;
	size_t i;

	for (i = 0; (native = name_native(setting, camera->abilities.usb_vendor, i)); i++) {
		value = camera_setting_value(camera, native);
		if (value && is_answer(value))
			return value;
		free(value);
	}
	return NULL;
}

static char *text_of(const char *text, bool told)
{
	return told && *text ? orc_must(strdup(text)) : NULL;
}

bool camera_is_plain(struct camera *camera)
{
	cleanup_free char *extension = NULL;

	if (camera->abilities.usb_vendor || camera->abilities.usb_class != USB_CLASS_IMAGE)
		return false;
	extension = camera_setting_value(camera, "vendorextension");
	return extension && !*extension;
}

bool camera_is_eos(const struct camera *camera)
{
	return camera->abilities.usb_vendor == VENDOR_CANON &&
		camera->abilities.operations & GP_OPERATION_TRIGGER_CAPTURE;
}

/* A code of libgphoto2. */
static int read_storages(struct camera *camera, struct camera_info *info)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	CameraStorageInformation *storages = NULL;
	const CameraStorageInformation *from;
	struct camera_storage *to;
	int ret, i, count = 0;

	do {
		/* ptp2 leaves what it had by then. */
		free(storages);
		storages = NULL;
		ret = gp_camera_get_storageinfo(camera->gp, &storages, &count, camera->context);
	} while (camera_retry_again(camera, &retry, ret));
	if (ret < 0) {
		free(storages);
		return ret;
	}
	info->storages = orc_must(calloc((size_t)count + 1, sizeof(*info->storages)));
	for (i = 0; i < count; i++) {
		from = &storages[i];
		to = &info->storages[info->storage_count++];
		to->label = text_of(from->label, from->fields & GP_STORAGEINFO_LABEL);
		to->folder = text_of(from->basedir, from->fields & GP_STORAGEINFO_BASE);
		to->description =
			text_of(from->description, from->fields & GP_STORAGEINFO_DESCRIPTION);
		/* libgphoto2 counts in KiB. */
		if (from->fields & GP_STORAGEINFO_MAXCAPACITY)
			to->capacity_bytes = from->capacitykbytes * UINT64_C(1024);
		if (from->fields & GP_STORAGEINFO_FREESPACEKBYTES)
			to->free_bytes = from->freekbytes * UINT64_C(1024);
		if (from->fields & GP_STORAGEINFO_FREESPACEIMAGES)
			to->free_images = from->freeimages;
		to->read_only = from->fields & GP_STORAGEINFO_ACCESS &&
			from->access == GP_STORAGEINFO_AC_READONLY;
	}
	free(storages);
	info->storages_told = true;
	return ret;
}

int camera_info_storages(struct camera *camera, struct camera_info *info, struct orc_error *err)
{
	int ret;

	*info = (struct camera_info){ 0 };
	camera_begin(camera);
	ret = read_storages(camera, info);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot ask the camera for its cards");
}

int camera_info_get(struct camera *camera, struct camera_info *info, struct orc_error *err)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	const CameraAbilities *abilities = &camera->abilities;
	CameraText text;
	size_t i;
	int ret;

	*info = (struct camera_info){ 0 };
	camera_begin_long(camera);
	do
		ret = gp_camera_get_summary(camera->gp, &text, camera->context);
	while (camera_retry_again(camera, &retry, ret));
	if (ret < 0 && ret != GP_ERROR_NOT_SUPPORTED) {
		camera_fail(camera, ret, err);
		return orc_what(err, "cannot ask the camera what it is");
	}
	if (ret >= 0)
		info->summary = orc_must(strdup(text.text));
	info->model = orc_must(strdup(abilities->model));
	info->port = orc_must(strdup(camera->port));
	for (i = 0; i < ARRAY_LENGTH(facts); i++)
		*(char **)((char *)info + facts[i].field) = first_answer(camera, facts[i].setting);
	info->can_capture = abilities->operations & GP_OPERATION_CAPTURE_IMAGE;
	/* libgphoto2 says so of all that speak PTP; the standard knows no live view. */
	info->can_preview =
		abilities->operations & GP_OPERATION_CAPTURE_PREVIEW && !camera_is_plain(camera);
	info->can_trigger = abilities->operations & GP_OPERATION_TRIGGER_CAPTURE;
	info->can_configure = abilities->operations & GP_OPERATION_CONFIG;
	info->can_delete = abilities->file_operations & GP_FILE_OPERATION_DELETE;
	info->can_put = abilities->folder_operations & GP_FOLDER_OPERATION_PUT_FILE;
	/* A body that cannot tell has none to be shown. */
	if (read_storages(camera, info) < 0)
		log_debug("the driver tells of no card");
	return 0;
}

void camera_info_free(struct camera_info *info)
{
	size_t i;

	for (i = 0; i < info->storage_count; i++) {
		free(info->storages[i].label);
		free(info->storages[i].folder);
		free(info->storages[i].description);
	}
	free(info->storages);
	free(info->model);
	free(info->manufacturer);
	free(info->version);
	free(info->serial);
	free(info->port);
	free(info->lens);
	free(info->battery);
	free(info->summary);
	*info = (struct camera_info){ 0 };
}
