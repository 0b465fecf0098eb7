/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter button, pressed and released from afar. */
#include "camera/button.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/focus-told.h"
#include "camera/listen.h"
#include "camera/names.h"
#include "camera/target.h"

/* A body that finds no focus gives up by itself within two seconds or so. */
#define FOCUS_MSEC 4000
#define SLICE_MSEC 100
/* A body that exposes or writes to a slow card may refuse for so long to have its button pressed half, or let go. */
#define REFUSED_MSEC 10000

/* In the order of preference; the names are ptp2's. */
static const struct button_way ways[] = {
	/* Canon EOS, the button itself: works in M with shutterspeed=bulb and on the B dial. "Press 1" is
	 * the half press that focuses; "Press Half" leaves the focus as it is. */
	{ EOS_BUTTON, "Press 1", "Release 1", "Press Full", "Release Full", "Press 2" },
	/* The same, as libgphoto2 2.5.34 says it. Where it is in focus, pressing half once more does nothing. */
	{ EOS_BUTTON, "Press Half AF", "Release Half", "Press Full MF", "Release",
		"Press Full AF" },
	/* Older EOS, Nikon, Sony, Fuji, Olympus: the driver opens and closes. */
	{ "bulb", NULL, NULL, "1", "0", NULL },
};

/* Bodies without a half press that can be told to focus. */
static const char focus_drive[] = "autofocusdrive";

const struct button_way *button_find(struct camera *camera)
{
	cleanup(camera_setting_ready_free) struct setting_ready ready = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(ways); i++)
		if (camera_setting_ready(camera, ways[i].setting, ways[i].full_press, &ready) >= 0)
			return &ways[i];
	return NULL;
}

/* Waits until the body tells what came of it; one that tells nothing is given the time. */
static int wait_focus(struct camera *camera)
{
	struct deadline deadline = deadline_after_msec(FOCUS_MSEC);
	enum focus_told told, before = FOCUS_UNTOLD;
	CameraEventType type;
	void *data;
	int ret, quiet = 0;

	while (!deadline_passed(deadline)) {
		if (camera_cancelled(camera))
			return GP_ERROR_CANCEL;
		ret = camera_take_event(camera, SLICE_MSEC, false, &type, &data);
		if (ret < 0)
			return ret;
		told = type == GP_EVENT_UNKNOWN && data ? focus_told(data) : FOCUS_UNTOLD;
		free(data);
		if (told == FOCUS_FAILED || (told == FOCUS_IDLE && before == FOCUS_SEARCHING)) {
			snprintf(camera->message, sizeof(camera->message), "it finds no focus");
			return GP_ERROR;
		}
		if (told == FOCUS_FOUND) {
			camera->focus_told = true;
			return GP_OK;
		}
		if (told != FOCUS_UNTOLD)
			before = told;
		/* With the lens set to manual nothing is ever said. */
		quiet = type == GP_EVENT_TIMEOUT ? quiet + 1 : 0;
		if (quiet * SLICE_MSEC >= 1500)
			return GP_OK;
	}
	return GP_OK;
}

/* `ready` is what releases it, where that has been made ready. */
static int release_ready(struct camera *camera, const struct button_way *way, const char *value,
	const struct setting_ready *ready)
{
	bool before = camera->no_cancel;
	int ret;

	camera->no_cancel = true;
	if (ready->widget)
		ret = camera_setting_send(camera, ready);
	else
		ret = camera_setting_put(camera, way->setting, value);
	camera->no_cancel = before;
	if (ret >= 0)
		camera->button_down = false;
	return ret;
}

static int release(struct camera *camera, const struct button_way *way, const char *value)
{
	return release_ready(camera, way, value, &(struct setting_ready){ 0 });
}

int button_half_press(struct camera *camera, const struct button_way *way)
{
	int ret;

	if (!way || !way->half_press) {
		ret = camera_setting_put(camera, focus_drive, "1");
		if (ret == GP_ERROR_BAD_PARAMETERS || ret == GP_ERROR_NOT_SUPPORTED) {
			snprintf(camera->message, sizeof(camera->message),
				"this camera cannot be told to focus");
			return GP_ERROR;
		}
		/* An EOS only begins then; others have answered when it is over. */
		if (ret >= 0 && camera->abilities.usb_vendor == VENDOR_CANON)
			return wait_focus(camera);
		/* The driver waits until a Nikon is ready, which says then whether it has focused. */
		if (ret >= 0 && camera->abilities.usb_vendor == VENDOR_NIKON)
			camera->focus_told = true;
		return ret;
	}
	camera->button_down = true;
	ret = camera_setting_put(camera, way->setting, way->half_press);
	if (ret >= 0)
		ret = wait_focus(camera);
	if (ret < 0)
		button_half_release(camera, way);
	return ret;
}

int button_half_release(struct camera *camera, const struct button_way *way)
{
	if (!way || !way->half_press)
		return GP_OK;
	return release(camera, way, way->half_release);
}

int button_press(struct camera *camera, const struct button_way *way, const struct watch *watch)
{
	cleanup(camera_setting_ready_free) struct setting_ready ready = { 0 };
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	int ret = camera_setting_ready(camera, way->setting, way->full_press, &ready);

	if (ret < 0)
		return ret;
	/* From here on it must be released, even if the answer to the press is lost. */
	camera->button_down = true;
	/* The driver has a question behind the press, which may be refused, too. */
	do
		ret = camera_setting_send_once(camera, &ready);
	while (!watch_released(watch) && camera_retry_again(camera, &retry, ret));
	return ret;
}

int button_hold(
	struct camera *camera, const struct button_way *way, struct deadline until, int pressed)
{
	cleanup(camera_setting_ready_free) struct setting_ready let_go = { 0 };
	int ret = pressed, released;

