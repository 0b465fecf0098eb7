/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ports of the kernel's virtual host controller, and the devices on them. */
#include "usbip/vhci.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "usbip/sysfs.h"
#include "usbip/vhci-internal.h"

const struct vhci vhci_system = {
	.controller = "/sys/devices/platform/vhci_hcd",
	.records = "/var/run/vhci_hcd",
	.devices = "/sys/bus/usb/devices",
	.nodes = "/dev/bus/usb",
	.os_release = "/etc/os-release",
};

/* CONFIG_USBIP_VHCI_NR_HCS is at most 128, with 2 * 15 ports each. */
#define MAX_CONTROLLERS 128
#define MAX_PORTS       30
/* A page of sysfs, and its end. */
#define STATUS_SIZE 4097

int vhci_write_text(const char *path, const char *text)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return errno;
	return 0;
}

/* One line behind the header; false for one that makes no sense. */
static bool parse_port(const char *line, bool has_hub, struct vhci_port *port)
{
	char hub[3] = "hs", device[32];

	*port = (struct vhci_port){ 0 };
	/* The column before the last is a socket, of no meaning to anybody but the kernel. */
	if (has_hub ? sscanf(line, "%2s %u %u %u %x %*s %31s", hub, &port->number, &port->state,
			      &port->speed, &port->devid, device) != 6
		    : sscanf(line, "%u %u %u %x %*s %31s", &port->number, &port->state,
			      &port->speed, &port->devid, device) != 5)
		return false;
	port->super_speed = strcmp(hub, "ss") == 0;
	if (port->state == VHCI_USED && strcmp(device, "0-0") != 0)
		memcpy(port->device, device, sizeof(device));
	return true;
}

int vhci_parse_status(const char *text, struct vhci_port *ports, size_t room)
{
	bool has_hub = strncmp(text, "hub ", 4) == 0;
	const char *line = strchr(text, '\n');
	size_t count = 0;

	if (!line || (!has_hub && strncmp(text, "port ", 5) != 0 && strncmp(text, "prt ", 4) != 0))
		return ORC_EPROTO;
	while (*++line && count < room) {
		if (!parse_port(line, has_hub, &ports[count]))
			return ORC_EPROTO;
		count++;
		line = strchr(line, '\n');
		if (!line)
			break;
	}
	return (int)count;
}

bool vhci_loaded(const struct vhci *vhci)
{
	char path[PATH_MAX];

	return access(VHCI_FILE(vhci, path, "status"), F_OK) == 0;
}

/* One controller's: how many, 0 behind the last one. */
static int read_controller(
	const struct vhci *vhci, unsigned int index, struct vhci_port *ports, struct orc_error *err)
{
	char path[PATH_MAX], name[32] = "status", text[STATUS_SIZE];
	ssize_t len;
	int count;

	if (index > 0)
		snprintf(name, sizeof(name), "status.%u", index);
	len = file_read(VHCI_FILE(vhci, path, name), text, sizeof(text) - 1);
	if (len < 0 && errno == ENOENT)
		return 0;
	if (len < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot read %.150s", path);
	}
	text[len] = '\0';
	count = vhci_parse_status(text, ports, MAX_PORTS);
	if (count < 0) {
		orc_fail(err, ORC_EPROTO, "the kernel writes it in a way that is not known");
		return orc_what(err, "cannot read %.150s", path);
	}
	for (int i = 0; i < count; i++)
		ports[i].controller = index;
	return count;
}

int vhci_ports(
	const struct vhci *vhci, struct vhci_port **ports, size_t *count, struct orc_error *err)
{
	cleanup_free struct vhci_port *list = NULL;
	size_t len = 0;

	*ports = NULL;
	*count = 0;
	for (unsigned int i = 0; i < MAX_CONTROLLERS; i++) {
		struct vhci_port *more = realloc(list, (len + MAX_PORTS) * sizeof(*list));
		int n;

		if (!more)
			return orc_fail(err, ORC_ENOMEM, "out of memory");
		list = more;
		n = read_controller(vhci, i, list + len, err);
		if (n < 0)
			return n;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ports = steal_pointer(&list);
	*count = len;
	return 0;
}

uint32_t vhci_port_state(const struct vhci *vhci, unsigned int port)
{
	cleanup_free struct vhci_port *ports = NULL;
	size_t count;

	if (vhci_ports(vhci, &ports, &count, NULL) < 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (ports[i].number == port)
			return ports[i].state;
	return 0;
}

int vhci_device_read(const struct vhci *vhci, const char *name, struct vhci_device *device)
{
	struct sysfs_device found;

	*device = (struct vhci_device){ 0 };
	if (sysfs_device_read(vhci->devices, name, &found) < 0)
		return ORC_ENOCAMERA;
	device->bus = found.info.busnum;
	device->number = found.info.devnum;
	device->vendor = found.info.vendor;
	device->product = found.info.product;
	memcpy(device->name, found.product, sizeof(device->name));
	return 0;
}
