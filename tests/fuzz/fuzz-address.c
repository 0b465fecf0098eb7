/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes addresses: one that is taken is the same after it was written out and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "usbip/address.h"
#include "usbip/ssh-command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The words that ssh gets: room for all, an end, and no host that is an option. */
static void check_command(const struct usbip_address *address)
{
	struct ssh_command command;
	size_t i;

	ssh_command_build(&command, address);
	if (command.count == 0 || command.count >= ARRAY_LENGTH(command.arguments) ||
		command.arguments[command.count])
		abort();
	for (i = 0; i < command.count; i++)
		if (!command.arguments[i])
			abort();
	if (!memchr(command.script, 0, sizeof(command.script)) ||
		!memchr(command.target, 0, sizeof(command.target)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[USBIP_ADDRESS_TEXT_SIZE], *input = strndup((const char *)data, size);
	struct usbip_address first, second;
	struct orc_error err = { 0 };

	if (!input)
		abort();
	if (usbip_address_parse(&first, input, &err) < 0) {
		if (!err.why[0])
			abort();
		free(input);
		return 0;
	}
	free(input);
	usbip_address_format(&first, text, sizeof(text));
	if (usbip_address_parse(&second, text, &err) < 0 ||
		!usbip_address_same_server(&first, &second) ||
		strcmp(first.busid, second.busid) != 0)
		abort();
	if (first.ssh)
		check_command(&first);
	/* Neither can be taken for an option, nor do they end early. */
	if (first.host[0] == '-' || first.user[0] == '-' ||
		strpbrk(first.host, " \t\n'\"$`;&|<>") || strpbrk(first.user, " \t\n'\"$`;&|<>"))
		abort();
	return 0;
}
