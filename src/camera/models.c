/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Camera models that libgphoto2 knows: which driver serves a device. */
#include "camera/models.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-library.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/drivers.h"

/* USB still image class, PIMA 15740. */
enum { CLASS_STILL_IMAGE = 6, SUBCLASS_STILL_IMAGE = 1 };

/*
 * Does for one driver what gp_abilities_list_load_dir() does for a folder of them. Fails quietly:
 * loading them all is always possible.
 */
static int load_ptp2(struct camera_models *models)
{
	cleanup_free char *folder = camera_drivers_camera_folder();
	cleanup_free char *library = NULL;
	cleanup_free char *file = NULL;
	CameraLibraryAbilitiesFunc fill;
	CameraLibraryIdFunc identify;
	CameraText id;
	void *handle;
	int ret;

	if (asprintf(&library, "%s/ptp2", folder) < 0 || asprintf(&file, "%s.so", library) < 0)
		return GP_ERROR_NO_MEMORY;
	/* Never closed: libgphoto2 opens the same file again for the camera itself. */
	handle = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
	if (!handle) {
		log_debug("cannot load %s alone: %s", file, dlerror());
		return GP_ERROR_LIBRARY;
	}
	*(void **)&identify = dlsym(handle, "camera_id");
	*(void **)&fill = dlsym(handle, "camera_abilities");
	if (!identify || !fill)
		return GP_ERROR_LIBRARY;
	ret = identify(&id);
	if (ret >= 0)
		ret = fill(models->list);
	if (ret < 0)
		return ret;
	snprintf(models->id, sizeof(models->id), "%.63s", id.text);
	models->library = steal_pointer(&library);
	return GP_OK;
}

int camera_models_load(struct camera_models *models, GPContext *context)
{
	int ret;

	if (models->list)
		return GP_OK;
	ret = gp_abilities_list_new(&models->list);
	if (ret < 0)
		return ret;
	if (load_ptp2(models) >= 0)
		return GP_OK;
	gp_abilities_list_reset(models->list);
	return gp_abilities_list_load(models->list, context);
}

int camera_models_load_all(struct camera_models *models, GPContext *context)
{
	if (models->list && !models->library)
		return GP_OK;
	camera_models_free(models);
	if (gp_abilities_list_new(&models->list) < 0)
		return GP_ERROR_NO_MEMORY;
	return gp_abilities_list_load(models->list, context);
}

void camera_models_free(struct camera_models *models)
{
	if (models->list)
		gp_abilities_list_free(models->list);
	free(models->library);
	*models = (struct camera_models){ 0 };
}

void camera_models_complete(const struct camera_models *models, CameraAbilities *abilities)
{
	if (!models->library || abilities->library[0])
		return;
	snprintf(abilities->library, sizeof(abilities->library), "%s", models->library);
	snprintf(abilities->id, sizeof(abilities->id), "%s", models->id);
}

/* The first entry with these ids, or of the still image class where vendor is 0. */
static bool find(struct camera_models *models, int vendor, int product, CameraAbilities *abilities)
{
	int count = gp_abilities_list_count(models->list);
	int i;

	for (i = 0; i < count; i++) {
		if (gp_abilities_list_get_abilities(models->list, i, abilities) < 0)
			continue;
		if (!(abilities->port & GP_PORT_USB))
			continue;
		if (vendor ? abilities->usb_vendor == vendor && abilities->usb_product == product
			   : abilities->usb_class == CLASS_STILL_IMAGE &&
					abilities->usb_subclass == SUBCLASS_STILL_IMAGE)
			break;
	}
	if (i >= count)
		return false;
	camera_models_complete(models, abilities);
	return true;
}

int camera_models_by_usb(struct camera_models *models, int vendor, int product,
	CameraAbilities *abilities, GPContext *context)
{
	int ret = camera_models_load(models, context);

	if (ret < 0)
		return ret;
	if (find(models, vendor, product, abilities))
		return GP_OK;
	ret = camera_models_load_all(models, context);
	if (ret < 0)
		return ret;
	if (find(models, vendor, product, abilities) || find(models, 0, 0, abilities))
		return GP_OK;
	return GP_ERROR_MODEL_NOT_FOUND;
}

int camera_models_by_name(struct camera_models *models, const char *name,
	CameraAbilities *abilities, GPContext *context)
{
	int ret = camera_models_load(models, context);
	int index;

	if (ret < 0)
		return ret;
	index = gp_abilities_list_lookup_model(models->list, name);
	if (index < 0) {
		ret = camera_models_load_all(models, context);
		if (ret < 0)
			return ret;
		index = gp_abilities_list_lookup_model(models->list, name);
	}
	if (index < 0)
		return index;
	ret = gp_abilities_list_get_abilities(models->list, index, abilities);
	if (ret >= 0)
		camera_models_complete(models, abilities);
	return ret;
}
