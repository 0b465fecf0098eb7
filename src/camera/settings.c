/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera's settings, read and written. */
#include "camera/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/listen.h"
#include "camera/names.h"
#include "camera/private.h"
#include "camera/target.h"
#include "camera/watch.h"
#include "camera/widget.h"

/* A widget to read or write, and what is to be freed with it: itself, or the tree it stands in. */
struct found {
	CameraWidget *root;
	CameraWidget *widget;
	const char *name; /* the body's own; a constant, or the caller's */
	bool later;       /* its value is checked once the mode before it is set */
};

/* What the camera allows for others changes with its mode, a moment after that is set. */
#define MODE_MSEC 1000
/* As long as the driver takes for true what it has read before. */
#define CACHE_MSEC     2500
#define MODE_STEP_MSEC 50

static void found_free(struct found *found)
{
	if (found->root)
		gp_widget_free(found->root);
	*found = (struct found){ 0 };
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int get_single(struct camera *camera, const char *name, CameraWidget **widget)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	int ret;

	if (strcmp(name, "capturetarget") != 0)
		target_leave(camera);
	do {
		*widget = NULL;
		ret = gp_camera_get_single_config(camera->gp, name, widget, camera->context);
	} while (camera_retry_again(camera, &retry, ret));
	target_leave_end(camera);
	/* ptp2 says that all went well when a property could not be read. */
	if (ret >= 0 && !*widget)
		ret = GP_ERROR_NOT_SUPPORTED;
	return ret;
}

/* The driver takes a setting that cannot be asked for, as none can, for one that there is not. */
static bool is_out_of_step(void)
{
	struct watch_transaction last = watch_transaction();

	return last.answered &&
		(last.response == WATCH_NO_SESSION || last.response == WATCH_OUT_OF_STEP);
}

/* Nor is one missing that was asked for, and not answered. */
static bool is_silent(void)
{
	struct watch_transaction last = watch_transaction();

	return last.code && !last.answered;
}

static bool is_missing(int result)
{
	return !is_out_of_step() && !is_silent() &&
		(result == GP_ERROR_BAD_PARAMETERS || result == GP_ERROR_NOT_SUPPORTED);
}

/* By the name given, or whatever bodies call the same; *native is the one that it was. */
static int get_named(
	struct camera *camera, const char *name, CameraWidget **widget, const char **native)
{
	const char *other;
	int ret = GP_ERROR_BAD_PARAMETERS;
	size_t i;

	*native = name;
	if (name_is_native(name) || !name_common(name))
		ret = get_single(camera, name, widget);
	for (i = 0; is_missing(ret) && (other = name_native(name, camera->abilities.usb_vendor, i));
		i++) {
		if (strcmp(other, name) == 0)
			continue;
		ret = get_single(camera, other, widget);
		if (ret >= 0)
			*native = other;
	}
	return ret;
}

static int get_tree(struct camera *camera, CameraWidget **root)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	int ret;

	do {
		*root = NULL;
		ret = gp_camera_get_config(camera->gp, root, camera->context);
	} while (camera_retry_again(camera, &retry, ret));
	camera->ready = true;
	return ret;
}

static int no_such_setting(
	CameraWidget *root, const char *name, enum orc_err code, struct orc_error *err)
{
	const char **names;
	struct setting *settings;
	size_t count, i;
	char near[160];

	widget_flatten(root, &settings, &count);
	names = orc_must(calloc(count + 1, sizeof(*names)));
	for (i = 0; i < count; i++)
		names[i] = settings[i].name;
	choice_nearest(names, count, last_component(name), near, sizeof(near));
	free(names);
	settings_free(settings, count);
	orc_fail(err, code, "the camera has no setting '%.100s'", name);
	if (near[0])
		orc_hint(err, "%s", near);
	return code;
}

/*
 * Reads the one property; the whole tree only where that is not possible: some menus have no single
 * form, and the nearest names are wanted for the error.
 */
static int find(struct camera *camera, const char *name, enum orc_err unknown, struct found *found,
	struct orc_error *err)
{
	const char *other;
	size_t i;
	int ret = get_named(camera, last_component(name), &found->widget, &found->name);

	if (ret >= 0) {
		found->root = found->widget;
		return 0;
	}
	if (!is_missing(ret))
		return camera_fail(camera, is_silent() ? GP_ERROR_TIMEOUT : ret, err);
	ret = get_tree(camera, &found->root);
	if (ret < 0)
		return camera_fail(camera, ret, err);
	found->name = name;
	found->widget = widget_find(found->root, name);
	for (i = 0; !found->widget &&
		(other = name_native(last_component(name), camera->abilities.usb_vendor, i));
		i++) {
		found->name = other;
		found->widget = widget_find(found->root, other);
	}
	if (found->widget)
		return 0;
	if (is_out_of_step() || is_silent()) {
		ret = is_silent() ? GP_ERROR_TIMEOUT : GP_ERROR;
		found_free(found);
		return camera_fail(camera, ret, err);
	}
	ret = no_such_setting(found->root, name, unknown, err);
	found_free(found);
	return ret;
}

