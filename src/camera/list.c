/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cameras there are: on this machine, and on servers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-list.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/find.h"
#include "camera/network.h"
#include "camera/private.h"
#include "iolib/known.h"
#include "usbip/config.h"
#include "usbip/discover.h"

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
		free(entries[i].name);
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
		if (strcmp(port, "usb:") != 0 && !usbip_port_address(port))
			add(list, model, port);
	}
	gp_list_free(found);
}

/* Which servers are asked, and who says so. */
struct asked {
	struct servers servers;
	bool named; /* on the command line */
	bool found; /* by themselves, on the network */
};

/* A machine's only camera is called as the machine is. */
static void name_cameras(struct camera_entry *entries, size_t count, const char *machine)
{
	for (size_t i = 0; i < count; i++)
		if (asprintf(&entries[i].name, "%s%s", machine,
			    count > 1 ? strrchr(entries[i].port, '/') : "") < 0)
			orc_must(entries[i].name = NULL);
}

/* Two lines of the configuration may name one machine. */
static bool is_listed(const struct entries *list, const char *port)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].port, port) == 0)
			return true;
	return false;
}

static void add_remote(struct entries *list, struct camera_models *models,
	const struct server_question *q, bool found, GPContext *context)
{
	const struct usbip_device_info *device;
	CameraAbilities abilities;
	struct camera_entry *entry;
	cleanup_free char *port = NULL;
	size_t first = list->count, i;

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
		if (is_listed(list, port))
			continue;
		entry = add(list, abilities.model, port);
		entry->remote = true;
		entry->found = found;
	}
	if (q->text)
		name_cameras(list->entries + first, list->count - first, q->text);
}

/* The one that is named, those of the configuration, or those that are found on the network. */
static int choose_servers(struct asked *asked, const struct usbip_config *config,
	struct camera *camera, struct orc_error *err)
{
	const char *named = camera->options.address.remote;
	size_t i;

	if (!named && config->remote_count == 0)
		return network_look(&asked->servers, &asked->found, camera, config, err);
	asked->named = named;
	servers_init(&asked->servers, named ? 1 : config->remote_count);
	for (i = 0; i < asked->servers.count; i++) {
		struct server_question *q = &asked->servers.questions[i];

		q->text = named ? named : config->remotes[i];
		q->result = usbip_config_resolve(config, q->text, &q->server, &q->err);
	}
	return 0;
}

/* The first of them that answered, or did not; NULL where there is none. */
static const struct server_question *first(const struct servers *servers, bool answered)
{
	size_t i;

	for (i = 0; i < servers->count; i++)
		if ((servers->questions[i].result == 0) == answered)
			return &servers->questions[i];
	return NULL;
}

/*
 * Who announced a server may be wrong, or have gone: that is a failure only where there is no camera
 * otherwise.
 */
static int judge_found(
	const struct entries *list, const struct servers *servers, struct orc_error *err)
{
	const struct server_question *silent = first(servers, false);
	const struct server_question *empty = first(servers, true), *q;
	char text[USBIP_ADDRESS_TEXT_SIZE], line[512];

	for (q = servers->questions; list->count > 0 && q < servers->questions + servers->count;
		q++)
		if (q->result < 0)
			log_info("%s", orc_error_line(&q->err, line, sizeof(line)));
	if (list->count > 0)
		return 0;
	if (empty) {
		orc_fail(err, ORC_ENOCAMERA, "%s was found, but shares no camera",
			usbip_address_format(&empty->server, text, sizeof(text)));
		return orc_hint(err, "is it switched on, and bound to usbip-host there?");
	}
	if (!silent)
		return 0;
	network_fail(silent, err);
	return ORC_ENOCAMERA;
}

/* All that do not answer are failures; err is of the first. */
static int judge_named(const struct asked *asked, struct orc_error *err)
{
	const struct server_question *silent = first(&asked->servers, false);

	if (!silent)
		return 0;
	if (err)
		*err = silent->err;
	return asked->named ? silent->result : ORC_EPARTIAL;
}

/* Asks all, takes what they answer. */
static int add_servers(struct entries *list, struct place *place, struct asked *asked,
	struct camera *camera, struct orc_error *err)
{
	int64_t msec = asked->named ? camera->options.timeout_msec : 0;
	struct server_question *q;
	size_t i;

	servers_ask(&asked->servers, msec);
	if (camera_models_load(&place->models, camera->context) < 0)
		log_debug("no camera driver could be loaded");
	for (i = 0; i < asked->servers.count; i++) {
		q = &asked->servers.questions[i];
		if (server_answer(q) == 0)
			add_remote(list, &place->models, q, asked->found, camera->context);
	}
	return asked->found ? judge_found(list, &asked->servers, err) : judge_named(asked, err);
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
	struct asked asked = { 0 };
	size_t i;
	int ret;

	*entries = NULL;
	*count = 0;
	ret = usbip_config_load(&config, options->address.ssh, err);
	if (ret)
		return ret;
	asking.options.timeout_msec = camera_timeout_msec(asking.options.timeout_msec);
	asking.context = camera_context_new(&asking);
	add_local(&list, &place, asking.context);
	ret = choose_servers(&asked, &config, &asking, err);
	if (ret == 0)
		ret = add_servers(&list, &place, &asked, &asking, err);
	if (err)
		err->code = ret;
	for (i = 0; serials && i < list.count && !camera_cancelled(&asking); i++)
		/* One that was found may be somebody else's: it is left alone. */
		if (!list.entries[i].found)
			ask_serial(&list.entries[i], options);
	servers_free(&asked.servers);
	place_free(&place);
	gp_context_unref(asking.context);
	usbip_config_free(&config);
	*entries = list.entries;
	*count = list.count;
	return ret;
}

static bool is_asked(const struct usbip_config *config, const char *name)
{
	for (size_t i = 0; i < config->remote_count; i++)
		if (strcmp(config->remotes[i], name) == 0)
			return true;
	return false;
}

int camera_list_empty(const struct camera_options *options, struct orc_error *err)
{
	struct usbip_config config = { 0 };
	char names[128] = "";
	size_t len = 0;

	orc_fail(err, ORC_ENOCAMERA, "no camera found");
	if (options->address.remote)
		return orc_hint(err, "is it switched on, and bound to usbip-host there?");
	if (usbip_config_load(&config, NULL, &(struct orc_error){ 0 }) < 0)
		config = (struct usbip_config){ 0 };
	for (size_t i = 0; i < config.alias_count && len < sizeof(names); i++)
		if (!is_asked(&config, config.aliases[i].name))
			len += (size_t)snprintf(names + len, sizeof(names) - len, "%s-r %s",
				len ? ", " : "", config.aliases[i].name);
	usbip_config_free(&config);
	if (names[0])
		return orc_hint(err,
			"is it switched on? only machines of `remote` lines are asked, and not %s",
			len < sizeof(names) ? names : "all those that have a name");
	if (!usbip_discover_library())
		return orc_hint(err,
			"is it switched on? built without mDNS, this finds no servers: "
			"-r HOST asks one");
	return orc_hint(err, "is it switched on? -r HOST asks another machine");
}
