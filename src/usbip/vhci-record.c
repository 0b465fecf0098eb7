/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which server an attached device is on: the files that usbip(8) keeps of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usbip/vhci-internal.h"

static const char *record_path(const struct vhci *vhci, unsigned int port, char *path, size_t size)
{
	return path_print(path, size, "%s/port%u", vhci->records, port);
}

int vhci_record_write(const struct vhci *vhci, unsigned int port,
	const struct usbip_address *address, struct orc_error *err)
{
	char path[PATH_MAX];
	cleanup_close int fd = -1;
	int errnum = 0;

	/* usbip(8) lets root alone look into the folder it makes; there is no secret in it. */
	if (mkdir(vhci->records, 0755) < 0 && errno != EEXIST)
		errnum = errno;
	record_path(vhci, port, path, sizeof(path));
	if (!errnum) {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd < 0 ||
			dprintf(fd, "%s %s %s\n", address->host, address->port, address->busid) < 0)
			errnum = errno;
	}
	if (!errnum)
		return 0;
	orc_fail_errno(err, ORC_EFILE, errnum);
	return orc_what(err, "cannot write %.150s", path);
}

int vhci_record_read(const struct vhci *vhci, unsigned int port, struct usbip_address *address)
{
	char path[PATH_MAX], line[sizeof(*address) + 8], end;

	*address = (struct usbip_address){ 0 };
	if (!file_read_line(record_path(vhci, port, path, sizeof(path)), line, sizeof(line)))
		return ORC_ENOCAMERA;
	if (sscanf(line, "%255s %7s %31s %c", address->host, address->port, address->busid, &end) ==
		3)
		return 0;
	*address = (struct usbip_address){ 0 };
	return ORC_ENOCAMERA;
}

void vhci_record_remove(const struct vhci *vhci, unsigned int port)
{
	char path[PATH_MAX];

	unlink(record_path(vhci, port, path, sizeof(path)));
	/* As usbip(8) does: the folder goes with its last file. */
	rmdir(vhci->records);
}

bool vhci_record_matches(const struct usbip_address *record, const struct usbip_address *wanted)
{
	return strcasecmp(record->host, wanted->host) == 0 &&
		strcmp(record->port, wanted->port) == 0 &&
		(!wanted->busid[0] || strcmp(record->busid, wanted->busid) == 0);
}

int vhci_find(const struct vhci *vhci, const struct usbip_address *wanted, struct vhci_port *port,
	struct vhci_device *device, struct usbip_address *record)
{
	cleanup_free struct vhci_port *ports = NULL;
	size_t count;

	if (vhci_ports(vhci, &ports, &count, NULL) < 0)
		return ORC_ENOCAMERA;
	for (size_t i = 0; i < count; i++) {
		if (!ports[i].device[0] || vhci_record_read(vhci, ports[i].number, record) < 0 ||
			!vhci_record_matches(record, wanted) ||
			vhci_device_read(vhci, ports[i].device, device) < 0)
			continue;
		*port = ports[i];
		return 0;
	}
	return ORC_ENOCAMERA;
}