int camera_settings_list(
	struct camera *camera, struct setting **settings, size_t *count, struct orc_error *err)
{
	CameraWidget *root;
	int ret;

	*settings = NULL;
	*count = 0;
	camera_begin(camera);
	ret = get_tree(camera, &root);
	if (ret < 0) {
		camera_fail(camera, ret, err);
		return orc_what(err, "cannot read the settings");
	}
	widget_flatten(root, settings, count);
	gp_widget_free(root);
	return 0;
}

int camera_setting_get(
	struct camera *camera, const char *name, struct setting *setting, struct orc_error *err)
{
	cleanup(found_free) struct found found = { 0 };
	int ret;

	*setting = (struct setting){ 0 };
	camera_begin(camera);
	ret = find(camera, name, ORC_EREFUSED, &found, err);
	if (ret) {
		orc_what(err, "cannot read %.100s", name);
		return ret;
	}
	widget_read(found.widget, name[0] == '/' ? name : found.name, setting);
	/* Read alone it does not say where in the tree it stands. */
	if (found.root == found.widget && name[0] != '/') {
		free(setting->path);
		setting->path = NULL;
	}
	return 0;
}

static int put_once(struct camera *camera, const struct found *found)
{
	int ret;

	if (found->root == found->widget)
		ret = gp_camera_set_single_config(
			camera->gp, last_component(found->name), found->widget, camera->context);
	else
		ret = gp_camera_set_config(camera->gp, found->root, camera->context);
	gp_widget_set_changed(found->widget, 1);
	return ret;
}

static int put(struct camera *camera, const struct found *found)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	int ret;

	do
		ret = put_once(camera, found);
	while (camera_retry_again(camera, &retry, ret));
	return ret;
}

/*
 * What the body tells of its settings takes the driver's memory of them away, which else lasts 2 s.
 * Of an EOS it has none.
 */
static void settle(struct camera *camera)
{
	if (camera->abilities.usb_vendor != VENDOR_CANON &&
		camera_take_all(camera, 0, deadline_after_msec(MODE_MSEC)) < 0)
		log_debug("settings: no events could be asked for");
}

static bool is_mode(const char *name)
{
	return name_is(last_component(name), NAME_MODE);
}

/* The dial on a Nikon decides until the host asks to. */
static bool takes_control(struct camera *camera, const struct setting *setting)
{
	return setting->readonly && is_mode(setting->name) &&
		camera->abilities.usb_vendor == VENDOR_NIKON &&
		camera_setting_put(camera, "controlmode", "1") >= 0;
}

/* Where the user's word for it is another, both are named; and what makes it settable. */
static int explain(const struct setting_change *change, const struct setting *setting, int ret,
	struct orc_error *err)
{
	if (strcmp(last_component(change->name), setting->name) != 0)
		orc_what(err, "cannot set %.60s (here %.60s)", change->name, setting->name);
	if (!name_is(setting->name, NAME_APERTURE) && !name_is(setting->name, NAME_SHUTTER))
		return ret;
	if (setting->readonly)
		orc_hint(err, "the exposure mode decides on it: mode=M comes first");
	else if (setting->choice_count == 1)
		orc_hint(err,
			"%.60s alone, for the exposure mode decides on it: mode=M comes first",
			setting->choices[0]);
	return ret;
}

/* Finds the setting and leaves the new value in its widget. */
static int check(struct camera *camera, const struct setting_change *change, struct found *found,
	struct orc_error *err)
{
	struct choice_value value;
	struct setting setting;
	int ret = find(camera, change->name, ORC_EUSAGE, found, err);

	if (ret)
		return orc_what(err, "cannot set %.100s", change->name);
	widget_read(found->widget, found->name, &setting);
	if (takes_control(camera, &setting)) {
		setting_free(&setting);
		found_free(found);
		settle(camera);
		ret = find(camera, change->name, ORC_EUSAGE, found, err);
		if (ret)
			return orc_what(err, "cannot set %.100s", change->name);
		widget_read(found->widget, found->name, &setting);
	}
	ret = choice_check(&setting, change->value, &value, err);
	if (ret)
		explain(change, &setting, ret, err);
	if (!ret && widget_write(found->widget, &value) < 0) {
		ret = orc_fail(err, ORC_EREFUSED, "the driver does not take the value");
		orc_what(err, "cannot set %.100s", change->name);
	}
	setting_free(&setting);
	return ret;
}

/* Checks all, but for values that may become good with the mode before them. */
static int check_all(struct camera *camera, const struct setting_change *changes, size_t count,
	struct found *found, struct orc_error *err)
{
	bool mode_changes = false;
	size_t i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = check(camera, &changes[i], &found[i], err);
		found[i].later = ret && mode_changes && found[i].widget;
		if (ret && !found[i].later)
			return ret;
		mode_changes |= is_mode(changes[i].name);
	}
	return 0;
}

