/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Endpoint 0 of a still image device: standard and class requests, descriptors. */
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "simcam/usb.h"

/* bmRequestType and bRequest as one number. */
enum request {
	GET_STATUS_DEVICE = 0x8000,
	GET_STATUS_INTERFACE = 0x8100,
	GET_STATUS_ENDPOINT = 0x8200,
	CLEAR_FEATURE_ENDPOINT = 0x0201,
	SET_FEATURE_ENDPOINT = 0x0203,
	GET_DESCRIPTOR = 0x8006,
	GET_CONFIGURATION = 0x8008,
	SET_CONFIGURATION = 0x0009,
	GET_INTERFACE = 0x810a,
	SET_INTERFACE = 0x010b,
	CLASS_CANCEL = 0x2164,
	CLASS_GET_EVENT_DATA = 0xa165,
	CLASS_RESET = 0x2166,
	CLASS_GET_STATUS = 0xa167,
};

enum {
	DESCRIPTOR_DEVICE = 1,
	DESCRIPTOR_CONFIGURATION,
	DESCRIPTOR_STRING,
	DESCRIPTOR_QUALIFIER = 6
};

enum { CANCEL_CODE = 0x4001, STATUS_OK = 0x2001, STATUS_BUSY = 0x2019, STATUS_CANCELLED = 0x201f };

static const uint8_t configuration_descriptor[] = {
	9, 2, 39, 0, 1, 1, 0, 0xc0, 1,    /* one interface, self-powered, 2 mA */
	9, 4, 0, 0, 3, 6, 1, 1, 0,        /* still image capture, PIMA 15740 */
	7, 5, SIM_EP_IN, 2, 0, 2, 0,      /* bulk, 512 */
	7, 5, SIM_EP_OUT, 2, 0, 2, 0,     /* bulk, 512 */
	7, 5, SIM_EP_EVENT, 3, 64, 0, 10, /* interrupt, 64 */
};

static const uint8_t disk_descriptor[] = {
	9, 2, 32, 0, 1, 1, 0, 0xc0, 1, /* one interface, self-powered, 2 mA */
	9, 4, 0, 0, 2, 8, 6, 80, 0,    /* mass storage, SCSI, bulk only */
	7, 5, SIM_EP_IN, 2, 0, 2, 0,   /* bulk, 512 */
	7, 5, SIM_EP_OUT, 2, 0, 2, 0,  /* bulk, 512 */
};

static int answer(uint8_t *data, size_t room, const void *bytes, size_t len)
{
	if (len > room)
		len = room;
	memcpy(data, bytes, len);
	return (int)len;
}

static int string_descriptor(const struct sim_usb *usb, uint8_t index, uint8_t *data, size_t room)
{
	static const uint8_t languages[] = { 4, DESCRIPTOR_STRING, 0x09, 0x04 };
	const char *const texts[] = { usb->manufacturer, usb->product, usb->serial };
	uint8_t out[2 + 2 * sizeof(usb->serial)];
	size_t len;

	if (!index)
		return answer(data, room, languages, sizeof(languages));
	if (index > ARRAY_LENGTH(texts))
		return -1;
	len = strlen(texts[index - 1]);
	out[0] = (uint8_t)(2 + 2 * len);
	out[1] = DESCRIPTOR_STRING;
	for (size_t i = 0; i < len; i++)
		put_le16(out + 2 + 2 * i, (uint8_t)texts[index - 1][i]);
	return answer(data, room, out, out[0]);
}

static int get_descriptor(const struct sim_usb *usb, uint16_t which, uint8_t *data, size_t room)
{
	uint8_t device[18] = { 18, DESCRIPTOR_DEVICE, 0x00, 0x02, 0, 0, 0, 64, [14] = 1, 2, 3, 1 };
	static const uint8_t qualifier[] = { 10, DESCRIPTOR_QUALIFIER, 0, 2, 0, 0, 0, 64, 1, 0 };

	switch (which >> 8) {
	case DESCRIPTOR_DEVICE:
		put_le16(device + 8, usb->device.info.vendor);
		put_le16(device + 10, usb->device.info.product);
		put_le16(device + 12, usb->device.info.bcd_device);
		return answer(data, room, device, sizeof(device));
	case DESCRIPTOR_CONFIGURATION:
		if (usb->disk)
			return answer(data, room, disk_descriptor, sizeof(disk_descriptor));
		return answer(
			data, room, configuration_descriptor, sizeof(configuration_descriptor));
	case DESCRIPTOR_STRING:
		return string_descriptor(usb, (uint8_t)which, data, room);
	case DESCRIPTOR_QUALIFIER:
		return answer(data, room, qualifier, sizeof(qualifier));
	default:
		return -1;
	}
}

