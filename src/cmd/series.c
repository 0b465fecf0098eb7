/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shots of a capture, one after the other, and the files of each. */
#include "cmd/series.h"

static bool is_wanted(const struct capture_options *capture, const struct camera_file *file)
{
	return !capture->card && fetch_wants(&capture->fetch, file);
}

static int fetch_all(struct capture_options *capture, struct call *call, struct camera *camera,
	long shot, const struct camera_file *files, size_t count, struct orc_error *err)
{
	bool sent = false;
	int first = 0, ret;
	size_t i;

	for (i = 0; i < count; i++) {
		struct orc_error own = { 0 };

		if (!is_wanted(capture, &files[i])) {
			if (capture->card)
				fetch_print(call, shot, &files[i], NULL, true);
			continue;
		}
		if (first < 0) {
			fetch_name_left(call, &files[i]);
			capture->fetch.missing++;
			continue;
		}
		if (sent) {
			/* One stream, one picture: what follows it would spoil it. */
			orc_fail(err, ORC_EPARTIAL, "-o - takes one file a shot");
			orc_what(err, "%s is not fetched", files[i].name);
			first = orc_hint(err, "--jpeg-only or --raw-only chooses%s",
				fetch_in_memory(&files[i]) ? "" : "; it stays on the card");
			continue;
		}
		ret = fetch_file(&capture->fetch, call, camera, shot, &files[i], &own);
		sent = ret == 0 && download_to_stdout(&capture->fetch.download);
		if (ret < 0) {
			*err = own;
			first = ret;
		}
	}
	return first;
}

static int shoot(struct capture_options *capture, struct call *call, struct camera *camera,
	long shot, struct orc_error *err)
{
	struct orc_error shoot_err = { 0 };
	struct camera_file *files = NULL;
	size_t count = 0;
	int ret, fetched;

	ret = camera_shoot(camera, &capture->shoot, &files, &count, &shoot_err);
	if (ret < 0)
		*err = shoot_err;
	if (ret == ORC_ELOST || ret == ORC_ETIMEOUT || ret == ORC_EPROTO) {
		size_t i;

		for (i = 0; i < count; i++)
			fetch_name_left(call, &files[i]);
	} else if (count > 0) {
		fetched = fetch_all(capture, call, camera, shot, files, count, err);
		if (ret == 0)
			ret = fetched;
	}
	camera_files_free(files, count);
	return ret;
}

/* When the one after it begins; a shot that took longer than the interval starts it at once. */
static int wait_interval(const struct capture_options *capture, struct call *call, nsec_t *next,
	struct orc_error *err)
{
	if (!capture->interval_given) {
		call_rest(call);
		return 0;
	}
	*next += capture->interval_nsec;
	if (*next < clock_now_nsec())
		*next = clock_now_nsec();
	if (call_sleep_until(call, (struct deadline){ .at_nsec = *next }) < 0)
		return io_fail_signal(call->io, err);
	return 0;
}

int series_run(struct capture_options *capture, struct call *call, struct orc_error *err)
{
	nsec_t next = clock_now_nsec();
	struct camera *camera;
	long shot;
	int ret;

	if (capture->count == 0) {
		ret = call_camera(call, &camera, err);
		return ret < 0 ? ret : camera_half_press(camera, err);
	}
	for (shot = 1; shot <= capture->count; shot++) {
		if (io_cancelled(call->io))
			return io_fail_signal(call->io, err);
		ret = call_camera(call, &camera, err);
		if (ret == 0)
			ret = shoot(capture, call, camera, shot, err);
		if (ret < 0) {
			if (shot > 1 && ret != ORC_ESIGNAL)
				call_warn(call, "ended at shot %ld of %ld", shot, capture->count);
			return ret;
		}
		if (shot < capture->count) {
			ret = wait_interval(capture, call, &next, err);
			if (ret < 0)
				return ret;
		}
	}
	return 0;
}
