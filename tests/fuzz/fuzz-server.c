/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the server: the input is all that a hostile client says, from its first byte on. */
#include <stdlib.h>
#include <sys/ioctl.h>

#include "base/log.h"
#include "peers.h"
#include "usbip/server-internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A device that holds every IN transfer until the next OUT one, and gives the oldest back then. */
static struct usb_urb *held;
static struct usbip_connection *importer;

static void attach(struct usb_device *device, struct usbip_connection *connection)
{
	(void)device;
	if (held)
		abort();
	importer = connection;
}

static void submit(struct usb_device *device, struct usb_urb *urb)
{
	struct usb_urb **end = &held;

	(void)device;
	/* From end to end, but not all of up to 16 MiB. */
	for (size_t i = 0; i < urb->len; i += 1 + urb->len / 64)
		urb->data[i] = (uint8_t)(urb->data[i] + 1);
	if (urb->len > 0)
		urb->data[urb->len - 1] = 1;
	if (urb->ep & 0x80) {
		while (*end)
			end = &(*end)->next;
		urb->next = NULL;
		*end = urb;
		return;
	}
	usb_urb_complete(importer, urb, USBIP_STATUS_OK, urb->len);
	if (held) {
		urb = held;
		held = urb->next;
		usb_urb_complete(importer, urb, USBIP_STATUS_OK, urb->len / 2);
	}
}

static bool take_back(struct usb_device *device, struct usb_urb *urb)
{
	(void)device;
	for (struct usb_urb **at = &held; *at; at = &(*at)->next) {
		if (*at == urb) {
			*at = urb->next;
			return true;
		}
	}
	return false;
}

static void detach(struct usb_device *device)
{
	(void)device;
	if (held)
		abort();
	importer = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct usb_device_ops ops = {
		.attach = attach,
		.submit = submit,
		.unlink = take_back,
		.detach = detach,
	};
	struct usb_device device = {
		.ops = &ops,
		.info = { .path = "/sys/1-1", .busid = "1-1", .busnum = 1, .devnum = 2 },
		.fd = -1,
	};
	struct usbip_server server = { .fd = -1, .quiet = true, .devices = &device };
	struct usbip_connection *connection;
	struct peers peers;
	int unread = 1;

	if (size > 32768)
		return 0;
	log_set_level(LOG_LEVEL_ERROR);
	/* A client that leaves, or one that stays when it has said all. */
	peers = peers_new();
	peers_say(&peers, data, size);
	if (size % 8 == 0)
		peers_leave(&peers);
	connection = server_connection_new(&server, peers.ours, "fuzz");
	server.connections = connection;
	while (!connection->dead && server_connection_events(connection) &&
		(peers.left || unread > 0)) {
		server_connection_readable(connection);
		server_connection_flush(connection);
		peers_drain(peers.other);
		if (!connection->dead && ioctl(connection->fd, FIONREAD, &unread) < 0)
			abort();
	}
	server_connection_destroy(connection);
	peers_free(&peers);
	return 0;
}
