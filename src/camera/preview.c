/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live view frames. */
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-file.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/private.h"
#include "camera/shoot.h"
#include "camera/target.h"
#include "jpeg/frame.h"

/* A pause after "not ready": an old body that is asked again at once never gets ready. */
#define PAUSE_FIRST_MSEC 10
#define PAUSE_MAX_MSEC   320

/* What no waiting mends. */
static bool is_final(int result, bool opened)
{
	switch (camera_error_code(result, opened)) {
	case ORC_ELOST:
	case ORC_ENOCAMERA:
	case ORC_ESIGNAL:
	case ORC_EUSAGE:
		return true;
	default:
		return result == GP_ERROR_NOT_SUPPORTED || result == GP_ERROR_NO_MEMORY;
	}
}

/* Where an EOS shows live view; its own screen is what is given back in the end. */
static void start(struct camera *camera)
{
	char *output;

	if (camera->live)
		return;
	camera->live = true;
	output = camera_setting_value(camera, "output");
	if (output && strcmp(output, "TFT") == 0)
		camera->output_before = output;
	else
		free(output);
}

/* One frame of whatever quality, or a code of libgphoto2. */
static int take(struct camera *camera, struct camera_frame *frame)
{
	const char *data;
	unsigned long size;
	int ret = GP_OK;

	if (!camera->frame)
		ret = gp_file_new(&camera->frame);
	target_leave(camera);
	if (ret >= 0)
		ret = gp_camera_capture_preview(camera->gp, camera->frame, camera->context);
	target_leave_end(camera);
	frame->arrived_nsec = clock_now_nsec();
	if (ret >= 0)
		ret = gp_file_get_data_and_size(camera->frame, &data, &size);
	if (ret < 0)
		return ret;
	frame->data = (const uint8_t *)data;
	frame->len = size;
	return GP_OK;
}

int camera_preview(struct camera *camera, struct camera_frame *frame, struct deadline deadline,
	uint64_t *damaged, struct orc_error *err)
{
	int64_t pause_msec = PAUSE_FIRST_MSEC;
	struct jpeg_frame whole;
	int ret;

	camera_begin(camera);
	start(camera);
	camera->focus_view = false;
	for (;;) {
		if (camera_cancelled(camera)) {
			camera_fail_cancelled(err);
			break;
		}
		camera->message[0] = '\0';
		ret = take(camera, frame);
		if (ret >= 0 && jpeg_frame_check(frame->data, frame->len, &whole) == 0) {
			frame->len = whole.len;
			return 0;
		}
		if (ret >= 0) {
			++*damaged;
			ret = GP_ERROR_CORRUPTED_DATA;
		} else if (is_final(ret, true)) {
			camera_fail(camera, ret, err);
			break;
		}
		if (deadline_passed(deadline)) {
			camera_fail(camera, ret, err);
			break;
		}
		/* A torn frame is followed by a whole one: no pause. */
		if (ret == GP_ERROR_CORRUPTED_DATA)
			continue;
		camera_sleep_until(camera, deadline_min(deadline, deadline_after_msec(pause_msec)));
		if (pause_msec < PAUSE_MAX_MSEC)
			pause_msec *= 2;
	}
	return orc_what(err, "cannot get a live view frame");
}

/* Codes of libgphoto2. */
static int stop(struct camera *camera)
{
	int ret = camera_setting_put(camera, "viewfinder", "0");

	/* A body without the switch ends live view with the session. */
	if (ret == GP_ERROR_BAD_PARAMETERS || ret == GP_ERROR_NOT_SUPPORTED)
		ret = GP_OK;
	if (ret >= 0 && camera->output_before)
		ret = camera_setting_put(camera, "output", camera->output_before);
	free(camera->output_before);
	camera->output_before = NULL;
	if (camera->frame)
		gp_file_unref(camera->frame);
	camera->frame = NULL;
	camera->live = false;
	return ret;
}

int camera_preview_stop(struct camera *camera, struct orc_error *err)
{
	int ret;

	camera_begin(camera);
	if (!camera->live)
		return 0;
	ret = stop(camera);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot end live view");
}

void camera_preview_end(struct camera *camera)
{
	if (camera->live && stop(camera) < 0)
		log_debug("live view could not be ended");
}
