/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a port's name to an imported, configured device. */
#include <stdlib.h>
#include <string.h>

#include <gphoto2/gphoto2-port-result.h>

#include "base/bytes.h"
#include "iolib/choose.h"
#include "iolib/port.h"
#include "usbip/config.h"

#define REQUEST_GET_DESCRIPTOR    6 /* USB 2.0, table 9-4 */
#define REQUEST_SET_CONFIGURATION 9
#define DESCRIPTOR_CONFIG         0x0200
#define CONTROL_MSEC              5000
/* Nearly every camera's configuration fits; one round trip instead of two. */
#define FIRST_DESCRIPTOR_SIZE 255
#define MAX_DESCRIPTOR_SIZE   4096
/* A server that resets the device after its last client refuses it for 1 to 3 s. */
#define BUSY_MSEC  4000
#define RETRY_MSEC 250

int64_t port_progress_msec(void)
{
	const char *text = getenv("OPENCAMRC_TIMEOUT");
	nsec_t nsec;

	if (!text || duration_parse(text, &nsec) < 0 || nsec < NSEC_PER_MSEC)
		return 5000;
	return nsec / NSEC_PER_MSEC;
}

static const struct {
	enum orc_err code;
	int gp;
} codes[] = {
	{ ORC_ENOMEM, GP_ERROR_NO_MEMORY },
	{ ORC_EUSAGE, GP_ERROR_BAD_PARAMETERS },
	{ ORC_EFILE, GP_ERROR_BAD_PARAMETERS },
	{ ORC_ENOCAMERA, GP_ERROR_UNKNOWN_PORT },
	{ ORC_EBUSY, GP_ERROR_IO_USB_CLAIM },
	{ ORC_ELOST, GP_ERROR_IO_USB_FIND },
	{ ORC_ETIMEOUT, GP_ERROR_TIMEOUT },
};

int port_fail(GPPort *port, const struct orc_error *err, int io_error)
{
	char line[600];

	gp_port_set_error(port, "%s", orc_error_line(err, line, sizeof(line)));
	if (err->code == ORC_ESTALL)
		return io_error;
	for (size_t i = 0; i < ARRAY_LENGTH(codes); i++)
		if (codes[i].code == err->code)
			return codes[i].gp;
	return GP_ERROR_IO;
}

static int find_address(
	const char *name, struct usbip_address *address, struct orc_error *err)
{
	struct usbip_config config;
	int r = usbip_config_load(&config, err);

	if (r < 0)
		return r;
	if (strncmp(name, PORT_PREFIX, strlen(PORT_PREFIX)) == 0)
		name += strlen(PORT_PREFIX);
	r = usbip_config_resolve(&config, name, address, err);
	usbip_config_free(&config);
	return r;
}

int port_ask(GPPort *port)
{
	GPPortPrivateLibrary *pl = port->pl;
	struct deadline deadline = deadline_after_msec(port_progress_msec());
	int r;

	if (!pl->asked) {
		pl->asked = true;
		r = find_address(port->settings.usb.port, &pl->address, &pl->error);
		if (r == 0)
			r = choose_device(&pl->address, deadline, true, &pl->device, &pl->error);
		pl->answer = r < 0 ? port_fail(port, &pl->error, GP_ERROR_IO) : GP_OK;
	}
	return pl->answer < 0 ? port_fail(port, &pl->error, GP_ERROR_IO) : GP_OK;
}

static int open_patiently(GPPortPrivateLibrary *pl, struct orc_error *err)
{
	const char *read_ahead = getenv("OPENCAMRC_READ_AHEAD");
	struct usbip_client_options options = {
		.progress_msec = port_progress_msec(),
		.no_read_ahead = read_ahead && strcmp(read_ahead, "0") == 0,
	};
	struct deadline give_up = deadline_after_msec(BUSY_MSEC);
	int r;

	for (;;) {
		r = usbip_client_open(&pl->client, &pl->address, &options,
			deadline_after_msec(options.progress_msec), err);
		if (r != ORC_EBUSY || deadline_passed(give_up))
			return r;
		clock_sleep_until(deadline_after_msec(RETRY_MSEC));
	}
}

