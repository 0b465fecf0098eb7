/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the devices that a server shares is the camera that is meant. */
#include "iolib/choose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MSEC 3000
#define ASK_MSEC      250

/* Makers of whose USB products nearly all are cameras; from the camera drivers' lists of ids. */
static const uint16_t camera_vendors[] = {
	0x040a, /* Kodak */
	0x04a9, /* Canon */
	0x04b0, /* Nikon */
	0x04cb, /* Fujifilm */
	0x04da, /* Panasonic */
	0x054c, /* Sony */
	0x05ca, /* Ricoh */
	0x0686, /* Minolta */
	0x07b4, /* Olympus */
	0x07cf, /* Casio */
	0x0a17, /* Pentax */
	0x1003, /* Sigma */
	0x132b, /* Konica Minolta */
	0x1a98, /* Leica */
	0x25fb, /* Ricoh Imaging */
	0x2672, /* GoPro */
	0x33a2, /* OM Digital Solutions */
};

bool choose_is_camera_vendor(uint16_t vendor)
{
	for (size_t i = 0; i < ARRAY_LENGTH(camera_vendors); i++)
		if (camera_vendors[i] == vendor)
			return true;
	return false;
}

bool choose_is_camera(const struct usbip_device_info *device)
{
	if (device->num_interfaces == 0)
		return device->class == 6 || choose_is_camera_vendor(device->vendor);
	for (size_t i = 0; i < device->num_interfaces; i++) {
		const struct usbip_interface *interface = &device->interfaces[i];

		if (interface->class == 6 && interface->subclass == 1 && interface->protocol == 1)
			return true;
	}
	return false;
}

static bool wanted(const struct usbip_address *address, const struct usbip_device_info *device)
{
	if (address->busid[0])
		return strcmp(address->busid, device->busid) == 0;
	return choose_is_camera(device);
}

static int several(const struct usbip_address *address, const struct usbip_device_info *devices,
	size_t count, struct orc_error *err)
{
	char list[160] = "";
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		int n;

		if (!wanted(address, &devices[i]) || len >= sizeof(list))
			continue;
		n = snprintf(list + len, sizeof(list) - len, "%s%s (%04x:%04x)", len ? ", " : "",
			devices[i].busid, devices[i].vendor, devices[i].product);
		len += n > 0 ? (size_t)n : 0;
	}
	orc_fail(err, ORC_EUSAGE, "it shares several cameras: %s", list);
	orc_hint(err, "add /BUSID to the address");
	return ORC_EUSAGE;
}

static int none(const struct usbip_address *address, size_t count, struct orc_error *err)
{
	if (address->busid[0])
		orc_fail(err, ORC_ENOCAMERA, "no device %s is free there", address->busid);
	else if (count)
		orc_fail(err, ORC_ENOCAMERA, "none of the devices shared there is a camera");
	else
		orc_fail(err, ORC_ENOCAMERA, "no device is free there");
	orc_hint(err, "switch the camera on, bind it at the server, end other clients");
	return ORC_ENOCAMERA;
}

static int ask_once(struct usbip_address *address, struct deadline deadline,
	struct usbip_device_info *device, bool *empty, struct orc_error *err)
{
	cleanup_free struct usbip_device_info *devices = NULL;
	const struct usbip_device_info *found = NULL;
	size_t count, matches = 0;
	int r = usbip_client_list(address, deadline, &devices, &count, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) {
		if (!wanted(address, &devices[i]))
			continue;
		found = &devices[i];
		matches++;
	}
	*empty = matches == 0;
	if (matches > 1)
		return several(address, devices, count, err);
	if (!found)
		return none(address, count, err);
	*device = *found;
	memcpy(address->busid, found->busid, sizeof(address->busid));
	return 0;
}

int choose_device(struct usbip_address *address, struct deadline deadline, bool patient,
	struct usbip_device_info *device, struct orc_error *err)
{
	struct deadline give_up = deadline_min(deadline, deadline_after_msec(PATIENCE_MSEC));
	char text[USBIP_ADDRESS_TEXT_SIZE];
	bool empty = false;
	int r;

	for (;;) {
		r = ask_once(address, deadline, device, &empty, err);
		if (r == 0)
			return 0;
		if (!empty || !patient || deadline_passed(give_up))
			break;
		clock_sleep_until(deadline_min(give_up, deadline_after_msec(ASK_MSEC)));
	}
	orc_what(err, "no camera at %.150s", usbip_address_format(address, text, sizeof(text)));
	return r;
}
