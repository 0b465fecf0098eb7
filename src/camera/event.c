/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the camera tells of its own accord, given to all who listen. */
#include "camera/event.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/button.h"
#include "camera/listen.h"
#include "camera/listing.h"
#include "camera/shot-files.h"
#include "camera/target.h"

#define QUEUE_MAX 1024
/* A body that sends its events by itself is listened to for so long; live view waits meanwhile. */
#define LISTEN_MSEC 50
/* What waits is taken in no longer, for a picture is to be taken. */
#define WAITING_MSEC 3000

struct queued {
	struct camera_event event;
	struct queued *next;
};

struct camera_listener {
	enum camera_listener_target target;
	struct camera_hub *hub;       /* NULL: not joined yet */
	struct camera_listener *next; /* in the hub, under its lock */
	/* The rest is touched by whoever has the camera, and by its own command under the hub's lock. */
	struct queued *first;
	size_t count;
	bool ready;
	bool overflowed; /* said once */
};

struct camera_hub {
	pthread_mutex_t lock; /* guards the rest: a listener leaves whoever has the camera */
	struct camera_listener *listeners;
	unsigned users;
};

struct camera_hub *camera_hub_new(void)
{
	struct camera_hub *hub = orc_must(calloc(1, sizeof(*hub)));

	pthread_mutex_init(&hub->lock, NULL);
	hub->users = 1;
	return hub;
}

void camera_hub_leave(struct camera_hub *hub)
{
	bool last;

	if (!hub)
		return;
	pthread_mutex_lock(&hub->lock);
	last = --hub->users == 0;
	pthread_mutex_unlock(&hub->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&hub->lock);
	free(hub);
}

void camera_event_free(struct camera_event *event)
{
	camera_file_free(&event->file);
	free(event->name);
	free(event->value);
	free(event->text);
	*event = (struct camera_event){ 0 };
}

struct camera_listener *camera_listener_new(enum camera_listener_target target)
{
	struct camera_listener *listener = orc_must(calloc(1, sizeof(*listener)));

	listener->target = target;
	return listener;
}

static void leave(struct camera_listener *listener)
{
	struct camera_hub *hub = listener->hub;
	struct camera_listener **at;

	if (!hub)
		return;
	pthread_mutex_lock(&hub->lock);
	for (at = &hub->listeners; *at != listener; at = &(*at)->next)
		;
	*at = listener->next;
	pthread_mutex_unlock(&hub->lock);
	camera_hub_leave(hub);
	listener->hub = NULL;
}

static void join(struct camera_listener *listener, struct camera_hub *hub)
{
	if (listener->hub == hub)
		return;
	leave(listener);
	listener->hub = hub;
	listener->ready = false;
	pthread_mutex_lock(&hub->lock);
	hub->users++;
	listener->next = hub->listeners;
	hub->listeners = listener;
	pthread_mutex_unlock(&hub->lock);
}

static void drop(struct camera_listener *listener, struct queued **at)
{
	struct queued *queued = *at;

	*at = queued->next;
	listener->count--;
	camera_event_free(&queued->event);
	free(queued);
}

void camera_listener_destroy(struct camera_listener *listener)
{
	if (!listener)
		return;
	leave(listener);
	while (listener->first)
		drop(listener, &listener->first);
	free(listener);
}

bool camera_listener_ready(const struct camera_listener *listener)
{
	return listener->ready;
}

static bool take(struct camera_listener *listener, struct camera_event *event)
{
	if (!listener->first)
		return false;
	*event = listener->first->event;
	listener->first->event = (struct camera_event){ 0 };
	drop(listener, &listener->first);
	return true;
}

bool camera_listener_take(struct camera_listener *listener, struct camera_event *event)
{
	bool taken;

	if (!listener->hub)
		return take(listener, event);
	/* Another command may have the camera, and give. */
	pthread_mutex_lock(&listener->hub->lock);
	taken = take(listener, event);
	pthread_mutex_unlock(&listener->hub->lock);
	return taken;
}

static char *copy(const char *text)
{
	return text ? orc_must(strdup(text)) : NULL;
}

static struct camera_event event_copy(const struct camera_event *event)
{
	struct camera_event made = *event;

	made.file.folder = copy(event->file.folder);
	made.file.name = copy(event->file.name);
	made.file.mime = copy(event->file.mime);
	made.name = copy(event->name);
	made.value = copy(event->value);
	made.text = copy(event->text);
	return made;
}

