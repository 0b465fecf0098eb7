/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the devices that a server shares is the camera that is meant. */
#ifndef IOLIB_CHOOSE_H
#define IOLIB_CHOOSE_H

#include "usbip/client.h"

/*
 * A still image interface (class 06/01/01), or, where the server says nothing of interfaces, as
 * usbip-host does, a vendor whose devices libgphoto2 knows.
 */
bool choose_is_camera(const struct usbip_device_info *device);
/* A vendor id that libgphoto2 knows cameras of. */
bool choose_is_camera_vendor(uint16_t vendor);

/*
 * Asks the server and fills in *device and address->busid: the busid that is given, or the only
 * camera. A server that is still resetting the device after its last client does not show it for
 * a while: with `patient`, an empty answer is asked again for 3 s. ORC_ENOCAMERA, or ORC_EUSAGE
 * with a list when there are several.
 */
int choose_device(struct usbip_address *address, struct deadline deadline, bool patient,
	struct usbip_device_info *device, struct orc_error *err) must_check;

#endif
