/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client asks before there are URBs: the device list, the import. */
#include "usbip/ops.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "usbip/client.h"

/* Reads the head of a reply and checks that it is the one expected. */
static int read_reply(struct usbip_link *link, uint16_t code, struct deadline deadline,
	uint32_t *status, struct orc_error *err)
{
	uint8_t bytes[USBIP_OP_SIZE];
	struct usbip_op op;
	int r = usbip_link_read_all(link, bytes, sizeof(bytes), deadline, err);

	if (r < 0)
		return r;
	if (usbip_decode_op(bytes, &op) < 0 || op.code != code) {
		orc_fail(err, ORC_ENOCAMERA,
			"what answers there is not a USB/IP server of version 1.1.1");
		return orc_hint(err, "the port of usbipd is %s", USBIP_PORT);
	}
	*status = op.status;
	return 0;
}

static int read_device(struct usbip_link *link, struct deadline deadline,
	struct usbip_device_info *device, struct orc_error *err)
{
	uint8_t bytes[USBIP_DEVICE_SIZE];
	int r = usbip_link_read_all(link, bytes, sizeof(bytes), deadline, err);

	if (r == 0 && usbip_decode_device(bytes, device) < 0)
		r = orc_fail(err, ORC_EPROTO, "the server describes a device in a broken way");
	else if (r == 0 && !usbip_busid_is_sane(device->busid))
		r = orc_fail(err, ORC_EPROTO, "the server shares a device whose bus id is none");
	return r;
}

static int read_interfaces(struct usbip_link *link, struct deadline deadline,
	struct usbip_device_info *device, struct orc_error *err)
{
	uint8_t bytes[USBIP_MAX_INTERFACES * USBIP_INTERFACE_SIZE];
	size_t count = device->num_interfaces;
	int r = usbip_link_read_all(link, bytes, count * USBIP_INTERFACE_SIZE, deadline, err);

	for (size_t i = 0; r == 0 && i < count; i++)
		usbip_decode_interface(bytes + i * USBIP_INTERFACE_SIZE, &device->interfaces[i]);
	return r;
}

static int read_list(struct usbip_link *link, struct deadline deadline,
	struct usbip_device_info **devices, size_t *count, struct orc_error *err)
{
	cleanup_free struct usbip_device_info *list = NULL;
	uint8_t bytes[4];
	uint32_t status, n;
	int r = read_reply(link, USBIP_OP_REP_DEVLIST, deadline, &status, err);

	if (r < 0)
		return r;
	if (status != USBIP_ST_OK)
		return orc_fail(err, ORC_ENOCAMERA, "the server refuses to list its devices");
	r = usbip_link_read_all(link, bytes, sizeof(bytes), deadline, err);
	if (r < 0)
		return r;
	n = get_be32(bytes);
	if (n > USBIP_MAX_DEVICES)
		return orc_fail(err, ORC_EPROTO, "the server claims to share %u devices", n);
	list = calloc(n ? n : 1, sizeof(*list));
	if (!list)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	for (uint32_t i = 0; i < n; i++) {
		r = read_device(link, deadline, &list[i], err);
		if (r == 0)
			r = read_interfaces(link, deadline, &list[i], err);
		if (r < 0)
			return r;
	}
	*devices = steal_pointer(&list);
	*count = n;
	return 0;
}

static int ask_list(struct usbip_link *link, struct usbip_link *beside,
	const struct usbip_address *address, struct deadline deadline,
	struct usbip_device_info **devices, size_t *count, struct orc_error *err)
{
	struct usbip_op op = { .version = USBIP_VERSION, .code = USBIP_OP_REQ_DEVLIST };
	uint8_t bytes[USBIP_OP_SIZE];
	int r;

	usbip_encode_op(bytes, &op);
	r = usbip_link_write_all(link, bytes, sizeof(bytes), deadline, err);
	if (r < 0)
		return r;
	if (beside)
		usbip_link_connect_beside(beside, link, address);
	return read_list(link, deadline, devices, count, err);
}

int usbip_ops_list(struct usbip_link *link, struct usbip_link *beside,
	const struct usbip_address *address, struct deadline deadline,
	struct usbip_device_info **devices, size_t *count, struct orc_error *err)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	int r;

	*devices = NULL;
	*count = 0;
	r = ask_list(link, beside, address, deadline, devices, count, err);
	if (r == 0 || r == ORC_ENOMEM)
		return r;
	/* Whatever went wrong, for the caller there is no server to be used. */
	if (err)
		err->code = ORC_ENOCAMERA;
	orc_what(err, "cannot list the devices of %.150s",
		usbip_address_format(address, text, sizeof(text)));
	return ORC_ENOCAMERA;
}

int usbip_client_list(const struct usbip_address *address, struct deadline deadline,
	struct usbip_device_info **devices, size_t *count, struct orc_error *err)
{
	struct usbip_link link;
	int r;

	*devices = NULL;
	*count = 0;
	r = usbip_link_connect(&link, address, deadline, err);
	if (r < 0)
		return r;
	r = usbip_ops_list(&link, NULL, address, deadline, devices, count, err);
	usbip_link_close(&link);
	return r;
}

const struct usbip_device_info *usbip_client_find(
	const struct usbip_device_info *devices, size_t count, const char *busid)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(devices[i].busid, busid) == 0)
			return &devices[i];
	return NULL;
}

static const struct {
	uint32_t status;
	enum orc_err code;
	const char *why, *hint;
} refusals[] = {
	{ USBIP_ST_NA, ORC_ENOCAMERA, "the server refuses it", "is it bound to usbip-host there?" },
	{ USBIP_ST_DEV_BUSY, ORC_EBUSY, "in use by another client",
		"end the other program, or unbind and bind it at the server" },
	{ USBIP_ST_DEV_ERR, ORC_ENOCAMERA, "the device is in an error state at the server",
		"unbind and bind it there, or plug it in again" },
	{ USBIP_ST_NODEV, ORC_ENOCAMERA, "the server does not share such a device",
		"opencamrc list -r HOST shows what it shares" },
};

int usbip_ops_refused(uint32_t status, struct orc_error *err)
{
	for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
		if (refusals[i].status != status)
			continue;
		orc_fail(err, refusals[i].code, "%s", refusals[i].why);
		orc_hint(err, "%s", refusals[i].hint);
		return refusals[i].code;
	}
	return orc_fail(err, ORC_ENOCAMERA, "the server refuses it with status %u", status);
}

int usbip_ops_import(struct usbip_link *link, const char *busid, struct deadline deadline,
	struct usbip_device_info *device, uint32_t *status, struct orc_error *err)
{
	uint8_t bytes[USBIP_IMPORT_SIZE];
	int r;

	*status = USBIP_ST_OK;
	usbip_encode_import(bytes, busid);
	r = usbip_link_write_all(link, bytes, sizeof(bytes), deadline, err);
	if (r == 0)
		r = read_reply(link, USBIP_OP_REP_IMPORT, deadline, status, err);
	if (r < 0)
		return r;
	if (*status != USBIP_ST_OK)
		return usbip_ops_refused(*status, err);
	r = read_device(link, deadline, device, err);
	if (r == 0 && strcmp(device->busid, busid) != 0)
		r = orc_fail(err, ORC_EPROTO, "the server gave another device than was asked for");
	return r;
}
