/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's way: a device of another machine becomes a USB device of this one. */
#ifndef USBIP_VHCI_H
#define USBIP_VHCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "usbip/address.h"
#include "usbip/codec.h"
#include "usbip/link.h"

/*
 * Source: drivers/usb/usbip/vhci_sysfs.c of Linux for the files of the controller, and
 * tools/usb/usbip for the records that usbip(8) keeps beside them; what either program attached the
 * other lists and detaches. Blocking; one thread at a time.
 */

/* Where all of it is. Constant but in tests. */
struct vhci {
	const char *controller; /* ".0", ".1", … are put behind it */
	const char *records;    /* a folder with a file "portN" for each attached device */
	const char *devices;    /* USB devices by name */
	const char *nodes;      /* BBB/DDD */
	const char *os_release;
};
extern const struct vhci vhci_system;

/* enum usbip_device_status of Linux, as far as it concerns the importing side. */
enum vhci_state {
	VHCI_FREE = 4,
	VHCI_CONNECTING = 5, /* attached, and the kernel is still asking the device what it is */
	VHCI_USED = 6,
	VHCI_ERROR = 7,
};

struct vhci_port {
	unsigned int number;
	unsigned int controller; /* vhci_hcd.N */
	bool super_speed; /* its hub is for SuperSpeed alone; the other one is for the rest */
	uint32_t state;   /* enum vhci_state */
	uint32_t speed;   /* enum usbip_speed */
	uint32_t devid;   /* at the server: busnum << 16 | devnum */
	char device[32];  /* its name here, "3-1"; empty until it has one */
};

/* Reads the text of a status file, header included, with the hub column of Linux 4.13 or without
 * it. Returns how many ports it tells of, at most room; ORC_EPROTO for a text of another kind. */
int vhci_parse_status(const char *text, struct vhci_port *ports, size_t room) must_check;

/* All ports; *ports is to be free()d. None, and no error, where the driver is not loaded. */
int vhci_ports(const struct vhci *vhci, struct vhci_port **ports, size_t *count,
	struct orc_error *err) must_check;
bool vhci_loaded(const struct vhci *vhci);

/*
 * Is everything there that attaching takes? Loads the module where that may be done. ORC_EREFUSED:
 * the kernel has no such driver (the hint says which package has), or ORC_EFILE with EACCES: only
 * root may.
 */
int vhci_ready(const struct vhci *vhci, struct orc_error *err) must_check;
/* Where this system keeps the driver, by the text of its os-release file. */
const char *vhci_package(const char *os_release);

/* What the kernel knows of an attached device. */
struct vhci_device {
	unsigned int bus, number; /* libgphoto2's usb:BBB,DDD */
	uint16_t vendor, product;
	char name[128]; /* the device's own words, without control characters; may be empty */
};

/* ORC_ENOCAMERA while there is none of that name. */
int vhci_device_read(
	const struct vhci *vhci, const char *name, struct vhci_device *device) must_check;

struct vhci_attach_options {
	/*
	 * Asked with the device descriptor and all configurations behind it, before any driver of
	 * the kernel sees the device: ORC_EREFUSED, with the reason in err, sends it away. So does
	 * vhci_attach() by itself where they are 16 KiB or more. NULL: any device will do.
	 */
	int (*allow)(const uint8_t *descriptors, size_t len, struct orc_error *err);
	int64_t silent_msec; /* a server that says nothing for so long is lost */
	bool (*cancelled)(void *data);
	void *cancelled_data;
};

/*
 * Hands the link, on which `device` has just been imported, to the kernel; waits until the device
 * is there and its node can be opened. The link stays the caller's, to be closed. On success *port
 * tells which it is and *attached what. address, with its busid, goes into the record.
 *
 * ORC_EBUSY: every port of that speed is taken, or another attach takes too long. ORC_ELOST,
 * ORC_ETIMEOUT: the server went in the middle of it. ORC_EREFUSED: not allowed by `allow`, or not
 * authorized by this machine's own rules, or the kernel does not take it. ORC_EFILE: a file of the
 * controller or the record cannot be used. ORC_ESIGNAL: cancelled. After a failure nothing is left attached.
 */
int vhci_attach(const struct vhci *vhci, struct usbip_link *link,
	const struct usbip_device_info *device, const struct usbip_address *address,
	const struct vhci_attach_options *options, struct vhci_port *port,
	struct vhci_device *attached, struct orc_error *err) must_check;
/*
 * Ends it, removes the record, and waits until the port is free. ORC_ENOCAMERA: nothing is attached there;
 * ORC_EFILE: it may not be ended; ORC_ETIMEOUT: the port is not free after 5 s.
 */
int vhci_detach(const struct vhci *vhci, unsigned int port, struct orc_error *err) must_check;
/* The port's state now: enum vhci_state, or 0 where there is no such port. */
uint32_t vhci_port_state(const struct vhci *vhci, unsigned int port);

/*
 * The records: where each port's device is. A record outlives a connection that broke; detaching
 * removes it first. ORC_ENOCAMERA: none, or none that can be read.
 */
int vhci_record_write(const struct vhci *vhci, unsigned int port,
	const struct usbip_address *address, struct orc_error *err) must_check;
int vhci_record_read(
	const struct vhci *vhci, unsigned int port, struct usbip_address *address) must_check;
void vhci_record_remove(const struct vhci *vhci, unsigned int port);
/* Is it the record of what `wanted` means: the same server, and the busid if there is one? */
bool vhci_record_matches(const struct usbip_address *record, const struct usbip_address *wanted);

/* The device that `wanted` means, if it is attached here and set up; else ORC_ENOCAMERA. */
int vhci_find(const struct vhci *vhci, const struct usbip_address *wanted, struct vhci_port *port,
	struct vhci_device *device, struct usbip_address *record) must_check;

#endif
