/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cameras of servers that announce themselves on the network; inside this room. */
#ifndef CAMERA_NETWORK_H
#define CAMERA_NETWORK_H

#include "camera/private.h"
#include "camera/servers.h"
#include "usbip/config.h"

/*
 * Looks for servers where nothing else says which one is meant: no remote, no port, none in the
 * configuration, and OPENCAMRC_REMOTE not set to nothing. Otherwise, and in a build without mDNS, there
 * are none, nothing is sent, and *looked is false. The servers are not asked yet. Takes DISCOVER_MSEC
 * at most. ORC_ESIGNAL.
 */
int network_look(struct servers *servers, bool *looked, struct camera *camera,
	const struct usbip_config *config, struct orc_error *err) must_check;

/* A server that was found and did not answer: why, and what may help. ORC_ENOCAMERA. */
int network_fail(const struct server_question *q, struct orc_error *err);

/*
 * The only camera of all servers that are found. err says already that there is none here, and is left
 * alone where nothing was looked for: ORC_ENOCAMERA. ORC_EUSAGE: there are several; err has the
 * address of each.
 */
int network_find(
	struct camera *camera, struct usbip_address *server, struct orc_error *err) must_check;

#endif
