/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The USB/IP wire format, sans I/O: structs to bytes and back, for both ends. */
#include "usbip/codec.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

/* Offsets in the device record. */
enum {
	DEVICE_BUSID = USBIP_PATH_SIZE,
	DEVICE_BUSNUM = DEVICE_BUSID + USBIP_BUSID_SIZE,
	DEVICE_DEVNUM = DEVICE_BUSNUM + 4,
	DEVICE_SPEED = DEVICE_DEVNUM + 4,
	DEVICE_VENDOR = DEVICE_SPEED + 4,
	DEVICE_PRODUCT = DEVICE_VENDOR + 2,
	DEVICE_BCD = DEVICE_PRODUCT + 2,
	DEVICE_CLASS = DEVICE_BCD + 2,
};

/* Offsets in the URB header. */
enum {
	HEADER_COMMAND = 0,
	HEADER_SEQNUM = 4,
	HEADER_DEVID = 8,
	HEADER_DIRECTION = 12,
	HEADER_EP = 16,
	HEADER_BODY = 20,
	HEADER_SETUP = 40,
};

void usbip_encode_op(uint8_t out[USBIP_OP_SIZE], const struct usbip_op *op)
{
	put_be16(out, op->version);
	put_be16(out + 2, op->code);
	put_be32(out + 4, op->status);
}

int usbip_decode_op(const uint8_t in[USBIP_OP_SIZE], struct usbip_op *op)
{
	op->version = get_be16(in);
	op->code = get_be16(in + 2);
	op->status = get_be32(in + 4);
	return op->version == USBIP_VERSION ? 0 : ORC_EPROTO;
}

void usbip_encode_device(uint8_t out[USBIP_DEVICE_SIZE], const struct usbip_device_info *device)
{
	uint8_t *tail = out + DEVICE_CLASS;

	memset(out, 0, USBIP_DEVICE_SIZE);
	snprintf((char *)out, USBIP_PATH_SIZE, "%s", device->path);
	snprintf((char *)out + DEVICE_BUSID, USBIP_BUSID_SIZE, "%s", device->busid);
	put_be32(out + DEVICE_BUSNUM, device->busnum);
	put_be32(out + DEVICE_DEVNUM, device->devnum);
	put_be32(out + DEVICE_SPEED, device->speed);
	put_be16(out + DEVICE_VENDOR, device->vendor);
	put_be16(out + DEVICE_PRODUCT, device->product);
	put_be16(out + DEVICE_BCD, device->bcd_device);
	tail[0] = device->class;
	tail[1] = device->subclass;
	tail[2] = device->protocol;
	tail[3] = device->configuration_value;
	tail[4] = device->num_configurations;
	tail[5] = device->num_interfaces;
}

int usbip_decode_device(const uint8_t in[USBIP_DEVICE_SIZE], struct usbip_device_info *device)
{
	const uint8_t *tail = in + DEVICE_CLASS;

	memset(device, 0, sizeof(*device));
	if (!memchr(in, 0, USBIP_PATH_SIZE) || !memchr(in + DEVICE_BUSID, 0, USBIP_BUSID_SIZE))
		return ORC_EPROTO;
	memcpy(device->path, in, USBIP_PATH_SIZE);
	memcpy(device->busid, in + DEVICE_BUSID, USBIP_BUSID_SIZE);
	device->busnum = get_be32(in + DEVICE_BUSNUM);
	device->devnum = get_be32(in + DEVICE_DEVNUM);
	device->speed = get_be32(in + DEVICE_SPEED);
	device->vendor = get_be16(in + DEVICE_VENDOR);
	device->product = get_be16(in + DEVICE_PRODUCT);
	device->bcd_device = get_be16(in + DEVICE_BCD);
	device->class = tail[0];
	device->subclass = tail[1];
	device->protocol = tail[2];
	device->configuration_value = tail[3];
	device->num_configurations = tail[4];
	device->num_interfaces = tail[5];
	return device->num_interfaces <= USBIP_MAX_INTERFACES ? 0 : ORC_EPROTO;
}

uint32_t usbip_devid(const struct usbip_device_info *device)
{
	return device->busnum << 16 | (device->devnum & 0xffff);
}

void usbip_encode_interface(uint8_t out[USBIP_INTERFACE_SIZE], const struct usbip_interface *i)
{
	out[0] = i->class;
	out[1] = i->subclass;
	out[2] = i->protocol;
	out[3] = 0;
}

void usbip_decode_interface(const uint8_t in[USBIP_INTERFACE_SIZE], struct usbip_interface *i)
{
	i->class = in[0];
	i->subclass = in[1];
	i->protocol = in[2];
}

