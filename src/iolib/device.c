/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shared device behind a port: found, imported, its endpoints known. */
#include "iolib/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "iolib/known.h"
#include "usbip/config.h"

enum {
	CONNECT_MSEC = 5000, /* as long as a link may be silent */
	CONTROL_MSEC = 5000, /* USB 2.0, 9.2.6.4: 5 s for a standard request with data */
	AGAIN_MSEC = 3000,   /* usbip-host resets a device that was given back for 1 to 3 s */
	AGAIN_STEP_MSEC = 200,
	DESCRIPTOR_ROOM = 512, /* a camera's whole configuration descriptor has 39 to 120 bytes */
	GET_DESCRIPTOR = 6,
	SET_CONFIGURATION = 9,
	SET_INTERFACE = 11,
	DESCRIPTOR_CONFIGURATION = 2,
};

static int64_t timeout_msec(void)
{
	const char *text = getenv("OPENCAMRC_TIMEOUT");
	nsec_t nsec;

	if (text && duration_parse(text, &nsec) == 0 && nsec >= NSEC_PER_MSEC)
		return nsec / NSEC_PER_MSEC;
	return CONNECT_MSEC;
}

static void cleanup_config(struct usbip_config *config)
{
	usbip_config_free(config);
}

static int resolve(struct iolib_device *device, const char *path)
{
	struct usbip_config config cleanup(cleanup_config) = { 0 };
	const char *text = strchr(path, ':');
	int ret;

	ret = usbip_config_load(&config, &device->why);
	if (ret < 0)
		return ret;
	return usbip_config_resolve(&config, text ? text + 1 : "", &device->address, &device->why);
}

/* A device that somebody has just given back is being reset, and refused, for a moment. */
static int open_client(struct iolib_device *device)
{
	const char *read_ahead = getenv("OPENCAMRC_READ_AHEAD");
	struct usbip_client_options options = {
		.progress_msec = timeout_msec(),
		.no_read_ahead = read_ahead && strcmp(read_ahead, "0") == 0,
	};
	struct deadline again = deadline_after_msec(AGAIN_MSEC);
	int ret;

	for (;;) {
		ret = usbip_client_open(&device->client, &device->address, &options,
			deadline_after_msec(timeout_msec()), &device->why);
		if (ret != ORC_EBUSY || deadline_passed(again))
			return ret;
		log_debug("%s: busy, trying again", device->address.busid);
		clock_sleep_until(deadline_after_msec(AGAIN_STEP_MSEC));
	}
}

static bool find_busid(const struct iolib_device *device, const struct usbip_device_info *devices,
	size_t count, size_t *index)
{
	for (*index = 0; *index < count; (*index)++)
		if (strcmp(devices[*index].busid, device->address.busid) == 0)
			return true;
	return false;
}

/* Without the list, which leaves out a device that is in use; importing tells why. */
static int import_unlisted(struct iolib_device *device)
{
	int ret = open_client(device);

	if (ret == 0)
		device->info = *usbip_client_device(device->client);
	return ret;
}

/* Which of the devices in the server's list is meant. */
static int choose(struct iolib_device *device, const struct usbip_device_info *devices,
	size_t count, size_t *index)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	int ret = known_pick(devices, count, index, &device->why);

	if (ret < 0) {
		usbip_address_format(&device->address, text, sizeof(text));
		orc_what(&device->why, "no camera at %s", text);
	}
	return ret;
}

static int look(struct iolib_device *device)
{
	cleanup_free struct usbip_device_info *devices = NULL;
	size_t count, index;
	int ret;

	ret = usbip_client_list(&device->address, deadline_after_msec(timeout_msec()), &devices,
		&count, &device->why);
	if (ret < 0)
		return ret;
	if (!device->address.busid[0])
		ret = choose(device, devices, count, &index);
	else if (!find_busid(device, devices, count, &index))
		return import_unlisted(device);
	if (ret < 0)
		return ret;
	device->info = devices[index];
	memcpy(device->address.busid, devices[index].busid, sizeof(device->address.busid));
	return 0;
}

/* Looks for the device, once for each path. A named one that is wanted anyway needs no list. */
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
		device->error =
			wanted && device->address.busid[0] ? import_unlisted(device) : look(device);
	device->found = device->error == 0;
	return device->error;
}

int iolib_device_find(struct iolib_device *device, const char *path)
{
	return find(device, path, false);
}

static int read_endpoints(struct iolib_device *device)
{
	struct deadline deadline = deadline_after_msec(CONTROL_MSEC);
	uint8_t data[DESCRIPTOR_ROOM];
	ssize_t len;
	int ret;

	len = usbip_client_control(device->client, 0x80, GET_DESCRIPTOR,
		DESCRIPTOR_CONFIGURATION << 8, 0, data, sizeof(data), deadline);
	if (len < 0)
		return (int)len;
	ret = usb_endpoints_parse(&device->endpoints, data, (size_t)len);
	if (ret < 0)
		return orc_fail(&device->why, ret, "its configuration descriptor is damaged");
	/* usbip-host hands a device over without a configuration: nothing works before this. */
	len = usbip_client_control(device->client, 0x00, SET_CONFIGURATION,
		device->endpoints.configuration, 0, NULL, 0, deadline);
	if (len >= 0 && device->endpoints.altsetting)
		len = usbip_client_control(device->client, 0x01, SET_INTERFACE,
			device->endpoints.altsetting, device->endpoints.interface, NULL, 0,
			deadline);
	return len < 0 ? (int)len : 0;
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
	if (!device->client)
		ret = open_client(device);
	if (ret < 0)
		return ret;
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
