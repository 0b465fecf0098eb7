/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The libgphoto2 port driver: the table of operations, each a call of the USB/IP client. */
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-port-log.h>
#include <gphoto2/gphoto2-port-result.h>

#include "base/log.h"
#include "iolib/choose.h"
#include "iolib/port.h"

#define REQUEST_SET_CONFIGURATION 9 /* USB 2.0, table 9-4 */
#define REQUEST_SET_INTERFACE     11

/* A type of our own, though the ports are USB ports: of two libraries of one type the list of
 * ports drops the second. */
#define PRIVATE_TYPE (1 << 20)

GPPortType gp_port_library_type(void)
{
	return (GPPortType)(GP_PORT_USB | PRIVATE_TYPE);
}

static int driver_init(GPPort *port)
{
	port->pl = calloc(1, sizeof(*port->pl));
	return port->pl ? GP_OK : GP_ERROR_NO_MEMORY;
}

static int driver_exit(GPPort *port)
{
	if (port->pl)
		port_release(port);
	free(port->pl);
	port->pl = NULL;
	return GP_OK;
}

static int driver_open(GPPort *port)
{
	int r;

	/* A device that an earlier session left imported need not be reset by importing it anew. */
	if (port->pl->client)
		port_refresh(port);
	r = port_ask(port);
	if (r == GP_OK)
		r = port_import(port);
	port->pl->open = r == GP_OK;
	if (r < 0)
		port->pl->asked = false;
	return r;
}

static int driver_close(GPPort *port)
{
	port->pl->open = false;
	return GP_OK;
}

static struct deadline port_deadline(const GPPort *port)
{
	return deadline_after_msec(port->timeout);
}

/* The client's result as libgphoto2 wants it: bytes, or a code with the text recorded. */
static int result(GPPort *port, ssize_t r, int io_error)
{
	if (r >= 0)
		return (int)r;
	return port_fail(port, usbip_client_error(port->pl->client), io_error);
}

static bool usable(const GPPort *port, int ep, int size)
{
	return port->pl->open && ep >= 0 && ep <= 0xff && size >= 0;
}

static int driver_read(GPPort *port, char *data, int size)
{
	int ep = port->settings.usb.inep;

	if (!usable(port, ep, size))
		return GP_ERROR_BAD_PARAMETERS;
	return result(port,
		usbip_client_bulk_read(
			port->pl->client, (uint8_t)ep, data, (size_t)size, port_deadline(port)),
		GP_ERROR_IO_READ);
}

static int driver_write(GPPort *port, const char *data, int size)
{
	int ep = port->settings.usb.outep;

	if (!usable(port, ep, size))
		return GP_ERROR_BAD_PARAMETERS;
	return result(port,
		usbip_client_bulk_write(
			port->pl->client, (uint8_t)ep, data, (size_t)size, port_deadline(port)),
		GP_ERROR_IO_WRITE);
}

static int driver_check_int(GPPort *port, char *data, int size, int timeout_msec)
{
	struct deadline deadline = deadline_after_msec(timeout_msec > 0 ? timeout_msec : 0);
	int ep = port->settings.usb.intep;

	if (!port->pl->open || size < 0)
		return GP_ERROR_BAD_PARAMETERS;
	if (ep < 0 || ep > 0xff) {
		/* No such endpoint, no event; but a caller that polls must not spin. */
		clock_sleep_until(deadline);
		return GP_ERROR_TIMEOUT;
	}
	return result(port,
		usbip_client_interrupt_read(
			port->pl->client, (uint8_t)ep, data, (size_t)size, deadline),
		GP_ERROR_IO_READ);
}

/* A standard request of no data. */
static int set(GPPort *port, uint8_t recipient, uint8_t request, int value, int index)
{
	ssize_t r = usbip_client_control(port->pl->client, recipient, request, (uint16_t)value,
		(uint16_t)index, NULL, 0, port_deadline(port));

	return result(port, r, GP_ERROR_IO_UPDATE);
}

/* Only what changed is sent: some cameras take offence at being set to what they are. */
static int driver_update(GPPort *port)
{
	GPPortSettingsUSB *now = &port->settings.usb;
	const GPPortSettingsUSB *pending = &port->settings_pending.usb;
	int r;

	if (!port->pl || !port->pl->open) {
		if (strcmp(now->port, pending->port) != 0 && port->pl)
			port->pl->asked = false;
		memcpy(now->port, pending->port, sizeof(now->port));
		return GP_OK;
	}
	/* A configuration that cannot be set is not the end: cameras work nevertheless. */
	if (pending->config != now->config && set(port, 0x00, REQUEST_SET_CONFIGURATION,
						      pending->config, 0) < 0)
		log_debug("usbip: cannot set configuration %d, going on", pending->config);
	if (pending->altsetting != now->altsetting) {
		r = set(port, 0x01, REQUEST_SET_INTERFACE, pending->altsetting, pending->interface);
		if (r < 0)
			return r;
	}
	*now = *pending;
	return GP_OK;
}

/* libgphoto2 tries thousands of models: asked once, answered from memory. */
static int driver_find_device(GPPort *port, int vendor, int product)
{
	const struct usbip_device_info *device = &port->pl->device;
	int r;

	if (!vendor)
		return GP_ERROR_BAD_PARAMETERS;
	r = port_ask(port);
	if (r < 0)
		return r;
	return device->vendor == vendor && device->product == product ? GP_OK
								      : GP_ERROR_IO_USB_FIND;
}

static bool fits(int wanted, int is)
{
	return wanted == -1 || wanted == is;
}

