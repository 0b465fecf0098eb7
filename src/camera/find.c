/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user says of a camera to a port and a driver. */
#include "camera/find.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gphoto2/gphoto2-list.h>
#include <gphoto2/gphoto2-result.h>

#include "camera/drivers.h"
#include "camera/network.h"
#include "iolib/known.h"
#include "usbip/config.h"
#include "usbip/vhci.h"

/* What gp_port_set_info() keeps of a USB port's name. */
#define PORT_MAX_LEN 63

/* The driver goes on with the connection that was made here. */
static void hand_over(struct place *place)
{
	cleanup_free char *variable = NULL;
	char text[USBIP_HANDOVER_SIZE];

	place->handed_over = usbip_client_hand_over(steal_pointer(&place->client), text);
	if (asprintf(&variable, "%s %s", place->port, text) < 0)
		variable = orc_must(NULL);
	setenv(IOLIB_HANDOVER, variable, 1);
}

/* What the driver has taken is the driver's. */
static void take_back(struct place *place)
{
	if (place->handed_over.fd < 0)
		return;
	if (getenv(IOLIB_HANDOVER))
		usbip_link_close(&place->handed_over);
	unsetenv(IOLIB_HANDOVER);
	place->handed_over = USBIP_LINK_CLOSED;
}

void place_free(struct place *place)
{
	take_back(place);
	usbip_client_close(place->client);
	free(place->port);
	if (place->ports)
		gp_port_info_list_free(place->ports);
	camera_models_free(&place->models);
	*place = PLACE_INIT;
}

/* Sets a variable, or takes it away where value is NULL. */
static void put_variable(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static char *copy_variable(const char *name)
{
	const char *value = getenv(name);

	return value ? orc_must(strdup(value)) : NULL;
}

/*
 * Loads the list of ports with our driver alone, which is fast, or with the system's where folder is
 * NULL. With ours no remote is named, so that the driver asks no server just to list them.
 */
static int load_ports(struct place *place, const char *folder)
{
	cleanup_free char *iolibs = copy_variable("IOLIBS");
	cleanup_free char *remote = copy_variable("OPENCAMRC_REMOTE");
	int ret;

	if (place->ports)
		return GP_OK;
	ret = gp_port_info_list_new(&place->ports);
	if (ret < 0)
		return ret;
	if (folder) {
		setenv("IOLIBS", folder, 1);
		setenv("OPENCAMRC_REMOTE", "", 1);
	}
	ret = gp_port_info_list_load(place->ports);
	if (folder) {
		put_variable("IOLIBS", iolibs);
		put_variable("OPENCAMRC_REMOTE", remote);
	}
	return ret;
}

static int choose_port(struct place *place, const char *port)
{
	int index = gp_port_info_list_lookup_path(place->ports, port);

	if (index < 0)
		return index;
	return gp_port_info_list_get_info(place->ports, index, &place->info);
}

char *place_remote_port(const struct usbip_address *server, const char *busid)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	struct usbip_address address = *server;
	char *port;

	snprintf(address.busid, sizeof(address.busid), "%s", busid);
	usbip_address_format(&address, text, sizeof(text));
	if (asprintf(&port, "usbip:%s", text) < 0)
		port = orc_must(NULL);
	return port;
}

static bool pause_until(void *data, struct deadline until)
{
	return camera_sleep_until(data, until);
}

static int ask_claim(
	struct camera *camera, const char *key, const char *name, struct orc_error *err)
{
	const struct camera_options *options = &camera->options;

	return options->claim ? options->claim(options->claim_data, key, name, err) : 0;
}

struct claim {
	struct camera *camera;
	const struct usbip_address *server;
};

static int claim(void *data, const struct usbip_address *device, struct orc_error *err)
{
	const struct claim *claim = data;
	cleanup_free char *key = place_remote_port(device, device->busid);
	cleanup_free char *name = place_remote_port(claim->server, device->busid);

	return ask_claim(claim->camera, key, name, err);
}

/* Imports the device that is meant: which one it is decides on the driver. */
static int import(struct place *place, const struct usbip_address *server, struct camera *camera,
	struct orc_error *err)
{
	struct claim claimed = { camera, server };
	const struct usbip_client_options options = {
		.choose = known_pick,
		.claim = claim,
		.claim_data = &claimed,
		.patience_msec = USBIP_PATIENCE_MSEC,
		.pause = pause_until,
		.pause_data = camera,
	};

	return usbip_client_open(&place->client, server, &options,
		deadline_after_msec(camera->options.timeout_msec), err);
}

