/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations of the port driver: libgphoto2's calls to the shared device, results back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-port-log.h>
#include <gphoto2/gphoto2-port-result.h>

#include "iolib/device.h"
#include "iolib/port-library.h"

/* bmRequestType of the six kinds of control message, as libgphoto2's USB port sends them. */
enum request_type {
	REQUEST_VENDOR_WRITE = 0x40,
	REQUEST_VENDOR_READ = 0xc0,
	REQUEST_VENDOR_INTERFACE_WRITE = 0x41,
	REQUEST_VENDOR_INTERFACE_READ = 0xc1,
	REQUEST_CLASS_WRITE = 0x21,
	REQUEST_CLASS_READ = 0xa1,
	REQUEST_IN = 0x80,
};

struct _GPPortPrivateLibrary {
	struct iolib_device device;
	int silent; /* so many reads in a row waited for all of their time, in vain */
};

/*
 * A driver that got no answer asks on, and means to wait as long for each of the next: eight seconds, or
 * twenty, ten times and more. A camera that was silent for all of that time has this long for the next,
 * and a half, a third and so on for those after that.
 */
#define SILENT_MSEC 1000

/*
 * stalled: what a stalled endpoint is called; the PTP driver clears the halt and tries again on it.
 * A link or a device that is gone is "not found", as an unplugged device is on the real bus.
 */
static int translate(GPPort *port, ssize_t ret, int stalled)
{
	const struct orc_error *why = &port->pl->device.why;
	char line[512];

	if (ret >= 0)
		return (int)ret;
	if (ret == ORC_ETIMEOUT)
		return GP_ERROR_TIMEOUT;
	orc_error_line(why, line, sizeof(line));
	gp_port_set_error(port, "%s", line);
	gp_log(GP_LOG_ERROR, "usbip", "%s", line);
	switch (ret) {
	case ORC_EUSAGE:
		return GP_ERROR_UNKNOWN_PORT;
	case ORC_ENOMEM:
		return GP_ERROR_NO_MEMORY;
	case ORC_EBUSY:
		return GP_ERROR_IO_USB_CLAIM;
	case ORC_ENOCAMERA:
	case ORC_ELOST:
		return GP_ERROR_IO_USB_FIND;
	case ORC_ESTALL:
		return stalled;
	default:
		return GP_ERROR_IO;
	}
}

/* The same for what the client returned: its own words are the latest. */
static int translate_client(GPPort *port, ssize_t ret, int stalled)
{
	struct iolib_device *device = &port->pl->device;

	if (ret < 0 && device->client)
		device->why = *usbip_client_error(device->client);
	return translate(port, ret, stalled);
}

static struct usbip_client *client_of(GPPort *port)
{
	return port->pl ? port->pl->device.client : NULL;
}

static struct deadline port_deadline(const GPPort *port)
{
	int msec = port->timeout, silent = port->pl->silent;

	if (silent > 0 && msec > SILENT_MSEC / silent)
		msec = SILENT_MSEC / silent;
	return deadline_after_msec(msec);
}

/*
 * Whoever listens to libgphoto2's log learns it, whatever its own functions make of the result: they go on
 * with a port that could not be initialised.
 */
static int no_memory(void)
{
	gp_log(GP_LOG_ERROR, "usbip", "out of memory");
	return GP_ERROR_NO_MEMORY;
}

/* NULL, and said so, where there was no memory for it. */
static struct iolib_device *device_of(GPPort *port)
{
	if (port->pl)
		return &port->pl->device;
	no_memory();
	return NULL;
}

static int port_init(GPPort *port)
{
	port->pl = calloc(1, sizeof(*port->pl));
	return port->pl ? GP_OK : no_memory();
}

static int port_exit(GPPort *port)
{
	if (port->pl)
		iolib_device_release(&port->pl->device);
	free(port->pl);
	port->pl = NULL;
	return GP_OK;
}

