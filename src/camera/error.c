/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libgphoto2's result codes and complaints, made into errors of ours. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <gphoto2/gphoto2-port-result.h>
#include <gphoto2/gphoto2-port.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/private.h"
#include "camera/watch.h"

static const struct {
	int result;
	enum orc_err code;
	const char *text;
} results[] = {
	{ GP_ERROR, ORC_EREFUSED, "the camera refused" },
	{ GP_ERROR_BAD_PARAMETERS, ORC_EREFUSED, "the camera does not take these parameters" },
	{ GP_ERROR_NO_MEMORY, ORC_ENOMEM, "out of memory" },
	{ GP_ERROR_LIBRARY, ORC_EREFUSED, "libgphoto2 cannot load a driver" },
	{ GP_ERROR_UNKNOWN_PORT, ORC_EUSAGE, "libgphoto2 knows no such port" },
	{ GP_ERROR_NOT_SUPPORTED, ORC_EREFUSED, "the camera cannot do that" },
	{ GP_ERROR_IO, ORC_ELOST, "the connection to the camera broke" },
	{ GP_ERROR_FIXED_LIMIT_EXCEEDED, ORC_EREFUSED, "a limit of the driver is exceeded" },
	{ GP_ERROR_TIMEOUT, ORC_ETIMEOUT, "the camera did not answer in time" },
	{ GP_ERROR_IO_SUPPORTED_SERIAL, ORC_EUSAGE, "serial ports are not supported here" },
	{ GP_ERROR_IO_SUPPORTED_USB, ORC_EUSAGE, "USB is not supported here" },
	{ GP_ERROR_IO_INIT, ORC_ELOST, "the port could not be opened" },
	{ GP_ERROR_IO_READ, ORC_ELOST, "reading from the camera failed" },
	{ GP_ERROR_IO_WRITE, ORC_ELOST, "writing to the camera failed" },
	{ GP_ERROR_IO_UPDATE, ORC_ELOST, "the port could not be set up" },
	{ GP_ERROR_IO_SERIAL_SPEED, ORC_EUSAGE, "the port does not take that speed" },
	{ GP_ERROR_IO_USB_CLEAR_HALT, ORC_ELOST, "an endpoint of the camera stays halted" },
	{ GP_ERROR_IO_USB_FIND, ORC_ENOCAMERA, "there is no camera on the port" },
	{ GP_ERROR_IO_USB_CLAIM, ORC_EBUSY, "another program holds the camera" },
	{ GP_ERROR_IO_LOCK, ORC_EBUSY, "another program has locked the port" },
	{ GP_ERROR_HAL, ORC_EREFUSED, "the system's device service failed" },
	{ GP_ERROR_CORRUPTED_DATA, ORC_EPROTO, "the camera sent broken data" },
	{ GP_ERROR_FILE_EXISTS, ORC_EREFUSED, "there is such a file on the camera already" },
	{ GP_ERROR_MODEL_NOT_FOUND, ORC_ENOCAMERA, "libgphoto2 knows no such camera model" },
	{ GP_ERROR_DIRECTORY_NOT_FOUND, ORC_EREFUSED, "there is no such folder on the camera" },
	{ GP_ERROR_FILE_NOT_FOUND, ORC_EREFUSED, "there is no such file on the camera" },
	{ GP_ERROR_DIRECTORY_EXISTS, ORC_EREFUSED, "there is such a folder already" },
	{ GP_ERROR_CAMERA_BUSY, ORC_EBUSY, "the camera is busy" },
	{ GP_ERROR_PATH_NOT_ABSOLUTE, ORC_EUSAGE, "a folder on the camera starts with '/'" },
	{ GP_ERROR_CANCEL, ORC_ESIGNAL, "stopped" },
	{ GP_ERROR_CAMERA_ERROR, ORC_EREFUSED, "the camera reports an error" },
	{ GP_ERROR_OS_FAILURE, ORC_EREFUSED, "the operating system refused" },
	{ GP_ERROR_NO_SPACE, ORC_EREFUSED, "there is no space left on the camera" },
};

enum orc_err camera_error_code(int result, bool opened)
{
	size_t i;

	/* The driver says that it finds no device for one that went away under it, too. */
	if (opened && result == GP_ERROR_IO_USB_FIND)
		return ORC_ELOST;
	for (i = 0; i < ARRAY_LENGTH(results); i++)
		if (results[i].result == result)
			return results[i].code;
	return ORC_EREFUSED;
}

const char *camera_error_text(int result)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(results); i++)
		if (results[i].result == result)
			return results[i].text;
	return gp_result_as_string(result);
}