/* Waits until the camera has told what the new mode allows. */
static int check_again(struct camera *camera, const struct setting_change *change,
	struct found *found, struct orc_error *err)
{
	bool eos = camera->abilities.usb_vendor == VENDOR_CANON;
	struct deadline patience = deadline_after_msec(eos ? MODE_MSEC : CACHE_MSEC);
	int ret;

	for (;;) {
		found_free(found);
		ret = check(camera, change, found, err);
		if (!ret || deadline_passed(patience) ||
			!camera_sleep_until(camera, deadline_after_msec(MODE_STEP_MSEC)))
			return ret;
	}
}

/* Those before it are set. */
static int partly(int ret, size_t done, struct orc_error *err)
{
	if ((ret != ORC_EREFUSED && ret != ORC_EUSAGE) || !done)
		return ret;
	orc_hint(err, "the %zu before it %s set", done, done == 1 ? "is" : "are");
	if (err)
		err->code = ORC_EPARTIAL;
	return ORC_EPARTIAL;
}

static int set_all(struct camera *camera, const struct setting_change *changes, size_t count,
	struct found *found, size_t *done, struct orc_error *err)
{
	size_t i;
	int ret;

	for (i = 0; i < count; i++) {
		if (camera_cancelled(camera))
			return camera_fail_cancelled(err);
		if (found[i].later)
			settle(camera);
		ret = found[i].later ? check_again(camera, &changes[i], &found[i], err) : 0;
		if (ret < 0)
			return partly(ret, *done, err);
		ret = put(camera, &found[i]);
		if (ret < 0) {
			ret = camera_fail(camera, ret, err);
			orc_what(err, "cannot set %.80s to %.80s", changes[i].name,
				changes[i].value);
			return partly(ret, *done, err);
		}
		/* The user's word counts from here on: nothing is put back later. */
		if (strcmp(last_component(found[i].name), "capturetarget") == 0)
			target_forget(camera);
		++*done;
	}
	return 0;
}

int camera_settings_set(struct camera *camera, const struct setting_change *changes, size_t count,
	size_t *done, struct orc_error *err)
{
	struct found *found = orc_must(calloc(count + 1, sizeof(*found)));
	size_t made = 0, i;
	int ret;

	camera_begin(camera);
	ret = check_all(camera, changes, count, found, err);
	if (!ret)
		ret = set_all(camera, changes, count, found, &made, err);
	for (i = 0; i < count; i++)
		found_free(&found[i]);
	free(found);
	if (done)
		*done = made;
	return ret;
}

char *camera_setting_value(struct camera *camera, const char *name)
{
	const char *native;
	struct setting setting;
	CameraWidget *widget;
	char *value;

	if (get_named(camera, name, &widget, &native) < 0)
		return NULL;
	widget_read(widget, native, &setting);
	gp_widget_free(widget);
	value = steal_pointer(&setting.value);
	setting_free(&setting);
	return value;
}

int camera_setting_ready(
	struct camera *camera, const char *name, const char *value, struct setting_ready *ready)
{
	struct choice_value checked;
	struct setting setting;
	int ret = get_named(camera, name, &ready->widget, &ready->name);

	if (ret < 0)
		return ret;
	widget_read(ready->widget, ready->name, &setting);
	if (choice_check(&setting, value, &checked, NULL))
		ret = GP_ERROR_BAD_PARAMETERS;
	else
		ret = widget_write(ready->widget, &checked);
	setting_free(&setting);
	if (ret < 0)
		camera_setting_ready_free(ready);
	return ret;
}

static struct found found_ready(const struct setting_ready *ready)
{
	return (struct found){
		.root = ready->widget, .widget = ready->widget, .name = ready->name
	};
}

int camera_setting_send(struct camera *camera, const struct setting_ready *ready)
{
	const struct found found = found_ready(ready);

	return put(camera, &found);
}

int camera_setting_send_once(struct camera *camera, const struct setting_ready *ready)
{
	const struct found found = found_ready(ready);

	return put_once(camera, &found);
}

void camera_setting_ready_free(struct setting_ready *ready)
{
	if (ready->widget)
		gp_widget_free(ready->widget);
	*ready = (struct setting_ready){ 0 };
}

int camera_setting_put(struct camera *camera, const char *name, const char *value)
{
	cleanup(camera_setting_ready_free) struct setting_ready ready = { 0 };
	int ret = camera_setting_ready(camera, name, value, &ready);

	return ret < 0 ? ret : camera_setting_send(camera, &ready);
}

bool camera_setting_passes(const struct camera *camera, const char *name)
{
	return camera->abilities.usb_vendor == VENDOR_NIKON &&
		name_is(last_component(name), NAME_MODE);
}
