/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ports that the driver offers: a pattern, and one entry for each camera that is shared. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-port-log.h>
#include <gphoto2/gphoto2-port-result.h>

#include "iolib/known.h"
#include "iolib/port-library.h"
#include "usbip/client.h"
#include "usbip/config.h"

enum {
	LIST_MSEC = 1000,     /* a server that is down delays nobody longer … */
	SSH_LIST_MSEC = 5000, /* … but by ssh, where a small box takes its time to shake hands */
	MAX_PATH_LEN = 63,    /* what settings.usb.port holds */
	MAX_SERVERS = 64,     /* asked at once: a thread each */
	PRIVATE_TYPE =
		1 << 20, /* the list drops a second driver of the same type as the USB one's */
};

/* One server, asked by a thread of its own. */
struct question {
	struct usbip_address address;
	struct usbip_device_info *devices;
	size_t count;
	pthread_t thread;
	bool asked;
};

GPPortType gp_port_library_type(void)
{
	return (GPPortType)(GP_PORT_USB | PRIVATE_TYPE);
}

static void *ask(void *data)
{
	struct question *question = data;
	struct deadline deadline =
		deadline_after_msec(question->address.ssh ? SSH_LIST_MSEC : LIST_MSEC);
	struct orc_error err = { 0 };
	char line[512];

	if (usbip_client_list(
		    &question->address, deadline, &question->devices, &question->count, &err) < 0)
		gp_log(GP_LOG_DEBUG, "usbip", "%s", orc_error_line(&err, line, sizeof(line)));
	return NULL;
}

static int append(GPPortInfoList *list, const char *name, const char *path)
{
	GPPortInfo info;
	int ret;

	ret = gp_port_info_new(&info);
	if (ret < 0)
		return ret;
	gp_port_info_set_type(info, GP_PORT_USB);
	gp_port_info_set_name(info, name);
	gp_port_info_set_path(info, path);
	/* The result counts named entries only, and is -1 while there is none: no error. */
	gp_port_info_list_append(list, info);
	return GP_OK;
}

static int append_camera(GPPortInfoList *list, const struct question *question,
	const struct usbip_device_info *device)
{
	char path[USBIP_ADDRESS_TEXT_SIZE + 8], text[USBIP_ADDRESS_TEXT_SIZE];
	struct usbip_address address = question->address;
	int len;

	memcpy(address.busid, device->busid, sizeof(address.busid));
	usbip_address_format(&address, text, sizeof(text));
	len = snprintf(path, sizeof(path), "usbip:%s", text);
	if (len > MAX_PATH_LEN) {
		gp_log(GP_LOG_ERROR, "usbip", "%s: too long for a port; give it an alias", path);
		return GP_OK;
	}
	return append(list, "USB/IP", path);
}

static int append_answers(GPPortInfoList *list, const struct question *question)
{
	int ret = GP_OK;

	for (size_t i = 0; i < question->count && ret == GP_OK; i++) {
		if (!known_camera(&question->devices[i]))
			continue;
		if (question->address.busid[0] &&
			strcmp(question->address.busid, question->devices[i].busid) != 0)
			continue;
		ret = append_camera(list, question, &question->devices[i]);
	}
	return ret;
}

static int ask_all(GPPortInfoList *list, const struct usbip_config *config)
{
	size_t count = config->remote_count < MAX_SERVERS ? config->remote_count : MAX_SERVERS;
	struct question *questions = calloc(MAX_SERVERS, sizeof(*questions));
	struct orc_error err;
	int ret = GP_OK;

	if (!questions)
		return GP_ERROR_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct question *q = &questions[i];

		if (usbip_config_resolve(config, config->remotes[i], &q->address, &err) == 0)
			q->asked = pthread_create(&q->thread, NULL, ask, q) == 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!questions[i].asked)
			continue;
		pthread_join(questions[i].thread, NULL);
		if (ret == GP_OK)
			ret = append_answers(list, &questions[i]);
		free(questions[i].devices);
	}
	free(questions);
	return ret;
}

int gp_port_library_list(GPPortInfoList *list)
{
	struct usbip_config config;
	struct orc_error err;
	char line[512];
	int ret;

	ret = append(list, "", "^usbip:");
	if (ret < 0)
		return ret;
	if (usbip_config_load(&config, NULL, &err) < 0) {
		gp_log(GP_LOG_ERROR, "usbip", "%s", orc_error_line(&err, line, sizeof(line)));
		return GP_OK;
	}
	ret = ask_all(list, &config);
	usbip_config_free(&config);
	return ret;
}
