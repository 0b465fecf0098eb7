/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* USB configuration descriptors: the interface and the endpoints that a camera driver talks to. */
#ifndef IOLIB_DESCRIPTOR_H
#define IOLIB_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

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
 * Reads a configuration descriptor with all that belongs to it (USB 2.0, 9.6.3 to 9.6.6), as far as
 * len goes, and picks the still-image interface, else the first with a bulk endpoint in each
 * direction, else the first with any endpoint. ORC_EPROTO for bytes that are no such descriptor or
 * that hold no such interface.
 */
int usb_endpoints_parse(
	struct usb_endpoints *endpoints, const uint8_t *data, size_t len) must_check;

#endif
