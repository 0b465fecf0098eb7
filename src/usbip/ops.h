/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client asks before there are URBs: the device list, the import. */
#ifndef USBIP_OPS_H
#define USBIP_OPS_H

#include "usbip/link.h"

/*
 * Connects (as usbip_link_connect() does) and asks for address->busid, which must not be empty. On
 * success the link carries URBs from here on, is the caller's to close, and *device says what was
 * imported; a reply of this kind tells no interfaces. ORC_EBUSY: another client has it, ORC_ENOCAMERA:
 * no such busid, not reachable; ORC_ELOST or ORC_ETIMEOUT; with the reason and the remedy in err, and
 * the link closed.
 */
int usbip_import(struct usbip_link *link, const struct usbip_address *address, uint16_t local_port,
	struct deadline deadline, struct usbip_device_info *device,
	struct orc_error *err) must_check;

#endif
