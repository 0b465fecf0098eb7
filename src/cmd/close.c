/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc close: end what `open` began. */
#include "cmd/command.h"
#include "session/owner.h"

static const struct poptOption options[] = {
	POPT_TABLEEND,
};

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
		if (ret == ORC_EAGAIN) {
			io_note(call->io, "no camera is held open\n");
			return 0;
		}
		return ret;
	}
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
