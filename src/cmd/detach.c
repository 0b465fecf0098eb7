/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc detach: take away what the kernel has attached. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/attached.h"
#include "cmd/command.h"
#include "usbip/config.h"

static const struct poptOption options[] = {
	POPT_TABLEEND,
};

/* What is to go: all, a port, or what is of a server; nothing said means the only one. */
struct wanted {
	bool all, only, by_port;
	unsigned int port;
	struct usbip_address address;
};

static int parse_wanted(struct call *call, struct wanted *wanted, struct orc_error *err)
{
	const char *word = call->word_count > 0 ? call->words[0] : call->globals.remote;
	struct usbip_config config = { 0 };
	int ret;

	ret = call_no_more_words(call, call->globals.remote ? 0 : 1, err);
	if (ret < 0)
		return ret;
	if (!word) {
		wanted->only = true;
		return 0;
	}
	if (call->word_count > 0 && strcmp(word, "all") == 0) {
		wanted->all = true;
		return 0;
	}
	if (call->word_count > 0 && word[strspn(word, "0123456789")] == '\0' && strlen(word) < 6) {
		wanted->by_port = true;
		wanted->port = (unsigned int)strtoul(word, NULL, 10);
		return 0;
	}
	ret = usbip_config_load(&config, call->globals.ssh, err);
	if (ret == 0)
		ret = usbip_config_resolve(&config, word, &wanted->address, err);
	usbip_config_free(&config);
	return ret;
}

static bool is_wanted(const struct wanted *wanted, const struct attached *attached)
{
	if (wanted->all || wanted->only)
		return true;
	if (wanted->by_port)
		return attached->port.number == wanted->port;
	return vhci_record_matches(&attached->address, &wanted->address);
}

static int nothing_there(
	const struct call *call, const struct wanted *wanted, struct orc_error *err)
{
	char text[USBIP_ADDRESS_TEXT_SIZE];

	if (wanted->all) {
		call_warn(call, "nothing is attached");
		return 0;
	}
	if (wanted->only)
		orc_fail(err, ORC_ENOCAMERA, "nothing is attached");
	else if (wanted->by_port)
		orc_fail(err, ORC_ENOCAMERA, "nothing is attached to port %u", wanted->port);
	else
		orc_fail(err, ORC_ENOCAMERA, "nothing of %.150s is attached",
			usbip_address_format(&wanted->address, text, sizeof(text)));
	return orc_hint(err, "opencamrc ports lists what is");
}

static int detach_wanted(struct call *call, const struct wanted *wanted,
	const struct attached *list, size_t count, struct orc_error *err)
{
	char port[ATTACHED_PORT_SIZE];
	size_t i;
	int ret, worst = 0;

	for (i = 0; i < count; i++) {
		struct orc_error failure = { 0 };

		if (!is_wanted(wanted, &list[i]))
			continue;
		ret = vhci_detach(&vhci_system, list[i].port.number, &failure);
		if (ret < 0) {
			/* The first is the one to be reported; the rest is tried all the same. */
			if (!worst)
				*err = failure;
			worst = worst ? worst : ret;
			continue;
		}
		if (call->globals.json)
			attached_json(call->io, &list[i]);
		else
			call_warn(call, "port %u is free, %s is gone", list[i].port.number,
				attached_port(&list[i], port, sizeof(port)));
	}
	return worst;
}

static int run_detach(struct call *call, struct orc_error *err)
{
	cleanup_free struct attached *list = NULL;
	struct wanted wanted = { 0 };
	size_t count, matching = 0, i;
	int ret;

	ret = parse_wanted(call, &wanted, err);
	if (ret < 0)
		return ret;
	ret = attached_load(&vhci_system, &list, &count, err);
	if (ret < 0)
		return ret;
	for (i = 0; i < count; i++)
		matching += is_wanted(&wanted, &list[i]);
	if (matching == 0)
		return nothing_there(call, &wanted, err);
	if (wanted.only && matching > 1) {
		orc_fail(err, ORC_EUSAGE, "%zu devices are attached", matching);
		return orc_hint(err, "name a port, a host, or all; opencamrc ports lists them");
	}
	ret = vhci_ready(&vhci_system, err);
	if (ret == ORC_EFILE && err->errnum == EACCES)
		return orc_hint(err, "use sudo");
	if (ret < 0)
		return ret;
	return detach_wanted(call, &wanted, list, count, err);
}

const struct command command_detach = {
	.name = "detach",
	.synopsis = "[PORT|HOST[/BUSID]|all]",
	.summary = "take away what is attached",
	.details = "Without an argument the only attached device is meant. PORT is a number, as "
		   "`ports` and usbip port show it; what usbip(8) attached is detached as well. "
		   "An `attach --keep` of the same device ends.",
	.options = options,
	.examples = "sudo opencamrc detach\n"
		    "sudo opencamrc detach router",
	.run = run_detach,
};
