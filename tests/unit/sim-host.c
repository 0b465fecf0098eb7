/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host without a wire: URBs straight into a simulated camera, for the unit tests. */
#include "sim-host.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "simcam/dataset.h"

struct flight {
	struct usb_urb urb; /* first: what the camera gives back */
	bool done;
	int32_t status;
	size_t actual;
	uint8_t data[1 << 20];
};

/* The server's part: the camera has finished a transfer. */
void usb_urb_complete(
	struct usbip_connection *connection, struct usb_urb *urb, int32_t status, size_t actual)
{
	struct flight *flight = (struct flight *)(void *)urb;

	(void)connection;
	assert_false(flight->done);
	assert_true(actual <= urb->len);
	flight->done = true;
	flight->status = status;
	flight->actual = actual;
}

static struct flight flight, posted;

static struct usb_device *device_of(struct host *host)
{
	return &host->camera->usb.device;
}

void host_go_on(struct host *host, struct deadline end)
{
	struct usb_device *device = device_of(host);
	struct pollfd fd = { .fd = device->fd, .events = POLLIN };

	poll(&fd, 1, deadline_left_msec(deadline_min(end, device->wake_at)));
	if (fd.revents & POLLIN)
		device->ops->readable(device);
	if (deadline_passed(device->wake_at))
		device->ops->wake(device);
}

/* What the server's loop does, until the transfer is done. */
static void pump_until(struct host *host, const bool *done)
{
	struct deadline end = deadline_after_msec(60000);

	while (!*done && !deadline_passed(end))
		host_go_on(host, end);
}

static void submit(struct host *host, struct flight *f, uint8_t ep, const void *data, size_t len)
{
	memset(f, 0, offsetof(struct flight, data));
	f->urb.ep = ep;
	f->urb.data = f->data;
	f->urb.len = len;
	if (data)
		memcpy(f->data, data, len);
	device_of(host)->ops->submit(device_of(host), &f->urb);
}

int32_t host_out(struct host *host, const void *data, size_t len)
{
	submit(host, &flight, SIM_EP_OUT, data, len);
	pump_until(host, &flight.done);
	assert_true(flight.done);
	return flight.status;
}

static int32_t read_pipe(struct host *host, uint8_t ep, void *data, size_t room, size_t *len)
{
	submit(host, &flight, ep, NULL, room);
	pump_until(host, &flight.done);
	if (!flight.done) {
		assert_true(device_of(host)->ops->unlink(device_of(host), &flight.urb));
		return USBIP_STATUS_TIMEDOUT;
	}
	*len = flight.actual;
	memcpy(data, flight.data, flight.actual);
	return flight.status;
}

int32_t host_in(struct host *host, void *data, size_t room, size_t *len)
{
	return read_pipe(host, SIM_EP_IN, data, room, len);
}

int32_t host_interrupt(struct host *host, void *data, size_t room, size_t *len)
{
	return read_pipe(host, SIM_EP_EVENT, data, room, len);
}

bool host_post_in(struct host *host, size_t room)
{
	submit(host, &posted, SIM_EP_IN, NULL, room);
	return posted.done;
}

int host_control(struct host *host, uint8_t type, uint8_t request, uint16_t value, uint16_t index,
	void *data, uint16_t len)
{
	memset(&flight, 0, offsetof(struct flight, data));
	flight.urb.ep = type & 0x80;
	flight.urb.data = flight.data;
	flight.urb.len = len;
	flight.urb.setup[0] = type;
	flight.urb.setup[1] = request;
	put_le16(flight.urb.setup + 2, value);
	put_le16(flight.urb.setup + 4, index);
	put_le16(flight.urb.setup + 6, len);
	if (!(type & 0x80) && len)
		memcpy(flight.data, data, len);
	device_of(host)->ops->submit(device_of(host), &flight.urb);
	assert_true(flight.done);
	if (flight.status)
		return -1;
	if (type & 0x80)
		memcpy(data, flight.data, flight.actual);
	return (int)flight.actual;
}

void host_clear_halts(struct host *host)
{
	assert_int_equal(host_control(host, 0x02, 1, 0, SIM_EP_IN, NULL, 0), 0);
	assert_int_equal(host_control(host, 0x02, 1, 0, SIM_EP_OUT, NULL, 0), 0);
}

static void plug_in(struct host *host)
{
	struct orc_error err = { 0 };

	assert_int_equal(sim_camera_new(&host->camera, &host->options, &err), 0);
	/* Never looked into: only usb_urb_complete() gets it. */
	device_of(host)->ops->attach(device_of(host), (struct usbip_connection *)(void *)host);
	assert_int_equal(host_control(host, 0, 9, 1, 0, NULL, 0), 0);
	host->next_id = 1;
}

void host_start(struct host *host, const char *body)
{
	*host = (struct host){ .options = { .speed = 100, .fps = 30, .body = body } };
	snprintf(host->card, sizeof(host->card), "/tmp/test-simcam-XXXXXX");
	assert_non_null(mkdtemp(host->card));
	host->options.card = host->card;
	plug_in(host);
}

