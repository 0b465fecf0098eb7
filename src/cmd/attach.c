/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc attach: the kernel takes the camera, and every program on this machine can use it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/attacher.h"
#include "cmd/command.h"
#include "usbip/config.h"

#define BACK_OFF_MSEC     1000
#define MAX_BACK_OFF_MSEC 30000
#define WATCH_MSEC        500

enum {
	OPTION_ANY_DEVICE = 1,
	OPTION_KEEP,
};

static const struct poptOption options[] = {
	{ "keep", 0, POPT_ARG_NONE, NULL, OPTION_KEEP,
		"stay, and attach again when the connection or the camera is back", NULL },
	{ "any-device", 0, POPT_ARG_NONE, NULL, OPTION_ANY_DEVICE, "attach even what is no camera",
		NULL },
	POPT_TABLEEND,
};

static int parse_address(struct call *call, struct usbip_address *address, struct orc_error *err)
{
	const char *remote = call->globals.remote;
	struct usbip_config config = { 0 };
	size_t taken = 0;
	int ret;

	if (!remote && call->word_count > 0)
		remote = call->words[taken++];
	ret = usbip_config_load(&config, call->globals.ssh, err);
	if (ret == 0)
		ret = usbip_config_resolve(&config, remote, address, err);
	usbip_config_free(&config);
	if (ret < 0 || call->word_count <= taken)
		return ret;
	if (address->busid[0])
		return call_misused(
			call, err, "two busids: %s and %.40s", address->busid, call->words[taken]);
	if (strlen(call->words[taken]) >= sizeof(address->busid))
		return call_misused(call, err, "%.40s is no busid", call->words[taken]);
	strcpy(address->busid, call->words[taken]);
	return call_no_more_words(call, taken + 1, err);
}

static void print_attached(const struct call *call, const struct attached *attached)
{
	char port[ATTACHED_PORT_SIZE], address[USBIP_ADDRESS_TEXT_SIZE];

	if (call->globals.json)
		attached_json(call->io, attached);
	else
		io_printf(call->io, "%s\n", attached_port(attached, port, sizeof(port)));
	call_warn(call, "%s of %s is attached to port %u",
		attached->device.name[0] ? attached->device.name : "the device",
		usbip_address_format(&attached->address, address, sizeof(address)),
		attached->port.number);
}

/* How the wait for a device to go away ended. */
enum farewell {
	FAREWELL_LOST,     /* the connection broke, or the server let go of it */
	FAREWELL_DETACHED, /* somebody wanted it so */
	FAREWELL_SIGNAL,
};

static enum farewell watch(struct io *io, const struct attached *attached)
{
	unsigned int port = attached->port.number;
	struct usbip_address now;
	uint32_t state;

	do {
		if (io_sleep_until(io, deadline_after_msec(WATCH_MSEC)) < 0)
			return FAREWELL_SIGNAL;
		state = vhci_port_state(&vhci_system, port);
	} while (state == VHCI_USED || state == VHCI_CONNECTING);
	/* Whoever detaches takes the record away first; a connection that breaks leaves it there. */
	if (vhci_record_read(&vhci_system, port, &now) < 0 ||
		!vhci_record_matches(&now, &attached->address))
		return FAREWELL_DETACHED;
	if (state != VHCI_FREE)
		(void)!vhci_detach(&vhci_system, port, NULL);
	vhci_record_remove(&vhci_system, port);
	return FAREWELL_LOST;
}

/* What may be otherwise in a while; all else is not mended by waiting. */
static bool may_pass(int ret)
{
	return ret == ORC_ENOCAMERA || ret == ORC_EBUSY || ret == ORC_ELOST || ret == ORC_EPROTO ||
		ret == ORC_ETIMEOUT;
}

/* Says what is waited for, once for each reason. */
static void tell_reason(const struct call *call, const struct attacher *attacher,
	const struct orc_error *err, char *last, size_t size)
{
	char line[500];

	if (err->code == ORC_EBUSY && !attacher->imported && attacher->last_busid[0])
		snprintf(line, sizeof(line),
			"in use at the server, which may still count us as its client");
	else
		orc_error_line(err, line, sizeof(line));
	if (strcmp(line, last) == 0)
		return;
	snprintf(last, size, "%s", line);
	call_warn(call, "waiting: %s", line);
}

/* Attaches, as often as it takes; ends with a signal, or when somebody else detaches. */
static int keep_attached(struct call *call, struct attacher *attacher, struct orc_error *err)
{
	int64_t back_off_msec = BACK_OFF_MSEC;
	struct attached attached;
	enum farewell farewell;
	char last[500] = "";
	int ret;

	for (;;) {
		*err = (struct orc_error){ 0 };
		ret = attacher_try(attacher, false, &attached, err);
		if (ret < 0 && !may_pass(ret))
			return ret;
		if (ret < 0) {
			tell_reason(call, attacher, err, last, sizeof(last));
			if (io_sleep_until(call->io, deadline_after_msec(back_off_msec)) < 0)
				return io_fail_signal(call->io, err);
			back_off_msec *= 2;
			if (back_off_msec > MAX_BACK_OFF_MSEC)
				back_off_msec = MAX_BACK_OFF_MSEC;
			continue;
		}
		print_attached(call, &attached);
		back_off_msec = BACK_OFF_MSEC;
		last[0] = '\0';
		farewell = watch(call->io, &attached);
		if (farewell == FAREWELL_SIGNAL)
			(void)!vhci_detach(&vhci_system, attached.port.number, NULL);
		usbip_link_close(&attacher->left);
		switch (farewell) {
		case FAREWELL_LOST:
			call_warn(call, "the connection is lost; attaching again");
			break;
		case FAREWELL_DETACHED:
			call_warn(call, "detached by another program");
			return 0;
		case FAREWELL_SIGNAL:
			return io_fail_signal(call->io, err);
		}
	}
}

static int run_attach(struct call *call, struct orc_error *err)
{
	struct attacher attacher = ATTACHER_INIT;
	char text[USBIP_ADDRESS_TEXT_SIZE];
	struct attached attached;
	bool keep = false;
	int ret, option;

	attacher.io = call->io;
	while ((option = call_next(call)) > 0)
		if (option == OPTION_KEEP)
			keep = true;
		else
			attacher.any_device = true;
	ret = parse_address(call, &attacher.address, err);
	if (ret < 0)
		return ret;
	attacher.timeout_msec = camera_timeout_msec(call->globals.timeout_msec);
	if (keep)
		ret = keep_attached(call, &attacher, err);
	else
		ret = attacher_try(&attacher, true, &attached, err);
	if (ret == ORC_EFILE && err->errnum == EACCES)
		return orc_hint(err, "use sudo; or without root: opencamrc -r %.120s COMMAND",
			usbip_address_format(&attacher.address, text, sizeof(text)));
	if (ret == 0 && !keep)
		print_attached(call, &attached);
	return ret;
}

const struct command command_attach = {
	.name = "attach",
	.synopsis = "[--keep] [--any-device] HOST[/BUSID] | HOST BUSID",
	.summary = "plug a remote camera into this machine, for every program",
	.details =
		"The kernel's USB/IP client takes the camera, as `usbip attach` does it, and every "
		"program sees a USB camera. It takes root; opencamrc's own commands with -r do "
		"without. Waits until the camera can be used, and prints its libgphoto2 port.",
	.options = options,
	.examples = "sudo opencamrc attach router\n"
		    "sudo opencamrc attach --keep router 1-1.2\n"
		    "sudo opencamrc attach router && gphoto2 --summary",
	.run = run_attach,
};
