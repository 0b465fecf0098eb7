/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user says of a camera to a port and a driver; inside this room. */
#ifndef CAMERA_FIND_H
#define CAMERA_FIND_H

#include <gphoto2/gphoto2-port-info-list.h>

#include "camera/models.h"
#include "camera/private.h"
#include "usbip/address.h"
#include "usbip/client.h"

/* Where a camera is. port is on the heap; info belongs to ports. */
struct place {
	char *port;
	GPPortInfoList *ports;
	GPPortInfo info;
	struct camera_models models;
	CameraAbilities abilities;
	struct usbip_client *client;   /* imported, until it is handed over */
	struct usbip_link handed_over; /* the connection for the driver to take; or closed */
};
#define PLACE_INIT ((struct place){ .handed_over = USBIP_LINK_CLOSED })

void place_free(struct place *place);

/*
 * Finds the camera of the address. One on a server is imported, and waits for the driver to take it
 * over when the port is opened; place_free() gives it back where that has not come to pass. libgphoto2
 * looks for port drivers where the environment says, and ours looks there for what it is to do: that is
 * the one thing this changes for the process. IOLIBS and OPENCAMRC_REMOTE are put back at once, the
 * connection (IOLIB_HANDOVER) by place_free(); OPENCAMRC_TIMEOUT and OPENCAMRC_SSH, which the driver reads
 * later, stay.
 */
int place_find(struct place *place, struct camera *camera, struct orc_error *err) must_check;
/*
 * Before the driver opens the port once more. In a sandbox it cannot connect by itself, and is given one
 * more connection; where that fails it is the driver that says so.
 */
void place_again(struct place *place, struct camera *camera);
/* The ports of the system's drivers, and the local cameras on them, as "model", "port" pairs. */
int place_list_local(struct place *place, GPContext *context, CameraList *found) must_check;

/* "usbip:HOST/BUSID" on the heap. */
char *place_remote_port(const struct usbip_address *server, const char *busid);

#endif
