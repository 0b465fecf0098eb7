/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client's life: open, control requests, clear-halt, reset, close. */
#include "usbip/client.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "usbip/import.h"
#include "usbip/urbs.h"

#define PROGRESS_MSEC      5000
#define DEFAULT_MAXPACKET  512
#define REQUEST_CLEAR      1 /* CLEAR_FEATURE; USB 2.0, table 9-4 */
#define RECIPIENT_ENDPOINT 0x02

static struct usbip_client *client_new(const struct usbip_client_options *options)
{
	struct usbip_client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->link = USBIP_LINK_CLOSED;
	if (options)
		client->options = *options;
	if (client->options.progress_msec <= 0)
		client->options.progress_msec = PROGRESS_MSEC;
	for (size_t i = 0; i < ARRAY_LENGTH(client->maxpacket); i++)
		client->maxpacket[i] = DEFAULT_MAXPACKET;
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		stream_init(&client->streams[i]);
	return client;
}

int usbip_client_open(struct usbip_client **client_out, const struct usbip_address *address,
	const struct usbip_client_options *options, struct deadline deadline, struct orc_error *err)
{
	struct usbip_client *client = client_new(options);
	int r;

	*client_out = NULL;
	if (!client)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	r = usbip_import(&client->link, &client->device, address, &client->options, deadline, err);
	if (r < 0) {
		free(client);
		return r;
	}
	*client_out = client;
	return 0;
}

struct usbip_link usbip_client_hand_over(
	struct usbip_client *client, char text[USBIP_HANDOVER_SIZE])
{
	const struct usbip_device_info *device = &client->device;
	struct usbip_link link = client->link;
	int len;

	len = snprintf(text, USBIP_HANDOVER_SIZE, "%d %u %u %u %x %x %u %s", link.fd,
		device->busnum, device->devnum, device->speed, (unsigned int)device->vendor,
		(unsigned int)device->product, (unsigned int)device->configuration_value,
		device->busid);
	if (link.ssh.pid)
		snprintf(text + len, USBIP_HANDOVER_SIZE - (size_t)len, " %d %d", (int)link.ssh.pid,
			link.ssh.err_fd);
	urbs_free(client);
	free(client);
	return link;
}

static bool is_open(int fd)
{
	return fd >= 0 && fcntl(fd, F_GETFD) >= 0;
}

int usbip_client_take_over(struct usbip_client **client_out, const char *text,
	const struct usbip_client_options *options, struct orc_error *err)
{
	struct usbip_device_info device = { 0 };
	unsigned int vendor, product, configuration;
	struct usbip_link link = USBIP_LINK_CLOSED;
	struct usbip_client *client;
	int pid = 0, fields;

	*client_out = NULL;
	fields = sscanf(text, "%d %u %u %u %x %x %u %31s %d %d", &link.fd, &device.busnum,
		&device.devnum, &device.speed, &vendor, &product, &configuration, device.busid,
		&pid, &link.ssh.err_fd);
	if ((fields != 8 && fields != 10) || !is_open(link.fd) ||
		(pid && !is_open(link.ssh.err_fd)))
		return orc_fail(err, ORC_EUSAGE, "no connection is handed over");
	link.ssh.pid = pid;
	link.heard = true;
	device.vendor = (uint16_t)vendor;
	device.product = (uint16_t)product;
	device.configuration_value = (uint8_t)configuration;
	client = client_new(options);
	if (!client)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	client->link = link;
	client->device = device;
	*client_out = client;
	return 0;
}

