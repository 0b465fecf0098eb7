/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device that the kernel has attached: what attach, detach and ports tell of it. */
#ifndef CMD_ATTACHED_H
#define CMD_ATTACHED_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/io.h"
#include "usbip/vhci.h"

struct attached {
	struct vhci_port port;
	bool known; /* device is filled in: the kernel has it set up */
	struct vhci_device device;
	struct usbip_address address; /* empty texts where nobody left a record */
};

/* The ports that are in use, in order; *list is to be free()d. */
int attached_load(const struct vhci *vhci, struct attached **list, size_t *count,
	struct orc_error *err) must_check;
/* "usb:003,002", as libgphoto2 names it; "-" while it has none. */
#define ATTACHED_PORT_SIZE 24
const char *attached_port(const struct attached *attached, char *buf, size_t size);
const char *attached_speed(const struct attached *attached);
/* A line of JSON, see cmd/json.h. */
void attached_json(struct io *io, const struct attached *attached);

#endif
