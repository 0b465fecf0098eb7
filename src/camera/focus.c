/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Focus: automatic, by steps of the lens, and the part of the picture that is looked at. */
#include "camera/focus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/button.h"
#include "camera/private.h"
#include "camera/settings.h"
#include "camera/shoot.h"

/* The first frame of a body whose mirror must go up. */
#define VIEW_MSEC 5000

/* How a lens is moved; the names are ptp2's. */
static const struct step_way {
	const char *setting;
	bool choices;   /* "Near 1" to "Far 3"; else a number, negative is nearer */
	int numbers[3]; /* of the three sizes */
} step_ways[] = {
	/* Canon EOS and Olympus have three sizes, Panasonic two. */
	{ "manualfocusdrive", true, { 1, 2, 3 } },
	/* Nikon counts steps of its motor; a body refuses less than some ten. */
	{ "manualfocusdrive", false, { 40, 200, 1000 } },
	/* Sony: a speed from -7 to 7. */
	{ "manualfocus", false, { 1, 3, 7 } },
};

/* The live view enlarged: Canon EOS, Nikon. */
static const char *const zoom_settings[] = { "eoszoom", "liveviewimagezoomratio" };

/* What stands between the coordinates. */
static const struct point_way {
	const char *setting;
	char between;
} point_ways[] = {
	{ "eoszoomposition", ',' },
	{ "changeafarea", 'x' },
};

/* Live view, where it is off. */
static int view(struct camera *camera, struct orc_error *err)
{
	struct camera_frame frame;
	uint64_t damaged = 0;
	int ret;

	if (camera->focus_view.camera)
		return 0;
	ret = camera_preview(
		camera, &camera->focus_view, &frame, deadline_after_msec(VIEW_MSEC), &damaged, err);
	return ret;
}

static int fail(struct camera *camera, int result, const char *what, struct orc_error *err)
{
	camera_fail(camera, result, err);
	return orc_what(err, "%s", what);
}

static int cannot(const char *what, struct orc_error *err)
{
	orc_fail(err, ORC_EREFUSED, "the camera cannot do that");
	orc_what(err, "%s", what);
	return orc_hint(err, "libgphoto2 knows no way to do it with this body");
}

int camera_focus_auto(struct camera *camera, enum focus_result *result, struct orc_error *err)
{
	static const char what[] = "cannot focus";
	const struct button_way *way;
	char *drive;
	int ret;

	camera_begin(camera);
	camera->focus_told = false;
	/* With live view on the button does not focus on what it shows; the other command does. */
	drive = camera_setting_value(camera, "autofocusdrive");
	way = camera->live && drive ? NULL : button_find(camera);
	if (!drive && (!way || !way->half_press)) {
		free(drive);
		return cannot(what, err);
	}
	free(drive);
	ret = button_half_press(camera, way);
	if (ret >= 0)
		ret = button_half_release(camera, way);
	if (ret < 0) {
		ret = fail(camera, ret, what, err);
		/* An EOS with a lens set to manual says nothing at all. */
		return ret == ORC_EREFUSED && !err->hint[0]
			? orc_hint(err, "is the lens, or the body, set to manual focus?")
			: ret;
	}
	*result = camera->focus_told ? FOCUS_LOCKED : FOCUS_NOT_TOLD;
	return 0;
}

/* The way that fits the setting as the body has it: choices, or a range. */
static const struct step_way *find_step(struct camera *camera, struct setting *setting)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(step_ways); i++) {
		const struct step_way *way = &step_ways[i];
		struct orc_error none;

		if (camera_setting_get(camera, way->setting, setting, &none) < 0)
			continue;
		if (way->choices != (setting->type == SETTING_RANGE))
			return way;
		setting_free(setting);
	}
	return NULL;
}

static bool has_choice(const struct setting *setting, const char *value)
{
	size_t i;

	for (i = 0; i < setting->choice_count; i++)
		if (strcmp(setting->choices[i], value) == 0)
			return true;
	return false;
}

/* A body with fewer sizes has its largest for those beyond. */
static void step_value(
	const struct step_way *way, const struct setting *setting, int size, char value[32])
{
	bool near = size < 0;
	int number = way->numbers[abs(size) - 1];

	if (!way->choices) {
		snprintf(value, 32, "%d", near ? -number : number);
		return;
	}
	do
		snprintf(value, 32, near ? "Near %d" : "Far %d", number);
	while (!has_choice(setting, value) && --number > 0);
}

int camera_focus_step(struct camera *camera, int size, struct orc_error *err)
{
	static const char what[] = "cannot move the lens";
	struct setting setting = { 0 };
	const struct step_way *way;
	char value[32];
	int ret;

	if (size == 0 || abs(size) > 3)
		return orc_fail(err, ORC_EUSAGE, "a step has a size of 1 to 3");
	camera_begin(camera);
	way = find_step(camera, &setting);
	if (!way)
		return cannot(what, err);
	ret = view(camera, err);
	if (ret < 0) {
		setting_free(&setting);
		return orc_what(err, "%s", what);
	}
	step_value(way, &setting, size, value);
	setting_free(&setting);
	ret = camera_setting_put(camera, way->setting, value);
	return ret < 0 ? fail(camera, ret, what, err) : 0;
}

static void name_choices(const struct setting *setting, struct orc_error *err)
{
	char text[sizeof(err->hint)] = "it takes";
	size_t i, len = strlen(text);

	for (i = 0; i < setting->choice_count && len < sizeof(text) - 1; i++)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%s %s", i ? "," : "", setting->choices[i]);
	if (i)
		orc_hint(err, "%s", text);
}

int camera_focus_zoom(struct camera *camera, const char *value, struct orc_error *err)
{
	static const char what[] = "cannot enlarge the live view";
	struct setting setting = { 0 };
	const char *name = NULL;
	size_t i;
	int ret;

	camera_begin(camera);
	for (i = 0; !name && i < ARRAY_LENGTH(zoom_settings); i++) {
		struct orc_error none;

		if (camera_setting_get(camera, zoom_settings[i], &setting, &none) == 0)
			name = zoom_settings[i];
	}
	if (!name)
		return cannot(what, err);
	ret = view(camera, err);
	if (ret < 0) {
		orc_what(err, "%s", what);
	} else {
		ret = camera_setting_put(camera, name, value);
		if (ret < 0) {
			ret = fail(camera, ret, what, err);
			if (ret == ORC_EREFUSED)
				name_choices(&setting, err);
			if (ret == ORC_EREFUSED && setting.choice_count == 0)
				orc_hint(err, "an EOS takes 1, 5 and 10");
		}
	}
	setting_free(&setting);
	return ret;
}

int camera_focus_point(struct camera *camera, unsigned x, unsigned y, struct orc_error *err)
{
	static const char what[] = "cannot set the point";
	const struct point_way *way;
	char value[32], *before = NULL;
	size_t i;
	int ret;

	camera_begin(camera);
	for (i = 0; !before && i < ARRAY_LENGTH(point_ways); i++)
		before = camera_setting_value(camera, point_ways[i].setting);
	if (!before)
		return cannot(what, err);
	free(before);
	ret = view(camera, err);
	if (ret < 0)
		return orc_what(err, "%s", what);
	way = &point_ways[i - 1];
	snprintf(value, sizeof(value), "%u%c%u", x, way->between, y);
	ret = camera_setting_put(camera, way->setting, value);
	return ret < 0 ? fail(camera, ret, what, err) : 0;
}

void camera_focus_end(struct camera *camera)
{
	struct orc_error none;

	if (camera_preview_stop(camera, &camera->focus_view, &none) < 0)
		log_debug("live view could not be ended");
}