static void make_room(struct camera_listener *listener)
{
	struct queued **at = &listener->first;

	while (*at && (*at)->event.type == CAMERA_EVENT_FILE)
		at = &(*at)->next;
	if (!listener->overflowed)
		log_warning("too many events wait: the oldest are dropped");
	listener->overflowed = true;
	drop(listener, *at ? at : &listener->first);
}

static void append(struct camera_listener *listener, const struct camera_event *event)
{
	struct queued *queued = orc_must(calloc(1, sizeof(*queued))), **at = &listener->first;

	if (listener->count >= QUEUE_MAX)
		make_room(listener);
	queued->event = event_copy(event);
	while (*at)
		at = &(*at)->next;
	*at = queued;
	listener->count++;
}

static void give(struct camera *camera, const struct camera_event *event)
{
	struct camera_listener *listener;

	/* What it tells of all its settings after it was opened is no news. */
	if (!camera->event_settled && event->type != CAMERA_EVENT_FILE)
		return;
	pthread_mutex_lock(&camera->hub->lock);
	for (listener = camera->hub->listeners; listener; listener = listener->next)
		append(listener, event);
	pthread_mutex_unlock(&camera->hub->lock);
}

bool camera_is_listened_to(struct camera *camera)
{
	struct camera_hub *hub = camera->hub;
	bool listens;

	pthread_mutex_lock(&hub->lock);
	listens = hub->listeners;
	pthread_mutex_unlock(&hub->lock);
	return listens;
}

/*
 * ptp2's words: `PTP Property d103 changed, "iso" to "400"`, or without what follows the comma. Since 2.5.32 some codes
 * are 0000d103.
 */
static bool is_property(const char *text, char **name, char **value)
{
	char code[9], *end;
	int len = 0;

	*name = *value = NULL;
	if (sscanf(text, "PTP Property %8[0-9a-f] changed%n", code, &len) != 1 || !len)
		return false;
	text += len;
	if (strncmp(text, ", \"", 3) != 0 || !(end = strstr(text + 3, "\" to \""))) {
		*name = copy(strncmp(code, "0000", 4) == 0 && code[4] ? code + 4 : code);
		return true;
	}
	*name = orc_must(strndup(text + 3, (size_t)(end - text - 3)));
	*value = copy(end + 6);
	end = strrchr(*value, '"');
	if (end)
		*end = '\0';
	return true;
}

static void give_text(struct camera *camera, char *text)
{
	struct camera_event event = { .type = CAMERA_EVENT_OTHER, .text = text };
	/* The event of the standard, StoreFull, as ptp2 writes it. */
	bool full = strncmp(text, "PTP Event 400a", 14) == 0;

	if (is_property(text, &event.name, &event.value)) {
		event.type = CAMERA_EVENT_PROPERTY;
		full = event.value && strcmp(event.name, "availableshots") == 0 &&
			strcmp(event.value, "0") == 0;
	}
	give(camera, &event);
	free(event.name);
	free(event.value);
	if (full)
		give(camera, &(struct camera_event){ .type = CAMERA_EVENT_CARD_FULL });
}

static void give_file(struct camera *camera, bool own, CameraEventType type, CameraFilePath *path)
{
	struct camera_event event = { .type = CAMERA_EVENT_FOLDER,
		.own = own && !shot_files_is_others(camera, path) };

	event.file.folder = copy(path->folder);
	event.file.name = copy(path->name);
	if (type == GP_EVENT_FILE_ADDED) {
		event.type = CAMERA_EVENT_FILE;
		/* The driver has it from the event; nothing is asked of the camera. */
		camera_file_details(camera, &event.file);
	}
	give(camera, &event);
	camera_event_free(&event);
}

/* An EOS tells when it begins to expose, and when nothing is left to be done. */
static void note_status(struct camera *camera, CameraEventType type, const char *text)
{
	static const char status[] = "Camera Status ";

	if (type == GP_EVENT_CAPTURE_COMPLETE)
		camera->at_work = false;
	else if (type == GP_EVENT_UNKNOWN && text && strncmp(text, status, sizeof(status) - 1) == 0)
		camera->at_work = strcmp(text + sizeof(status) - 1, "0") != 0;
}

int camera_take_event(
	struct camera *camera, int timeout_msec, bool own, CameraEventType *type, void **data)
{
	int ret;

