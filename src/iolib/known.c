/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which shared devices are cameras. */
#include "iolib/known.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "iolib/descriptor.h"

/* USB-IF vendor ids of those who make cameras that libgphoto2's PTP driver knows. */
static const struct {
	uint16_t vendor;
	const char *maker;
} makers[] = {
	{ 0x040a, "Kodak" },
	{ 0x03f0, "HP" },
	{ 0x043d, "Ricoh" },
	{ 0x04a9, "Canon" },
	{ 0x04b0, "Nikon" },
	{ 0x04cb, "Fujifilm" },
	{ 0x04da, "Panasonic" },
	{ 0x04dd, "Sharp" },
	{ 0x04e8, "Samsung" },
	{ 0x054c, "Sony" },
	{ 0x05ca, "Ricoh" },
	{ 0x0686, "Konica Minolta" },
	{ 0x07b4, "Olympus" },
	{ 0x07cf, "Casio" },
	{ 0x0a17, "Pentax" },
	{ 0x1003, "Sigma" },
	{ 0x1a98, "Leica" },
	{ 0x25fb, "Pentax" },
	{ 0x2672, "GoPro" },
	{ 0x2ca3, "DJI" },
	{ 0x33a2, "OM Digital Solutions" },
};

const char *known_maker(uint16_t vendor)
{
	for (size_t i = 0; i < ARRAY_LENGTH(makers); i++)
		if (makers[i].vendor == vendor)
			return makers[i].maker;
	return NULL;
}

enum known_device known_device(const struct usbip_device_info *device)
{
	for (size_t i = 0; i < device->num_interfaces; i++)
		if (device->interfaces[i].class == USB_CLASS_STILL_IMAGE &&
			device->interfaces[i].subclass == USB_SUBCLASS_STILL_IMAGE)
			return KNOWN_CAMERA;
	if (device->num_interfaces > 0 || (device->class != 0 && device->class != 0xff))
		return KNOWN_OTHER;
	return known_maker(device->vendor) ? KNOWN_LIKELY : KNOWN_UNTOLD;
}

bool known_camera(const struct usbip_device_info *device)
{
	enum known_device known = known_device(device);

	return known == KNOWN_CAMERA || known == KNOWN_LIKELY;
}

bool known_disk(const struct usbip_device_info *device)
{
	if (known_device(device) != KNOWN_OTHER || !known_maker(device->vendor))
		return false;
	for (size_t i = 0; i < device->num_interfaces; i++)
		if (device->interfaces[i].class == USB_CLASS_MASS_STORAGE)
			return true;
	return false;
}

/* USB-IF's interface classes: what a camera may have, and names for what it may not. */
static const struct {
	uint8_t class;
	bool harmless;
	const char *name;
} classes[] = {
	{ 0x00, true, "its maker's own" },
	{ 0x01, true, "sound" },
	{ 0x02, false, "a modem or network card" },
	{ 0x03, false, "a keyboard or mouse" },
	{ 0x06, true, "pictures" },
	{ 0x07, false, "a printer" },
	{ 0x08, true, "storage" },
	{ 0x09, false, "a hub" },
	{ 0x0a, false, "a modem or network card" },
	{ 0x0e, true, "video" },
	{ 0xe0, false, "a radio or network card" },
	{ 0xff, true, "its maker's own" },
};

static int check_interface(uint8_t class, uint16_t vendor, uint16_t product, struct orc_error *err)
{
	const char *name = "unknown";

	for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
		if (classes[i].class != class)
			continue;
		if (classes[i].harmless)
			return 0;
		name = classes[i].name;
	}
	orc_fail(err, ORC_EREFUSED, "%04x:%04x is no camera: part of it is %s (USB class %02x)",
		vendor, product, name, class);
	return orc_hint(err, "--any-device trusts it");
}

int known_check(const uint8_t *descriptors, size_t len, struct orc_error *err)
{
	bool pictures = false, own_kind = false;
	uint16_t vendor, product;
	const uint8_t *d;
	size_t at = 0;
	int r;

	if (len < USB_DEVICE_SIZE || descriptors[0] != USB_DEVICE_SIZE ||
		descriptors[1] != USB_DESCRIPTOR_DEVICE)
		return orc_fail(err, ORC_EREFUSED, "it has no descriptors of a USB device");
	vendor = get_le16(descriptors + 8);
	product = get_le16(descriptors + 10);
	/* A device's class is 0 where its interfaces have theirs, 0xef where they come in groups. */
	r = descriptors[4] == 0xef ? 0 : check_interface(descriptors[4], vendor, product, err);
	while (r == 0 && (d = usb_descriptor_next(descriptors, len, &at))) {
		if (d[1] != USB_DESCRIPTOR_INTERFACE || d[0] < USB_INTERFACE_SIZE)
			continue;
		pictures |= d[5] == USB_CLASS_STILL_IMAGE && d[6] == USB_SUBCLASS_STILL_IMAGE;
		own_kind |= d[5] == 0xff || d[5] == 0;
		r = check_interface(d[5], vendor, product, err);
	}
	if (r == 0 && at < len)
		return orc_fail(err, ORC_EREFUSED, "its descriptors are broken");
	if (r < 0 || pictures || (own_kind && known_maker(vendor)))
		return r;
	orc_fail(err, ORC_EREFUSED, "%04x:%04x is no camera", vendor, product);
	return orc_hint(err, "--any-device attaches it all the same");
}

size_t known_interfaces(
	const uint8_t *descriptor, size_t len, struct usbip_interface *interfaces, size_t room)
{
	size_t count = 0, at = 0;
	const uint8_t *d;

	/* Another setting of the same interface is no other one. */
	while (count < room && (d = usb_descriptor_next(descriptor, len, &at)))
		if (d[1] == USB_DESCRIPTOR_INTERFACE && d[0] >= USB_INTERFACE_SIZE && d[3] == 0)
			interfaces[count++] = (struct usbip_interface){ d[5], d[6], d[7] };
	return count;
}

/* Counts the devices that are of one of the kinds in the mask, remembering the last, naming all. */
static size_t count_kinds(const struct usbip_device_info *devices, size_t count, unsigned int mask,
	size_t *index, char *names, size_t size)
{
	size_t found = 0, used = 0;

	names[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const char *maker = known_maker(devices[i].vendor);

		if (!(mask & 1U << known_device(&devices[i])))
			continue;
		*index = i;
		found++;
		if (used < size)
			used += (size_t)snprintf(names + used, size - used, "%s%s %s%s%04x:%04x",
				used ? ", " : "", devices[i].busid, maker ? maker : "",
				maker ? " " : "", devices[i].vendor, devices[i].product);
	}
	return found;
}

int known_pick(
	const struct usbip_device_info *devices, size_t count, size_t *index, struct orc_error *err)
{
	char names[160];
	size_t found = count_kinds(devices, count, 1U << KNOWN_CAMERA | 1U << KNOWN_LIKELY, index,
		names, sizeof(names));

	if (found == 0)
		found = count_kinds(
			devices, count, 1U << KNOWN_UNTOLD, index, names, sizeof(names));
	if (found == 1)
		return 0;
	if (found > 1) {
		orc_fail(err, ORC_EUSAGE, "%zu cameras are shared there: %s", found, names);
		return orc_hint(err, "name one: HOST/BUSID");
	}
	orc_fail(err, ORC_ENOCAMERA, count ? "it shares devices, but no camera" : "it shares none");
	return orc_hint(err,
		"another client may have it; else switch it on and bind it there: "
		"usbip bind -b BUSID");
}
