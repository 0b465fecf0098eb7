/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures: released, and every file of a shot waited for. */
#include "camera/shoot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/button.h"
#include "camera/listen.h"
#include "camera/listing.h"
#include "camera/names.h"
#include "camera/private.h"
#include "camera/shot.h"
#include "camera/target.h"
#include "camera/tidy.h"

/* A 30 s exposure, the dark frame after it that is as long, and writing to a slow card. */
#define FIRST_FILE_MSEC 90000
/* A RAW file of 50 MB after its JPEG, on the slowest of cards. */
#define NEXT_FILE_MSEC 15000
/* After the last file that is expected, where the body does not say that it is done. */
#define QUIET_MSEC 400
/* What a shot that was stopped is given to come to its end. */
#define STOPPED_MSEC 4000
/* One wait for events, after which the caller is asked whether to stop. */
#define SLICE_MSEC 100
/*
 * A body that is asked for events is asked anew after this. The driver does that too, but lets 50 ms
 * pass, and 100, and so on where the answer may be a picture that is ready.
 */
#define ASK_MSEC 20

/* A value with '+' makes two files. */
static bool makes_pairs(struct camera *camera)
{
	cleanup_free char *value = camera_setting_value(camera, NAME_FORMAT);

	return value && strchr(value, '+');
}

bool shot_is_single(struct camera *camera)
{
	cleanup_free char *value = camera_setting_value(camera, NAME_DRIVE);

	return !value || strncasecmp(value, "Single", 6) == 0;
}

static void ask_format(struct shot *shot)
{
	shot->expected = makes_pairs(shot->camera) ? 2 : 1;
	shot->single = camera_is_listened_to(shot->camera) && shot_is_single(shot->camera);
}

/*
 * More is of the body's own button, pressed meanwhile: where somebody listens that is theirs. Where nobody does it would
 * be lost in the memory.
 */
static bool is_full(const struct shot *shot)
{
	return shot->single && shot->files.count >= shot->expected &&
		camera_is_listened_to(shot->camera);
}

void shot_add(struct shot *shot, const CameraFilePath *path)
{
	if (!shot_files_add(&shot->files, shot->camera, path))
		return;
	if (!shot->times.first_nsec)
		shot->times.first_nsec = shot->files.last_nsec;
	shot->complete = false;
}

static bool finished(const struct shot *shot)
{
	nsec_t quiet;

	if (!shot->files.count)
		return false;
	quiet = clock_now_nsec() - shot->files.last_nsec;
	if (shot->files.count >= shot->expected)
		return shot->complete || quiet >= QUIET_MSEC * NSEC_PER_MSEC;
	return quiet >= NEXT_FILE_MSEC * NSEC_PER_MSEC;
}

/* Those whose events the driver asks for; others send them. */
static bool is_asked(const struct camera *camera)
{
	return camera_is_eos(camera) ||
		(camera->abilities.usb_vendor == VENDOR_NIKON &&
			camera->abilities.operations & GP_OPERATION_TRIGGER_CAPTURE);
}

/*
 * With these gp_camera_capture() does the same two steps, but waits where nobody can stop it: for ever
 * where a plain camera is busy. Of two files that a Nikon tells of at once it forgets the first, of a
 * plain camera's burst all but the last. Other bodies need what it does beyond that.
 */
static bool trigger_is_enough(struct camera *camera)
{
	return is_asked(camera) || camera_is_plain(camera);
}

/*
 * A picture for the computer is fetched by the driver, while it looks for events. If the body is busy just then
 * the driver forgets the picture, and never tells of it: no use to wait.
 */
static bool is_forgotten(void)
{
	const uint16_t code = watch_transaction().code;

	return code == WATCH_GET_PARTIAL_OBJECT || code == WATCH_EOS_TRANSFER_COMPLETE;
}