static bool listed_with_class(
	const struct usbip_device_info *device, int class, int subclass, int protocol)
{
	if (device->class == class && fits(subclass, device->subclass) &&
		fits(protocol, device->protocol))
		return true;
	for (size_t i = 0; i < device->num_interfaces; i++) {
		const struct usbip_interface *interface = &device->interfaces[i];

		if (interface->class == class && fits(subclass, interface->subclass) &&
			fits(protocol, interface->protocol))
			return true;
	}
	return false;
}

static int driver_find_device_by_class(GPPort *port, int class, int subclass, int protocol)
{
	const struct usbip_device_info *device = &port->pl->device;
	bool found;
	int r;

	if (!class)
		return GP_ERROR_BAD_PARAMETERS;
	r = port_ask(port);
	if (r < 0)
		return r;
	found = listed_with_class(device, class, subclass, protocol);
	if (!found && device->num_interfaces == 0 && class == 6) {
		/* The server does not tell. Of a camera maker's device it is safe to assume; any
		 * other was named by the user, and is worth importing to see. */
		if (choose_is_camera_vendor(device->vendor)) {
			found = fits(subclass, 1) && fits(protocol, 1);
		} else {
			r = port_import(port);
			if (r < 0)
				return r;
			found = layout_has_class(&port->pl->layout, class, subclass, protocol);
		}
	}
	return found ? GP_OK : GP_ERROR_IO_USB_FIND;
}

static int driver_clear_halt(GPPort *port, int which)
{
	const GPPortSettingsUSB *usb = &port->settings.usb;
	int ep = -1;

	if (which == GP_PORT_USB_ENDPOINT_IN)
		ep = usb->inep;
	else if (which == GP_PORT_USB_ENDPOINT_OUT)
		ep = usb->outep;
	else if (which == GP_PORT_USB_ENDPOINT_INT)
		ep = usb->intep;
	if (!usable(port, ep, 0))
		return GP_ERROR_BAD_PARAMETERS;
	return result(port,
		usbip_client_clear_halt(port->pl->client, (uint8_t)ep, port_deadline(port)),
		GP_ERROR_IO_USB_CLEAR_HALT);
}

static int driver_reset(GPPort *port)
{
	if (!port->pl->open)
		return GP_ERROR_BAD_PARAMETERS;
	return result(
		port, usbip_client_reset(port->pl->client, port_deadline(port)), GP_ERROR_IO);
}

/* bmRequestType: direction, type and recipient; USB 2.0, table 9-2. */
enum {
	VENDOR_OUT = 0x40,
	VENDOR_IN = 0xc0,
	VENDOR_INTERFACE_OUT = 0x41,
	VENDOR_INTERFACE_IN = 0xc1,
	CLASS_INTERFACE_OUT = 0x21,
	CLASS_INTERFACE_IN = 0xa1,
};

static int message(
	GPPort *port, int type, int request, int value, int index, char *data, int size)
{
	if (!port->pl->open || size < 0 || size > UINT16_MAX)
		return GP_ERROR_BAD_PARAMETERS;
	return result(port,
		usbip_client_control(port->pl->client, (uint8_t)type, (uint8_t)request,
			(uint16_t)value, (uint16_t)index, data, (uint16_t)size,
			port_deadline(port)),
		type & 0x80 ? GP_ERROR_IO_READ : GP_ERROR_IO_WRITE);
}

static int msg_write(GPPort *port, int request, int value, int index, char *data, int size)
{
	return message(port, VENDOR_OUT, request, value, index, data, size);
}

static int msg_read(GPPort *port, int request, int value, int index, char *data, int size)
{
	return message(port, VENDOR_IN, request, value, index, data, size);
}

static int msg_interface_write(
	GPPort *port, int request, int value, int index, char *data, int size)
{
	return message(port, VENDOR_INTERFACE_OUT, request, value, index, data, size);
}

static int msg_interface_read(
	GPPort *port, int request, int value, int index, char *data, int size)
{
	return message(port, VENDOR_INTERFACE_IN, request, value, index, data, size);
}

static int msg_class_write(GPPort *port, int request, int value, int index, char *data, int size)
{
	return message(port, CLASS_INTERFACE_OUT, request, value, index, data, size);
}

static int msg_class_read(GPPort *port, int request, int value, int index, char *data, int size)
{
	return message(port, CLASS_INTERFACE_IN, request, value, index, data, size);
}

static const struct port_operations operations = {
	.init = driver_init,
	.exit = driver_exit,
	.open = driver_open,
	.close = driver_close,
	.read = driver_read,
	.check_int = driver_check_int,
	.write = driver_write,
	.update = driver_update,
	.find_device = driver_find_device,
	.find_device_by_class = driver_find_device_by_class,
	.clear_halt = driver_clear_halt,
	.msg_write = msg_write,
	.msg_read = msg_read,
	.msg_interface_write = msg_interface_write,
	.msg_interface_read = msg_interface_read,
	.msg_class_write = msg_class_write,
	.msg_class_read = msg_class_read,
	.reset = driver_reset,
};

/* Our log lines go where all of libgphoto2's go. */
static void to_gp_log(enum log_level level, const char *line, void *data)
{
	(void)data;
	gp_log(level == LOG_LEVEL_ERROR ? GP_LOG_ERROR : GP_LOG_DEBUG, "usbip", "%s", line);
}

struct port_operations *gp_port_library_operations(void)
{
	struct port_operations *copy = malloc(sizeof(*copy));

	log_set_sink(to_gp_log, NULL);
	log_set_level(LOG_LEVEL_DEBUG);
	if (copy)
		*copy = operations;
	return copy;
}
