/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which shared devices are cameras. */
#ifndef IOLIB_KNOWN_H
#define IOLIB_KNOWN_H

#include <stdbool.h>

#include "usbip/codec.h"

/*
 * The environment variable by which the command line hands a device that it has imported to the
 * driver: "PATH TEXT", the port's path and what usbip_client_hand_over() wrote.
 */
#define IOLIB_HANDOVER "OPENCAMRC_HANDOVER"

/* Shared with the command line, so that both mean the same by "the server's only camera". */
enum known_device {
	KNOWN_OTHER,  /* a printer, a disk, … */
	KNOWN_LIKELY, /* interfaces not told (usbip-host leaves them out); a camera maker's id */
	KNOWN_CAMERA, /* has a still-image interface */
	KNOWN_UNTOLD, /* interfaces not told, maker unknown: only if it is named */
};

enum known_device known_device(const struct usbip_device_info *device);
/* KNOWN_CAMERA or KNOWN_LIKELY. */
bool known_camera(const struct usbip_device_info *device);
/*
 * A camera maker's device that is a disk and no camera: most likely one whose USB connection is set to
 * mass storage; some of them make memory sticks as well.
 */
bool known_disk(const struct usbip_device_info *device);
/* The maker by USB vendor id, "Canon", or NULL. */
const char *known_maker(uint16_t vendor);

/*
 * By all that a device says of itself: its device descriptor and the configurations behind it, as
 * Linux's sysfs shows them. 0 for a camera: a still-image interface, or a camera maker's own kind of
 * interface, beside nothing but picture, sound and storage. ORC_EREFUSED for anything else, above all
 * for what a hostile server would present to a kernel as a camera: a keyboard, a network card.
 */
int known_check(const uint8_t *descriptors, size_t len, struct orc_error *err) must_check;

/*
 * The interfaces of a configuration descriptor, as the device gives it: how many of them are there, at
 * most room. What is broken is passed over.
 */
size_t known_interfaces(
	const uint8_t *descriptor, size_t len, struct usbip_interface *interfaces, size_t room);

/*
 * The device that an address without busid means: the only camera; else the only device whose
 * interfaces are not told. 0, and *index says which. ORC_ENOCAMERA when there is none, ORC_EUSAGE when
 * there are several; err lists them.
 */
int known_pick(const struct usbip_device_info *devices, size_t count, size_t *index,
	struct orc_error *err) must_check;

#endif
