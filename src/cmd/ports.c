/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc ports: what is attached by the kernel. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/attached.h"
#include "cmd/command.h"
#include "cmd/table.h"

static const struct poptOption options[] = {
	POPT_TABLEEND,
};

static void print_table(struct io *io, const struct attached *list, size_t count)
{
	static const char *const heads[] = { "PORT", "ADDRESS", "DEVICE", "USB", "SPEED",
		"VHCI PORT", "NAME" };
	cleanup_table struct table table = { .columns = ARRAY_LENGTH(heads) };
	char text[USBIP_ADDRESS_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(heads); i++)
		table_add(&table, heads[i]);
	for (i = 0; i < count; i++) {
		const struct attached *a = &list[i];

		table_add(&table, attached_port(a, text, sizeof(text)));
		table_add(&table,
			a->address.host[0] ? usbip_address_format(&a->address, text, sizeof(text))
					   : "-");
		snprintf(text, sizeof(text), "%04x:%04x", a->device.vendor, a->device.product);
		table_add(&table, a->known ? text : "-");
		table_add(&table, a->known ? a->port.device : "-");
		table_add(&table, a->known ? attached_speed(a) : "-");
		snprintf(text, sizeof(text), "%u", a->port.number);
		table_add(&table, text);
		if (a->port.state == VHCI_ERROR)
			table_add(&table, "(broken)");
		else if (!a->known)
			table_add(&table, "(being set up)");
		else
			table_add(&table, a->device.name[0] ? a->device.name : "-");
	}
	table_print(&table, io);
}

static int run_ports(struct call *call, struct orc_error *err)
{
	cleanup_free struct attached *list = NULL;
	size_t count, i;
	int ret;

	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	ret = attached_load(&vhci_system, &list, &count, err);
	if (ret < 0)
		return ret;
	if (call->globals.json)
		for (i = 0; i < count; i++)
			attached_json(call->io, &list[i]);
	else if (count > 0)
		print_table(call->io, list, count);
	if (count == 0)
		call_warn(call, "nothing is attached");
	return 0;
}

const struct command command_ports = {
	.name = "ports",
	.synopsis = "",
	.summary = "show what is attached",
	.details = "Whatever attached it: usbip(8)'s are listed as well, and usbip port lists "
		   "opencamrc's. PORT is libgphoto2's name, which --port takes.",
	.options = options,
	.examples = "opencamrc ports\n"
		    "opencamrc ports --json | jq -r .port",
	.run = run_ports,
};