void usbip_encode_import(uint8_t out[USBIP_IMPORT_SIZE], const char *busid)
{
	struct usbip_op op = { .version = USBIP_VERSION, .code = USBIP_OP_REQ_IMPORT };

	memset(out, 0, USBIP_IMPORT_SIZE);
	usbip_encode_op(out, &op);
	snprintf((char *)out + USBIP_OP_SIZE, USBIP_BUSID_SIZE, "%s", busid);
}

void usbip_encode_header(uint8_t out[USBIP_HEADER_SIZE], const struct usbip_header *header)
{
	uint8_t *body = out + HEADER_BODY;

	memset(out, 0, USBIP_HEADER_SIZE);
	put_be32(out + HEADER_COMMAND, header->command);
	put_be32(out + HEADER_SEQNUM, header->seqnum);
	put_be32(out + HEADER_DEVID, header->devid);
	put_be32(out + HEADER_DIRECTION, header->in);
	put_be32(out + HEADER_EP, header->ep);
	switch (header->command) {
	case USBIP_CMD_SUBMIT:
		put_be32(body, header->transfer_flags);
		put_be32(body + 4, header->transfer_buffer_length);
		put_be32(body + 8, header->start_frame);
		put_be32(body + 12, header->number_of_packets);
		put_be32(body + 16, header->interval);
		memcpy(out + HEADER_SETUP, header->setup, USBIP_SETUP_SIZE);
		break;
	case USBIP_RET_SUBMIT:
		put_be32(body, (uint32_t)header->status);
		put_be32(body + 4, header->actual_length);
		put_be32(body + 8, header->start_frame);
		put_be32(body + 12, header->number_of_packets);
		put_be32(body + 16, header->error_count);
		break;
	case USBIP_CMD_UNLINK:
		put_be32(body, header->unlink_seqnum);
		break;
	case USBIP_RET_UNLINK:
		put_be32(body, (uint32_t)header->status);
		break;
	}
}

static bool isochronous(uint32_t number_of_packets)
{
	return number_of_packets != 0 && number_of_packets != UINT32_MAX;
}

int usbip_decode_header(const uint8_t in[USBIP_HEADER_SIZE], struct usbip_header *header)
{
	const uint8_t *body = in + HEADER_BODY;
	uint32_t direction = get_be32(in + HEADER_DIRECTION);

	memset(header, 0, sizeof(*header));
	header->command = get_be32(in + HEADER_COMMAND);
	header->seqnum = get_be32(in + HEADER_SEQNUM);
	header->devid = get_be32(in + HEADER_DEVID);
	header->in = direction == 1;
	header->ep = get_be32(in + HEADER_EP);
	if (direction > 1 || header->ep > 15)
		return ORC_EPROTO;
	switch (header->command) {
	case USBIP_CMD_SUBMIT:
		header->transfer_flags = get_be32(body);
		header->transfer_buffer_length = get_be32(body + 4);
		header->start_frame = get_be32(body + 8);
		header->number_of_packets = get_be32(body + 12);
		header->interval = get_be32(body + 16);
		memcpy(header->setup, in + HEADER_SETUP, USBIP_SETUP_SIZE);
		if (header->transfer_buffer_length > USBIP_MAX_TRANSFER)
			return ORC_EPROTO;
		break;
	case USBIP_RET_SUBMIT:
		header->status = (int32_t)get_be32(body);
		header->actual_length = get_be32(body + 4);
		header->start_frame = get_be32(body + 8);
		header->number_of_packets = get_be32(body + 12);
		header->error_count = get_be32(body + 16);
		if (header->actual_length > USBIP_MAX_TRANSFER)
			return ORC_EPROTO;
		break;
	case USBIP_CMD_UNLINK:
		header->unlink_seqnum = get_be32(body);
		return 0;
	case USBIP_RET_UNLINK:
		header->status = (int32_t)get_be32(body);
		return 0;
	default:
		return ORC_EPROTO;
	}
	return isochronous(header->number_of_packets) ? ORC_EPROTO : 0;
}

const char *usbip_status_text(int32_t status)
{
	switch (status) {
	case USBIP_STATUS_OK:
		return "ok";
	case USBIP_STATUS_NODEV:
	case USBIP_STATUS_SHUTDOWN:
		return "the device is gone";
	case USBIP_STATUS_PIPE:
		return "the endpoint is stalled";
	case USBIP_STATUS_PROTO:
		return "the device does not answer on the bus";
	case USBIP_STATUS_OVERFLOW:
		return "the device sent more than was asked for";
	case USBIP_STATUS_CONNRESET:
		return "the transfer was cancelled";
	case USBIP_STATUS_TIMEDOUT:
		return "the transfer timed out at the server";
	case USBIP_STATUS_REMOTEIO:
		return "the device sent less than was asked for";
	default:
		return "the transfer failed at the server";
	}
}
