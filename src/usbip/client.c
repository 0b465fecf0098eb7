/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client's life: open, control requests, clear-halt, reset, close. */
#include "usbip/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "usbip/ops.h"
#include "usbip/urbs.h"

#define PROGRESS_MSEC      5000
#define CLOSE_MSEC         1000
#define DEFAULT_MAXPACKET  512
#define REQUEST_CLEAR      1 /* CLEAR_FEATURE; USB 2.0, table 9-4 */
#define REQUEST_SET        3 /* SET_FEATURE */
#define RECIPIENT_ENDPOINT 0x02
#define TYPE_PORT          0x23 /* class request to a hub's port */
#define FEATURE_PORT_RESET 4

int usbip_client_open(struct usbip_client **client_out, const struct usbip_address *address,
	const struct usbip_client_options *options, struct deadline deadline, struct orc_error *err)
{
	struct usbip_client *client = calloc(1, sizeof(*client));
	int r;

	*client_out = NULL;
	if (!client)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	client->link.fd = -1;
	if (options)
		client->options = *options;
	if (client->options.progress_msec <= 0)
		client->options.progress_msec = PROGRESS_MSEC;
	for (size_t i = 0; i < ARRAY_LENGTH(client->maxpacket); i++)
		client->maxpacket[i] = DEFAULT_MAXPACKET;
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		stream_init(&client->streams[i]);
	r = usbip_import(&client->link, address, 0, deadline, &client->device, err);
	if (r < 0) {
		free(client);
		return r;
	}
	*client_out = client;
	return 0;
}

void usbip_client_close(struct usbip_client *client)
{
	if (!client)
		return;
	/* What the server does not answer in time it cancels itself when the link is gone. */
	if (!client->fatal)
		(void)!urbs_cancel(client, -1, deadline_after_msec(CLOSE_MSEC));
	usbip_link_close(&client->link);
	urbs_free(client);
	free(client);
}

const struct usbip_device_info *usbip_client_device(const struct usbip_client *client)
{
	return &client->device;
}

const struct usbip_client_stats *usbip_client_stats(const struct usbip_client *client)
{
	return &client->stats;
}

const struct orc_error *usbip_client_error(const struct usbip_client *client)
{
	return &client->error;
}

void usbip_client_set_endpoint(struct usbip_client *client, uint8_t ep, uint16_t maxpacket)
{
	/* Bits 11 and 12 count extra packets a microframe, of no interest here. */
	maxpacket &= 0x7ff;
	client->maxpacket[endpoint_index(ep)] = maxpacket ? maxpacket : DEFAULT_MAXPACKET;
}

void usbip_client_set_read_ahead(struct usbip_client *client, uint8_t ep_in, uint8_t ep_out)
{
	client->read_ahead_in = ep_in;
	client->read_ahead_out = ep_out;
}

static ssize_t control(
	struct usbip_client *client, const uint8_t *setup, void *data, struct deadline deadline)
{
	bool in = setup[0] & 0x80;
	size_t len = get_le16(setup + 6);
	struct urb *urb = urbs_get(client, in ? 0x80 : 0x00, len);
	ssize_t n;
	int r;

	if (!urb)
		return ORC_ENOMEM;
	r = urbs_submit(client, urb, setup, data);
	if (r < 0) {
		urbs_put(client, urb);
		return r;
	}
	while (r == 0 && !urb->done)
		r = urbs_wait(client, deadline);
	if (!urb->done) {
		/* It stays in the table, and goes when the server has answered the cancel. */
		urb->abandoned = true;
		if (!client->fatal && urbs_unlink(client, urb) == 0)
			(void)!urbs_flush(client);
		return r;
	}
	r = urbs_status(client, urb);
	n = (ssize_t)urb->actual;
	if (r == 0 && in)
		memcpy(data, urb->data, urb->actual);
	urbs_put(client, urb);
	return r < 0 ? r : n;
}

ssize_t usbip_client_control(struct usbip_client *client, uint8_t request_type, uint8_t request,
	uint16_t value, uint16_t index, void *data, uint16_t len, struct deadline deadline)
{
	uint8_t setup[USBIP_SETUP_SIZE] = { request_type, request };
	int r = urbs_other_write_error(client, urbs_begin(client));

	if (r < 0)
		return r;
	put_le16(setup + 2, value);
	put_le16(setup + 4, index);
	put_le16(setup + 6, len);
	return control(client, setup, data, deadline);
}

/* Clear-halt and reset are the remedy for a write's error: they forget it. */
static int begin_remedy(struct usbip_client *client)
{
	client->write_error = 0;
	return urbs_begin(client);
}

int usbip_client_clear_halt(struct usbip_client *client, uint8_t ep, struct deadline deadline)
{
	const uint8_t setup[USBIP_SETUP_SIZE] = { RECIPIENT_ENDPOINT, REQUEST_CLEAR, 0, 0, ep };
	int r = begin_remedy(client);

	if (r == 0)
		r = urbs_cancel(client, ep, deadline);
	if (r < 0)
		return r;
	if (ep & 0x80)
		stream_drop(client, &client->streams[ep & 0x0f]);
	else if (client->halted_out == ep)
		client->halted_out = 0;
	client->write_error = 0;
	return (int)control(client, setup, NULL, deadline);
}

int usbip_client_reset(struct usbip_client *client, struct deadline deadline)
{
	const uint8_t setup[USBIP_SETUP_SIZE] = { TYPE_PORT, REQUEST_SET, FEATURE_PORT_RESET };
	int r = begin_remedy(client);

	if (r == 0)
		r = urbs_cancel(client, -1, deadline);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		stream_drop(client, &client->streams[i]);
	client->halted_out = 0;
	client->write_error = 0;
	r = (int)control(client, setup, NULL, deadline);
	/* usbip-host resets the port, then hands the request on to the device, which refuses it. */
	return r == ORC_ESTALL ? 0 : r;
}
