/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configured remotes: default servers and aliases, from the environment and the config file. */
#ifndef USBIP_CONFIG_H
#define USBIP_CONFIG_H

#include <stddef.h>

#include "usbip/address.h"

/*
 * $XDG_CONFIG_HOME/opencamrc/config (else ~/.config/opencamrc/config), else SYSCONFDIR/opencamrc.conf:
 *
 *	# a comment
 *	remote = router            a default; may be given several times
 *	[remote attic]             an alias
 *	address = 192.168.8.1/1-1
 *
 * OPENCAMRC_REMOTE, a list separated by blanks or commas, takes the place of the defaults.
 */
#define USBIP_CONFIG_MAX_REMOTES 64        /* more than anyone owns */
#define USBIP_CONFIG_MAX_SIZE    (1 << 20) /* a config file; anything larger is not one */

struct usbip_remote {
	char *alias;   /* NULL for a default */
	char *address; /* as written: an address, or for a default possibly an alias */
};

struct usbip_config {
	struct usbip_remote *remotes; /* in the order of the file */
	size_t count;
};

/* ORC_EUSAGE with "FILE:LINE: …" for what is not understood. No file is an empty configuration. */
int usbip_config_load(struct usbip_config *config, struct orc_error *err) must_check;
/* The same from a text; name is what errors call it. For tests and fuzzing. */
int usbip_config_parse(struct usbip_config *config, const char *text, size_t len, const char *name,
	struct orc_error *err) must_check;
void usbip_config_free(struct usbip_config *config);

/*
 * What a user wrote (NULL or "" for the default remote) to an address: an alias, an alias and
 * /BUSID, or an address itself. ORC_ENOCAMERA where the default is meant and none is configured.
 */
int usbip_config_resolve(const struct usbip_config *config, const char *text,
	struct usbip_address *address, struct orc_error *err) must_check;

/* The nth default remote as written, NULL past the last. */
const char *usbip_config_default(const struct usbip_config *config, size_t nth);

#endif