static ssize_t get_config_descriptor(struct usbip_client *client, uint8_t *buf, uint16_t len)
{
	return usbip_client_control(client, 0x80, REQUEST_GET_DESCRIPTOR, DESCRIPTOR_CONFIG, 0, buf,
		len, deadline_after_msec(CONTROL_MSEC));
}

static int read_layout(struct usbip_client *client, struct layout *layout, struct orc_error *err)
{
	uint8_t descriptor[MAX_DESCRIPTOR_SIZE];
	ssize_t n = get_config_descriptor(client, descriptor, FIRST_DESCRIPTOR_SIZE);
	uint16_t total = n >= 4 ? get_le16(descriptor + 2) : 0;

	if (n >= 4 && total > n && total <= sizeof(descriptor))
		n = get_config_descriptor(client, descriptor, total);
	if (n < 0) {
		*err = *usbip_client_error(client);
		return (int)n;
	}
	if (layout_parse(layout, descriptor, (size_t)n) < 0)
		return orc_fail(err, ORC_EPROTO, "its configuration descriptor makes no sense");
	return 0;
}

static void declare(struct usbip_client *client, int ep, uint16_t maxpacket)
{
	if (ep >= 0)
		usbip_client_set_endpoint(client, (uint8_t)ep, maxpacket);
}

static int configure(GPPortPrivateLibrary *pl, struct orc_error *err)
{
	const struct layout *layout = &pl->layout;
	int r = read_layout(pl->client, &pl->layout, err);

	if (r == 0) {
		/* usbip-host leaves a device that it is bound to without a configuration. */
		r = (int)usbip_client_control(pl->client, 0x00, REQUEST_SET_CONFIGURATION,
			(uint16_t)layout->config, 0, NULL, 0, deadline_after_msec(CONTROL_MSEC));
		if (r < 0)
			*err = *usbip_client_error(pl->client);
	}
	if (r < 0) {
		orc_what(err, "cannot set up the camera");
		return r;
	}
	declare(pl->client, layout->inep, layout->in_maxpacket);
	declare(pl->client, layout->outep, layout->out_maxpacket);
	declare(pl->client, layout->intep, layout->int_maxpacket);
	/*
	 * A still image device ends every transfer with a short packet. Other protocols may read
	 * whole packets of a size that only the reader knows: reading ahead would swallow the
	 * packet and wait for more.
	 */
	if (layout->class == 6 && layout->inep >= 0 && layout->outep >= 0)
		usbip_client_set_read_ahead(
			pl->client, (uint8_t)layout->inep, (uint8_t)layout->outep);
	return 0;
}

/* As the libusb driver fills them in. */
static void set_settings(GPPort *port)
{
	const struct layout *layout = &port->pl->layout;
	GPPortSettingsUSB *usb = &port->settings.usb;

	usb->config = layout->config;
	usb->interface = layout->interface;
	usb->altsetting = layout->altsetting;
	usb->inep = layout->inep;
	usb->outep = layout->outep;
	usb->intep = layout->intep;
	usb->maxpacketsize = layout->in_maxpacket;
	port->settings_pending.usb = *usb;
}

int port_import(GPPort *port)
{
	GPPortPrivateLibrary *pl = port->pl;
	struct orc_error err = { 0 };
	int r;

	if (!pl->client) {
		r = open_patiently(pl, &err);
		if (r == 0)
			r = configure(pl, &err);
		if (r < 0) {
			port_release(port);
			return port_fail(port, &err, GP_ERROR_IO);
		}
	}
	set_settings(port);
	return GP_OK;
}

void port_release(GPPort *port)
{
	usbip_client_close(port->pl->client);
	port->pl->client = NULL;
}

void port_refresh(GPPort *port)
{
	GPPortPrivateLibrary *pl = port->pl;
	struct deadline deadline = deadline_after_msec(CONTROL_MSEC);
	int r = 0;

	/* Drops what the last session left behind, and shows whether the device still answers. */
	if (pl->layout.inep >= 0)
		r = usbip_client_clear_halt(pl->client, (uint8_t)pl->layout.inep, deadline);
	if (r == 0 && pl->layout.intep >= 0)
		r = usbip_client_clear_halt(pl->client, (uint8_t)pl->layout.intep, deadline);
	if (r < 0)
		port_release(port);
}