	*data = NULL;
	*type = GP_EVENT_TIMEOUT;
	ret = gp_camera_wait_for_event(camera->gp, timeout_msec, type, data, camera->context);
	camera->ready = true;
	if (ret < 0)
		return ret;
	if (*type == GP_EVENT_TIMEOUT)
		camera->event_settled = true;
	note_status(camera, *type, *data);
	if (!camera_is_listened_to(camera))
		return ret;
	if ((*type == GP_EVENT_FILE_ADDED || *type == GP_EVENT_FOLDER_ADDED) && *data)
		give_file(camera, own, *type, *data);
	else if (*type == GP_EVENT_CAPTURE_COMPLETE)
		give(camera, &(struct camera_event){ .type = CAMERA_EVENT_COMPLETE });
	else if (*type == GP_EVENT_UNKNOWN && *data)
		give_text(camera, *data);
	return ret;
}

int camera_take_all(struct camera *camera, int listen_msec, struct deadline deadline)
{
	CameraEventType type = GP_EVENT_UNKNOWN;
	void *data;
	int ret = GP_OK;

	while (ret >= 0 && type != GP_EVENT_TIMEOUT && !deadline_passed(deadline)) {
		ret = camera_take_event(camera, listen_msec, false, &type, &data);
		free(data);
	}
	return ret == GP_ERROR_CAMERA_BUSY ? GP_OK : ret;
}

int camera_take_waiting(struct camera *camera, bool always)
{
	/* What sends by itself is not heard at once. */
	int listen_msec = always && !camera->abilities.usb_vendor ? LISTEN_MSEC : 0;

	if (!always && !camera_is_listened_to(camera))
		return GP_OK;
	return camera_take_all(camera, listen_msec, deadline_after_msec(WAITING_MSEC));
}

bool camera_is_listened_for(struct camera *camera, enum camera_listener_target target)
{
	struct camera_hub *hub = camera->hub;
	struct camera_listener *listener;

	pthread_mutex_lock(&hub->lock);
	for (listener = hub->listeners; listener && listener->target != target;
		listener = listener->next)
		;
	pthread_mutex_unlock(&hub->lock);
	return listener;
}

/*
 * An EOS heeds the driver's setting only when the driver tells it, which it does at each release;
 * "None" of the release is that, and no release.
 */
static int aim(struct camera *camera)
{
	/* To the card, where one wants it so and nobody wants it otherwise. */
	bool card = camera_is_listened_for(camera, LISTENER_TO_CARD) ||
		!camera_is_listened_for(camera, LISTENER_AS_SET);
	int ret;

	if (camera->event_aimed && camera->event_card == card &&
		camera->event_moved == (camera->target_before != NULL))
		return GP_OK;
	ret = card ? target_to_card(camera) : target_restore(camera);
	if (ret >= 0 && camera->abilities.usb_vendor == VENDOR_CANON) {
		ret = camera_setting_put(camera, EOS_BUTTON, "None");
		if (ret == GP_ERROR_BAD_PARAMETERS || ret == GP_ERROR_NOT_SUPPORTED)
			ret = GP_OK;
	}
	if (ret < 0)
		return ret;
	camera->event_aimed = true;
	camera->event_card = card;
	camera->event_moved = camera->target_before != NULL;
	return GP_OK;
}

/* An EOS is asked; others send by themselves. */
static int patience(const struct camera *camera, struct deadline deadline)
{
	int left = deadline_left_msec(deadline);

	if (camera->abilities.usb_vendor == VENDOR_CANON)
		return 0;
	return left < 0 || left > LISTEN_MSEC ? LISTEN_MSEC : left > 0 ? left : 1;
}

static int fill_queue(
	struct camera *camera, struct camera_listener *listener, struct deadline deadline)
{
	CameraEventType type;
	void *data;
	int ret;

	do {
		if (camera_cancelled(camera))
			return GP_ERROR_CANCEL;
		ret = camera_take_event(camera, patience(camera, deadline), false, &type, &data);
		free(data);
		if (ret == GP_ERROR_CAMERA_BUSY)
			return GP_OK;
		if (ret < 0)
			return ret;
	} while (!listener->first && type != GP_EVENT_TIMEOUT && !deadline_passed(deadline));
	return GP_OK;
}

int camera_event_next(struct camera *camera, struct camera_listener *listener,
	struct deadline deadline, struct camera_event *event, struct orc_error *err)
{
	int ret = GP_OK;

	camera_begin(camera);
	join(listener, camera->hub);
	if (!listener->first) {
		ret = aim(camera);
		if (ret >= 0)
			ret = fill_queue(camera, listener, deadline);
	}
	listener->ready = camera->event_settled;
	if (ret < 0 && !listener->first) {
		camera_fail(camera, ret, err);
		return orc_what(err, "cannot ask the camera for events");
	}
	if (camera_listener_take(listener, event))
		return 0;
	orc_fail(err, ORC_EAGAIN, "the camera has nothing to tell");
	return ORC_EAGAIN;
}
