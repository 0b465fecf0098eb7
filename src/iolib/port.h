/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the driver: what a port knows, and how our errors become libgphoto2's. */
#ifndef IOLIB_PORT_H
#define IOLIB_PORT_H

#include "iolib/layout.h"
#include "iolib/port-library.h"
#include "usbip/client.h"

struct _GPPortPrivateLibrary {
	bool asked; /* the server was asked; `answer` and `device` are what it said */
	int answer; /* GP_OK or a GP_ERROR_ */
	struct orc_error error; /* behind `answer` */
	struct usbip_address address;
	struct usbip_device_info device;
	struct usbip_client *client; /* NULL until imported */
	bool open;                   /* between open and close */
	struct layout layout;        /* valid while client is set */
};

/* How long a link may be silent: OPENCAMRC_TIMEOUT, or 5 s. */
int64_t port_progress_msec(void);

/* Records the error for gp_port_get_error() and gives libgphoto2's code for it. io_error is the
 * code for a stall: GP_ERROR_IO_READ or GP_ERROR_IO_WRITE. */
int port_fail(GPPort *port, const struct orc_error *err, int io_error);

/* session.c: asks the server once, then answers from memory. */
int port_ask(GPPort *port);
/* Imports the device, configures it, reads its layout, sets the port's endpoints. */
int port_import(GPPort *port);
void port_release(GPPort *port);
/* After a close: makes a device that is still imported usable again, or lets go of it. */
void port_refresh(GPPort *port);

#endif
