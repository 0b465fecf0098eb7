/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libgphoto2_port wants of a port driver; distributions do not install its own header. */
#ifndef IOLIB_PORT_LIBRARY_H
#define IOLIB_PORT_LIBRARY_H

#include <gphoto2/gphoto2-port-info-list.h>
#include <gphoto2/gphoto2-port.h>

/*
 * The table of operations, with its members in the order that libgphoto2_port 0.12 calls them by
 * (gphoto2/gphoto2-port-library.h of its sources). gp_port_library_operations() allocates one
 * with malloc(); the library frees it. NULL stands for "not supported".
 */
struct port_operations {
	/* Life: init once a port, exit at its end; open and close in between, maybe several times. */
	int (*init)(GPPort *port);
	int (*exit)(GPPort *port);
	int (*open)(GPPort *port);
	int (*close)(GPPort *port);
	/* Transfers: the number of bytes, or a GP_ERROR_. */
	int (*read)(GPPort *port, char *data, int size);
	int (*check_int)(GPPort *port, char *data, int size, int timeout_msec);
	int (*write)(GPPort *port, const char *data, int size);
	/* settings_pending is to become settings. */
	int (*update)(GPPort *port);
	/* Serial lines. */
	int (*get_pin)(GPPort *port, GPPin pin, GPLevel *level);
	int (*set_pin)(GPPort *port, GPPin pin, GPLevel level);
	int (*send_break)(GPPort *port, int msec);
	int (*flush)(GPPort *port, int direction);
	/* USB: is it this model, or this class (-1: any)? Sets the port's endpoints. */
	int (*find_device)(GPPort *port, int vendor, int product);
	int (*find_device_by_class)(GPPort *port, int class, int subclass, int protocol);
	int (*clear_halt)(GPPort *port, int which);
	/* Control requests: vendor to the device, vendor to the interface, class to the interface. */
	int (*msg_write)(GPPort *port, int request, int value, int index, char *data, int size);
	int (*msg_read)(GPPort *port, int request, int value, int index, char *data, int size);
	int (*msg_interface_write)(
		GPPort *port, int request, int value, int index, char *data, int size);
	int (*msg_interface_read)(
		GPPort *port, int request, int value, int index, char *data, int size);
	int (*msg_class_write)(
		GPPort *port, int request, int value, int index, char *data, int size);
	int (*msg_class_read)(
		GPPort *port, int request, int value, int index, char *data, int size);
	/* Disks. */
	int (*seek)(GPPort *port, int offset, int whence);
	int (*send_scsi_cmd)(GPPort *port, int to_device, char *command, int command_size,
		char *sense, int sense_size, char *data, int data_size);
	int (*reset)(GPPort *port);
};

/* The three symbols that the library looks up. */
#define PORT_LIBRARY_EXPORT __attribute__((visibility("default")))
PORT_LIBRARY_EXPORT GPPortType gp_port_library_type(void);
PORT_LIBRARY_EXPORT int gp_port_library_list(GPPortInfoList *list);
PORT_LIBRARY_EXPORT struct port_operations *gp_port_library_operations(void);

/* What every port of this driver starts with. */
#define PORT_PREFIX "usbip:"

#endif
