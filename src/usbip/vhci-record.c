/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which server an attached device is on: the files that usbip(8) keeps of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usbip/vhci-internal.h"

static const char *record_path(const struct vhci *vhci, unsigned int port, char *path, size_t size)
{
	return path_print(path, size, "%s/port%u", vhci->records, port);
}

/* By way of ssh: all but port and busid, which have places of their own. Without blanks, as names are. */
static const char *host_text(const struct usbip_address *address, char *buf, size_t size)
{
	struct usbip_address server = *address;

	if (!address->ssh)
		return address->host;
	memcpy(server.port, USBIP_PORT, sizeof(USBIP_PORT));
	server.busid[0] = '\0';
	return usbip_address_format(&server, buf, size);
}

int vhci_record_write(const struct vhci *vhci, unsigned int port,
	const struct usbip_address *address, struct orc_error *err)
{
	char path[PATH_MAX], text[USBIP_ADDRESS_TEXT_SIZE];
	cleanup_close int fd = -1;
	int errnum = 0;

	/* usbip(8) lets root alone look into the folder it makes; there is no secret in it. */
	if (mkdir(vhci->records, 0755) < 0 && errno != EEXIST)
		errnum = errno;
	record_path(vhci, port, path, sizeof(path));
	if (!errnum) {
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd < 0 ||
			dprintf(fd, "%s %s %s\n", host_text(address, text, sizeof(text)),
				address->port, address->busid) < 0)
			errnum = errno;
	}
	if (!errnum)
		return 0;
	orc_fail_errno(err, ORC_EFILE, errnum);
	return orc_what(err, "cannot write %.150s", path);
}

/* The text stands for all but port and busid, which are filled in already. */
static bool read_ssh(struct usbip_address *address, const char *text)
{
	struct usbip_address server;

	if (usbip_address_parse(&server, text, NULL) < 0)
		return false;
	memcpy(server.port, address->port, sizeof(server.port));
	memcpy(server.busid, address->busid, sizeof(server.busid));
	*address = server;
	return true;
}

/* The file may be another program's: what is wrong there is no address to call or to print. */
static bool is_sane(const struct usbip_address *address)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];
	struct usbip_address again;

	usbip_address_format(address, text, sizeof(text));
	return usbip_address_parse(&again, text, NULL) == 0 &&
		usbip_address_same_server(&again, address) &&
		strcmp(again.busid, address->busid) == 0;
}

int vhci_record_read(const struct vhci *vhci, unsigned int port, struct usbip_address *address)
{
	char path[PATH_MAX], line[512], host[USBIP_ADDRESS_TEXT_SIZE], end;
	bool known;

	*address = (struct usbip_address){ 0 };
	if (!file_read_line(record_path(vhci, port, path, sizeof(path)), line, sizeof(line)))
		return ORC_ENOCAMERA;
	known = sscanf(line, "%399s %7s %31s %c", host, address->port, address->busid, &end) == 3;
	if (known && strncmp(host, "ssh://", 6) == 0)
		known = read_ssh(address, host);
	else if (known)
		known = snprintf(address->host, sizeof(address->host), "%s", host) <
			(int)sizeof(address->host);
	if (known && is_sane(address))
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
	return usbip_address_same_server(record, wanted) &&
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
