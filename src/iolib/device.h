/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shared device behind a port: found, imported, its endpoints known. */
#ifndef IOLIB_DEVICE_H
#define IOLIB_DEVICE_H

#include <stdbool.h>

#include "iolib/descriptor.h"
#include "usbip/client.h"

/*
 * One for each GPPort; zero-initialised is a device not looked for yet. The server is asked for
 * its list once, and imported from once: every later question is answered from here.
 */
struct iolib_device {
	char path[64];                  /* the port's path that all below belongs to */
	bool found;                     /* info and address are filled in */
	int error;                      /* enum orc_err of a look that failed; 0: none */
	struct orc_error why;           /* … in words; also of the last failed operation */
	int64_t timeout_msec;           /* for so long the link may be silent */
	struct usbip_address address;   /* with the busid */
	struct usbip_device_info info;  /* from the list, or from the import */
	struct usbip_client *client;    /* imported; NULL: not */
	struct usb_endpoints endpoints; /* once ready */
	bool ready;                     /* imported, configured, endpoints known */
};

/* Asks the server, once for each path ("usbip:HOST…"). */
int iolib_device_find(struct iolib_device *device, const char *path) must_check;
/* Imports it, reads its descriptors, sets its configuration. Does nothing where that is done. */
int iolib_device_import(struct iolib_device *device, const char *path) must_check;
/* Gives it back to the server; what was found stays known. */
void iolib_device_release(struct iolib_device *device);

#endif