/* Whether the port's own words say more than the driver's. */
static bool is_port_error(int result)
{
	return result <= GP_ERROR_IO && result > GP_ERROR_CORRUPTED_DATA;
}

/* What a body answered says more than the driver, to which these are all alike. */
static const struct {
	uint16_t response;
	const char *complaint; /* the driver's, where it has asked for more since; or NULL */
	enum orc_err code;
	int errnum;
	const char *text, *hint;
} responses[] = {
	{ WATCH_NO_SESSION, NULL, ORC_ELOST, 0, "the camera has ended the session", "" },
	{ WATCH_OUT_OF_STEP, NULL, ORC_EPROTO, 0, "the camera and we are out of step", "" },
	{ WATCH_DEVICE_BUSY, NULL, ORC_EBUSY, 0, "the camera is busy", "" },
	{ 0x200c, "0x200c", ORC_EREFUSED, ENOSPC, "there is no space left on the card",
		"delete what is not needed: opencamrc files delete, or change the card" },
};

/* What gp_port_get_error() answers where nothing was said. */
static bool says_something(const char *text)
{
	return text && *text && strcmp(text, "No error description available") != 0;
}

static int fail_as_the_port_said(enum orc_err code, const char *text, struct orc_error *err)
{
	static const char silent[] = "the camera did not answer";

	orc_fail(err, code, "%.190s", text);
	if (strncmp(text, silent, strlen(silent)) == 0)
		orc_hint(err, "if it is awake, switch it off and on again");
	return (int)code;
}

/*
 * The driver makes "it cannot do that" of some failures of the link: nothing was answered, and the port has
 * complained.
 */
static bool is_lost_unsaid(struct camera *camera, int result, const struct watch_transaction *last)
{
	static const char lost[] = "the connection to the camera is lost";
	GPPort *port = camera->gp ? camera->gp->port : NULL;
	const char *text = port && !is_port_error(result) ? gp_port_get_error(port) : NULL;

	if (!says_something(text))
		return false;
	return !last->answered || strncmp(text, lost, strlen(lost)) == 0;
}

/* What it answered last explains the failure: ORC_OK where it does not. */
static enum orc_err fail_response(struct camera *camera, int result, struct orc_error *err)
{
	struct watch_transaction last = watch_transaction();
	size_t i;

	if (is_lost_unsaid(camera, result, &last)) {
		camera->broken = true;
		return (enum orc_err)fail_as_the_port_said(
			ORC_ELOST, gp_port_get_error(camera->gp->port), err);
	}
	if (is_port_error(result) || !last.answered)
		return ORC_OK;
	if (last.answered_id != last.id && result == GP_ERROR_BAD_PARAMETERS) {
		camera->broken = true;
		return (enum orc_err)orc_fail(
			err, ORC_EPROTO, "the camera answered what was not asked");
	}
	for (i = 0; i < ARRAY_LENGTH(responses); i++)
		if (responses[i].response == last.response ||
			(responses[i].complaint && strstr(camera->message, responses[i].complaint)))
			break;
	if (i == ARRAY_LENGTH(responses))
		return ORC_OK;
	if (responses[i].code == ORC_ELOST || responses[i].code == ORC_EPROTO)
		camera->broken = true;
	orc_fail(err, responses[i].code, "%s", responses[i].text);
	orc_hint(err, "%s", responses[i].hint);
	if (err)
		err->errnum = responses[i].errnum;
	return responses[i].code;
}

bool camera_session_is_over(struct camera *camera, int result)
{
	return fail_response(camera, result, NULL) == ORC_ELOST;
}

int camera_fail(struct camera *camera, int result, struct orc_error *err)
{
	enum orc_err code = camera_error_code(result, camera->opened), answered;
	const char *port_text = NULL;

	if (code == ORC_ELOST || code == ORC_ETIMEOUT || code == ORC_EPROTO)
		camera->broken = true;
	if (camera->cancelled || code == ORC_ESIGNAL)
		return camera_fail_cancelled(err);
	/* In the middle of a transaction, as a rule, and the driver has made something else of it. */
	if (watch_is_exhausted()) {
		camera->broken = true;
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	}
	answered = fail_response(camera, result, err);
	if (answered != ORC_OK)
		return (int)answered;
	if (camera->gp && camera->gp->port && is_port_error(result))
		port_text = gp_port_get_error(camera->gp->port);
	if (says_something(port_text))
		return fail_as_the_port_said(code, port_text, err);
	/* A complaint about what was asked beats our table; of a broken link the table knows more. */
	if (camera->message[0] && !is_port_error(result))
		return orc_fail(err, code, "%.190s", camera->message);
	return orc_fail(err, code, "%s", camera_error_text(result));
}

