/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Camera models that libgphoto2 knows: which driver serves a device. */
#ifndef CAMERA_MODELS_H
#define CAMERA_MODELS_H

#include <stdbool.h>

#include <gphoto2/gphoto2-abilities-list.h>

#include "base/err.h"

/*
 * Loading every camera driver costs most of a short command's time, and one of them, ptp2, serves nearly
 * every camera. It is asked alone first. Results are codes of libgphoto2.
 */
struct camera_models {
	CameraAbilitiesList *list; /* NULL until loaded */
	char *library;             /* of ptp2 while only that one is loaded; NULL: all are */
	char id[64];               /* of ptp2 */
};

/* ptp2 alone; all where it cannot be loaded that way. */
int camera_models_load(struct camera_models *models, GPContext *context);
/* All, where they are not loaded yet. */
int camera_models_load_all(struct camera_models *models, GPContext *context);
void camera_models_free(struct camera_models *models);

/* The entry of a model's name; loads all where ptp2 does not know it. */
int camera_models_by_name(struct camera_models *models, const char *name,
	CameraAbilities *abilities, GPContext *context);
/* The entry of a USB device: by its ids, else as any camera that speaks PTP. */
int camera_models_by_usb(struct camera_models *models, int vendor, int product,
	CameraAbilities *abilities, GPContext *context);
/* Fills in what the list leaves out while only ptp2 is loaded. */
void camera_models_complete(const struct camera_models *models, CameraAbilities *abilities);

#endif
