/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's way where it was not built: nothing is attached, nothing can be. */
#include "usbip/vhci.h"

const struct vhci vhci_system = {
	.controller = "",
	.records = "",
	.devices = "",
	.nodes = "",
	.os_release = "",
};

static int built_without(struct orc_error *err)
{
	orc_fail(err, ORC_EREFUSED, "this opencamrc was built without attach");
	return orc_hint(err, "its own commands do without, with -r; `usbip attach` does the same");
}

int vhci_parse_status(const char *text, struct vhci_port *ports, size_t room)
{
	(void)text;
	(void)ports;
	(void)room;
	return ORC_EPROTO;
}

int vhci_ports(
	const struct vhci *vhci, struct vhci_port **ports, size_t *count, struct orc_error *err)
{
	(void)vhci;
	*ports = NULL;
	*count = 0;
	return built_without(err);
}

bool vhci_loaded(const struct vhci *vhci)
{
	(void)vhci;
	/* Who looks then goes on to the call that says why there is nothing. */
	return true;
}

int vhci_ready(const struct vhci *vhci, struct orc_error *err)
{
	(void)vhci;
	return built_without(err);
}

const char *vhci_package(const char *os_release)
{
	(void)os_release;
	return "this opencamrc was built without attach";
}

int vhci_device_read(const struct vhci *vhci, const char *name, struct vhci_device *device)
{
	(void)vhci;
	(void)name;
	(void)device;
	return ORC_ENOCAMERA;
}

int vhci_attach(const struct vhci *vhci, struct usbip_link *link,
	const struct usbip_device_info *device, const struct usbip_address *address,
	const struct vhci_attach_options *options, struct vhci_port *port,
	struct vhci_device *attached, struct orc_error *err)
{
	(void)vhci;
	(void)link;
	(void)device;
	(void)address;
	(void)options;
	(void)port;
	(void)attached;
	return built_without(err);
}

int vhci_detach(const struct vhci *vhci, unsigned int port, struct orc_error *err)
{
	(void)vhci;
	(void)port;
	return built_without(err);
}

uint32_t vhci_port_state(const struct vhci *vhci, unsigned int port)
{
	(void)vhci;
	(void)port;
	return 0;
}

int vhci_record_write(const struct vhci *vhci, unsigned int port,
	const struct usbip_address *address, struct orc_error *err)
{
	(void)vhci;
	(void)port;
	(void)address;
	return built_without(err);
}

int vhci_record_read(const struct vhci *vhci, unsigned int port, struct usbip_address *address)
{
	(void)vhci;
	(void)port;
	(void)address;
	return ORC_ENOCAMERA;
}

void vhci_record_remove(const struct vhci *vhci, unsigned int port)
{
	(void)vhci;
	(void)port;
}

bool vhci_record_matches(const struct usbip_address *record, const struct usbip_address *wanted)
{
	(void)record;
	(void)wanted;
	return false;
}

int vhci_find(const struct vhci *vhci, const struct usbip_address *wanted, struct vhci_port *port,
	struct vhci_device *device, struct usbip_address *record)
{
	(void)vhci;
	(void)wanted;
	(void)port;
	(void)device;
	(void)record;
	return ORC_ENOCAMERA;
}