int camera_fail_cancelled(struct orc_error *err)
{
	return orc_fail(err, ORC_ESIGNAL, "stopped");
}

bool camera_cancelled(struct camera *camera)
{
	if (camera->no_cancel)
		return false;
	if (!camera->cancelled && camera->options.cancelled)
		camera->cancelled = camera->options.cancelled(camera->options.cancelled_data);
	return camera->cancelled;
}

int camera_between(struct camera *camera)
{
	/* What the others leave behind is not this operation's. */
	const bool cancelled = camera->cancelled, no_cancel = camera->no_cancel;
	struct camera_options options = camera->options;

	if (!options.between)
		return GP_OK;
	if (!options.between(options.between_data)) {
		camera->broken = true;
		return GP_ERROR_IO_USB_FIND;
	}
	camera_set_options(camera, &options);
	camera->cancelled = cancelled;
	camera->no_cancel = no_cancel;
	camera->message[0] = '\0';
	return GP_OK;
}

int camera_silence_msec(const struct camera *camera, int64_t msec)
{
	if (!strstr(camera->abilities.library, "ptp2"))
		return 0;
	return (int)(msec < INT32_MAX ? msec : INT32_MAX);
}

static void be_patient(struct camera *camera, int64_t msec)
{
	int silence_msec = camera->opened ? camera_silence_msec(camera, msec) : 0;

	if (silence_msec > 0)
		gp_port_set_timeout(camera->gp->port, silence_msec);
}

void camera_begin(struct camera *camera)
{
	camera->message[0] = '\0';
	camera->cancelled = false;
	camera->fresh = false;
	watch_forget();
	watch_exhausted(false);
	if (camera->gp && camera->gp->port)
		gp_port_set_error(camera->gp->port, NULL);
	be_patient(camera, camera->options.timeout_msec);
}

void camera_begin_long(struct camera *camera)
{
	camera_begin(camera);
	if (camera->options.timeout_msec < CAMERA_LONG_MSEC)
		be_patient(camera, CAMERA_LONG_MSEC);
}

static GPContextFeedback on_cancel(GPContext *context, void *data)
{
	(void)context;
	return camera_cancelled(data) ? GP_CONTEXT_FEEDBACK_CANCEL : GP_CONTEXT_FEEDBACK_OK;
}

/* Keeps the first line: what follows repeats it for each layer. */
static void on_error(GPContext *context, const char *text, void *data)
{
	struct camera *camera = data;

	(void)context;
	log_debug("libgphoto2: %s", text);
	if (!camera->message[0])
		snprintf(camera->message, sizeof(camera->message), "%.*s",
			(int)strcspn(text, "\r\n"), text);
}

static void on_status(GPContext *context, const char *text, void *data)
{
	(void)context;
	(void)data;
	log_debug("libgphoto2: %s", text);
}

GPContext *camera_context_new(struct camera *camera)
{
	GPContext *context = orc_must(gp_context_new());

	gp_context_set_cancel_func(context, on_cancel, camera);
	gp_context_set_error_func(context, on_error, camera);
	gp_context_set_status_func(context, on_status, camera);
	gp_context_set_message_func(context, on_status, camera);
	return context;
}

bool camera_sleep_until(struct camera *camera, struct deadline deadline)
{
	const int slice_msec = 50;

	while (!deadline_passed(deadline)) {
		if (camera_cancelled(camera))
			return false;
		clock_sleep_until(deadline_min(deadline, deadline_after_msec(slice_msec)));
	}
	return true;
}

struct camera_retry camera_retry_start(struct deadline deadline)
{
	watch_forget();
	return (struct camera_retry){ .deadline = deadline, .wait_msec = 20 };
}

/* Of a setting that a busy body refuses the driver says no more than that it was not set. */
static bool is_busy(int result)
{
	struct watch_transaction last = watch_transaction();

	if (result >= 0 || is_port_error(result))
		return false;
	return result == GP_ERROR_CAMERA_BUSY ||
		(last.answered && last.response == WATCH_DEVICE_BUSY);
}

bool camera_retry_again(struct camera *camera, struct camera_retry *retry, int result)
{
	if (!is_busy(result) || deadline_passed(retry->deadline))
		return false;
	/* An old body that is asked without a pause never gets ready. */
	if (!camera_sleep_until(
		    camera, deadline_min(retry->deadline, deadline_after_msec(retry->wait_msec))))
		return false;
	if (retry->wait_msec < 320)
		retry->wait_msec *= 2;
	camera->message[0] = '\0';
	watch_forget();
	return true;
}
