/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From an ssh:// address to the command that connects, OpenSSH's or Dropbear's. */
#include "usbip/ssh-command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A host that is gone is noticed within 8 s where nobody else looks: a device that is attached. */
#define ALIVE_SECONDS "2"
#define ALIVE_COUNT   "3"

/* The first word of a command, without its folder. */
static void program_name(const char *command, char *name, size_t size)
{
	size_t len;

	command += strspn(command, " \t");
	len = strcspn(command, " \t");
	for (size_t i = len; i > 0; i--)
		if (command[i - 1] == '/') {
			command += i;
			len -= i;
			break;
		}
	snprintf(name, size, "%.*s", (int)len, command);
}

/* The file that a program's name stands for, links followed; false where it is in no folder of PATH. */
static bool find_program(const char *name, char found[PATH_MAX])
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
		size_t len = strcspn(p, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, p, name);
		if (access(file, X_OK) == 0)
			return realpath(file, found) != NULL;
		p += len + (p[len] == ':');
	}
	return false;
}

static bool is_dropbear_name(const char *name)
{
	return strncmp(name, "dbclient", 8) == 0 || strncmp(name, "dropbear", 8) == 0;
}

static bool is_dropbear(const char *command)
{
	char name[NAME_MAX + 1], target[PATH_MAX];

	program_name(command, name, sizeof(name));
	if (is_dropbear_name(name))
		return true;
	if (strcmp(name, SSH_COMMAND_DEFAULT) != 0 || !find_program(name, target))
		return false;
	program_name(target, name, sizeof(name));
	return is_dropbear_name(name);
}

static void add(struct ssh_command *command, const char *text)
{
	command->arguments[command->count++] = text;
}

static void add_pair(struct ssh_command *command, const char *option, const char *value)
{
	add(command, option);
	add(command, value);
}

static void add_openssh(struct ssh_command *command)
{
	add_pair(command, "-o", "BatchMode=yes");
	add_pair(command, "-o", "ServerAliveInterval=" ALIVE_SECONDS);
	add_pair(command, "-o", "ServerAliveCountMax=" ALIVE_COUNT);
	add_pair(command, "-W", command->target);
}

/*
 * It gives a server up after three that are not answered. Its own window of 24 KiB would be a round
 * trip for each part of a frame; old ones take no more than 1 MiB.
 */
static void add_dropbear(struct ssh_command *command)
{
	add_pair(command, "-W", "1000000");
	add_pair(command, "-K", ALIVE_SECONDS);
	add_pair(command, "-B", command->target);
}

void ssh_command_build(struct ssh_command *command, const struct usbip_address *address)
{
	const char *own = address->ssh_command;
	bool dropbear = is_dropbear(own[0] ? own : SSH_COMMAND_DEFAULT);

	*command = (struct ssh_command){ 0 };
	snprintf(command->target, sizeof(command->target), "127.0.0.1:%s", address->port);
	if (own[0]) {
		snprintf(command->script, sizeof(command->script), "%s \"$@\"", own);
		add_pair(command, "sh", "-c");
		add_pair(command, command->script, "sh");
	} else {
		add(command, SSH_COMMAND_DEFAULT);
	}
	if (dropbear)
		add_dropbear(command);
	else
		add_openssh(command);
	if (address->user[0])
		add_pair(command, "-l", address->user);
	if (address->ssh_port[0])
		add_pair(command, "-p", address->ssh_port);
	/* usbip_address_parse() takes no host or user that looks like an option; dbclient knows no "--". */
	if (!dropbear)
		add(command, "--");
	add(command, address->host);
}
