/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shared device behind a port: found, imported, its endpoints known. */
#include "iolib/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iolib/known.h"
#include "usbip/config.h"

enum {
	CONNECT_MSEC = 5000,   /* as long as a link may be silent */
	CONTROL_MSEC = 5000,   /* USB 2.0, 9.2.6.4: 5 s for a standard request with data */
	DESCRIPTOR_ROOM = 512, /* a camera's whole configuration descriptor has 39 to 120 bytes */
	GET_DESCRIPTOR = 6,
	SET_CONFIGURATION = 9,
	SET_INTERFACE = 11,
};

static void cleanup_config(struct usbip_config *config)
{
	usbip_config_free(config);
}

static int resolve(struct iolib_device *device, const char *path)
{
	struct usbip_config config cleanup(cleanup_config) = { 0 };
	const char *text = strchr(path, ':');
	int ret;

	device->timeout_msec = CONNECT_MSEC;
	ret = usbip_config_timeout(getenv(USBIP_TIMEOUT), &device->timeout_msec, &device->why);
	if (ret < 0)
		return ret;
	ret = usbip_config_load(&config, NULL, &device->why);
	if (ret < 0)
		return ret;
	return usbip_config_resolve(&config, text ? text + 1 : "", &device->address, &device->why);
}

static struct usbip_client_options client_options(const struct iolib_device *device)
{
	const char *read_ahead = getenv("OPENCAMRC_READ_AHEAD");

	return (struct usbip_client_options){
		.progress_msec = device->timeout_msec,
		.no_read_ahead = read_ahead && strcmp(read_ahead, "0") == 0,
		.choose = known_pick,
		.patience_msec = USBIP_PATIENCE_MSEC,
	};
}

static void imported(struct iolib_device *device)
{
	device->info = *usbip_client_device(device->client);
	/* The answer to an import counts them, and tells none: they are looked for in the descriptor. */
	device->info.num_interfaces = 0;
	memcpy(device->address.busid, device->info.busid, sizeof(device->address.busid));
}

static int no_camera(struct iolib_device *device)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];

	return orc_what(&device->why, "no camera at %s",
		usbip_address_format(&device->address, text, sizeof(text)));
}

static int import(struct iolib_device *device)
{
	struct usbip_client_options options = client_options(device);
	int ret;

	ret = usbip_client_open(&device->client, &device->address, &options,
		deadline_after_msec(device->timeout_msec), &device->why);
	if (ret == 0)
		imported(device);
	else if (!device->why.what[0])
		no_camera(device);
	return ret;
}

/*
 * "PATH TEXT" in the environment: the program that loaded this driver has imported the device of
 * that path already. The text is good once. 1: taken over, 0: there was none.
 */
static int take_over(struct iolib_device *device)
{
	struct usbip_client_options options = client_options(device);
	const char *text = getenv(IOLIB_HANDOVER);
	size_t len = strlen(device->path);
	int ret;

	if (!text || strncmp(text, device->path, len) != 0 || text[len] != ' ')
		return 0;
	ret = usbip_client_take_over(&device->client, text + len + 1, &options, &device->why);
	/* What is not taken is closed by whoever made it; until then nobody can import the device. */
	if (ret == ORC_ENOMEM)
		return ret;
	unsetenv(IOLIB_HANDOVER);
	if (ret < 0)
		return 0;
	imported(device);
	return 1;
}

/* The device by the server's list alone, for those who only want to know what it is. */
static int look(struct iolib_device *device)
{
	cleanup_free struct usbip_device_info *devices = NULL;
	const struct usbip_device_info *found;
	size_t count, index;
	int ret;

	ret = usbip_client_list(&device->address, deadline_after_msec(device->timeout_msec),
		&devices, &count, &device->why);
	if (ret < 0)
		return ret;
	if (device->address.busid[0]) {
		found = usbip_client_find(devices, count, device->address.busid);
		/* The list leaves out a device that is in use; importing tells why. */
		if (!found)
			return import(device);
	} else {
		if (known_pick(devices, count, &index, &device->why) < 0)
			return no_camera(device);
		found = &devices[index];
	}
	device->info = *found;
	memcpy(device->address.busid, found->busid, sizeof(device->address.busid));
	return 0;
}

