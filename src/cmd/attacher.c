/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user says of a shared device to one that the kernel has attached. */
#include "cmd/attacher.h"

#include <stdlib.h>
#include <string.h>

#include "iolib/known.h"
#include "usbip/client.h"
#include "usbip/ops.h"

/* A server resets a device after its last client for 1 to 3 s. */
#define PATIENCE_MSEC 3000
#define ASK_MSEC      250

/* With --any-device: the only device, whatever it is; among several, the only camera. */
static int pick(const struct attacher *attacher, const struct usbip_device_info *devices,
	size_t count, size_t *index, struct orc_error *err)
{
	if (attacher->any_device && count == 1) {
		*index = 0;
		return 0;
	}
	return known_pick(devices, count, index, err);
}

/* Asks the server which one it is, where no busid says so. */
static int ask_server(const struct attacher *attacher, struct deadline deadline,
	struct usbip_address *target, struct orc_error *err)
{
	cleanup_free struct usbip_device_info *devices = NULL;
	size_t count, index;
	int ret;

	ret = usbip_client_list(&attacher->address, deadline, &devices, &count, err);
	if (ret < 0)
		return ret;
	ret = pick(attacher, devices, count, &index, err);
	if (ret == 0)
		memcpy(target->busid, devices[index].busid, sizeof(target->busid));
	return ret;
}

/* What this machine has attached already of the address; ORC_ENOCAMERA for nothing. */
static int find_attached(const struct usbip_address *address, struct attached *found)
{
	*found = (struct attached){ .known = true };
	return vhci_find(&vhci_system, address, &found->port, &found->device, &found->address);
}

static int import_and_attach(struct attacher *attacher, const struct usbip_address *target,
	struct deadline deadline, struct attached *attached, struct orc_error *err)
{
	struct vhci_attach_options attach_options = {
		.allow = attacher->any_device ? NULL : known_check,
		.silent_msec = attacher->timeout_msec,
		.cancelled = io_cancelled,
		.cancelled_data = attacher->io,
	};
	struct usbip_device_info device;
	struct usbip_link link;
	int ret;

	ret = usbip_import(&link, target, attacher->last_local_port, deadline, &device, err);
	if (ret < 0)
		return ret;
	attacher->imported = true;
	*attached = (struct attached){ .address = *target, .known = true };
	ret = vhci_attach(&vhci_system, &link, &device, target, &attach_options, &attached->port,
		&attached->device, err);
	if (ret == 0) {
		memcpy(attacher->last_busid, target->busid, sizeof(attacher->last_busid));
		attacher->last_local_port = usbip_link_local_port(&link);
	}
	usbip_link_close(&link);
	return ret;
}

static int try_to_attach(
	struct attacher *attacher, struct attached *attached, struct orc_error *err)
{
	struct deadline deadline = deadline_after_msec(attacher->timeout_msec);
	struct usbip_address target = attacher->address;
	int ret = ORC_ENOCAMERA;

	if (target.busid[0])
		return import_and_attach(attacher, &target, deadline, attached, err);
	/* The one of the last time: a server that still counts us as its client does not list it. */
	if (attacher->last_busid[0]) {
		memcpy(target.busid, attacher->last_busid, sizeof(target.busid));
		ret = import_and_attach(attacher, &target, deadline, attached, err);
	}
	if (ret != ORC_ENOCAMERA)
		return ret;
	ret = ask_server(attacher, deadline, &target, err);
	if (ret == 0 && find_attached(&target, attached) == 0)
		return 0;
	if (ret == 0)
		ret = import_and_attach(attacher, &target, deadline, attached, err);
	return ret;
}

static int try_until(struct attacher *attacher, struct deadline patience, struct attached *attached,
	struct orc_error *err)
{
	int ret;

	for (;;) {
		if (attacher->address.busid[0] && find_attached(&attacher->address, attached) == 0)
			return 0;
		*err = (struct orc_error){ 0 };
		attacher->imported = false;
		ret = try_to_attach(attacher, attached, err);
		/* What this machine has, a server does not list. */
		if (ret == ORC_ENOCAMERA && find_attached(&attacher->address, attached) == 0)
			return 0;
		if ((ret != ORC_ENOCAMERA && ret != ORC_EBUSY) || attacher->imported)
			return ret;
		/* errnum: the server cannot be reached at all, which some seconds do not mend. */
		if (err->errnum || deadline_passed(patience))
			return ret;
		if (io_sleep_until(attacher->io, deadline_after_msec(ASK_MSEC)) < 0)
			return ORC_ESIGNAL;
	}
}

int attacher_try(
	struct attacher *attacher, bool patient, struct attached *attached, struct orc_error *err)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	int ret;

	ret = vhci_ready(&vhci_system, err);
	if (ret == 0)
		ret = try_until(
			attacher, deadline_after_msec(patient ? PATIENCE_MSEC : 0), attached, err);
	if (ret == ORC_ESIGNAL)
		return io_fail_signal(attacher->io, err);
	if (ret == 0 || err->what[0])
		return ret;
	return orc_what(err, "cannot attach %.150s",
		usbip_address_format(&attacher->address, text, sizeof(text)));
}
