/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc capture: take pictures and fetch them. */
#include "cmd/capture-options.h"
#include "cmd/hook.h"
#include "cmd/series.h"

/* One by one, for what each was is known only once those before it are set. */
static int set_for_now(struct capture_options *capture, struct call *call, struct restore *restore,
	struct orc_error *err)
{
	size_t done;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < capture->change_count; i++) {
		struct setting setting = { 0 };
		struct camera *camera;

		ret = call_camera(call, &camera, err);
		if (ret == 0)
			ret = camera_setting_get(camera, capture->changes[i].name, &setting, err);
		if (ret == 0)
			ret = restore_keep(restore, &setting, err);
		/* A mode among those before it is set again: then its choices are waited for. */
		if (ret == 0)
			ret = camera_settings_set(camera, capture->changes, i + 1, &done, err);
		setting_free(&setting);
	}
	return ret == ORC_EPARTIAL ? ORC_EREFUSED : ret;
}

static int set_first(struct capture_options *capture, struct call *call, struct restore *restore,
	struct orc_error *err)
{
	struct camera *camera;
	size_t done = 0;
	int ret;

	ret = call_camera(call, &camera, err);
	if (ret < 0 || capture->change_count == 0)
		return ret;
	if (capture->restore)
		return set_for_now(capture, call, restore, err);
	return camera_settings_set(camera, capture->changes, capture->change_count, &done, err);
}

static int shoot(struct capture_options *capture, struct call *call, struct orc_error *err)
{
	cleanup(restore_free) struct restore restore = { 0 };
	struct orc_error end_err = { 0 };
	int ret, ended;

	ret = set_first(capture, call, &restore, err);
	if (ret == 0)
		ret = hook_run(call->io, capture->fetch.hook, "start", NULL, err);
	if (ret == 0) {
		ret = series_run(capture, call, &restore, err);
		if (hook_run(call->io, capture->fetch.hook, "stop", NULL, &end_err) < 0)
			call_report(call, &end_err);
	}
	ended = restore_put_back(&restore, call, &end_err);
	return call_first_error(call, ret, ended, &end_err, err);
}

static int capture_run(struct capture_options *capture, struct call *call, struct orc_error *err)
{
	int ret;

	capture->start_nsec = clock_now_nsec();
	ret = hook_run(call->io, capture->fetch.hook, "init", NULL, err);
	if (ret == 0)
		ret = shoot(capture, call, err);
	if (ret == 0 && capture->fetch.missing > 0) {
		orc_fail(err, ORC_EPARTIAL, "files that are not as they were asked for: %zu",
			capture->fetch.missing);
		ret = ORC_EPARTIAL;
	}
	return ret;
}

static int run_capture(struct call *call, struct orc_error *err)
{
	cleanup(capture_options_free) struct capture_options capture = { 0 };
	int ret = capture_options_read(&capture, call, err);

	return ret < 0 ? ret : capture_run(&capture, call, err);
}

static int check_capture(struct call *call, struct orc_error *err)
{
	cleanup(capture_options_free) struct capture_options capture = { 0 };

	return capture_options_read(&capture, call, err);
}

const struct command command_capture = {
	.name = "capture",
	.synopsis = "[-n N] [-o PATTERN|-] [OPTION…]",
	.summary = "take pictures, fetch them and name what was written",
	.details = "Waits for every file of a shot (RAW and JPEG). Without -o the files have the "
		   "camera's names, with a number added where such a file exists. Nothing is ever "
		   "replaced unless --force is given. A picture on the card stays there unless "
		   "--no-keep is given; a failed download leaves it there.",
	.options = capture_option_table,
	.examples =
		"opencamrc -r router capture -o 'shot-%Y%m%d-%H%M%S.%C'\n"
		"opencamrc -r router capture --set iso=400 -n 10 --interval 5s -o 'tl-%04n.%C'\n"
		"opencamrc -r router capture --bracket -2,0,+2 -o 'hdr-%n.%C'\n"
		"opencamrc -r router capture --stack 20 --step 3 -o 'stack-%02n.%C'\n"
		"opencamrc -r router capture --jpeg-only -o - > now.jpg",
	.camera = true,
	.run = run_capture,
	.several = true,
	.check = check_capture,
};
