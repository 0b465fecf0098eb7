/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libgphoto2_port expects of a port driver: Debian installs no header for it. */
#ifndef IOLIB_PORT_LIBRARY_H
#define IOLIB_PORT_LIBRARY_H

#include <gphoto2/gphoto2-port.h>
#include <gphoto2/gphoto2-port-info-list.h>

/*
 * The layout of libgphoto2_port 0.12 (2.5.27 to 2.5.34), whose own gphoto2-port-library.h is not
 * installed by every distribution. The core loads the driver with lt_dlopen(), calls the three
 * functions below, and frees the table that gp_port_library_operations() returns, so it is
 * allocated. Results are GP_OK, a count, or a GP_ERROR_*.
 */
struct port_operations {
	int (*init)(GPPort *port);
	int (*exit)(GPPort *port);
	int (*open)(GPPort *port);
	int (*close)(GPPort *port);
	int (*read)(GPPort *port, char *bytes, int size);
	int (*check_int)(GPPort *port, char *bytes, int size, int timeout_msec);
	int (*write)(GPPort *port, const char *bytes, int size);
	int (*update)(GPPort *port);
	/* serial ports */
	int (*get_pin)(GPPort *port, GPPin pin, GPLevel *level);
	int (*set_pin)(GPPort *port, GPPin pin, GPLevel level);
	int (*send_break)(GPPort *port, int duration);
	int (*flush)(GPPort *port, int direction);
	/* USB ports; find_device is asked for every model that any driver knows */
	int (*find_device)(GPPort *port, int vendor, int product);
	int (*find_device_by_class)(GPPort *port, int class, int subclass, int protocol);
	int (*clear_halt)(GPPort *port, int ep); /* enum _GPPortUSBEndPoint, not an address */
	int (*msg_write)(GPPort *port, int request, int value, int index, char *bytes, int size);
	int (*msg_read)(GPPort *port, int request, int value, int index, char *bytes, int size);
	int (*msg_interface_write)(
		GPPort *port, int request, int value, int index, char *bytes, int size);
	int (*msg_interface_read)(
		GPPort *port, int request, int value, int index, char *bytes, int size);
	int (*msg_class_write)(
		GPPort *port, int request, int value, int index, char *bytes, int size);
	int (*msg_class_read)(
		GPPort *port, int request, int value, int index, char *bytes, int size);
	/* disks */
	int (*seek)(GPPort *port, int offset, int whence);
	int (*send_scsi_cmd)(GPPort *port, int to_device, char *command, int command_size,
		char *sense, int sense_size, char *data, int data_size);
	int (*reset)(GPPort *port);
};

GPPortType gp_port_library_type(void);
int gp_port_library_list(GPPortInfoList *list);
struct port_operations *gp_port_library_operations(void);

#endif
