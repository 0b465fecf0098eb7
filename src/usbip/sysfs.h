/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The USB devices of this machine, as its kernel shows them. */
#ifndef USBIP_SYSFS_H
#define USBIP_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#include "usbip/codec.h"

/*
 * Source: Documentation/ABI/stable/sysfs-bus-usb and testing/sysfs-bus-usb of Linux. `devices` is
 * /sys/bus/usb/devices but in tests: a folder for each device ("1-1.2") and, beside them, for each
 * interface ("1-1.2:1.0").
 */
#define SYSFS_USB_DEVICES "/sys/bus/usb/devices"

struct sysfs_device {
	/*
	 * As a server would describe it, busid is its name here. Not filled in: path, speed, bcd_device
	 * and the configuration's numbers; interfaces are in no particular order.
	 */
	struct usbip_device_info info;
	char maker[64], product[128]; /* the device's own words, without control characters */
	char driver[32];              /* of the device: "usb", "usbip-host"; empty: none */
	char interface_driver[32];    /* of one of its interfaces: "usb-storage"; empty: none */
	bool imported;                /* it is another machine's, attached by vhci-hcd */
};

/* One by its name. ORC_ENOCAMERA where there is none, or it is not set up yet. */
int sysfs_device_read(
	const char *devices, const char *name, struct sysfs_device *device) must_check;
/* All but hubs, by name; *list is to be free()d. No folder is no device. ORC_ENOMEM. */
int sysfs_devices(const char *devices, struct sysfs_device **list, size_t *count) must_check;

#endif
