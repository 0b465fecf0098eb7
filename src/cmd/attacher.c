/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user says of a shared device to one that the kernel has attached. */
#include "cmd/attacher.h"

#include <stdio.h>
#include <string.h>

#include "iolib/known.h"
#include "usbip/import.h"

/* With --any-device: the only device, whatever it is; among several, the only camera. */
static int choose_any(
	const struct usbip_device_info *devices, size_t count, size_t *index, struct orc_error *err)
{
	if (count != 1)
		return known_pick(devices, count, index, err);
	*index = 0;
	return 0;
}

static bool pause_until(void *io, struct deadline until)
{
	return io_sleep_until(io, until) == 0;
}

static int import_and_attach(struct attacher *attacher, const char *busid, bool patient,
	struct attached *attached, struct orc_error *err)
{
	const struct usbip_client_options options = {
		.choose = attacher->any_device ? choose_any : known_pick,
		.patience_msec = patient ? USBIP_PATIENCE_MSEC : 0,
		.pause = pause_until,
		.pause_data = attacher->io,
		.local_port = attacher->last_local_port,
	};
	const struct vhci_attach_options attach_options = {
		.allow = attacher->any_device ? NULL : known_check,
		.silent_msec = attacher->timeout_msec,
		.cancelled = io_cancelled,
		.cancelled_data = attacher->io,
	};
	struct usbip_device_info device;
	struct usbip_address target = attacher->address;
	struct usbip_link link;
	int ret;

	attacher->imported = false;
	snprintf(target.busid, sizeof(target.busid), "%s", busid);
	ret = usbip_import(&link, &device, &target, &options,
		deadline_after_msec(attacher->timeout_msec), err);
	if (ret < 0)
		return ret;
	attacher->imported = true;
	memcpy(target.busid, device.busid, sizeof(target.busid));
	*attached = (struct attached){ .address = target, .known = true };
	ret = vhci_attach(&vhci_system, &link, &device, &target, &attach_options, &attached->port,
		&attached->device, err);
	if (ret < 0) {
		usbip_link_close(&link);
		return ret;
	}
	memcpy(attacher->last_busid, target.busid, sizeof(attacher->last_busid));
	attacher->last_local_port = usbip_link_local_port(&link);
	usbip_link_leave(&link);
	attacher->left = link;
	return 0;
}

/* What this machine has attached already; ORC_ENOCAMERA for nothing. */
static int find_attached(const struct attacher *attacher, struct attached *found)
{
	*found = (struct attached){ .known = true };
	return vhci_find(
		&vhci_system, &attacher->address, &found->port, &found->device, &found->address);
}

static int try_to_attach(
	struct attacher *attacher, bool patient, struct attached *attached, struct orc_error *err)
{
	const char *busid = attacher->address.busid;
	struct orc_error refusal = { 0 };
	int ret = ORC_ENOCAMERA;

	if (busid[0] && find_attached(attacher, attached) == 0)
		return 0;
	/* The one of the last time first: a server that still counts us does not list it. */
	if (!busid[0] && attacher->last_busid[0])
		ret = import_and_attach(
			attacher, attacher->last_busid, patient, attached, &refusal);
	if (ret == ORC_ENOCAMERA)
		return import_and_attach(attacher, busid, patient, attached, err);
	*err = refusal;
	return ret;
}

int attacher_try(
	struct attacher *attacher, bool patient, struct attached *attached, struct orc_error *err)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	int ret;

	ret = vhci_ready(&vhci_system, err);
	if (ret == 0)
		ret = try_to_attach(attacher, patient, attached, err);
	/* What this machine has, its server does not list, or refuses. */
	if ((ret == ORC_ENOCAMERA || ret == ORC_EBUSY) && !attacher->imported &&
		find_attached(attacher, attached) == 0)
		return 0;
	if (ret == ORC_ESIGNAL)
		return io_fail_signal(attacher->io, err);
	if (ret == 0 || err->what[0])
		return ret;
	return orc_what(err, "cannot attach %.150s",
		usbip_address_format(&attacher->address, text, sizeof(text)));
}
