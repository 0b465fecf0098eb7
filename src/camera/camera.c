/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera, opened and closed. */
#include "camera/camera.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-port-log.h>
#include <gphoto2/gphoto2-port.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/find.h"
#include "camera/holder.h"
#include "camera/listen.h"
#include "camera/private.h"
#include "camera/watch.h"

#define BUSY_MSEC 200

/* libgphoto2's own log, where somebody wants to see it: the thread that it speaks in. */
static void on_log(GPLogLevel level, const char *domain, const char *text, void *data)
{
	(void)level;
	(void)data;
	log_debug("%s: %s", domain, text);
}

/* As libgphoto2 and our port driver write it. */
static void on_complaint(GPLogLevel level, const char *domain, const char *text, void *data)
{
	(void)level;
	(void)domain;
	(void)data;
	if (strcasestr(text, "out of memory"))
		watch_exhausted(true);
}

static void listen_to_complaints(void)
{
	if (gp_log_add_func(GP_LOG_ERROR, on_complaint, NULL) < 0)
		log_debug("libgphoto2 has no log");
}

static void add_log(void)
{
	if (gp_log_add_func(GP_LOG_DEBUG, on_log, NULL) < 0)
		log_debug("libgphoto2 has no log");
}

/* Once for the process, and all of it only when it is wanted: the library's list is not made for threads. */
static void listen_to_library(void)
{
	static pthread_once_t once_complaints = PTHREAD_ONCE_INIT, once = PTHREAD_ONCE_INIT;

	pthread_once(&once_complaints, listen_to_complaints);
	if (log_level() >= LOG_LEVEL_DEBUG)
		pthread_once(&once, add_log);
}

/*
 * Takes the place of the one in libgphoto2_port, for itself and for its drivers: a program's own function
 * comes first where symbols are bound. That one writes a hex dump of each transfer before
 * it looks whether anybody listens, 31 instructions a byte, four fifths of what a live view costs. We
 * never show them: the bytes would drown the rest of the log.
 */
void gp_log_data(const char *domain, const char *data, unsigned int size, const char *format, ...)
{
	(void)format;
	watch_bytes(strcmp(domain, "gp_port_write") == 0, data, size);
}

/* Of the camera that this thread opens: how long it may be silent; 0: it opens none. */
static _Thread_local int opening_msec;

/*
 * As gp_log_data() above: ptp2 allows each answer 8 s, and then 20 s, while it opens a camera, and nobody
 * else comes to a word until it is done. A user who said --timeout 2s means that, too.
 */
int gp_port_set_timeout(GPPort *port, int timeout)
{
	if (!port)
		return GP_ERROR_BAD_PARAMETERS;
	port->timeout = opening_msec > 0 && timeout > opening_msec ? opening_msec : timeout;
	return GP_OK;
}

static void destroy(struct camera *camera)
{
	camera_preview_free(camera);
	if (camera->gp)
		gp_camera_unref(camera->gp);
	if (camera->context)
		gp_context_unref(camera->context);
	camera_hub_leave(camera->hub);
	free(camera->output_before);
	free(camera->target_before);
	free(camera->port);
	free(camera);
}

/* A body that is still about something answers DeviceBusy, to OpenSession as to all else. */
static int init_patiently(struct camera *camera, struct place *place)
{
	struct camera_retry retry =
		camera_retry_start(deadline_after_msec(camera->options.timeout_msec));
	int ret;

	/* Each try connects anew, which a server's kernel answers with a reset. */
	retry.wait_msec = BUSY_MSEC;
	for (;;) {
		ret = gp_camera_init(camera->gp, camera->context);
		if (!camera_retry_again(camera, &retry, ret))
			return ret;
		place_again(place, camera);
	}
}

static int init(struct camera *camera, struct place *place, struct orc_error *err)
{
	int ret;

	ret = gp_camera_new(&camera->gp);
	if (ret >= 0)
		ret = gp_camera_set_abilities(camera->gp, place->abilities);
	if (ret >= 0)
		ret = gp_camera_set_port_info(camera->gp, place->info);
	opening_msec = camera_silence_msec(camera, camera->options.timeout_msec);
	if (ret >= 0)
		ret = init_patiently(camera, place);
	opening_msec = 0;
	if (ret >= 0) {
		camera->opened = true;
		return 0;
	}
	ret = camera_fail(camera, ret, err);
	if (ret == ORC_EBUSY)
		camera_holder_hint(camera->port, err);
	return ret;
}

int camera_open(struct camera **camera, const struct camera_options *options, struct orc_error *err)
{
	static uint64_t opened; /* atomic */
	struct camera *c = orc_must(calloc(1, sizeof(*c)));
	struct place place = PLACE_INIT;
	int ret;

	c->options = *options;
	c->number = __atomic_add_fetch(&opened, 1, __ATOMIC_RELAXED);
	listen_to_library();
	c->hub = camera_hub_new();
	c->context = camera_context_new(c);
	camera_begin(c);
	ret = place_find(&place, c, err);
	if (!ret) {
		c->abilities = place.abilities;
		c->port = orc_must(strdup(place.port));
		ret = init(c, &place, err);
	}
	place_free(&place);
	c->options.address = (struct camera_address){ 0 };
	if (!ret) {
		c->options.claim = NULL;
		*camera = c;
		return 0;
	}
	if (c->port)
		orc_what(err, "cannot open the camera on %.150s", c->port);
	else if (err && !err->what[0])
		orc_what(err, "cannot find the camera");
	destroy(c);
	return ret;
}

void camera_set_options(struct camera *camera, const struct camera_options *options)
{
	camera->options.timeout_msec = camera_timeout_msec(options->timeout_msec);
	camera->options.cancelled = options->cancelled;
	camera->options.cancelled_data = options->cancelled_data;
	camera->options.progress = options->progress;
	camera->options.progress_data = options->progress_data;
	camera->options.between = options->between;
	camera->options.between_data = options->between_data;
	listen_to_library();
}

bool camera_is_broken(const struct camera *camera)
{
	return camera->broken;
}

int camera_is_there(struct camera *camera)
{
	CameraEventType type;
	void *data = NULL;
	int ret;

	camera_begin(camera);
	ret = camera_take_event(camera, 0, false, &type, &data);
	free(data);
	return ret < 0 && ret != GP_ERROR_CAMERA_BUSY ? camera_fail(camera, ret, NULL) : 0;
}

/*
 * After a transfer that failed an endpoint may be halted, and the camera silent: a last try to leave
 * it clean, but not for the 20 s that ptp2 allows each answer.
 */
static void make_short_work(struct camera *camera)
{
	const int timeout_msec = 1000;
	GPPort *port = camera->gp->port;

	gp_port_set_timeout(port, timeout_msec);
	gp_port_usb_clear_halt(port, GP_PORT_USB_ENDPOINT_IN);
	gp_port_usb_clear_halt(port, GP_PORT_USB_ENDPOINT_OUT);
}

void camera_close(struct camera *camera)
{
	if (!camera)
		return;
	camera_begin(camera);
	camera->no_cancel = true;
	if (camera->opened && camera->broken)
		make_short_work(camera);
	camera_preview_end(camera);
	camera_shoot_end(camera);
	if (camera->opened && gp_camera_exit(camera->gp, camera->context) < 0)
		log_debug("the camera did not take its leave");
	destroy(camera);
}

const char *camera_model(const struct camera *camera)
{
	return camera->abilities.model;
}
