/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc close: end what `open` began. */
#include <string.h>

#include "cmd/command.h"
#include "session/caller.h"
#include "session/owner.h"
#include "session/place.h"

static const struct poptOption options[] = {
	POPT_TABLEEND,
};

static int say_none(struct call *call)
{
	io_note(call->io, "no camera is held open\n");
	return 0;
}

/* By another name, which its server knows; where nobody holds anything there is nothing to ask. */
static int ask_server(struct call *call, struct orc_error *err)
{
	const struct camera_options camera_options = call_camera_options(call);
	struct session_caller **session = call->io->session;
	char key[CAMERA_KEY_SIZE];
	int ret;

	ret = camera_address_key(&camera_options.address, key, err);
	if (ret < 0)
		return ret;
	if (strncmp(key, "usbip:", 6) != 0 || !place_is_any_held())
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
