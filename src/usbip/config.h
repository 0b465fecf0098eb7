/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configured remotes: which servers to ask, and short names for long addresses. */
#ifndef USBIP_CONFIG_H
#define USBIP_CONFIG_H

#include <stddef.h>

#include "usbip/address.h"

/*
 * The file is $XDG_CONFIG_HOME/opencamrc/config (~/.config where that is not set), or else
 * SYSCONFDIR/opencamrc.conf; the first that exists is the only one read. Lines:
 *
 *     remote = ADDRESS      a server to ask; may repeat; the first is the default
 *     ssh = COMMAND         run for ssh:// addresses: see usbip_ssh_start()
 *     [remote NAME]         starts a section, to its end:
 *     address = ADDRESS     what NAME stands for
 *
 * `#` starts a comment; blanks around names and values do not count. OPENCAMRC_REMOTE (addresses
 * or names, separated by blanks or commas) takes the place of every `remote` line. An address in
 * either may be the NAME of a section. OPENCAMRC_SSH takes the place of the `ssh` line.
 */
struct usbip_alias {
	char *name, *address;
};

struct usbip_config {
	char **remotes; /* as written, in order */
	size_t remote_count;
	struct usbip_alias *aliases;
	size_t alias_count;
	bool local_only; /* OPENCAMRC_REMOTE is set to nothing: no server is meant, nor looked for */
	char *ssh;       /* NULL: none is said */
};

/* Reads file and environment; `ssh`, where it is not NULL, stands above both. No file is no error; a
 * line that makes no sense is ORC_EUSAGE with FILE:LINE in err, one that cannot be read ORC_EFILE. */
int usbip_config_load(
	struct usbip_config *config, const char *ssh, struct orc_error *err) must_check;
/* The same of a named file, without the environment: for tests. ORC_EFILE if it is not there. */
int usbip_config_read(
	struct usbip_config *config, const char *path, struct orc_error *err) must_check;
void usbip_config_free(struct usbip_config *config);

/*
 * Text from the user to an address: NULL or "" is the first remote (ORC_EUSAGE if there is none),
 * a NAME is its section's address, NAME/BUSID that with the busid put behind; all else is parsed
 * as it is. ORC_EUSAGE as well where the ssh command is too long to be kept in an address.
 */
int usbip_config_resolve(const struct usbip_config *config, const char *text,
	struct usbip_address *address, struct orc_error *err) must_check;

#endif
