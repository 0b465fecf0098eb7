/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user says of a camera to a port and a driver. */
#include "camera/find.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-list.h>
#include <gphoto2/gphoto2-result.h>

#include "base/log.h"
#include "camera/drivers.h"
#include "iolib/known.h"
#include "usbip/config.h"
#include "usbip/vhci.h"

#define DEFAULT_TIMEOUT_MSEC 5000
/* A server resets a device after its last client for 1 to 3 s. */
#define PATIENCE_MSEC 3000
#define ASK_MSEC      250
/* What gp_port_set_info() keeps of a USB port's name. */
#define PORT_MAX_LEN 63

void place_free(struct place *place)
{
	free(place->port);
	if (place->ports)
		gp_port_info_list_free(place->ports);
	camera_models_free(&place->models);
	*place = (struct place){ 0 };
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

static int no_such_busid(const struct usbip_address *server,
	const struct usbip_device_info *devices, size_t count, struct orc_error *err)
{
	char list[120] = "";
	size_t i, len = 0;

	for (i = 0; i < count && len < sizeof(list); i++)
		len += (size_t)snprintf(
			list + len, sizeof(list) - len, "%s%s", i ? ", " : "", devices[i].busid);
	orc_fail(err, ORC_ENOCAMERA, "the server shares no %s now", server->busid);
	if (count)
		return orc_hint(err, "it shares %s", list);
	return orc_hint(err, "another client may have it, or it is not bound at the server");
}

/* The device that is meant: the named one, or the only camera. */
static int choose_device(const struct usbip_address *server,
	const struct usbip_device_info *devices, size_t count, size_t *index, struct orc_error *err)
{
	size_t i;

	if (!server->busid[0])
		return known_pick(devices, count, index, err);
	for (i = 0; i < count; i++) {
		if (strcmp(devices[i].busid, server->busid) != 0)
			continue;
		*index = i;
		return 0;
	}
	return no_such_busid(server, devices, count, err);
}

/*
 * A server's list leaves out a device that is in use: only an attempt to import it tells that from
 * one that is not shared. 0 where it could be had after all.
 */
static int ask_for_busid(const struct usbip_address *server, struct deadline deadline,
	struct usbip_device_info *device, struct orc_error *err)
{
	struct usbip_client *client;
	struct orc_error refusal = { 0 };
	int ret;

	ret = usbip_client_open(&client, server, NULL, deadline, &refusal);
	if (ret == ORC_EBUSY)
		*err = refusal;
	if (ret < 0)
		return ret == ORC_EBUSY ? ret : ORC_ENOCAMERA;
	*device = *usbip_client_device(client);
	usbip_client_close(client);
	return 0;
}

/*
 * Asks the server which device it is. One that is still resetting the device after its last client
 * does not show it for a while: "none" is asked again.
 */
static int ask_server(struct camera *camera, const struct usbip_address *server,
	struct usbip_device_info *device, struct orc_error *err)
{
	struct deadline deadline = deadline_after_msec(camera->options.timeout_msec);
	struct deadline patience = deadline_min(deadline, deadline_after_msec(PATIENCE_MSEC));
	size_t count, index;
	int ret;

	for (;;) {
		cleanup_free struct usbip_device_info *devices = NULL;

		ret = usbip_client_list(server, deadline, &devices, &count, err);
		if (ret)
			return ret;
		ret = choose_device(server, devices, count, &index, err);
		if (!ret)
			*device = devices[index];
		if (ret != ORC_ENOCAMERA)
			return ret;
		if (deadline_passed(patience))
			return server->busid[0] ? ask_for_busid(server, deadline, device, err)
						: ret;
		if (!camera_sleep_until(
			    camera, deadline_min(patience, deadline_after_msec(ASK_MSEC))))
			return camera_fail_cancelled(err);
	}
}

static int find_remote(struct place *place, const struct usbip_address *server,
	struct camera *camera, struct orc_error *err)
{
	const char *model = camera->options.address.model;
	struct usbip_device_info device;
	int ret;

	ret = ask_server(camera, server, &device, err);
	if (ret)
		return ret;
	if (model)
		ret = camera_models_by_name(
			&place->models, model, &place->abilities, camera->context);
	else
		ret = camera_models_by_usb(&place->models, device.vendor, device.product,
			&place->abilities, camera->context);
	if (ret < 0)
		return camera_fail(camera, ret, err);
	place->port = place_remote_port(server, device.busid);
	if (strlen(place->port) > PORT_MAX_LEN) {
		orc_fail(err, ORC_EUSAGE, "libgphoto2 takes no address of more than %d letters",
			PORT_MAX_LEN - 6);
		return orc_hint(err, "give the server's numeric address");
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
	setenv("OPENCAMRC_TIMEOUT", timeout, 1);
	ret = load_ports(place, folder);
	if (ret >= 0)
		ret = choose_port(place, place->port);
	return ret < 0 ? camera_fail(camera, ret, err) : 0;
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
			strncmp(port, "usbip:", 6))
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
		if (port ? strcmp(at, port) == 0 : strcmp(at, "usb:") && strncmp(at, "usbip:", 6))
			break;
	}
	if (i >= gp_list_count(found) || !at)
		return no_local_camera(port, err);
	place->port = orc_must(strdup(at));
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
		ret = camera_models_by_name(
			&place->models, model, &place->abilities, camera->context);
		if (ret >= 0)
			ret = choose_port(place, port);
		place->port = orc_must(strdup(port));
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

int place_find(struct place *place, struct camera *camera, struct orc_error *err)
{
	const struct camera_address *address = &camera->options.address;
	struct usbip_config config = { 0 };
	struct usbip_address server;
	const char *remote = address->remote, *port;
	char text[32];
	int ret;

	if (camera->options.timeout_msec <= 0)
		camera->options.timeout_msec = DEFAULT_TIMEOUT_MSEC;
	/* A port of ours goes the same way as a remote, for its errors are better there. */
	if (!remote && address->port && strncmp(address->port, "usbip:", 6) == 0)
		remote = address->port + 6;
	if (!remote && address->port)
		return open_local(place, address->port, camera, err);
	ret = usbip_config_load(&config, err);
	if (ret)
		return ret;
	if (!remote && config.remote_count == 0) {
		usbip_config_free(&config);
		return open_local(place, address->port, camera, err);
	}
	ret = usbip_config_resolve(&config, remote, &server, err);
	usbip_config_free(&config);
	if (ret)
		return ret;
	port = attached_port(&server, text, sizeof(text));
	return port ? open_local(place, port, camera, err)
		    : open_remote(place, &server, camera, err);
}
