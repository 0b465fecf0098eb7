/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client asks before there are URBs: the device list, the import. */
#ifndef USBIP_OPS_H
#define USBIP_OPS_H

#include "usbip/link.h"

/*
 * On a fresh link: asks for the device list. Where `beside` is given, a second connection is
 * started in it once the question is on its way. On success *devices is an array of *count, to be
 * free()d. ORC_ENOCAMERA for whatever goes wrong: there is no server to be used.
 */
int usbip_ops_list(struct usbip_link *link, struct usbip_link *beside,
	const struct usbip_address *address, struct deadline deadline,
	struct usbip_device_info **devices, size_t *count, struct orc_error *err) must_check;

/*
 * On a fresh link: asks for busid; on success the link carries URBs from here on and *device says
 * what was imported. *status is the server's answer where it gave one (enum usbip_op_status).
 * ORC_EBUSY, ORC_ENOCAMERA, ORC_ELOST or ORC_ETIMEOUT with the reason in err.
 */
int usbip_ops_import(struct usbip_link *link, const char *busid, struct deadline deadline,
	struct usbip_device_info *device, uint32_t *status, struct orc_error *err) must_check;

/* What a refused import means, in words and with what to do about it. Returns the code. */
int usbip_ops_refused(uint32_t status, struct orc_error *err);

#endif
