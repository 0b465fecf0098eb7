/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the readers of descriptors: what is picked can be used as it is, a refusal has a reason. */
#include <stdlib.h>

#include "iolib/descriptor.h"
#include "iolib/known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ep, int in)
{
	if (ep != -1 && (ep < 0 || ep > 0xff || (ep & 0x80) != in || !(ep & 0x0f)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usbip_interface interfaces[USBIP_MAX_INTERFACES];
	struct usb_endpoints endpoints;
	struct orc_error err = { 0 };

	if (known_interfaces(data, size, interfaces, USBIP_MAX_INTERFACES) > USBIP_MAX_INTERFACES)
		abort();

	if (known_check(data, size, &err) != err.code || (err.code && !err.why[0]))
		abort();
	if (usb_endpoints_parse(&endpoints, data, size) < 0)
		return 0;
	check(endpoints.bulk_in, 0x80);
	check(endpoints.bulk_out, 0);
	check(endpoints.interrupt_in, 0x80);
	if ((endpoints.bulk_in >= 0 && !endpoints.maxpacket_in) ||
		(endpoints.interrupt_in >= 0 && !endpoints.maxpacket_interrupt))
		abort();
	return 0;
}
