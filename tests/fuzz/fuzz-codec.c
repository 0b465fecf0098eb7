/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the decoders of the wire format: what is accepted must survive encoding again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "usbip/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void device(const uint8_t *data)
{
	struct usbip_device_info first, second;
	uint8_t out[USBIP_DEVICE_SIZE];

	if (usbip_decode_device(data, &first) < 0)
		return;
	usbip_encode_device(out, &first);
	if (usbip_decode_device(out, &second) < 0 || strcmp(first.busid, second.busid) != 0 ||
		first.vendor != second.vendor || first.num_interfaces != second.num_interfaces)
		abort();
}

static void header(const uint8_t *data)
{
	struct usbip_header first, second;
	uint8_t out[USBIP_HEADER_SIZE];

	if (usbip_decode_header(data, &first) < 0)
		return;
	if (first.transfer_buffer_length > USBIP_MAX_TRANSFER ||
		first.actual_length > USBIP_MAX_TRANSFER || first.ep > 15)
		abort();
	usbip_encode_header(out, &first);
	if (usbip_decode_header(out, &second) < 0 || memcmp(&first, &second, sizeof(first)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usbip_op op;

	if (size >= USBIP_DEVICE_SIZE)
		device(data);
	if (size >= USBIP_HEADER_SIZE)
		header(data);
	if (size >= USBIP_OP_SIZE && usbip_decode_op(data, &op) == 0 && op.version != USBIP_VERSION)
		abort();
	return 0;
}