static void fill_settings(GPPortSettingsUSB *usb, const struct usb_endpoints *endpoints)
{
	usb->inep = endpoints->bulk_in;
	usb->outep = endpoints->bulk_out;
	usb->intep = endpoints->interrupt_in;
	usb->config = endpoints->configuration;
	usb->interface = endpoints->interface;
	usb->altsetting = endpoints->altsetting;
	usb->maxpacketsize = endpoints->maxpacket_in;
}

static int port_open(GPPort *port)
{
	struct iolib_device *device = device_of(port);
	int ret;

	if (!device)
		return GP_ERROR_NO_MEMORY;
	ret = iolib_device_import(device, port->settings.usb.port);
	if (ret < 0)
		return translate(port, ret, GP_ERROR_IO);
	fill_settings(&port->settings.usb, &device->endpoints);
	fill_settings(&port->settings_pending.usb, &device->endpoints);
	return GP_OK;
}

static int port_close(GPPort *port)
{
	if (port->pl)
		iolib_device_release(&port->pl->device);
	return GP_OK;
}

/* In words, too: what the PTP driver makes of a read that timed out is an error like any other. */
static void note_silence(GPPort *port, ssize_t ret)
{
	char text[DURATION_WORDS_SIZE];

	if (ret != ORC_ETIMEOUT)
		port->pl->silent = 0;
	else if (port->pl->silent++ == 0)
		gp_port_set_error(port, "the camera did not answer for %s",
			duration_words(port->timeout, text));
}

static int port_read(GPPort *port, char *bytes, int size)
{
	struct usbip_client *client = client_of(port);
	ssize_t ret;

	if (!client || size < 0 || port->settings.usb.inep < 0)
		return GP_ERROR_BAD_PARAMETERS;
	ret = usbip_client_bulk_read(
		client, (uint8_t)port->settings.usb.inep, bytes, (size_t)size, port_deadline(port));
	note_silence(port, ret);
	return translate_client(port, ret, GP_ERROR_IO_READ);
}

static int port_write(GPPort *port, const char *bytes, int size)
{
	struct usbip_client *client = client_of(port);

	if (!client || size < 0 || port->settings.usb.outep < 0)
		return GP_ERROR_BAD_PARAMETERS;
	return translate_client(port,
		usbip_client_bulk_write(client, (uint8_t)port->settings.usb.outep, bytes,
			(size_t)size, port_deadline(port)),
		GP_ERROR_IO_WRITE);
}

static int port_check_int(GPPort *port, char *bytes, int size, int timeout_msec)
{
	struct usbip_client *client = client_of(port);

	if (!client || size < 0 || timeout_msec < 0)
		return GP_ERROR_BAD_PARAMETERS;
	if (port->settings.usb.intep < 0)
		return GP_ERROR_TIMEOUT;
	return translate_client(port,
		usbip_client_interrupt_read(client, (uint8_t)port->settings.usb.intep, bytes,
			(size_t)size, deadline_after_msec(timeout_msec)),
		GP_ERROR_IO_READ);
}

/* Configuration and interface are set when the port is opened; only the path may change. */
static int port_update(GPPort *port)
{
	if (!client_of(port))
		memcpy(port->settings.usb.port, port->settings_pending.usb.port,
			sizeof(port->settings.usb.port));
	return GP_OK;
}

static int port_find_device(GPPort *port, int vendor, int product)
{
	struct iolib_device *device = device_of(port);
	int ret;

	if (!device)
		return GP_ERROR_NO_MEMORY;
	ret = iolib_device_find(device, port->settings.usb.port);
	if (ret < 0)
		return translate(port, ret, GP_ERROR_IO);
	if (vendor != device->info.vendor || product != device->info.product)
		return GP_ERROR_IO_USB_FIND;
	return GP_OK;
}

static int match(int wanted, uint8_t has)
{
	return wanted == -1 || wanted == has;
}

