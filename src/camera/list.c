/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cameras there are: on this machine, and on servers. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-list.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/find.h"
#include "camera/private.h"
#include "iolib/known.h"
#include "usbip/config.h"

/* A server that is down delays nobody: they are asked side by side, for so long. */
#define SERVER_MSEC 2000
/* A small box takes its time to shake hands by ssh. */
#define SSH_SERVER_MSEC 5000

struct entries {
	struct camera_entry *entries;
	size_t count;
};

static struct camera_entry *add(struct entries *list, const char *model, const char *port)
{
	struct camera_entry *entry;

	list->entries =
		orc_must(reallocarray(list->entries, list->count + 1, sizeof(*list->entries)));
	entry = &list->entries[list->count++];
	*entry = (struct camera_entry){
		.model = orc_must(strdup(model)),
		.port = orc_must(strdup(port)),
	};
	return entry;
}

void camera_entries_free(struct camera_entry *entries, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(entries[i].model);
		free(entries[i].port);
		free(entries[i].serial);
	}
	free(entries);
}

static void add_local(struct entries *list, struct place *place, GPContext *context)
{
	const char *model, *port;
	CameraList *found;
	int i;

	if (gp_list_new(&found) < 0)
		return;
	/* A machine without USB, a container: no drivers, no cameras. */
	if (place_list_local(place, context, found) < 0)
		gp_list_reset(found);
	for (i = 0; i < gp_list_count(found); i++) {
		gp_list_get_name(found, i, &model);
		gp_list_get_value(found, i, &port);
		/* "usb:" stands for the first; what our driver lists is asked for below. */
		if (strcmp(port, "usb:") != 0 && strncmp(port, "usbip:", 6) != 0)
			add(list, model, port);
	}
	gp_list_free(found);
}

/* One server asked in a thread of its own. */
struct question {
	const char *remote; /* as written */
	struct usbip_address server;
	struct deadline deadline;
	bool asked; /* there is a thread */
	pthread_t thread;
	struct usbip_device_info *devices;
	size_t count;
	int result;
	struct orc_error err;
};

static void *ask(void *data)
{
	struct question *q = data;

	q->result = usbip_client_list(&q->server, q->deadline, &q->devices, &q->count, &q->err);
	return NULL;
}

/* The time is the one given, or what a server of its kind gets where it is 0. */
static void start(
	struct question *q, const struct usbip_config *config, const char *remote, int64_t msec)
{
	q->remote = remote;
	q->result = usbip_config_resolve(config, remote, &q->server, &q->err);
	if (q->result)
		return;
	if (msec == 0)
		msec = q->server.ssh ? SSH_SERVER_MSEC : SERVER_MSEC;
	q->deadline = deadline_after_msec(msec);
	q->asked = pthread_create(&q->thread, NULL, ask, q) == 0;
	if (!q->asked)
		ask(q);
}

static void add_remote(struct entries *list, struct camera_models *models, const struct question *q,
	GPContext *context)
{
	const struct usbip_device_info *device;
	CameraAbilities abilities;
	struct camera_entry *entry;
	cleanup_free char *port = NULL;
	size_t i;

	for (i = 0; i < q->count; i++) {
		device = &q->devices[i];
		if (q->server.busid[0] ? strcmp(device->busid, q->server.busid) != 0
				       : !known_camera(device))
			continue;
		if (camera_models_by_usb(
			    models, device->vendor, device->product, &abilities, context) < 0)
			continue;
		free(port);
		port = place_remote_port(&q->server, device->busid);
		entry = add(list, abilities.model, port);
		entry->remote = true;
	}
}

/* Asks all, takes what they answer; returns how many did not. err is of the last of them. */
static size_t add_servers(struct entries *list, struct place *place,
	const struct usbip_config *config, const char *named, struct camera *camera,
	struct orc_error *err)
{
	size_t count = named ? 1 : config->remote_count, failed = 0, i;
	struct question *questions = orc_must(calloc(count + 1, sizeof(*questions)));
	int64_t msec = named ? camera->options.timeout_msec : 0;

	for (i = 0; i < count; i++)
		start(&questions[i], config, named ? named : config->remotes[i], msec);
	if (camera_models_load(&place->models, camera->context) < 0)
		log_debug("no camera driver could be loaded");
	for (i = 0; i < count; i++) {
		if (questions[i].asked)
			pthread_join(questions[i].thread, NULL);
		if (questions[i].result) {
			failed++;
			if (err)
				*err = questions[i].err;
		} else {
			add_remote(list, &place->models, &questions[i], camera->context);
		}
		free(questions[i].devices);
	}
	free(questions);
	return failed;
}

/* Opens one to ask for its serial; marks the one that somebody else has. */
static void ask_serial(struct camera_entry *entry, const struct camera_options *options)
{
	struct camera_options own = *options;
	struct camera_info info;
	struct camera *camera;
	int ret;

	own.address = (struct camera_address){ .port = entry->port, .ssh = options->address.ssh };
	ret = camera_open(&camera, &own, NULL);
	if (ret == ORC_EBUSY)
		entry->in_use = true;
	if (ret)
		return;
	if (camera_info_get(camera, &info, NULL) == 0) {
		entry->serial = steal_pointer(&info.serial);
		camera_info_free(&info);
	}
	camera_close(camera);
}

int camera_list(const struct camera_options *options, bool serials, struct camera_entry **entries,
	size_t *count, struct orc_error *err)
{
	struct camera asking = { .options = *options };
	struct usbip_config config = { 0 };
	struct entries list = { 0 };
	struct place place = PLACE_INIT;
	size_t failed, i;
	int ret;

	*entries = NULL;
	*count = 0;
	ret = usbip_config_load(&config, options->address.ssh, err);
	if (ret)
		return ret;
	if (asking.options.timeout_msec <= 0)
		asking.options.timeout_msec = 5000;
	asking.context = camera_context_new(&asking);
	add_local(&list, &place, asking.context);
	failed = add_servers(&list, &place, &config, options->address.remote, &asking, err);
	if (failed && options->address.remote)
		ret = err ? err->code : ORC_ENOCAMERA;
	else if (failed)
		ret = ORC_EPARTIAL;
	if (err)
		err->code = ret;
	for (i = 0; serials && i < list.count && !camera_cancelled(&asking); i++)
		ask_serial(&list.entries[i], options);
	place_free(&place);
	gp_context_unref(asking.context);
	usbip_config_free(&config);
	*entries = list.entries;
	*count = list.count;
	return ret;
}
