/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From an ssh:// address to the command that connects, OpenSSH's or Dropbear's. */
#ifndef USBIP_SSH_COMMAND_H
#define USBIP_SSH_COMMAND_H

#include "usbip/address.h"

#define SSH_COMMAND_DEFAULT "ssh"

/* For execvp(): the program is arguments[0], the last is NULL. Points into itself and the address. */
struct ssh_command {
	const char *arguments[24];
	size_t count;
	char target[32]; /* 127.0.0.1:PORT */
	char script[264];
};

/* See usbip_ssh_start() for what it does. */
void ssh_command_build(struct ssh_command *command, const struct usbip_address *address);

#endif
