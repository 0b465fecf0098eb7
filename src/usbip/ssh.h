/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to a server by way of a spawned ssh. */
#ifndef USBIP_SSH_H
#define USBIP_SSH_H

#include <stdbool.h>
#include <sys/types.h>

#include "usbip/address.h"

/* Zero-initialised: there is none. */
struct usbip_ssh {
	pid_t pid;  /* of its own session and process group; a child of ours */
	int err_fd; /* reads what it says on stderr; good while pid is not 0 */
};

/*
 * Runs ssh so that what goes through *fd goes to port address->port of the far end's 127.0.0.1:
 * `ssh -W`, or `dbclient -B` where the program is dropbear's. It has no terminal, and asks nobody
 * anything (BatchMode). Returns at once; whether it has connected shows in what is read.
 *
 * *fd is one end of a socket pair, and ssh's stdin and stdout the other: it ends when all copies of
 * *fd are closed, those that the kernel has included.
 *
 * address->ssh_command is run by sh, with ssh's arguments behind it; dropbear's program is known by
 * the name of the first word, or of the file that it is a link to (OpenWrt's ssh). ORC_ENOCAMERA with
 * the reason in err where no process can be made.
 */
int usbip_ssh_start(struct usbip_ssh *ssh, int *fd, const struct usbip_address *address,
	struct orc_error *err) must_check;
/*
 * Why it has ended, or, with `silent`, why nothing came of it yet: ssh's own words, on one line and
 * without control characters, and what can be done about it. Returns `code`.
 */
int usbip_ssh_explain(
	const struct usbip_ssh *ssh, bool silent, enum orc_err code, struct orc_error *err);
/*
 * Ends it, once *fd is closed: it has a moment to send what it still has, then it is killed. Waits
 * for its end, at most half a second, and leaves no zombie. Installs no signal handler.
 */
void usbip_ssh_end(struct usbip_ssh *ssh);

#endif
