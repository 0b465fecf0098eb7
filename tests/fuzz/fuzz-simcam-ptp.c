/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the simulated camera's PTP: the input is a run of transactions, each a byte that says what
 * stands in the container (0x80: data follows, 0x40: the length is wrong, 0x07: parameters), the
 * operation's low byte, the parameters a byte each, and the data behind a byte that is its length.
 * The first byte says whether a session is open (1) and which body it is (6: the EOS, the Nikon, the
 * plain one).
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "simcam/camera.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A body, where its vendor's operations are, and which of them a thread answers in its own time. */
static struct body {
	const char *name;
	uint16_t low, high; /* operations below 0x80, and from there on */
	uint16_t get_view;
	struct sim_camera *camera;
} bodies[] = {
	{ .name = "eos1200d", .low = 0x9100, .high = 0x9100, .get_view = 0x9153 },
	{ .name = "d750", .low = 0x9200, .high = 0x9000, .get_view = 0x9203 },
	{ .name = "plain", .low = 0x9100, .high = 0x9100 },
};

static const struct body *body;
static struct sim_camera *camera;
static uint32_t id;
static struct {
	const uint8_t *at, *end;
} input;

/* The server's part. */
void usb_urb_complete(
	struct usbip_connection *connection, struct usb_urb *urb, int32_t status, size_t actual)
{
	(void)connection;
	(void)status;
	if (actual > urb->len)
		abort();
}

static uint8_t take(void)
{
	return input.at < input.end ? *input.at++ : 0;
}

static void send(uint8_t ep, uint8_t *bytes, size_t len, const uint8_t *setup)
{
	struct usb_urb urb = { .ep = ep, .data = bytes, .len = len };

	if (setup)
		memcpy(urb.setup, setup, sizeof(urb.setup));
	camera->usb.device.ops->submit(&camera->usb.device, &urb);
	camera->usb.device.ops->unlink(&camera->usb.device, &urb);
}

static void read_all(void)
{
	static uint8_t bytes[1 << 16];

	for (int i = 0; i < 64 && sim_usb_sending(&camera->usb); i++)
		send(SIM_EP_IN, bytes, sizeof(bytes), NULL);
}

static void container(uint16_t type, uint16_t code, const uint8_t *payload, size_t len, int wrong)
{
	uint8_t bytes[SIM_CONTAINER_HEADER + 256];

	put_le32(bytes, (uint32_t)(SIM_CONTAINER_HEADER + len) + (uint32_t)wrong);
	put_le16(bytes + 4, type);
	put_le16(bytes + 6, code);
	put_le32(bytes + 8, id);
	if (len)
		memcpy(bytes + SIM_CONTAINER_HEADER, payload, len);
	send(SIM_EP_OUT, bytes, SIM_CONTAINER_HEADER + len, NULL);
}

static void operate(uint16_t code, size_t count, const uint32_t *params, int wrong)
{
	uint8_t payload[7 * 4];

	for (size_t i = 0; i < count; i++)
		put_le32(payload + 4 * i, params[i]);
	container(PTP_COMMAND, code, payload, 4 * count, wrong);
}

static void transaction(void)
{
	static const uint32_t words[] = { 0xffffffff, 0x00020001, 0x80000000, 0x91900000 };
	uint8_t flags = take(), low = take(), payload[255];
	uint16_t vendor = low < 0x80 ? body->low : body->high;
	uint16_t code = (uint16_t)((flags & 0x20 ? vendor : 0x1000) | low);
	size_t count = flags & 7, len = 0;
	uint32_t params[7];

	if (code == body->get_view)
		return;
	for (size_t i = 0; i < count; i++) {
		params[i] = take();
		if (params[i] >= 0xf0)
			params[i] = words[params[i] & 3] + (params[i] >> 2 & 3);
	}
	operate(code, count, params, flags & 0x40 ? take() - 128 : 0);
	if (flags & 0x80) {
		for (size_t left = take(); left > 0 && input.at < input.end; left--)
			payload[len++] = take();
		container(PTP_DATA, code, payload, len, 0);
	}
	id++;
	read_all();
	if (camera->usb.halted_out) {
		uint8_t clear[8] = { 0x02, 1, 0, 0, SIM_EP_OUT };

		send(0x00, NULL, 0, clear);
	}
}

static void choose(unsigned number)
{
	static struct sim_options options[ARRAY_LENGTH(bodies)];
	struct orc_error err;

	if (number >= ARRAY_LENGTH(bodies))
		number = 0;
	log_set_level(LOG_LEVEL_ERROR);
	body = &bodies[number];
	options[number] = (struct sim_options){
		.body = body->name, .speed = 100, .fps = 30, .card_size = "64M"
	};
	if (!body->camera && sim_camera_new(&bodies[number].camera, &options[number], &err) < 0)
		abort();
	camera = body->camera;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t configure[8] = { 0, 9, 1 };
	static const uint32_t one = 1, all = 0xffffffff;
	uint8_t first;

	input.at = data;
	input.end = data + size;
	id = 0;
	first = take();
	choose(first >> 1 & 3);
	/* Never looked into: only usb_urb_complete() gets it. */
	camera->usb.device.ops->attach(&camera->usb.device, (struct usbip_connection *)(void *)&id);
	send(0x00, NULL, 0, configure);
	if (first & 1) {
		operate(0x1002, 1, &one, 0);
		read_all();
		id = 1;
		/* What an EOS wants; the others refuse it. */
		operate(0x9114, 1, &one, 0);
		read_all();
		id = 2;
		operate(0x9115, 1, &one, 0);
		read_all();
		id = 3;
	}
	while (input.at < input.end)
		transaction();
	operate(0x100b, 1, &all, 0);
	camera->usb.device.ops->detach(&camera->usb.device);
	return 0;
}