	if (ret >= 0 && camera_setting_ready(camera, way->setting, way->full_release, &let_go) < 0)
		log_debug("the release of the shutter button is asked for when it is due");
	if (ret >= 0 && !camera_sleep_until(camera, until))
		ret = GP_ERROR_CANCEL;
	released = release_ready(camera, way, way->full_release, &let_go);
	if (released < 0)
		released = release(camera, way, way->full_release);
	return ret < 0 ? ret : released;
}

/* The body's own button, not the driver's; these stand first. */
static bool is_own(const struct button_way *way)
{
	return way->focused_press;
}

bool button_take(struct camera *camera, struct button_press *press)
{
	struct setting_ready ready = { 0 };
	const struct button_way *way;

	*press = (struct button_press){ 0 };
	for (way = ways; is_own(way) && !press->widget; way++) {
		if (camera_setting_ready(camera, way->setting, way->full_press, &ready) < 0)
			continue;
		press->way = way;
		press->widget = ready.widget;
	}
	return press->widget;
}

/* As ptp2 tells them apart. */
bool button_has_one_stroke(const struct camera *camera)
{
	static const char *const models[] = { "Canon EOS M", "Canon PowerShot SX",
		"Canon PowerShot G", "Canon Digital IXUS" };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(models); i++)
		if (strncmp(camera->abilities.model, models[i], strlen(models[i])) == 0)
			return true;
	return false;
}

/* Sets it without asking the body for the setting first. */
static int step(struct camera *camera, const struct button_press *press, const char *value)
{
	int ret = gp_widget_set_value(press->widget, value);

	if (ret < 0)
		return ret;
	return gp_camera_set_single_config(
		camera->gp, press->way->setting, press->widget, camera->context);
}

/* With the lens or the body set to manual nothing would be said of the focus. */
static bool focuses(struct camera *camera)
{
	cleanup_free char *mode = camera_setting_value(camera, NAME_FOCUS_MODE);

	return !mode || strcasecmp(mode, "Manual") != 0;
}

int button_ready(struct camera *camera, struct button_press *press, bool focus)
{
	struct camera_retry retry;
	const char *value;
	int ret;

	press->focus = focus && focuses(camera);
	/* "None" does no more than to tell the body where the picture goes, if that is not done. */
	value = press->focus ? press->way->half_press : "None";
	camera->button_down |= press->focus;
	retry = camera_retry_start(deadline_after_msec(REFUSED_MSEC));
	do
		ret = step(camera, press, value);
	while (camera_retry_again(camera, &retry, ret));
	return ret < 0 || !press->focus ? ret : wait_focus(camera);
}

int button_release(struct camera *camera, const struct button_press *press)
{
	const struct button_way *way = press->way;

	camera->button_down = true;
	return step(camera, press, press->focus ? way->focused_press : way->full_press);
}

int button_end(struct camera *camera, struct button_press *press, bool released)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(REFUSED_MSEC));
	bool before = camera->no_cancel;
	int ret = GP_OK;

	camera->no_cancel = true;
	/* Both strokes at once. */
	do
		ret = camera->button_down ? step(camera, press, press->way->full_release) : GP_OK;
	while (released && camera_retry_again(camera, &retry, ret));
	camera->no_cancel = before;
	if (ret >= 0)
		camera->button_down = false;
	gp_widget_free(press->widget);
	press->widget = NULL;
	return ret;
}

static int let_go(struct camera *camera, const struct button_way *way, const char *value)
{
	cleanup(camera_setting_ready_free) struct setting_ready ready = { 0 };
	int ret = camera_setting_ready(camera, way->setting, value, &ready);

	/* Older bodies have no such button, and nothing is left pressed. */
	if (ret < 0)
		return ret;
	camera->button_down = true;
	return release_ready(camera, way, value, &ready);
}

/* In the words of the libgphoto2 that is there. */
static int let_own_go(struct camera *camera, bool pressed_full)
{
	const struct button_way *way;
	int ret = GP_ERROR_NOT_SUPPORTED;

	for (way = ways; is_own(way); way++) {
		ret = let_go(camera, way, pressed_full ? way->full_release : way->half_release);
		if (ret != GP_ERROR_BAD_PARAMETERS)
			break;
	}
	return ret;
}

void button_let_go(struct camera *camera, bool pressed_full)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(REFUSED_MSEC));
	bool before = camera->no_cancel;
	int ret;

	camera->no_cancel = true;
	/* A half press that stays harms nobody: the next release is tried again anyway. */
	do
		ret = let_own_go(camera, pressed_full);
	while (pressed_full && camera_retry_again(camera, &retry, ret));
	camera->no_cancel = before;
	if (ret < 0)
		log_debug("the shutter button could not be released");
}

bool button_is_bulb(struct camera *camera, const struct button_way *way)
{
	static const char *const settings[] = { NAME_SHUTTER, NAME_MODE };
	bool known = false, bulb = false;
	size_t i;
	char *value;

	/* Elsewhere the driver looks by itself, and refuses. */
	if (!is_own(way))
		return true;
	for (i = 0; !bulb && i < ARRAY_LENGTH(settings); i++) {
		value = camera_setting_value(camera, settings[i]);
		known = known || value;
		bulb = value && strcasecmp(value, "bulb") == 0;
		free(value);
	}
	return bulb || !known;
}

void camera_shoot_end(struct camera *camera)
{
	const struct button_way *way;

	if (camera->button_down) {
		way = button_find(camera);
		if (way && release(camera, way, way->full_release) < 0)
			log_debug("the shutter button could not be released");
	}
	if (target_restore(camera) < 0)
		log_debug("capturetarget could not be put back");
}
