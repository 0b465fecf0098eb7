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
 *     sandbox = yes|try|no  is the camera's process to be in one: see session/sandbox.h
 *     [remote NAME]         starts a section, to its end:
 *     address = ADDRESS     what NAME stands for
 *     sandbox = yes|try|no  of that one
 *
 * `remote` and `ssh` mean the same within a section. `#` starts a comment; blanks around names and
 * values do not count. OPENCAMRC_REMOTE (addresses or names, separated by blanks or commas) takes the
 * place of every `remote` line. An address in either may be the NAME of a section. OPENCAMRC_SSH takes
 * the place of the `ssh` line, OPENCAMRC_SANDBOX that of every `sandbox` line.
 */
enum usbip_sandbox {
	USBIP_SANDBOX_UNSAID, /* as `no` */
	USBIP_SANDBOX_NO,
	USBIP_SANDBOX_TRY, /* where there can be one */
	USBIP_SANDBOX_YES, /* or no camera */
};

struct usbip_alias {
	char *name, *address;
	enum usbip_sandbox sandbox;
};

struct usbip_config {
	char **remotes; /* as written, in order */
	size_t remote_count;
	struct usbip_alias *aliases;
	size_t alias_count;
	bool local_only; /* OPENCAMRC_REMOTE is set to nothing: no server is meant, nor looked for */
	char *ssh;       /* NULL: none is said */
	enum usbip_sandbox sandbox;
	bool sandbox_forced; /* the environment stands above the sections */
};

/* Reads file and environment; `ssh`, where it is not NULL, stands above both. No file is no error; a
 * line that makes no sense is ORC_EUSAGE with FILE:LINE in err, one that cannot be read ORC_EFILE. */
int usbip_config_load(
	struct usbip_config *config, const char *ssh, struct orc_error *err) must_check;
/* The same of a named file, without the environment: for tests. ORC_EFILE if it is not there. */
int usbip_config_read(
	struct usbip_config *config, const char *path, struct orc_error *err) must_check;
void usbip_config_free(struct usbip_config *config);
/* Where the user's own file is, or would be; empty where there is no home. */
void usbip_config_user_file(char *path, size_t size);

/*
 * The value of USBIP_TIMEOUT, a duration of 1 ms at least: for so long a link may be silent. NULL and
 * "" leave *msec as it is; ORC_EUSAGE for what is none.
 */
#define USBIP_TIMEOUT "OPENCAMRC_TIMEOUT"
int usbip_config_timeout(const char *text, int64_t *msec, struct orc_error *err) must_check;

/* What is said of a sandbox for a text as below; for a camera that is none of those, with `other`. */
enum usbip_sandbox usbip_config_sandbox(
	const struct usbip_config *config, const char *text, bool other);
/*
 * Text from the user to an address: NULL or "" is the first remote (ORC_EUSAGE if there is none),
 * a NAME is its section's address, NAME/BUSID that with the busid put behind; all else is parsed
 * as it is. ORC_EUSAGE as well where the ssh command is too long to be kept in an address.
 */
int usbip_config_resolve(const struct usbip_config *config, const char *text,
	struct usbip_address *address, struct orc_error *err) must_check;

#endif
