/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera's settings: the configuration tree, read and written. */
#ifndef CAMERA_SETTINGS_H
#define CAMERA_SETTINGS_H

#include "camera/camera.h"

enum setting_type { /* CameraWidgetType, less the containers */
	SETTING_TEXT,
	SETTING_RANGE,
	SETTING_TOGGLE,
	SETTING_RADIO,
	SETTING_MENU,
	SETTING_DATE,
	SETTING_BUTTON,
};

/* All texts are owned by the setting. */
struct setting {
	char *path;  /* "/main/imgsettings/iso"; NULL: not known */
	char *name;  /* "iso" */
	char *label; /* "ISO Speed" */
	enum setting_type type;
	bool readonly;
	char *value; /* as gphoto2 prints it: the choice, 0/1/2, a number, seconds since 1970 */
	char **choices;
	size_t choice_count;
	float minimum, maximum, step; /* SETTING_RANGE */
};

const char *setting_type_name(enum setting_type type); /* "RADIO", as gphoto2 prints it */

/* The whole tree in the camera's order. */
int camera_settings_list(struct camera *camera, struct setting **settings, size_t *count,
	struct orc_error *err) must_check;
/* One by name ("iso") or path; reads only that one where the camera allows it. ORC_EREFUSED, with
 * the nearest names as the hint, where there is none. */
int camera_setting_get(struct camera *camera, const char *name, struct setting *setting,
	struct orc_error *err) must_check;
void setting_free(struct setting *setting); /* what it holds */
void settings_free(struct setting *settings, size_t count);

struct setting_change {
	const char *name; /* name or path */
	/* A choice, "@N" for the Nth choice, a number, on/off, "now" for a date. */
	const char *value;
};

/*
 * Checks every name and value first and sets none if one is bad (ORC_EUSAGE with the choices as the
 * hint); but a value behind an exposure mode among the changes, which it may not suit yet, is looked
 * at again once the mode is set. Then sets them in the order given, in one go where the camera allows. A change that the
 * camera refuses is ORC_EREFUSED, or ORC_EPARTIAL when an earlier one was made; err names it.
 * *done counts those made.
 */
int camera_settings_set(struct camera *camera, const struct setting_change *changes, size_t count,
	size_t *done, struct orc_error *err) must_check;
/* Does the body decide on it again once no program has the camera? So does a Nikon's dial on the mode. */
bool camera_setting_passes(const struct camera *camera, const char *name);

#endif
