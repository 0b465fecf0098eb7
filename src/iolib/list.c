/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver's ports: a pattern for any address, and the cameras of the configured remotes. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-port-log.h>
#include <gphoto2/gphoto2-port-result.h>

#include "iolib/choose.h"
#include "iolib/port-library.h"
#include "usbip/config.h"

#define LIST_MSEC 1000
/* More servers than that nobody waits for. */
#define MAX_REMOTES 32

/* One server to ask: a thread's own until it is joined. */
struct question {
	pthread_t thread;
	bool started;
	const char *remote; /* as configured */
	struct usbip_address address;
	struct deadline deadline;
	struct usbip_device_info *devices;
	size_t count;
};

static void *ask(void *data)
{
	struct question *question = data;
	struct orc_error err = { 0 };
	char line[600];

	if (usbip_client_list(&question->address, question->deadline, &question->devices,
		    &question->count, &err) < 0)
		gp_log(GP_LOG_DEBUG, "usbip", "%s", orc_error_line(&err, line, sizeof(line)));
	return NULL;
}

static int add(GPPortInfoList *list, const char *name, const char *path)
{
	GPPortInfo info;
	int r = gp_port_info_new(&info);

	if (r < GP_OK)
		return r;
	gp_port_info_set_type(info, GP_PORT_USB);
	gp_port_info_set_name(info, name);
	gp_port_info_set_path(info, path);
	r = gp_port_info_list_append(list, info);
	/* The index of a pattern is -1, which is no error. */
	return r < -1 ? r : GP_OK;
}

static void add_camera(GPPortInfoList *list, const struct question *question,
	const struct usbip_device_info *device)
{
	bool has_busid = question->address.busid[0];
	char path[512], name[512];

	if (has_busid ? strcmp(question->address.busid, device->busid) != 0
		      : !choose_is_camera(device))
		return;
	snprintf(path, sizeof(path), PORT_PREFIX "%s%s%s", question->remote, has_busid ? "" : "/",
		has_busid ? "" : device->busid);
	snprintf(name, sizeof(name), "Camera %04x:%04x at %s", device->vendor, device->product,
		question->remote);
	/* A longer path does not fit into a port's settings; an alias makes it short. */
	if (strlen(path) < sizeof(((GPPortSettingsUSB *)0)->port))
		add(list, name, path);
}

/* Side by side, so that a server that is down delays nobody for longer than the deadline. */
static void ask_all(struct question *questions, size_t count)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < count; i++)
		questions[i].started =
			pthread_create(&questions[i].thread, NULL, ask, &questions[i]) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	for (size_t i = 0; i < count; i++)
		if (questions[i].started)
			pthread_join(questions[i].thread, NULL);
}

static void list_remotes(GPPortInfoList *list, const struct usbip_config *config)
{
	struct deadline deadline = deadline_after_msec(LIST_MSEC);
	struct question questions[MAX_REMOTES];
	size_t count = 0;

	memset(questions, 0, sizeof(questions));
	for (size_t i = 0; i < config->remote_count && count < MAX_REMOTES; i++) {
		struct question *question = &questions[count];

		question->remote = config->remotes[i];
		question->deadline = deadline;
		if (usbip_config_resolve(
			    config, config->remotes[i], &question->address, NULL) == 0)
			count++;
	}
	ask_all(questions, count);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < questions[i].count; j++)
			add_camera(list, &questions[i], &questions[i].devices[j]);
		free(questions[i].devices);
	}
}

int gp_port_library_list(GPPortInfoList *list)
{
	struct usbip_config config;
	struct orc_error err = { 0 };
	char line[600];
	int r = add(list, "", "^" PORT_PREFIX);

	if (r < GP_OK)
		return r;
	if (usbip_config_load(&config, &err) < 0) {
		gp_log(GP_LOG_ERROR, "usbip", "%s", orc_error_line(&err, line, sizeof(line)));
		return GP_OK;
	}
	list_remotes(list, &config);
	usbip_config_free(&config);
	return GP_OK;
}
