/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc env: run another libgphoto2 program with our port driver. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "camera/drivers.h"
#include "cmd/command.h"
#include "usbip/config.h"

static const struct poptOption options[] = {
	POPT_TABLEEND,
};

static void set_variable(const char *name, const char *value)
{
	if (setenv(name, value, 1) < 0)
		orc_must(NULL);
}

static int set_environment(struct call *call, struct orc_error *err)
{
	char **environment, **entry, *equals;
	char timeout[32];
	int ret;

	ret = camera_driver_environment(&environment, err);
	if (ret < 0)
		return ret;
	for (entry = environment; *entry; entry++) {
		equals = strchr(*entry, '=');
		if (!equals)
			continue;
		*equals = '\0';
		set_variable(*entry, equals + 1);
	}
	camera_environment_free(environment);
	if (call->globals.remote)
		set_variable("OPENCAMRC_REMOTE", call->globals.remote);
	if (call->globals.ssh)
		set_variable("OPENCAMRC_SSH", call->globals.ssh);
	if (call->globals.timeout_msec > 0) {
		snprintf(timeout, sizeof(timeout), "%lldms", (long long)call->globals.timeout_msec);
		set_variable(USBIP_TIMEOUT, timeout);
	}
	return 0;
}

static void become(struct call *call)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	/* Handlers do not outlive exec(); what is ignored would. */
	if (call->io->cwd != AT_FDCWD && fchdir(call->io->cwd) < 0)
		return;
	if (call->io->in != 0)
		dup2(call->io->in, 0);
	if (call->io->out != 1)
		dup2(call->io->out, 1);
	if (call->io->err != 2)
		dup2(call->io->err, 2);
	execvp(call->words[0], (char *const *)(uintptr_t)call->words);
}

static int run_env(struct call *call, struct orc_error *err)
{
	int errnum, ret;

	if (call->word_count == 0)
		return call_misused(call, err, "which program?");
	ret = set_environment(call, err);
	if (ret < 0)
		return ret;
	become(call);
	errnum = errno;
	orc_fail_errno(err, ORC_EFILE, errnum);
	orc_what(err, "cannot run %s", call->words[0]);
	call_report(call, err);
	/* As env(1) and the shells have it. */
	return errnum == ENOENT ? 127 : 126;
}

const struct command command_env = {
	.name = "env",
	.synopsis = "COMMAND [ARGUMENT…]",
	.summary = "run another libgphoto2 program with the remote camera",
	.details =
		"Sets IOLIBS, so that the program finds the port driver usbip beside libgphoto2's "
		"own, and OPENCAMRC_REMOTE to the address given with -r. The exit status is the "
		"program's, 127 where there is no such program.",
	.options = options,
	.examples = "opencamrc -r router env gphoto2 --summary\n"
		    "opencamrc -r router env gphoto2 --port usbip:router --list-files\n"
		    "opencamrc -r router env darktable",
	.words_end_options = true,
	.alone = true,
	.run = run_env,
};
