/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changes from one shot of a series to the next: a bracket's value, a stack's focus. */
#include "cmd/vary.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "camera/focus.h"
#include "camera/names.h"
#include "camera/tidy.h"
#include "cmd/exposure-mode.h"
#include "cmd/json.h"

static long values_of(const struct vary *vary)
{
	return vary->bracket.count ? (long)vary->bracket.count : 1;
}

static long places_of(const struct vary *vary)
{
	return vary->places ? vary->places : 1;
}

long vary_shots(const struct vary *vary)
{
	return values_of(vary) * places_of(vary);
}

/* Where the body follows the light it would even a bracket out. */
static void warn_of_auto(struct call *call, struct camera *camera)
{
	struct setting iso;
	struct orc_error none;

	if (camera_setting_get(camera, NAME_ISO, &iso, &none) < 0)
		return;
	if (strncasecmp(iso.value, "auto", 4) == 0)
		call_warn(call, "iso is Auto: the body may even the bracket out (--set iso=…)");
	setting_free(&iso);
}

/* In M the shutter speed, else what the body is told to correct its own exposure by. */
static int find_exposure(
	struct call *call, struct camera *camera, struct setting *setting, struct orc_error *err)
{
	enum decides decides = exposure_mode(camera);
	int ret;

	if (decides == DECIDES_BULB) {
		orc_fail(err, ORC_EREFUSED, "the body is set to bulb");
		return orc_what(err, "cannot bracket the exposure");
	}
	if (decides == DECIDES_USER) {
		warn_of_auto(call, camera);
		return camera_setting_get(camera, NAME_SHUTTER, setting, err);
	}
	ret = camera_setting_get(camera, NAME_EV, setting, err);
	if (ret < 0 && decides == DECIDES_NOBODY)
		ret = camera_setting_get(camera, NAME_SHUTTER, setting, err);
	return ret;
}

int vary_plan(struct vary *vary, struct call *call, struct restore *restore, struct orc_error *err)
{
	struct setting setting = { 0 };
	struct camera *camera;
	int ret;

	if (vary->bracket.count == 0)
		return 0;
	ret = call_camera(call, &camera, err);
	if (ret == 0)
		ret = vary->bracket.name
			? camera_setting_get(camera, vary->bracket.name, &setting, err)
			: find_exposure(call, camera, &setting, err);
	if (ret == 0)
		ret = bracket_plan(&vary->bracket, &setting, err);
	if (ret == 0)
		ret = restore_keep(restore, &setting, err);
	if (ret == 0)
		vary->setting = orc_must(strdup(setting.name));
	setting_free(&setting);
	return ret;
}

static int move_to(struct vary *vary, struct call *call, struct camera *camera, long target,
	bool tidy, struct orc_error *err)
{
	int size = vary->size ? (int)vary->size : 1, ret;

	while (vary->moved != target) {
		int way = vary->moved < target ? 1 : -1;

		if (!tidy && io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		ret = camera_focus_step(camera, way * size, err);
		if (ret < 0)
			return ret;
		vary->moved += way;
		clock_sleep_until(deadline_after_msec(CAMERA_FOCUS_STEP_MSEC));
	}
	return 0;
}

int vary_set(struct vary *vary, struct call *call, struct camera *camera, long index,
	struct orc_error *err)
{
	struct setting_change change;
	size_t done, which;
	int ret;

	if (vary->places) {
		ret = move_to(vary, call, camera,
			index / values_of(vary) % vary->places * vary->step, false, err);
		if (ret < 0)
			return ret;
	}
	if (vary->bracket.count == 0)
		return 0;
	which = (size_t)(index % values_of(vary));
	vary->value = vary->bracket.values[which];
	vary->word = vary->bracket.words[which];
	change = (struct setting_change){ .name = vary->setting, .value = vary->value };
	return camera_settings_set(camera, &change, 1, &done, err);
}

int vary_end(struct vary *vary, struct call *call, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	if (!vary->places)
		return 0;
	ret = restore_camera(call, &camera, err);
	if (ret == 0) {
		camera_tidy_begin(camera);
		ret = move_to(vary, call, camera, 0, true, err);
		camera_focus_end(camera);
		camera_tidy_end(camera);
	}
	if (vary->moved != 0)
		call_warn(call, "the focus is not moved back: %ld steps %s are left",
			labs(vary->moved), vary->moved < 0 ? "farther" : "nearer");
	return ret;
}

void vary_free(struct vary *vary)
{
	bracket_free(&vary->bracket);
	free(vary->setting);
	vary->setting = NULL;
}

void vary_label(struct json_object *object, void *data)
{
	const struct vary *vary = data;

	if (vary->bracket.count) {
		json_put_string(object, "setting", vary->setting);
		json_put_string(object, "value", vary->value);
		json_put_string(object, "stops", vary->bracket.name ? NULL : vary->word);
	}
	if (vary->places)
		json_object_object_add(object, "focus", json_object_new_int64(vary->moved));
}
