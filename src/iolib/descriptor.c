/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB configuration descriptors: the interface and the endpoints that a camera driver talks to. */
#include "iolib/descriptor.h"

#include <string.h>

#include "base/bytes.h"

enum {
	ENDPOINT_IN = 0x80,
	ENDPOINT_NUMBER = 0x0f,
	ENDPOINT_RESERVED = 0x70,
	TRANSFER_TYPE_MASK = 3,
	TRANSFER_BULK = 2,
	TRANSFER_INTERRUPT = 3,
	MAXPACKET_MASK = 0x7ff,
};

const uint8_t *usb_descriptor_next(const uint8_t *data, size_t len, size_t *at)
{
	const uint8_t *descriptor = data + *at;

	if (len - *at < 2 || descriptor[0] < 2 || descriptor[0] > len - *at)
		return NULL;
	*at += descriptor[0];
	return descriptor;
}

static void take_endpoint(struct usb_endpoints *e, const uint8_t *d)
{
	uint8_t type = d[3] & TRANSFER_TYPE_MASK;
	uint16_t maxpacket = get_le16(d + 4) & MAXPACKET_MASK;
	int in = d[2] & ENDPOINT_IN;

	/* Endpoint 0 is control's alone, and has no descriptor. */
	if (maxpacket == 0 || !(d[2] & ENDPOINT_NUMBER) || d[2] & ENDPOINT_RESERVED)
		return;
	if (type == TRANSFER_BULK && in && e->bulk_in < 0) {
		e->bulk_in = d[2];
		e->maxpacket_in = maxpacket;
	} else if (type == TRANSFER_BULK && !in && e->bulk_out < 0) {
		e->bulk_out = d[2];
		e->maxpacket_out = maxpacket;
	} else if (type == TRANSFER_INTERRUPT && in && e->interrupt_in < 0) {
		e->interrupt_in = d[2];
		e->maxpacket_interrupt = maxpacket;
	}
}

/* How well an interface serves; 0: not at all. */
static int rank(const struct usb_endpoints *e)
{
	if (e->bulk_in >= 0 && e->bulk_out >= 0)
		return e->class == USB_CLASS_STILL_IMAGE ? 3 : 2;
	return e->bulk_in >= 0 || e->bulk_out >= 0 || e->interrupt_in >= 0;
}

static void keep_better(struct usb_endpoints *best, const struct usb_endpoints *candidate)
{
	if (rank(candidate) > rank(best))
		*best = *candidate;
}

int usb_endpoints_parse(struct usb_endpoints *endpoints, const uint8_t *data, size_t len)
{
	struct usb_endpoints best = { .bulk_in = -1, .bulk_out = -1, .interrupt_in = -1 };
	struct usb_endpoints current = best;
	const uint8_t *d;
	size_t at = 0, total;

	if (len < USB_CONFIGURATION_SIZE || data[0] < USB_CONFIGURATION_SIZE ||
		data[1] != USB_DESCRIPTOR_CONFIGURATION)
		return ORC_EPROTO;
	total = get_le16(data + 2);
	if (total < len)
		len = total;
	while ((d = usb_descriptor_next(data, len, &at))) {
		if (d[1] == USB_DESCRIPTOR_INTERFACE && d[0] >= USB_INTERFACE_SIZE) {
			keep_better(&best, &current);
			current = (struct usb_endpoints){
				.configuration = data[5],
				.interface = d[2],
				.altsetting = d[3],
				.class = d[5],
				.subclass = d[6],
				.protocol = d[7],
				.bulk_in = -1,
				.bulk_out = -1,
				.interrupt_in = -1,
			};
		} else if (d[1] == USB_DESCRIPTOR_ENDPOINT && d[0] >= USB_ENDPOINT_SIZE) {
			take_endpoint(&current, d);
		}
	}
	keep_better(&best, &current);
	if (rank(&best) == 0)
		return ORC_EPROTO;
	best.configuration = data[5];
	*endpoints = best;
	return 0;
}