/* Looks for the device, once for each path. One that is wanted anyway is imported at once. */
static int find(struct iolib_device *device, const char *path, bool wanted)
{
	if (strcmp(device->path, path) != 0) {
		iolib_device_release(device);
		memset(device, 0, sizeof(*device));
		snprintf(device->path, sizeof(device->path), "%s", path);
	}
	if (device->found || device->error)
		return device->error;
	device->error = resolve(device, path);
	if (device->error == 0)
		device->error = take_over(device);
	if (device->error == 0)
		device->error = wanted ? import(device) : look(device);
	else if (device->error > 0)
		device->error = 0;
	device->found = device->error == 0;
	return device->error;
}

int iolib_device_find(struct iolib_device *device, const char *path)
{
	return find(device, path, false);
}

/*
 * The descriptor is asked for and the configuration set in one round trip, with the configuration
 * that nearly every device has; set again where the descriptor names another.
 */
static int read_endpoints(struct iolib_device *device)
{
	struct deadline deadline = deadline_after_msec(CONTROL_MSEC);
	uint8_t guess = device->info.configuration_value ? device->info.configuration_value : 1;
	uint8_t data[DESCRIPTOR_ROOM];
	struct usbip_control asked[] = {
		{ 0x80, GET_DESCRIPTOR, USB_DESCRIPTOR_CONFIGURATION << 8, 0, data, sizeof(data),
			0 },
		{ 0x00, SET_CONFIGURATION, guess, 0, NULL, 0, 0 },
	};
	const struct usb_endpoints *e = &device->endpoints;
	ssize_t result;
	int ret;

	ret = usbip_client_controls(device->client, asked, ARRAY_LENGTH(asked), deadline);
	if (ret == 0 && asked[0].result < 0)
		ret = (int)asked[0].result;
	if (ret < 0)
		return ret;
	ret = usb_endpoints_parse(&device->endpoints, data, (size_t)asked[0].result);
	if (ret < 0)
		return orc_fail(&device->why, ret, "its configuration descriptor is damaged");
	/* usbip-host hands a device over without a configuration: nothing works before this. */
	result = asked[1].result;
	if (e->configuration != guess)
		result = usbip_client_control(device->client, 0x00, SET_CONFIGURATION,
			e->configuration, 0, NULL, 0, deadline);
	if (result >= 0 && e->altsetting)
		result = usbip_client_control(device->client, 0x01, SET_INTERFACE, e->altsetting,
			e->interface, NULL, 0, deadline);
	return result < 0 ? (int)result : 0;
}

static void declare_endpoints(struct iolib_device *device)
{
	const struct usb_endpoints *e = &device->endpoints;

	if (e->bulk_in >= 0)
		usbip_client_set_endpoint(device->client, (uint8_t)e->bulk_in, e->maxpacket_in);
	if (e->bulk_out >= 0)
		usbip_client_set_endpoint(device->client, (uint8_t)e->bulk_out, e->maxpacket_out);
	if (e->interrupt_in >= 0)
		usbip_client_set_endpoint(
			device->client, (uint8_t)e->interrupt_in, e->maxpacket_interrupt);
	/* Reads may be longer than what was asked for only where transfers end short, as PTP's do. */
	if (e->class == USB_CLASS_STILL_IMAGE && e->bulk_in >= 0 && e->bulk_out >= 0)
		usbip_client_set_read_ahead(
			device->client, (uint8_t)e->bulk_in, (uint8_t)e->bulk_out);
}

int iolib_device_import(struct iolib_device *device, const char *path)
{
	int ret;

	ret = find(device, path, true);
	if (ret < 0 || device->ready)
		return ret;
	/* Opened once more: the program may have a connection for that, too; and why it failed before is no news. */
	if (!device->client) {
		device->why = (struct orc_error){ 0 };
		ret = take_over(device);
		if (ret == 0)
			ret = import(device);
		if (ret < 0)
			return ret;
	}
	ret = read_endpoints(device);
	if (ret < 0) {
		if (!device->why.code)
			device->why = *usbip_client_error(device->client);
		iolib_device_release(device);
		return ret;
	}
	declare_endpoints(device);
	device->ready = true;
	return 0;
}

void iolib_device_release(struct iolib_device *device)
{
	usbip_client_close(steal_pointer(&device->client));
	device->ready = false;
}
