/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The release of a shot: by the driver in one call, in steps, or held by hand. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/button.h"
#include "camera/listen.h"
#include "camera/names.h"
#include "camera/shot.h"

/* A body that writes the shots before to a slow card refuses to release for so long. */
#define RELEASE_MSEC 10000
/* Within this another's shot is likely to be done: a long exposure is waited for anyway. */
#define OTHERS_MSEC 3000
/* One that is at work is asked anew after this. */
#define ASK_MSEC 20

/* After some tries the driver says that a Nikon has released which was busy all the time. */
static int check_released(const struct watch *watch, int result)
{
	return result >= 0 && watch->response == WATCH_DEVICE_BUSY ? GP_ERROR_CAMERA_BUSY : result;
}

/*
 * Once the body has taken the release there is a picture to be waited for, even if the driver gave up at what it
 * asked next. Of an EOS that refused to have its button let go it says no more than that there was an error; what
 * another says without being busy is of the shot itself, as that nothing is in focus.
 */
static int check_taken(struct shot *shot, int result)
{
	struct camera *camera = shot->camera;

	if (result != GP_ERROR_CAMERA_BUSY && !(camera_is_eos(camera) && result == GP_ERROR))
		return result;
	if (!watch_released(&shot->watch) || camera_session_is_over(camera, result))
		return result;
	log_debug("released, and refused after that");
	camera->message[0] = '\0';
	return GP_OK;
}

static int take_others(struct shot *shot, struct deadline deadline)
{
	struct camera *camera = shot->camera;
	const bool eos = camera_is_eos(camera);
	int ret;

	if (!eos || !camera_is_listened_to(camera))
		return camera_take_waiting(camera, shot->triggers && !eos);
	for (;;) {
		ret = camera_take_waiting(camera, false);
		if (ret < 0 || !camera->at_work)
			return ret;
		if (deadline_passed(deadline))
			break;
		if (!camera_sleep_until(camera, deadline_after_msec(ASK_MSEC)))
			return GP_ERROR_CANCEL;
	}
	/* Should it have missed that it is done, the next try finds out. */
	camera->at_work = false;
	return GP_ERROR_CAMERA_BUSY;
}

int shot_take_others(struct shot *shot)
{
	return take_others(shot, deadline_after_msec(RELEASE_MSEC));
}

/* It was refused for a shot that is another's, whose files would be taken for this one's. */
static bool again(struct shot *shot, struct camera_retry *retry, int result)
{
	if (result == GP_ERROR_CAMERA_BUSY)
		take_others(shot, deadline_after_msec(OTHERS_MSEC));
	return camera_retry_again(shot->camera, retry, result);
}

static int trigger(struct shot *shot)
{
	struct camera *camera = shot->camera;
	struct camera_retry retry = camera_retry_start(deadline_after_msec(RELEASE_MSEC));
	bool released;
	int ret;

	/* A body that is busy has not released, unless it has said before that it has. */
	do {
		/* The driver may forget that it says that it is done. */
		camera->at_work = false;
		ret = gp_camera_trigger_capture(camera->gp, camera->context);
		ret = check_released(&shot->watch, ret);
		released = watch_released(&shot->watch);
		/* The driver leaves an EOS's button pressed where one of its strokes is refused. */
		if (camera_is_eos(camera) && (ret == GP_ERROR_CAMERA_BUSY || ret == GP_ERROR))
			button_let_go(camera, released);
	} while (!released && again(shot, &retry, ret));
	return check_taken(shot, ret);
}

static int trigger_or_capture(struct shot *shot)
{
	struct camera *camera = shot->camera;
	CameraFilePath path;
	int ret = GP_ERROR_NOT_SUPPORTED;

	if (shot->triggers || shot->options->trigger_only)
		ret = trigger(shot);
	if (ret != GP_ERROR_NOT_SUPPORTED || shot->options->trigger_only)
		return ret;
	camera->message[0] = '\0';
	memset(&path, 0, sizeof(path));
	ret = gp_camera_capture(camera->gp, GP_CAPTURE_IMAGE, &path, camera->context);
	if (ret >= 0 && path.name[0]) {
		shot_add(shot, &path);
		/* Of a single picture in a single file nothing more is to come. */
		shot->complete = shot->expected == 1 && shot_is_single(camera);
	}
	return ret;
}

/* Waits for the others. */
static int pass_gate(struct shot *shot)
{
	const struct shoot_options *options = shot->options;

	shot->times.focused_nsec = clock_now_nsec();
	if (!options->gate)
		return GP_OK;
	shot->refused = options->gate(options->gate_data);
	return shot->refused < 0 ? GP_ERROR_CANCEL : GP_OK;
}

