/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the simulated camera's PTP: the input is a run of transactions, each a byte that says what
 * stands in the container (0x80: data follows, 0x40: the length is wrong, 0x07: parameters), the
 * operation's low byte, the parameters a byte each, and the data behind a byte that is its length.
 * Six parameters, which PTP has not: a control request, or a picture that waits in the camera.
 * The first byte says whether a session is open (1) and which body it is (6: the EOS, the Nikon, the
 * plain one).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	size_t objects; /* that a card has from the start */
} bodies[] = {
	{ .name = "eos1200d", .low = 0x9100, .high = 0x9100, .get_view = 0x9153 },
	{ .name = "d750", .low = 0x9200, .high = 0x9000, .get_view = 0x9203 },
	{ .name = "plain", .low = 0x9100, .high = 0x9100 },
};

static struct body *body;
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

/* A request, its value and its index; data goes either way. */
static void control_request(uint8_t which)
{
	static const uint8_t requests[][2] = { { 0x80, 0 }, { 0x81, 0 }, { 0x82, 0 }, { 0x02, 1 },
		{ 0x02, 3 }, { 0x80, 6 }, { 0x80, 8 }, { 0x00, 9 }, { 0x81, 10 }, { 0x01, 11 },
		{ 0x21, 0x64 }, { 0x21, 0x66 }, { 0xa1, 0x67 } };
	uint8_t setup[8] = { 0 }, data[64] = { 0 };
	size_t len = which & 0x40 ? 6 : sizeof(data);

	memcpy(setup, requests[which % ARRAY_LENGTH(requests)], 2);
	for (size_t i = 2; i < 5; i++)
		setup[i] = take();
	setup[6] = (uint8_t)len;
	for (size_t i = 0; i < len && !(setup[0] & 0x80) && which & 0x20; i++)
		data[i] = take();
	send(setup[0] & 0x80, data, len, setup);
}

/* Its bytes are the input's. */
static void picture(void)
{
	struct sim_buffer bytes = { 0 };

	for (size_t left = take(); left > 0 && input.at < input.end; left--) {
		uint8_t byte = take();

		sim_buffer_append(&bytes, &byte, 1);
	}
	if (camera->card.num_objects < body->objects + 4)
		card_add_memory(&camera->card, "IMG_0001.JPG", &bytes);
	sim_buffer_free(&bytes);
}

/* One that stands for the latest picture, or a word that something looks for. */
static uint32_t parameter(uint8_t byte)
{
	static const uint32_t words[] = { 0xffffffff, 0x00020001, 0x80000000, 0x91900000 };

	if (byte == 0xef && camera->card.num_objects > body->objects)
		return camera->card.objects[camera->card.num_objects - 1]->handle;
	return byte >= 0xf0 ? words[byte & 3] + (byte >> 2 & 3) : byte;
}

static void transaction(void)
{
	uint8_t flags = take(), low = take(), payload[255];
	uint16_t vendor = low < 0x80 ? body->low : body->high;
	uint16_t code = (uint16_t)((flags & 0x20 ? vendor : 0x1000) | low);
	size_t count = flags & 7, len = 0;
	uint32_t params[7];

	if (count == 6 && low < 0x80)
		control_request(low);
	else if (count == 6)
		picture();
	if (count == 6 || code == body->get_view)
		return;
	for (size_t i = 0; i < count; i++)
		params[i] = parameter(take());
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

static void destroy_all(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++)
		sim_camera_destroy(bodies[i].camera);
}

static void choose(unsigned number)
{
	static struct sim_options options[ARRAY_LENGTH(bodies)];
	struct orc_error err;

	if (number >= ARRAY_LENGTH(bodies))
		number = 0;
	log_set_level(LOG_LEVEL_ERROR);
	if (!body) {
		/* The folder of a card, in memory. */
		if (access("/dev/shm", W_OK) == 0)
			setenv("TMPDIR", "/dev/shm", 1);
		atexit(destroy_all);
	}
	body = &bodies[number];
	options[number] = (struct sim_options){
		.body = body->name, .speed = 100, .fps = 30, .card_size = "64M"
	};
	if (!body->camera && sim_camera_new(&body->camera, &options[number], &err) < 0)
		abort();
	camera = body->camera;
	if (!body->objects)
		body->objects = camera->card.num_objects;
}

/* The next input finds the card as this one did. */
static void empty_card(void)
{
	struct card *card = &camera->card;

	while (card->num_objects > body->objects) {
		struct card_object *last = card->objects[card->num_objects - 1];

		if (card_remove(card, last, NULL) < 0)
			abort();
	}
	camera->upload.pending = false;
	if (card->num_objects < body->objects) {
		sim_camera_destroy(camera);
		body->camera = NULL;
	}
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
	empty_card();
	return 0;
}
