/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device that the kernel has attached: what attach, detach and ports tell of it. */
#include "cmd/attached.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/json.h"

int attached_load(
	const struct vhci *vhci, struct attached **list, size_t *count, struct orc_error *err)
{
	cleanup_free struct vhci_port *ports = NULL;
	size_t all, i;
	int ret;

	*list = NULL;
	*count = 0;
	ret = vhci_ports(vhci, &ports, &all, err);
	if (ret < 0)
		return ret;
	*list = orc_must(calloc(all + 1, sizeof(**list)));
	for (i = 0; i < all; i++) {
		struct attached *attached = *list + *count;

		if (ports[i].state == VHCI_FREE)
			continue;
		attached->port = ports[i];
		attached->known = ports[i].device[0] &&
			vhci_device_read(vhci, ports[i].device, &attached->device) == 0;
		if (vhci_record_read(vhci, ports[i].number, &attached->address) < 0)
			attached->address.host[0] = '\0';
		(*count)++;
	}
	return 0;
}

const char *attached_port(const struct attached *attached, char *buf, size_t size)
{
	if (!attached->known)
		return "-";
	snprintf(buf, size, "usb:%03u,%03u", attached->device.bus, attached->device.number);
	return buf;
}

const char *attached_speed(const struct attached *attached)
{
	static const char *const names[] = {
		[USBIP_SPEED_LOW] = "low",
		[USBIP_SPEED_FULL] = "full",
		[USBIP_SPEED_HIGH] = "high",
		[USBIP_SPEED_SUPER] = "super",
	};
	const char *name =
		attached->port.speed < ARRAY_LENGTH(names) ? names[attached->port.speed] : NULL;

	return name ? name : "unknown";
}

static void put_id(struct json_object *object, const char *key, bool known, uint16_t id)
{
	char text[8];

	snprintf(text, sizeof(text), "%04x", id);
	json_put_string(object, key, known ? text : NULL);
}

void attached_json(struct io *io, const struct attached *attached)
{
	cleanup_json struct json_object *object = json_new();
	const struct usbip_address *address = &attached->address;
	const struct vhci_device *device = &attached->device;
	char text[USBIP_ADDRESS_TEXT_SIZE];
	bool known = attached->known;

	json_put_string(object, "port", known ? attached_port(attached, text, sizeof(text)) : NULL);
	json_put_count(object, "vhci_port", attached->port.number);
	json_put_string(object, "speed", known ? attached_speed(attached) : NULL);
	put_id(object, "vendor", known, device->vendor);
	put_id(object, "product", known, device->product);
	json_put_string(object, "name", known && device->name[0] ? device->name : NULL);
	json_put_string(object, "address",
		address->host[0] ? usbip_address_format(address, text, sizeof(text)) : NULL);
	json_put_string(object, "device", known ? attached->port.device : NULL);
	json_print(io, object);
}
