/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From an address to an imported device: found, asked for again while it is being reset. */
#ifndef USBIP_IMPORT_H
#define USBIP_IMPORT_H

#include "usbip/client.h"
#include "usbip/link.h"

/*
 * Connects and imports as usbip_client_open() describes it, its errors included, but makes no client: on
 * success the link carries URBs from here on, on failure it is closed.
 */
int usbip_import(struct usbip_link *link, struct usbip_device_info *device,
	const struct usbip_address *address, const struct usbip_client_options *options,
	struct deadline deadline, struct orc_error *err) must_check;

#endif