/* A list that tells the interfaces is enough; usbip-host's does not, so the device is imported. */
static int port_find_device_by_class(GPPort *port, int class, int subclass, int protocol)
{
	struct iolib_device *device = device_of(port);
	const struct usbip_device_info *info;
	int ret;

	if (!device)
		return GP_ERROR_NO_MEMORY;
	info = &device->info;
	ret = iolib_device_find(device, port->settings.usb.port);
	if (ret < 0)
		return translate(port, ret, GP_ERROR_IO);
	for (size_t i = 0; i < info->num_interfaces; i++)
		if (match(class, info->interfaces[i].class) &&
			match(subclass, info->interfaces[i].subclass) &&
			match(protocol, info->interfaces[i].protocol))
			return GP_OK;
	if (info->num_interfaces > 0)
		return GP_ERROR_IO_USB_FIND;
	ret = iolib_device_import(device, port->settings.usb.port);
	if (ret < 0)
		return translate(port, ret, GP_ERROR_IO);
	if (match(class, device->endpoints.class) && match(subclass, device->endpoints.subclass) &&
		match(protocol, device->endpoints.protocol))
		return GP_OK;
	return GP_ERROR_IO_USB_FIND;
}

static int port_clear_halt(GPPort *port, int ep)
{
	const GPPortSettingsUSB *usb = &port->settings.usb;
	struct usbip_client *client = client_of(port);
	int address = -1;

	if (ep == GP_PORT_USB_ENDPOINT_IN)
		address = usb->inep;
	else if (ep == GP_PORT_USB_ENDPOINT_OUT)
		address = usb->outep;
	else if (ep == GP_PORT_USB_ENDPOINT_INT)
		address = usb->intep;
	if (!client || address < 0)
		return GP_ERROR_BAD_PARAMETERS;
	return translate_client(port,
		usbip_client_clear_halt(client, (uint8_t)address, port_deadline(port)),
		GP_ERROR_IO_USB_CLEAR_HALT);
}

static int port_reset(GPPort *port)
{
	struct usbip_client *client = client_of(port);

	if (!client)
		return GP_ERROR_BAD_PARAMETERS;
	return translate_client(port, usbip_client_reset(client, port_deadline(port)), GP_ERROR_IO);
}

static int control(GPPort *port, enum request_type type, int request, int value, int index,
	char *bytes, int size)
{
	struct usbip_client *client = client_of(port);

	if (!client || size < 0 || size > UINT16_MAX)
		return GP_ERROR_BAD_PARAMETERS;
	return translate_client(port,
		usbip_client_control(client, (uint8_t)type, (uint8_t)request, (uint16_t)value,
			(uint16_t)index, bytes, (uint16_t)size, port_deadline(port)),
		type & REQUEST_IN ? GP_ERROR_IO_READ : GP_ERROR_IO_WRITE);
}

#define CONTROL_OPERATION(name, type)                                                              \
	static int name(GPPort *port, int request, int value, int index, char *bytes, int size)    \
	{                                                                                          \
		return control(port, type, request, value, index, bytes, size);                    \
	}

CONTROL_OPERATION(msg_write, REQUEST_VENDOR_WRITE)
CONTROL_OPERATION(msg_read, REQUEST_VENDOR_READ)
CONTROL_OPERATION(msg_interface_write, REQUEST_VENDOR_INTERFACE_WRITE)
CONTROL_OPERATION(msg_interface_read, REQUEST_VENDOR_INTERFACE_READ)
CONTROL_OPERATION(msg_class_write, REQUEST_CLASS_WRITE)
CONTROL_OPERATION(msg_class_read, REQUEST_CLASS_READ)

struct port_operations *gp_port_library_operations(void)
{
	static const struct port_operations operations = {
		.init = port_init,
		.exit = port_exit,
		.open = port_open,
		.close = port_close,
		.read = port_read,
		.check_int = port_check_int,
		.write = port_write,
		.update = port_update,
		.find_device = port_find_device,
		.find_device_by_class = port_find_device_by_class,
		.clear_halt = port_clear_halt,
		.msg_write = msg_write,
		.msg_read = msg_read,
		.msg_interface_write = msg_interface_write,
		.msg_interface_read = msg_interface_read,
		.msg_class_write = msg_class_write,
		.msg_class_read = msg_class_read,
		.reset = port_reset,
	};
	struct port_operations *copy = malloc(sizeof(*copy));

	if (copy)
		*copy = operations;
	else
		no_memory();
	return copy;
}
