/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc close: end what `open` began. */
#include <string.h>

#include "cmd/command.h"
#include "session/caller.h"
#include "session/owner.h"
#include "session/place.h"
#include "usbip/resolve.h"

static const struct poptOption options[] = {
	POPT_TABLEEND,
};

static int say_none(struct call *call)
{
	io_note(call->io, "no camera is held open\n");
	return 0;
}

/*
 * What is held is also held by its server's numbers; `data` are those of the server that is named, NULL
 * where they are not known. Yes where it cannot be told.
 */
static bool may_be_there(void *data, const char *key)
{
	const struct addrinfo *found = data, *info;
	struct usbip_address held, other = { 0 };
	const char *address = usbip_port_address(key);

	if (!address)
		return false;
	if (!found || strchr(address, '~') ||
		usbip_address_parse(&held, address, &(struct orc_error){ 0 }) < 0 || held.ssh)
		return true;
	for (info = found; info; info = info->ai_next)
		if (getnameinfo(info->ai_addr, info->ai_addrlen, other.host, sizeof(other.host),
			    other.port, sizeof(other.port), NI_NUMERICHOST | NI_NUMERICSERV) == 0 &&
			usbip_address_same_server(&held, &other))
			return true;
	return false;
}

/* Is a camera held that could be on that server? */
static bool is_any_there(const char *remote, struct deadline deadline)
{
	struct usbip_address server;
	struct addrinfo *found = NULL;
	bool is_any;

	if (usbip_address_parse(&server, remote, &(struct orc_error){ 0 }) == 0 && !server.ssh &&
		usbip_resolve(&server, deadline, &found, &(struct orc_error){ 0 }) < 0)
		found = NULL;
	is_any = place_is_any_held(may_be_there, found);
	if (found)
		freeaddrinfo(found);
	return is_any;
}

/* By another name, which its server knows; where it has no camera that is held there is nothing to ask. */
static int ask_server(struct call *call, struct orc_error *err)
{
	const struct camera_options camera_options = call_camera_options(call);
	struct session_caller **session = call->io->session;
	const struct deadline deadline =
		deadline_after_msec(camera_timeout_msec(camera_options.timeout_msec));
	char key[CAMERA_KEY_SIZE];
	const char *remote;
	int ret;

	ret = camera_address_key(&camera_options.address, key, err);
	if (ret < 0)
		return ret;
	remote = usbip_port_address(key);
	if (!remote || !is_any_there(remote, deadline))
		return say_none(call);
	ret = call_elsewhere(call, false, err);
	/* A shell that keeps the connection would keep the camera open. */
	if (session) {
		session_end(*session);
		*session = NULL;
	}
	return ret;
}

static int close_found(struct call *call, struct orc_error *err)
{
	int ret = call_seek_holder(call, err);

	return ret < 0 || call->io->job->moved[0] ? ret : say_none(call);
}

static int run_close(struct call *call, struct orc_error *err)
{
	struct job *job = call->io->job;
	size_t others;
	int ret;

	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	if (!job) {
		ret = call_elsewhere(call, true, err);
		return ret == ORC_EAGAIN ? ask_server(call, err) : ret;
	}
	if (!owner_stays(job->owner) && held_listener(job->held) < 0)
		return close_found(call, err);
	owner_leave(job->owner);
	others = owner_jobs(job->owner) - 1;
	if (others > 0)
		call_warn(call, "%zu other command%s still using the camera; then it is closed",
			others, others == 1 ? " is" : "s are");
	return 0;
}

const struct command command_close = {
	.name = "close",
	.synopsis = "",
	.summary = "close a camera that was kept open",
	.details =
		"Commands that are using the camera come to their end first. When this returns "
		"and nobody else uses it, the camera is closed. It is no error if it was not open.",
	.options = options,
	.examples = "opencamrc -r router close",
	.run = run_close,
};