/* One event; a body that is busy has none. */
static int take_event(struct shot *shot)
{
	struct camera *camera = shot->camera;
	bool asked = is_asked(camera);
	CameraEventType type;
	void *data;
	int ret;

	camera->full = is_full(shot) ? &shot->files : NULL;
	ret = camera_take_event(camera, asked ? 0 : SLICE_MSEC, true, &type, &data);
	shot->forgotten = ret == GP_ERROR_CAMERA_BUSY && is_forgotten();
	if (shot->forgotten)
		return ret;
	if (ret == GP_ERROR_CAMERA_BUSY) {
		clock_sleep_until(deadline_after_msec(SLICE_MSEC));
		return GP_OK;
	}
	if (ret < 0)
		return ret;
	if (type == GP_EVENT_FILE_ADDED && data)
		shot_add(shot, data);
	if (type == GP_EVENT_CAPTURE_COMPLETE && shot->files.count)
		shot->complete = true;
	free(data);
	/* While it exposes there is time for a question. */
	if (type == GP_EVENT_TIMEOUT && !shot->expected)
		ask_format(shot);
	else if (type == GP_EVENT_TIMEOUT && asked)
		camera_sleep_until(camera, deadline_after_msec(ASK_MSEC));
	return GP_OK;
}

/*
 * Takes events until every file of the shot is known. The deadline is the first one's; of a shot that was
 * stopped it is all that there is.
 */
static int collect(struct shot *shot, struct deadline deadline)
{
	const bool stopped = shot->camera->no_cancel;
	int ret;

	for (;;) {
		shot_files_adopt(&shot->files, shot->camera, shot->times.answered_nsec);
		if (shot->files.count && !shot->expected)
			ask_format(shot);
		if (finished(shot))
			return GP_OK;
		if (camera_cancelled(shot->camera))
			return GP_ERROR_CANCEL;
		if ((!shot->files.count || stopped) && deadline_passed(deadline))
			return GP_ERROR_TIMEOUT;
		ret = take_event(shot);
		if (ret < 0)
			return ret;
	}
}

/* For bulb the driver turns a Nikon's mode and shutter speed, where the next picture finds them. */
static void keep_dials(struct shot *shot)
{
	if (shot->camera->abilities.usb_vendor != VENDOR_NIKON)
		return;
	shot->mode = camera_setting_value(shot->camera, NAME_MODE);
	shot->shutter = camera_setting_value(shot->camera, NAME_SHUTTER);
}

static void put_back(struct camera *camera, const char *name, const char *value)
{
	struct orc_error err = { 0 };
	char line[640];

	if (value && camera_setting_put_back(camera, name, value, &err) < 0)
		log_warning("%s", orc_error_line(&err, line, sizeof(line)));
}

static void put_dials_back(struct shot *shot)
{
	/* One that is away comes back with its own dials. */
	if (!shot->camera->broken) {
		if (shot->shutter && strcasecmp(shot->shutter, "Bulb") != 0)
			put_back(shot->camera, NAME_SHUTTER, shot->shutter);
		if (shot->mode && strcmp(shot->mode, "M") != 0)
			put_back(shot->camera, NAME_MODE, shot->mode);
	}
	free(shot->shutter);
	free(shot->mode);
}

/*
 * With a Nikon the driver waits for the end of the exposure, whatever signal comes; at bulb nobody would
 * make that.
 */
static int check_not_bulb(struct shot *shot)
{
	cleanup_free char *shutter = NULL, *mode = NULL;

	if (shot->options->bulb_nsec > 0 || shot->camera->abilities.usb_vendor != VENDOR_NIKON)
		return GP_OK;
	shutter = camera_setting_value(shot->camera, NAME_SHUTTER);
	if (!shutter || (strcasecmp(shutter, "bulb") != 0 && strcasecmp(shutter, "time") != 0))
		return GP_OK;
	mode = camera_setting_value(shot->camera, NAME_MODE);
	if (mode && strcmp(mode, "M") != 0)
		return GP_OK;
	snprintf(shot->camera->message, sizeof(shot->camera->message),
		"the body is set to %s: say for how long (--bulb), or set a shutter speed",
		shutter);
	return GP_ERROR;
}

/* Left in the memory it is for who listens; where nobody does it would be lost. */
static bool is_for_card(const struct shot *shot)
{
	const struct shoot_options *options = shot->options;

	return options->to_card ||
		(options->trigger_only && !camera_is_listened_for(shot->camera, LISTENER_AS_SET));
}

/* With an EOS where the setting says; a Nikon is told with the release, but for some old ones. */
static bool goes_to_memory(const struct shot *shot)
{
	const struct camera *camera = shot->camera;

	if (!shot->triggers || camera->heedless || !target_is_computer(camera))
		return false;
	return camera_is_eos(camera) || shot->watch.to_memory;
}

