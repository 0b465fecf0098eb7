/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ports of the kernel's virtual host controller, and the devices on them. */
#include "usbip/vhci.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

const char *vhci_path(char *path, size_t size, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(path, size, format, ap);
	va_end(ap);
	return path;
}

ssize_t vhci_read(const char *path, void *buf, size_t size)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *p = buf;
	size_t len = 0;

	if (fd < 0)
		return -1;
	while (len < size) {
		ssize_t n = read(fd, p + len, size - len);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

bool vhci_read_text(const char *path, char *buf, size_t size)
{
	ssize_t len = vhci_read(path, buf, size - 1);

	buf[len > 0 ? len : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return len >= 0;
}

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
	len = vhci_read(VHCI_FILE(vhci, path, name), text, sizeof(text) - 1);
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

static bool read_number(const struct vhci *vhci, const char *name, const char *file, int base,
	unsigned long maximum, unsigned long *number)
{
	char path[PATH_MAX], text[32], *end;

	vhci_path(path, sizeof(path), "%s/%s/%s", vhci->devices, name, file);
	if (!vhci_read_text(path, text, sizeof(text)))
		return false;
	*number = strtoul(text, &end, base);
	return end != text && *end == '\0' && *number <= maximum;
}

/* The device chose these words: whatever a terminal would act upon is left out. */
static void read_words(
	const struct vhci *vhci, const char *name, const char *file, char *to, size_t size)
{
	char path[PATH_MAX];

	vhci_path(path, sizeof(path), "%s/%s/%s", vhci->devices, name, file);
	vhci_read_text(path, to, size);
	for (; *to; to++)
		if ((unsigned char)*to < 0x20 || (unsigned char)*to >= 0x7f)
			*to = '?';
}

int vhci_device_read(const struct vhci *vhci, const char *name, struct vhci_device *device)
{
	unsigned long bus, number, vendor, product;

	*device = (struct vhci_device){ 0 };
	if (!read_number(vhci, name, "busnum", 10, 999, &bus) ||
		!read_number(vhci, name, "devnum", 10, 127, &number) ||
		!read_number(vhci, name, "idVendor", 16, UINT16_MAX, &vendor) ||
		!read_number(vhci, name, "idProduct", 16, UINT16_MAX, &product))
		return ORC_ENOCAMERA;
	device->bus = (unsigned int)bus;
	device->number = (unsigned int)number;
	device->vendor = (uint16_t)vendor;
	device->product = (uint16_t)product;
	read_words(vhci, name, "product", device->name, sizeof(device->name));
	return 0;
}
