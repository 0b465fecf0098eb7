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
		return result == GP_ERROR_NO_MEMORY;
	}
}

/* What the driver changes for live view, and what is given back in the end. */
static const struct {
	const char *setting, *own;
} outputs[] = {
	{ "output", "TFT" },          /* where an EOS shows it */
	{ "recordingmedia", "Card" }, /* where a Nikon's button puts pictures */
};

static void start(struct camera *camera)
{
	size_t i;

	if (camera->live)
		return;
	camera->live = true;
	for (i = 0; i < ARRAY_LENGTH(outputs); i++) {
		cleanup_free char *value = camera_setting_value(camera, outputs[i].setting);

		if (!value || strcmp(value, outputs[i].own) != 0)
			continue;
		camera->output_before = orc_must(strdup(value));
		camera->output_setting = outputs[i].setting;
		return;
	}
}

/* A frame that the camera and any number of views have; whoever lets go of it last frees it. */
struct shown {
	CameraFile *file;
	struct camera_frame frame;
	int owners; /* atomic: a view may end when the camera is another's, or gone */
};

static void let_go(struct shown *shown)
{
	if (!shown || __atomic_sub_fetch(&shown->owners, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	gp_file_unref(shown->file);
	free(shown);
}

/* The view lets go of what it saw last, and is one of this camera's. */
static void join(struct camera *camera, struct camera_view *view)
{
	let_go(steal_pointer(&view->held));
	if (view->camera == camera->number)
		return;
	view->camera = camera->number;
	view->sequence = 0;
	camera->views++;
}

static void show(struct camera *camera, struct camera_view *view, struct camera_frame *frame)
{
	__atomic_add_fetch(&camera->shown->owners, 1, __ATOMIC_ACQ_REL);
	view->held = camera->shown;
	view->sequence = camera->sequence;
	*frame = camera->shown->frame;
}

/* Where the next frame goes: the memory of the last one where no view has it. */
static int make_room(struct camera *camera)
{
	struct shown *shown = camera->shown;

	if (shown && __atomic_load_n(&shown->owners, __ATOMIC_ACQUIRE) == 1)
		return GP_OK;
	let_go(shown);
	camera->shown = shown = orc_must(calloc(1, sizeof(*shown)));
	shown->owners = 1;
	return gp_file_new(&shown->file);
}

/* A whole frame, or a code of libgphoto2. */
static int take(struct camera *camera)
{
	struct jpeg_frame whole;
	const char *data = NULL;
	unsigned long size = 0;
	int ret;

	ret = make_room(camera);
	if (ret < 0)
		return ret;
	target_leave(camera);
	ret = gp_camera_capture_preview(camera->gp, camera->shown->file, camera->context);
	target_leave_end(camera);
	if (ret >= 0)
		ret = gp_file_get_data_and_size(camera->shown->file, &data, &size);
	if (ret < 0)
		return ret;
	/* A Nikon that was busy at each of the driver's tries: no frame, says it, and no error. */
	if (!size)
		return GP_ERROR_CAMERA_BUSY;
	if (jpeg_frame_check((const uint8_t *)data, size, &whole) < 0)
		return GP_ERROR_CORRUPTED_DATA;
	camera->shown->frame = (struct camera_frame){
		.data = (const uint8_t *)data,
		.len = whole.len,
		.arrived_nsec = clock_now_nsec(),
	};
	camera->sequence++;
	return GP_OK;
}

int camera_preview(struct camera *camera, struct camera_view *view, struct camera_frame *frame,
	struct deadline deadline, uint64_t *damaged, struct orc_error *err)
{
	/* What came before a still, or whatever else there was, is old. */
	const bool fresh = camera->fresh;
	int64_t pause_msec = PAUSE_FIRST_MSEC;
	int ret;

	camera_begin(camera);
	join(camera, view);
	/* Another view has been here meanwhile. */
	camera->fresh = fresh;
	if (fresh && view->sequence < camera->sequence) {
		show(camera, view, frame);
		return 0;
	}
	start(camera);
	for (;;) {
		if (camera_cancelled(camera)) {
			camera_fail_cancelled(err);
			break;
		}
		camera->message[0] = '\0';
		ret = take(camera);
		camera->fresh = ret >= 0;
		if (ret >= 0) {
			show(camera, view, frame);
			return 0;
		}
		if (ret == GP_ERROR_CORRUPTED_DATA)
			++*damaged;
		else if (is_final(ret, true) || camera_session_is_over(camera, ret)) {
			camera_fail(camera, ret, err);
			break;
		} else if (ret == GP_ERROR_NOT_SUPPORTED) {
			orc_fail(err, ORC_EREFUSED,
				"this camera has no live view, or none that libgphoto2 knows");
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

bool camera_is_live(const struct camera *camera)
{
	return camera->live;
}

/* Codes of libgphoto2. */
static int stop(struct camera *camera)
{
	int ret = camera_setting_put(camera, "viewfinder", "0");

	/* A body without the switch ends live view with the session. */
	if (ret == GP_ERROR_BAD_PARAMETERS || ret == GP_ERROR_NOT_SUPPORTED)
		ret = GP_OK;
	if (ret >= 0 && camera->output_before)
		ret = camera_setting_put(camera, camera->output_setting, camera->output_before);
	free(camera->output_before);
	camera->output_before = NULL;
	let_go(steal_pointer(&camera->shown));
	camera->fresh = false;
	camera->live = false;
	return ret;
}

int camera_preview_stop(struct camera *camera, struct camera_view *view, struct orc_error *err)
{
	bool last = false;
	int ret;

	let_go(steal_pointer(&view->held));
	if (camera && view->camera == camera->number)
		last = --camera->views == 0;
	view->camera = 0;
	if (!last || !camera->live)
		return 0;
	camera_begin(camera);
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

void camera_preview_free(struct camera *camera)
{
	let_go(steal_pointer(&camera->focus_view.held));
	let_go(steal_pointer(&camera->shown));
}
