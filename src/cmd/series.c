/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shots of a capture, one after the other, and the files of each. */
#include "cmd/series.h"

#include <stdio.h>

#include "cmd/json.h"
#include "session/owner.h"

static int fetch_all(struct capture_options *capture, struct call *call, struct camera *camera,
	long shot, const struct camera_file *files, size_t count, struct orc_error *err)
{
	bool sent = false;
	int first = 0, ret;
	size_t i;

	for (i = 0; i < count; i++) {
		struct orc_error own = { 0 };

		if (capture->card || !fetch_wants_of(&capture->fetch, files, count, i)) {
			if (capture->card)
				fetch_print(&capture->fetch, call, shot, &files[i], NULL, true);
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

static void print_times(struct capture_options *capture, struct call *call, long shot)
{
	const struct shoot_times *times = &capture->times;
	const struct {
		const char *key;
		nsec_t at;
	} steps[] = {
		{ "asked", times->asked_nsec },
		{ "focused", times->focused_nsec },
		{ "released", times->sent_nsec },
		{ "answered", times->answered_nsec },
		{ "known", times->first_nsec },
		{ "fetched", capture->card || !times->first_nsec ? 0 : clock_now_nsec() },
	};
	cleanup_json struct json_object *object = json_new();
	char text[256] = "", key[24];
	size_t len = 0;

	json_put_count(object, "shot", (uint64_t)shot);
	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		double msec = (double)(steps[i].at - capture->start_nsec) / (double)NSEC_PER_MSEC;

		snprintf(key, sizeof(key), "%s_ms", steps[i].key);
		if (!steps[i].at) {
			json_put_null(object, key);
			continue;
		}
		json_put_number(object, key, msec, 3);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s %s %.1f ms",
			len ? "," : "", steps[i].key, msec);
	}
	json_put_count(object, "released_ns", (uint64_t)times->sent_nsec);
	if (call->globals.json)
		json_print(call->io, object);
	else
		call_warn(call, "shot %ld:%s", shot, text);
}

static int shoot(struct capture_options *capture, struct call *call, struct camera *camera,
	long shot, struct orc_error *err)
{
	struct orc_error fetch_err = { 0 };
	struct camera_file *files = NULL;
	size_t count = 0;
	int ret, fetched;

	ret = camera_shoot(camera, &capture->shoot, &files, &count, err);
	if (ret == ORC_ELOST || ret == ORC_ETIMEOUT || ret == ORC_EPROTO) {
		size_t i;

		for (i = 0; i < count; i++)
			fetch_name_left(call, &files[i]);
	} else if (count > 0) {
		fetched = fetch_all(capture, call, camera, shot, files, count, &fetch_err);
		ret = call_first_error(call, ret, fetched, &fetch_err, err);
	}
	camera_files_free(files, count);
	if (capture->timing && capture->times.sent_nsec) {
		job_released(call->io->job, capture->times.sent_nsec);
		print_times(capture, call, shot);
	}
	/* Stopped at the gate. */
	if (ret == ORC_ESIGNAL)
		ret = io_fail_signal(call->io, err);
	return ret;
}

/* When the one after it begins; one that took longer than the interval starts it at once. */
static int wait_interval(const struct capture_options *capture, struct call *call, nsec_t *next,
	struct orc_error *err)
{
	*next += capture->interval_nsec;
	if (*next < clock_now_nsec())
		*next = clock_now_nsec();
	if (call_sleep_until(call, (struct deadline){ .at_nsec = *next }) < 0)
		return io_fail_signal(call->io, err);
	return 0;
}

static int one_shot(
	struct capture_options *capture, struct call *call, long index, struct orc_error *err)
{
	struct camera *camera;
	int ret;

	if (io_cancelled(call->io))
		return io_fail_signal(call->io, err);
	ret = call_camera(call, &camera, err);
	if (ret == 0)
		ret = vary_set(&capture->vary, call, camera, index, err);
	return ret < 0 ? ret : shoot(capture, call, camera, index + 1, err);
}

/* Of the shots before it there are pictures. */
static int end_at(struct call *call, long index, long shots, int ret, struct orc_error *err)
{
	if (index == 0 || ret == ORC_ESIGNAL)
		return ret;
	call_warn(call, "ended at shot %ld of %ld", index + 1, shots);
	if (ret != ORC_EREFUSED && ret != ORC_EFILE)
		return ret;
	err->code = ORC_EPARTIAL;
	return ORC_EPARTIAL;
}

static int all_shots(struct capture_options *capture, struct call *call, struct orc_error *err)
{
	long shots = capture_options_shots(capture), round = vary_shots(&capture->vary), index;
	nsec_t next = clock_now_nsec();
	int ret;

	for (index = 0; index < shots; index++) {
		ret = one_shot(capture, call, index, err);
		if (ret < 0)
			return end_at(call, index, shots, ret, err);
		if (index + 1 == shots)
			break;
		call_rest(call);
		if (!capture->interval_given || (index + 1) % round)
			continue;
		ret = wait_interval(capture, call, &next, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int series_run(struct capture_options *capture, struct call *call, struct restore *restore,
	struct orc_error *err)
{
	struct orc_error end_err = { 0 };
	struct camera *camera;
	int ret, ended;

	if (capture->count == 0) {
		ret = call_camera(call, &camera, err);
		return ret < 0 ? ret : camera_half_press(camera, err);
	}
	ret = vary_plan(&capture->vary, call, restore, err);
	if (ret < 0)
		return ret;
	capture->fetch.label = vary_label;
	capture->fetch.label_data = &capture->vary;
	/* Alone the camera focuses and releases in one go, which takes fewer round trips. */
	if (call->io->job->several) {
		capture->shoot.gate = job_gate;
		capture->shoot.gate_data = call->io->job;
	}
	ret = all_shots(capture, call, err);
	/* The camera's room knows only that it was stopped, not by which signal. */
	if (ret == ORC_ESIGNAL && io_cancelled(call->io))
		io_fail_signal(call->io, err);
	/* What a broken link does not answer any more is asked for over a new one. */
	if (ret == ORC_ELOST || ret == ORC_EPROTO || ret == ORC_ETIMEOUT)
		call_drop_camera(call);
	ended = vary_end(&capture->vary, call, &end_err);
	return call_first_error(call, ret, ended, &end_err, err);
}