static int find_remote(struct place *place, const struct usbip_address *server,
	struct camera *camera, struct orc_error *err)
{
	const char *model = camera->options.address.model;
	const struct usbip_device_info *device;
	int ret;

	ret = import(place, server, camera, err);
	if (ret)
		return ret;
	device = usbip_client_device(place->client);
	if (model)
		ret = camera_models_by_name(
			&place->models, model, &place->abilities, camera->context);
	else
		ret = camera_models_by_usb(&place->models, device->vendor, device->product,
			&place->abilities, camera->context);
	if (ret < 0)
		return camera_fail(camera, ret, err);
	place->port = place_remote_port(server, device->busid);
	if (strlen(place->port) > PORT_MAX_LEN) {
		orc_fail(err, ORC_EUSAGE, "libgphoto2 takes no address of more than %d letters",
			PORT_MAX_LEN - 6);
		return orc_hint(err, "%s",
			server->ssh ? "a Host of ~/.ssh/config makes it short"
				    : "give the server's numeric address");
	}
	return 0;
}

static int open_remote(struct place *place, const struct usbip_address *server,
	struct camera *camera, struct orc_error *err)
{
	cleanup_free char *folder = NULL;
	char timeout[32];
	int ret;

	ret = find_remote(place, server, camera, err);
	if (ret)
		return ret;
	ret = camera_drivers_own_folder(&folder, err);
	if (ret)
		return ret;
	snprintf(timeout, sizeof(timeout), "%" PRId64 "ms", camera->options.timeout_msec);
	setenv(USBIP_TIMEOUT, timeout, 1);
	if (server->ssh_command[0])
		setenv("OPENCAMRC_SSH", server->ssh_command, 1);
	ret = load_ports(place, folder);
	if (ret >= 0)
		ret = choose_port(place, place->port);
	if (ret < 0)
		return camera_fail(camera, ret, err);
	hand_over(place);
	return 0;
}

int place_list_local(struct place *place, GPContext *context, CameraList *found)
{
	const char *port;
	int ret, i;

	ret = load_ports(place, NULL);
	if (ret >= 0)
		ret = camera_models_load(&place->models, context);
	if (ret >= 0)
		ret = gp_abilities_list_detect(place->models.list, place->ports, found, context);
	/* "usb:" stands for whichever comes first, and is listed beside the port itself. */
	for (i = 0; ret >= 0 && i < gp_list_count(found); i++)
		if (gp_list_get_value(found, i, &port) >= 0 && strcmp(port, "usb:") &&
			!usbip_port_address(port))
			return ret;
	if (ret >= 0)
		ret = camera_models_load_all(&place->models, context);
	if (ret >= 0)
		ret = gp_abilities_list_detect(place->models.list, place->ports, found, context);
	return ret;
}

static int no_local_camera(const char *port, struct orc_error *err)
{
	orc_fail(err, ORC_ENOCAMERA, "there is no camera%s%.100s", port ? " on " : "",
		port ? port : "");
	return orc_hint(err, port ? "see opencamrc list" : "name its server with -r");
}

/* The detected camera on the port, or the first one where port is NULL. */
static int choose_local(struct place *place, CameraList *found, const char *port,
	struct camera *camera, struct orc_error *err)
{
	const char *model = NULL, *at = NULL;
	int i, ret;

	for (i = 0; i < gp_list_count(found); i++) {
		gp_list_get_name(found, i, &model);
		gp_list_get_value(found, i, &at);
		if (port ? strcmp(at, port) == 0 : strcmp(at, "usb:") && !usbip_port_address(at))
			break;
	}
	if (i >= gp_list_count(found) || !at)
		return no_local_camera(port, err);
	place->port = orc_must(strdup(at));
	ret = ask_claim(camera, place->port, place->port, err);
	if (ret < 0)
		return ret;
	if (camera->options.address.model)
		model = camera->options.address.model;
	ret = camera_models_by_name(&place->models, model, &place->abilities, camera->context);
	if (ret >= 0)
		ret = choose_port(place, place->port);
	return ret < 0 ? camera_fail(camera, ret, err) : 0;
}

static void list_free(CameraList **list)
{
	if (*list)
		gp_list_free(*list);
}

static int open_local(
	struct place *place, const char *port, struct camera *camera, struct orc_error *err)
{
	cleanup(list_free) CameraList *found = NULL;
	const char *model = camera->options.address.model;
	int ret;

