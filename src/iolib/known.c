/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which shared devices are cameras. */
#include "iolib/known.h"

#include <stdio.h>
#include <string.h>

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
