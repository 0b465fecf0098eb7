/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB configuration descriptors: the interface and the endpoints that a camera driver talks to. */
#ifndef IOLIB_DESCRIPTOR_H
#define IOLIB_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* bDescriptorType, and how many bytes of each kind are looked at (USB 2.0, tables 9-5 to 9-13). */
enum {
	USB_DESCRIPTOR_DEVICE = 1,
	USB_DESCRIPTOR_CONFIGURATION = 2,
	USB_DESCRIPTOR_INTERFACE = 4,
	USB_DESCRIPTOR_ENDPOINT = 5,
	USB_DEVICE_SIZE = 18,
	USB_CONFIGURATION_SIZE = 9,
	USB_INTERFACE_SIZE = 9,
	USB_ENDPOINT_SIZE = 7,
};

#define USB_CLASS_STILL_IMAGE    0x06
#define USB_CLASS_MASS_STORAGE   0x08
#define USB_SUBCLASS_STILL_IMAGE 0x01
#define USB_PROTOCOL_PTP         0x01

struct usb_endpoints {
	uint8_t configuration; /* bConfigurationValue */
	uint8_t interface;     /* bInterfaceNumber */
	uint8_t altsetting;    /* bAlternateSetting */
	uint8_t class, subclass, protocol;
	int bulk_in, bulk_out, interrupt_in; /* addresses with the direction bit; -1: none */
	uint16_t maxpacket_in, maxpacket_out, maxpacket_interrupt;
};

/*
 * Descriptors stand one behind the other, each with its length in its first byte and its type in its
 * second. Returns the one at *at and moves *at behind it; NULL, and *at stays, at the end (*at is len) and
 * where no whole descriptor is.
 */
const uint8_t *usb_descriptor_next(const uint8_t *data, size_t len, size_t *at);

/*
 * Reads a configuration descriptor with all that belongs to it (USB 2.0, 9.6.3 to 9.6.6), as far as
 * len goes, and picks the still-image interface, else the first with a bulk endpoint in each
 * direction, else the first with any endpoint. ORC_EPROTO for bytes that are no such descriptor or
 * that hold no such interface.
 */
int usb_endpoints_parse(
	struct usb_endpoints *endpoints, const uint8_t *data, size_t len) must_check;

#endif