	/* A camera on the network is not detected, but named. */
	if (port && !model && strncmp(port, "ptpip:", 6) == 0)
		model = "PTP/IP Camera";
	ret = load_ports(place, NULL);
	if (ret >= 0 && port && model) {
		place->port = orc_must(strdup(port));
		ret = ask_claim(camera, port, port, err);
		if (ret < 0)
			return ret;
		ret = camera_models_by_name(
			&place->models, model, &place->abilities, camera->context);
		if (ret >= 0)
			ret = choose_port(place, port);
		return ret < 0 ? camera_fail(camera, ret, err) : 0;
	}
	if (ret >= 0)
		ret = gp_list_new(&found);
	/* The lookup adds a port that is named but not listed. */
	if (ret >= 0 && port)
		ret = choose_port(place, port);
	if (ret >= 0)
		ret = place_list_local(place, camera->context, found);
	if (ret < 0)
		return camera_fail(camera, ret, err);
	return choose_local(place, found, port, camera, err);
}

/* None is here, and none is named: the only one of the servers that announce themselves. */
static int open_found(struct place *place, struct camera *camera, struct orc_error *err)
{
	struct usbip_address server;
	int ret;

	if (usbip_link_is_sandboxed()) {
		orc_fail(err, ORC_ENOCAMERA,
			"there is none here, and a sandbox looks for no server");
		return orc_hint(err, "name its server with -r");
	}
	ret = network_find(camera, &server, err);
	if (ret < 0)
		return ret;
	/* The ports of the system's drivers. */
	place_free(place);
	return open_remote(place, &server, camera, err);
}

/*
 * A camera that this machine's kernel has attached is busy for us at its server, and on a USB port
 * here: the port, or NULL.
 */
static const char *attached_port(const struct usbip_address *server, char *buf, size_t size)
{
	struct usbip_address record;
	struct vhci_device device;
	struct vhci_port port;

	if (vhci_find(&vhci_system, server, &port, &device, &record) < 0)
		return NULL;
	snprintf(buf, size, "usb:%03u,%03u", device.bus, device.number);
	return buf;
}

/*
 * The server that is meant: 0; ORC_EAGAIN where it is no server's, but this machine's.
 */
static int resolve(
	const struct camera_address *address, struct usbip_address *server, struct orc_error *err)
{
	struct usbip_config config = { 0 };
	const char *remote = address->remote;
	int ret;

	/* A port of ours goes the same way as a remote, for its errors are better there. */
	if (!remote && address->port)
		remote = usbip_port_address(address->port);
	if (!remote && address->port)
		return ORC_EAGAIN;
	ret = usbip_config_load(&config, address->ssh, err);
	if (ret < 0)
		return ret;
	if (!remote && config.remote_count == 0)
		ret = ORC_EAGAIN;
	else
		ret = usbip_config_resolve(&config, remote, server, err);
	usbip_config_free(&config);
	return ret;
}

int camera_address_key(
	const struct camera_address *address, char key[CAMERA_KEY_SIZE], struct orc_error *err)
{
	struct usbip_address server;
	char text[USBIP_ADDRESS_TEXT_SIZE];
	int ret;

	ret = resolve(address, &server, err);
	if (ret == ORC_EAGAIN)
		snprintf(key, CAMERA_KEY_SIZE, "%s", address->port ? address->port : "local");
	else if (ret == 0)
		snprintf(key, CAMERA_KEY_SIZE, "usbip:%s",
			usbip_address_format(&server, text, sizeof(text)));
	return ret == ORC_EAGAIN ? 0 : ret;
}

void place_again(struct place *place, struct camera *camera)
{
	struct camera_address address = { .port = place->port, .ssh = camera->options.address.ssh };
	struct usbip_address server;
	struct orc_error err;

	if (!usbip_link_is_sandboxed() || !usbip_port_address(place->port))
		return;
	take_back(place);
	if (resolve(&address, &server, &err) < 0 || import(place, &server, camera, &err) < 0)
		return;
	hand_over(place);
}

int place_find(struct place *place, struct camera *camera, struct orc_error *err)
{
	const struct camera_address *address = &camera->options.address;
	struct usbip_address server;
	const char *port;
	char text[32];
	int ret;

	camera->options.timeout_msec = camera_timeout_msec(camera->options.timeout_msec);
	ret = resolve(address, &server, err);
	if (ret == ORC_EAGAIN) {
		ret = open_local(place, address->port, camera, err);
		return ret == ORC_ENOCAMERA ? open_found(place, camera, err) : ret;
	}
	if (ret < 0)
		return ret;
	port = attached_port(&server, text, sizeof(text));
	return port ? open_local(place, port, camera, err)
		    : open_remote(place, &server, camera, err);
}