void usbip_client_close(struct usbip_client *client)
{
	if (!client)
		return;
	/* What is posted the server cancels itself when the link is gone: see urbs_unlink(). */
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

static void encode_setup(uint8_t setup[USBIP_SETUP_SIZE], const struct usbip_control *control)
{
	setup[0] = control->request_type;
	setup[1] = control->request;
	put_le16(setup + 2, control->value);
	put_le16(setup + 4, control->index);
	put_le16(setup + 6, control->len);
}

static int submit_control(
	struct usbip_client *client, const struct usbip_control *control, struct urb **urb)
{
	bool in = control->request_type & 0x80;
	uint8_t setup[USBIP_SETUP_SIZE];
	int r;

	*urb = urbs_get(client, in ? 0x80 : 0x00, control->len);
	if (!*urb)
		return ORC_ENOMEM;
	encode_setup(setup, control);
	r = urbs_submit(client, *urb, setup, control->data);
	if (r < 0)
		urbs_put(client, steal_pointer(urb));
	return r;
}

/* One that is not done stays in the table, and goes when the server has answered the cancel. */
static void abandon(struct usbip_client *client, struct urb *urb)
{
	urb->abandoned = true;
	if (!client->fatal && urbs_unlink(client, urb) == 0)
		(void)!urbs_flush(client);
}

static void finish_control(
	struct usbip_client *client, struct usbip_control *control, struct urb *urb)
{
	int r = urbs_status(client, urb);

	if (r == 0 && (control->request_type & 0x80))
		memcpy(control->data, urb->data, urb->actual);
	control->result = r < 0 ? r : (ssize_t)urb->actual;
	urbs_put(client, urb);
}

static int run_controls(struct usbip_client *client, struct usbip_control *controls, size_t count,
	struct deadline deadline)
{
	struct urb *urbs[USBIP_CONTROLS_MAX] = { NULL };
	size_t i;
	int r = 0;

	for (i = 0; i < count; i++)
		controls[i].result = ORC_ETIMEOUT;
	for (i = 0; r == 0 && i < count; i++)
		r = submit_control(client, &controls[i], &urbs[i]);
	for (i = 0; i < count && urbs[i]; i++) {
		while (r == 0 && !urbs[i]->done)
			r = urbs_wait(client, deadline);
		if (urbs[i]->done)
			finish_control(client, &controls[i], urbs[i]);
		else
			abandon(client, urbs[i]);
	}
	return client->fatal ? client->fatal : r;
}

int usbip_client_controls(struct usbip_client *client, struct usbip_control *controls, size_t count,
	struct deadline deadline)
{
	int r = urbs_other_write_error(client, urbs_begin(client));

	return r < 0 ? r : run_controls(client, controls, count, deadline);
}

static ssize_t control(
	struct usbip_client *client, struct usbip_control control, struct deadline deadline)
{
	int r = run_controls(client, &control, 1, deadline);

	return r < 0 ? r : control.result;
}

ssize_t usbip_client_control(struct usbip_client *client, uint8_t request_type, uint8_t request,
	uint16_t value, uint16_t index, void *data, uint16_t len, struct deadline deadline)
{
	int r = urbs_other_write_error(client, urbs_begin(client));

	if (r < 0)
		return r;
	return control(client,
		(struct usbip_control){
			.request_type = request_type,
			.request = request,
			.value = value,
			.index = index,
			.data = data,
			.len = len,
		},
		deadline);
}

/* Clear-halt and reset are the remedy for a write's error: they forget it. */
static int begin_remedy(struct usbip_client *client)
{
	client->write_error = 0;
	return urbs_begin(client);
}

int usbip_client_clear_halt(struct usbip_client *client, uint8_t ep, struct deadline deadline)
{
	const struct usbip_control clear = {
		.request_type = RECIPIENT_ENDPOINT,
		.request = REQUEST_CLEAR,
		.index = ep,
	};
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
	return (int)control(client, clear, deadline);
}

int usbip_client_reset(struct usbip_client *client, struct deadline deadline)
{
	const struct usbip_control reset = {
		.request_type = USBIP_RESET_TYPE,
		.request = USBIP_RESET_REQUEST,
		.value = USBIP_RESET_VALUE,
	};
	int r = begin_remedy(client);

	if (r == 0)
		r = urbs_cancel(client, -1, deadline);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_LENGTH(client->streams); i++)
		stream_drop(client, &client->streams[i]);
	client->halted_out = 0;
	client->write_error = 0;
	r = (int)control(client, reset, deadline);
	/* usbip-host resets the port, then hands the request on to the device, which refuses it. */
	return r == ORC_ESTALL ? 0 : r;
}
