/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what a server says before there are URBs: its list of devices, its answer to an import. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "peers.h"
#include "usbip/client.h"
#include "usbip/ops.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_list(struct usbip_link *link)
{
	const struct usbip_address address = { .host = "router", .port = USBIP_PORT };
	struct usbip_device_info *devices = NULL;
	struct orc_error err = { 0 };
	size_t count;
	int r = usbip_ops_list(
		link, NULL, &address, deadline_after_msec(0), &devices, &count, &err);

	if (r < 0 && (!err.why[0] || devices || count))
		abort();
	for (size_t i = 0; i < count; i++)
		if (!devices[i].busid[0] || devices[i].num_interfaces > USBIP_MAX_INTERFACES ||
			!usbip_client_find(devices, count, devices[i].busid))
			abort();
	free(devices);
}

static void check_import(struct usbip_link *link)
{
	struct usbip_device_info device;
	struct orc_error err = { 0 };
	uint32_t status;
	int r = usbip_ops_import(link, "1-1", deadline_after_msec(0), &device, &status, &err);

	if (r < 0 ? !err.why[0] : strcmp(device.busid, "1-1") != 0)
		abort();
}

/* The first byte says what was asked. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usbip_link link = USBIP_LINK_CLOSED;
	struct peers peers;

	if (size < 1 || size > 32768)
		return 0;
	peers = peers_new();
	link.fd = peers.ours;
	peers_say(&peers, data + 1, size - 1);
	if (size % 8 == 0)
		peers_leave(&peers);
	if (data[0] & 1)
		check_import(&link);
	else
		check_list(&link);
	usbip_link_close(&link);
	peers_free(&peers);
	return 0;
}