static int shoot(struct shot *shot)
{
	const struct shoot_options *options = shot->options;
	struct deadline deadline;
	int ret;

	ret = check_not_bulb(shot);
	if (ret < 0)
		return ret;
	ret = is_for_card(shot) ? target_to_card(shot->camera) : target_restore(shot->camera);
	if (ret >= 0)
		ret = shot_take_others(shot);
	if (ret < 0)
		return ret;
	/* An EOS or a Nikon is asked later; with others the shot is over when the release returns. */
	if (!options->trigger_only && !shot->triggers)
		ask_format(shot);
	ret = shot_release(shot);
	if (options->trigger_only ||
		(ret < 0 && (ret != GP_ERROR_CANCEL || !shot->times.sent_nsec)))
		return ret;
	shot->camera->to_memory = goes_to_memory(shot);
	deadline = deadline_after_msec(FIRST_FILE_MSEC + options->bulb_nsec / NSEC_PER_MSEC);
	if (ret >= 0)
		ret = collect(shot, deadline);
	if (ret != GP_ERROR_CANCEL)
		return ret;
	/* A body that is left while it exposes answers the next program "busy" without an end. */
	shot->camera->no_cancel = true;
	collect(shot, deadline_after_msec(STOPPED_MSEC));
	shot->camera->no_cancel = false;
	return ret;
}

/* The camera knows no such operation, or no such property. */
static bool is_unknown(int result)
{
	struct watch_transaction last = watch_transaction();

	return result == GP_ERROR_NOT_SUPPORTED ||
		(result == GP_ERROR && last.answered &&
			(last.response == WATCH_NO_OPERATION ||
				last.response == WATCH_NO_PROPERTY));
}

/* What came of it, for the caller. */
static int judge(struct shot *shot, int ret, struct orc_error *err)
{
	const struct shoot_options *options = shot->options;

	if (shot->refused < 0) {
		orc_fail(err, (enum orc_err)shot->refused, "the others are not ready");
		return orc_what(err, "not released");
	}
	if (shot->forgotten) {
		orc_fail(err, ORC_EREFUSED, "the camera was busy when it was to be fetched");
		orc_what(err, "a picture was taken, and is lost");
		return orc_hint(err, "--keep leaves a copy on the card");
	}
	if (ret < 0) {
		if (options->bulb_nsec > 0 && is_unknown(ret))
			ret = orc_fail(err, ORC_EREFUSED,
				"this camera has no bulb, or none that libgphoto2 knows");
		else
			ret = camera_fail(shot->camera, ret, err);
		orc_what(err, "cannot take a picture");
		if (options->bulb_nsec > 0 && ret == ORC_EREFUSED && camera_is_eos(shot->camera))
			orc_hint(err, "bulb wants the dial on B, or on M with shutterspeed=bulb");
		return ret;
	}
	if (!options->trigger_only && shot->files.count < shot->expected) {
		orc_fail(err, ORC_EPARTIAL, "%zu of %zu files arrived", shot->files.count,
			shot->expected);
		return orc_what(err, "the shot is not complete");
	}
	return 0;
}

int camera_shoot(struct camera *camera, const struct shoot_options *options,
	struct camera_file **files, size_t *count, struct orc_error *err)
{
	struct shot shot = {
		.camera = camera, .options = options, .times.asked_nsec = clock_now_nsec()
	};
	int ret;

	camera_begin(camera);
	shot.triggers = trigger_is_enough(camera);
	/* Some answer at once and are asked again; others may answer when the exposure is over. */
	if (!shot.triggers)
		camera_begin_long(camera);
	camera->shooting = true;
	if (options->bulb_nsec > 0)
		keep_dials(&shot);
	ret = shoot(&shot);
	camera->shooting = camera->to_memory = false;
	camera->full = NULL;
	*files = shot.files.files;
	*count = shot.files.count;
	shot_files_free(&shot.files);
	if (options->times)
		*options->times = shot.times;
	ret = judge(&shot, ret, err);
	/* Last: what it says would be taken for the shot's. */
	put_dials_back(&shot);
	return ret;
}

bool camera_makes_pairs(struct camera *camera)
{
	camera_begin(camera);
	return makes_pairs(camera);
}

int camera_half_press(struct camera *camera, struct orc_error *err)
{
	const struct button_way *way;
	int ret;

	camera_begin_long(camera);
	way = button_find(camera);
	ret = button_half_press(camera, way);
	if (ret >= 0)
		ret = button_half_release(camera, way);
	if (ret >= 0)
		return 0;
	camera_fail(camera, ret, err);
	return orc_what(err, "cannot focus");
}