static bool *halt_of(struct sim_usb *usb, uint16_t ep)
{
	switch (ep) {
	case SIM_EP_IN:
		return &usb->halted_in;
	case SIM_EP_OUT:
		return &usb->halted_out;
	case SIM_EP_EVENT:
		return &usb->halted_event;
	default:
		return NULL;
	}
}

static int set_halt(struct sim_usb *usb, uint16_t feature, uint16_t ep, bool halted)
{
	bool *halt = halt_of(usb, ep);

	if (feature != 0 || !halt)
		return -1;
	*halt = halted;
	return 0;
}

static int endpoint_status(struct sim_usb *usb, uint16_t ep, uint8_t *data, size_t room)
{
	const bool *halt = halt_of(usb, ep);
	const uint8_t status[2] = { halt && *halt, 0 };

	if (!halt && (ep & 0x7f))
		return -1;
	return answer(data, room, status, sizeof(status));
}

static int set_configuration(struct sim_usb *usb, uint16_t value)
{
	if (value > 1)
		return -1;
	usb->configuration = (uint8_t)value;
	usb->halted_in = usb->halted_out = usb->halted_event = false;
	return 0;
}

/* Names the pipes that are halted; the host clears them and asks again until it reads OK. */
static int class_status(struct sim_usb *usb, uint8_t *data, size_t room)
{
	uint8_t status[12] = { 0 };
	size_t len = 4;
	uint16_t code = STATUS_OK;

	if (usb->cancelled || usb->halted_in || usb->halted_out)
		code = STATUS_CANCELLED;
	else if (usb->owner_ops->busy(usb->owner))
		code = STATUS_BUSY;
	usb->cancelled = 0;
	if (usb->halted_in) {
		put_le32(status + len, SIM_EP_IN);
		len += 4;
	}
	if (usb->halted_out) {
		put_le32(status + len, SIM_EP_OUT);
		len += 4;
	}
	put_le16(status, (uint16_t)len);
	put_le16(status + 2, code);
	return answer(data, room, status, len);
}

static int class_cancel(struct sim_usb *usb, const uint8_t *data, size_t len)
{
	if (len != 6 || get_le16(data) != CANCEL_CODE)
		return -1;
	sim_usb_flush(usb);
	usb->owner_ops->cancel(usb->owner, get_le32(data + 2));
	usb->cancelled = 1;
	return 0;
}

int sim_usb_control(
	struct sim_usb *usb, const uint8_t setup[USBIP_SETUP_SIZE], uint8_t *data, size_t len)
{
	static const uint8_t self_powered[2] = { 1, 0 }, nothing[2];
	uint16_t value = get_le16(setup + 2), index = get_le16(setup + 4);

	switch (setup[0] << 8 | setup[1]) {
	case GET_STATUS_DEVICE:
		return answer(data, len, self_powered, 2);
	case GET_STATUS_INTERFACE:
		return answer(data, len, nothing, 2);
	case GET_STATUS_ENDPOINT:
		return endpoint_status(usb, index, data, len);
	case CLEAR_FEATURE_ENDPOINT:
		return set_halt(usb, value, index, false);
	case SET_FEATURE_ENDPOINT:
		return set_halt(usb, value, index, true);
	case GET_DESCRIPTOR:
		return get_descriptor(usb, value, data, len);
	case GET_CONFIGURATION:
		return answer(data, len, &usb->configuration, 1);
	case SET_CONFIGURATION:
		return set_configuration(usb, value);
	case GET_INTERFACE:
		return answer(data, len, nothing, 1);
	case SET_INTERFACE:
		return value || index ? -1 : 0;
	case CLASS_CANCEL:
		return class_cancel(usb, data, len);
	case CLASS_RESET:
		sim_usb_flush(usb);
		usb->owner_ops->reset(usb->owner);
		return 0;
	case CLASS_GET_STATUS:
		return class_status(usb, data, len);
	default:
		return -1;
	}
}
