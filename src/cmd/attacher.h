/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user says of a shared device to one that the kernel has attached. */
#ifndef CMD_ATTACHER_H
#define CMD_ATTACHER_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/attached.h"
#include "cmd/io.h"
#include "usbip/address.h"
#include "usbip/link.h"

/* What is to be attached, and what is known from the last time. Fill in the first four of
 * ATTACHER_INIT. */
struct attacher {
	struct io *io;
	struct usbip_address address; /* busid may be empty: the only camera */
	bool any_device;              /* else cameras alone */
	int64_t timeout_msec;

	char last_busid[USBIP_BUSID_SIZE];
	uint16_t last_local_port; /* of the last connection, see usbip_link_connect_from() */
	bool imported;            /* the server gave it; what failed then is of another kind */
	struct usbip_link left;   /* the kernel has it: see usbip_link_leave() */
};

#define ATTACHER_INIT ((struct attacher){ .left = USBIP_LINK_CLOSED })

/*
 * Attaches, unless this machine has it attached already, and waits until the device can be used.
 * With `patient` a server that does not have it yet, or still counts another client, is asked for
 * some seconds: it takes as long to reset a device that was given back. Errors as usbip_import(),
 * known_pick(), vhci_ready() and vhci_attach() have them; ORC_ESIGNAL.
 */
int attacher_try(struct attacher *attacher, bool patient, struct attached *attached,
	struct orc_error *err) must_check;

#endif