static int release_in_steps(struct shot *shot, struct button_press *press)
{
	struct camera *camera = shot->camera;
	struct camera_retry retry;
	bool released;
	int ret, ended;

	ret = button_ready(camera, press, !shot->options->keep_focus);
	if (ret >= 0)
		ret = pass_gate(shot);
	if (ret >= 0) {
		retry = camera_retry_start(deadline_after_msec(RELEASE_MSEC));
		/* The step has a question behind the release, which may be refused, too. */
		do
			ret = button_release(camera, press);
		while (!watch_released(&shot->watch) && again(shot, &retry, ret));
		ret = check_taken(shot, ret);
	}
	released = watch_released(&shot->watch);
	ended = button_end(camera, press, released);
	if (ret < 0 || !released)
		return ret < 0 ? ret : ended;
	/* A button that is still down is camera_shoot_end()'s; the picture is waited for. */
	if (ended < 0)
		log_debug("the shutter button could not be released");
	return GP_OK;
}

/*
 * Of an EOS, whose release the driver makes of several steps anyway: others are to be waited for in between, or
 * the lens is to stay as it is, or somebody listens. For the driver forgets what the body tells meanwhile: of a
 * picture of its own button that is done by then nobody would hear.
 */
static bool wants_steps(const struct shot *shot)
{
	struct camera *camera = shot->camera;
	const struct shoot_options *options = shot->options;

	if (!camera_is_eos(camera))
		return false;
	return options->gate || options->keep_focus ||
		(camera_is_listened_to(camera) && !button_has_one_stroke(camera));
}

static int release(struct shot *shot)
{
	const struct shoot_options *options = shot->options;
	struct camera *camera = shot->camera;
	struct button_press press;
	int ret = GP_OK;

	if (wants_steps(shot) && button_take(camera, &press))
		return release_in_steps(shot, &press);
	/* An EOS is pressed in two steps, and waited for in between, anyway. */
	if (options->half_press && !camera_is_eos(camera))
		ret = button_half_press(camera, NULL);
	if (ret >= 0 && options->gate)
		ret = pass_gate(shot);
	return ret < 0 ? ret : trigger_or_capture(shot);
}

static int hold(struct shot *shot, const struct button_way *way)
{
	struct deadline until = { .at_nsec = clock_now_nsec() + shot->options->bulb_nsec };
	int ret = button_press(shot->camera, way, &shot->watch);

	/*
	 * Both commands travel alike, so what counts is the time from sending the one to sending the other, not
	 * from the answer; nor from the question that comes before the one, or a refusal of a body that is busy.
	 */
	if (shot->watch.sent_nsec)
		until.at_nsec = shot->watch.sent_nsec + shot->options->bulb_nsec;
	return button_hold(shot->camera, way, until, check_taken(shot, ret));
}

static int release_by_hand(struct shot *shot)
{
	const struct button_way *way = button_find(shot->camera);
	int ret = GP_OK;

	if (!way)
		return GP_ERROR_NOT_SUPPORTED;
	if (!button_is_bulb(shot->camera, way)) {
		snprintf(shot->camera->message, sizeof(shot->camera->message),
			"the body is not set to bulb");
		return GP_ERROR;
	}
	if (shot->options->half_press)
		ret = button_half_press(shot->camera, way);
	if (ret >= 0)
		ret = pass_gate(shot);
	if (ret >= 0)
		ret = hold(shot, way);
	else if (shot->refused < 0)
		button_half_release(shot->camera, way);
	return ret;
}

/* The release, and when it was: what was seen of it, or else how long it took in all. */
int shot_release(struct shot *shot)
{
	struct shoot_times *times = &shot->times;
	nsec_t before = clock_now_nsec();
	struct watch *watch = &shot->watch;
	int ret;

	watch_start(watch);
	ret = shot->options->bulb_nsec > 0 ? release_by_hand(shot) : release(shot);
	watch_start(NULL);
	if (watch->sent_nsec) {
		times->sent_nsec = watch->sent_nsec;
		times->answered_nsec = watch->answered_nsec;
		if (!times->focused_nsec)
			times->focused_nsec = watch->read_nsec ? watch->read_nsec : before;
	} else if (ret >= 0) {
		times->sent_nsec = times->focused_nsec ? times->focused_nsec : before;
		times->answered_nsec = clock_now_nsec();
	}
	return ret;
}
