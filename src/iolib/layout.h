/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A configuration descriptor: where the camera's interface and its endpoints are. */
#ifndef IOLIB_LAYOUT_H
#define IOLIB_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The interface that a camera driver talks to. An endpoint that is missing is -1. */
struct layout {
	int config; /* bConfigurationValue */
	int interface, altsetting;
	int class, subclass, protocol;
	int inep, outep, intep; /* addresses, with the direction bit */
	uint16_t in_maxpacket, out_maxpacket, int_maxpacket;
};

/*
 * USB 2.0, 9.6.3 to 9.6.6. Takes the still image interface (06/01/01) if there is one, else the
 * first with a bulk endpoint each way, else the first. ORC_EPROTO where there is none, or where
 * lengths do not fit.
 */
int layout_parse(struct layout *layout, const uint8_t *descriptor, size_t len) must_check;
/* Whether the interface is of that class; -1 stands for any subclass or protocol. */
bool layout_has_class(const struct layout *layout, int class, int subclass, int protocol);

#endif
