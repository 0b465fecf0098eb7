/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc capture: take pictures and fetch them. */
#include "cmd/capture-options.h"
#include "cmd/hook.h"
#include "cmd/series.h"

static int capture_run(struct capture_options *capture, struct call *call, struct orc_error *err)
{
	struct orc_error stop_err = { 0 };
	struct camera *camera;
	size_t done = 0;
	int ret;

	ret = hook_run(call->io, capture->fetch.hook, "init", NULL, err);
	if (ret == 0)
		ret = call_camera(call, &camera, err);
	if (ret == 0 && capture->change_count > 0)
		ret = camera_settings_set(
			camera, capture->changes, capture->change_count, &done, err);
	if (ret == 0)
		ret = hook_run(call->io, capture->fetch.hook, "start", NULL, err);
	if (ret < 0)
		return ret;
	ret = series_run(capture, call, err);
	if (hook_run(call->io, capture->fetch.hook, "stop", NULL, &stop_err) < 0)
		call_report(call, &stop_err);
	if (ret == 0 && capture->fetch.missing > 0) {
		orc_fail(err, ORC_EPARTIAL, "%zu files are not as they were asked for",
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
		"opencamrc -r router capture --jpeg-only -o - > now.jpg",
	.camera = true,
	.run = run_capture,
};