void host_restart(struct host *host)
{
	device_of(host)->ops->detach(device_of(host));
	sim_camera_destroy(host->camera);
	plug_in(host);
}

void host_stop(struct host *host)
{
	host->camera->card.temporary = true; /* takes the folder away with it */
	device_of(host)->ops->detach(device_of(host));
	sim_camera_destroy(host->camera);
	sim_buffer_free(&host->data);
}

static size_t put_container(uint8_t *out, uint16_t type, uint16_t code, uint32_t id, size_t payload)
{
	put_le32(out, (uint32_t)(SIM_CONTAINER_HEADER + payload));
	put_le16(out + 4, type);
	put_le16(out + 6, code);
	put_le32(out + 8, id);
	return SIM_CONTAINER_HEADER + payload;
}

int32_t host_command(
	struct host *host, uint16_t code, uint32_t id, size_t count, const uint32_t *params)
{
	uint8_t out[SIM_CONTAINER_HEADER + 20];
	size_t len = put_container(out, PTP_COMMAND, code, id, 4 * count);

	for (size_t i = 0; i < count; i++)
		put_le32(out + SIM_CONTAINER_HEADER + 4 * i, params[i]);
	return host_out(host, out, len);
}

/* A transfer up to its short packet, as a driver reads it. */
static int32_t read_transfer(struct host *host, struct sim_buffer *out)
{
	static uint8_t chunk[1 << 20];
	size_t len;
	int32_t status;

	sim_buffer_clear(out);
	do {
		status = host_in(host, chunk, sizeof(chunk), &len);
		if (status)
			return status;
		sim_buffer_append(out, chunk, len);
	} while (len == sizeof(chunk));
	return 0;
}

uint16_t host_response(struct host *host)
{
	struct sim_buffer in = { 0 };
	uint16_t code = 0;

	sim_buffer_clear(&host->data);
	host->num_reply = 0;
	while (!code && !read_transfer(host, &in)) {
		assert_true(in.len >= SIM_CONTAINER_HEADER);
		assert_int_equal(get_le32(in.data), in.len);
		if (get_le16(in.data + 4) == PTP_DATA) {
			sim_buffer_append(&host->data, in.data + SIM_CONTAINER_HEADER,
				in.len - SIM_CONTAINER_HEADER);
			continue;
		}
		assert_int_equal(get_le16(in.data + 4), PTP_RESPONSE);
		code = get_le16(in.data + 6);
		host->num_reply = (in.len - SIM_CONTAINER_HEADER) / 4;
		for (size_t i = 0; i < host->num_reply; i++)
			host->reply[i] = get_le32(in.data + SIM_CONTAINER_HEADER + 4 * i);
	}
	sim_buffer_free(&in);
	return code;
}

uint16_t host_do(struct host *host, uint16_t code, size_t count, const uint32_t *params)
{
	assert_int_equal(host_command(host, code, host->next_id++, count, params), 0);
	return host_response(host);
}

uint16_t host_send(struct host *host, uint16_t code, size_t count, const uint32_t *params,
	const void *data, size_t len)
{
	struct sim_buffer out = { 0 };
	uint32_t id = host->next_id++;

	assert_int_equal(host_command(host, code, id, count, params), 0);
	put_container(sim_buffer_grow(&out, SIM_CONTAINER_HEADER), PTP_DATA, code, id, len);
	sim_buffer_append(&out, data, len);
	assert_int_equal(host_out(host, out.data, out.len), 0);
	sim_buffer_free(&out);
	return host_response(host);
}

void host_open_session(struct host *host)
{
	const uint32_t session = 1;

	assert_int_equal(host_command(host, 0x1002, 0, 1, &session), 0);
	assert_int_equal(host_response(host), PTP_OK);
}

void host_open(struct host *host)
{
	host_open_session(host);
	assert_int_equal(DO(host, 0x9114, 1), PTP_OK);
	assert_int_equal(DO(host, 0x9115, 1), PTP_OK);
}

uint16_t host_set(struct host *host, uint32_t property, uint32_t value)
{
	uint8_t data[12];

	put_le32(data, sizeof(data));
	put_le32(data + 4, property);
	put_le32(data + 8, value);
	return host_send(host, 0x9110, 0, NULL, data, sizeof(data));
}

const uint8_t *host_event(struct host *host, uint32_t event, uint32_t first_word, uint32_t *len)
{
	struct deadline end = deadline_after_msec(20000);

	while (!deadline_passed(end)) {
		const uint8_t *at;

		assert_int_equal(host_do(host, 0x9116, 0, NULL), PTP_OK);
		for (at = host->data.data; get_le32(at + 4); at += get_le32(at)) {
			if (get_le32(at + 4) == event &&
				(!first_word || get_le32(at + 8) == first_word)) {
				*len = get_le32(at) - 8;
				return at + 8;
			}
		}
		host_go_on(host, end);
	}
	return NULL;
}
