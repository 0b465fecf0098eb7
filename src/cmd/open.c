/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc open: keep a camera open, so that the commands that follow need not open it. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/errands.h"
#include "session/owner.h"

#define IDLE_DEFAULT_NSEC (600 * NSEC_PER_SEC)
/* The first descriptor that a service manager passes: sd_listen_fds(3). */
#define FIRST_PASSED_FD 3

enum { OPTION_IDLE = 1, OPTION_SYSTEMD };

static const struct poptOption options[] = {
	{ "idle", 0, POPT_ARG_STRING, NULL, OPTION_IDLE,
		"close it when nobody has used it for so long (default 10m; 0: never)",
		"DURATION" },
	{ "systemd", 0, POPT_ARG_NONE, NULL, OPTION_SYSTEMD,
		"be started by a systemd socket unit: take the commands that come by its socket",
		NULL },
	POPT_TABLEEND,
};

/* The socket that the service manager listens on, or -1. */
static int passed_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");

	if (!pid || !count || atol(pid) != (long)getpid() || atoi(count) != 1)
		return -1;
	if (fcntl(FIRST_PASSED_FD, F_SETFD, FD_CLOEXEC) < 0 ||
		fcntl(FIRST_PASSED_FD, F_SETFL, O_NONBLOCK) < 0)
		return -1;
	return FIRST_PASSED_FD;
}

/* Is the owner, in the foreground; the camera is opened by the first command that wants it. */
static int serve(struct call *call, nsec_t idle_nsec, struct orc_error *err)
{
	const struct camera_options camera_options = call_camera_options(call);
	enum usbip_sandbox sandbox;
	char key[CAMERA_KEY_SIZE];
	int listener = passed_socket();
	int ret;

	if (listener < 0) {
		orc_fail(err, ORC_EUSAGE, "--systemd: no socket was passed");
		return orc_hint(err, "it is for the units in contrib/systemd");
	}
	ret = errands_sandbox(call, call->globals.remote, call->globals.port, &sandbox, err);
	if (ret == 0)
		ret = camera_address_key(&camera_options.address, key, err);
	if (ret < 0)
		return ret;
	return owner_run(&(struct owner_options){
		.key = key,
		.run = call_run_job,
		.first = -1,
		.listener = listener,
		.stays = true,
		.stay_nsec = idle_nsec,
		.sandbox = sandbox,
	});
}

static int run_open(struct call *call, struct orc_error *err)
{
	nsec_t idle_nsec = IDLE_DEFAULT_NSEC;
	struct camera *camera;
	bool systemd = false;
	int ret, option;

	while ((option = call_next(call)) > 0) {
		ret = 0;
		if (option == OPTION_IDLE)
			ret = call_duration(call, &idle_nsec, err);
		else
			systemd = true;
		if (ret < 0)
			return ret;
	}
	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	if (systemd)
		return serve(call, idle_nsec, err);
	if (!call->io->job)
		return call_elsewhere(call, false, err);
	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	call_rest(call);
	owner_stay(call->io->job->owner, idle_nsec);
	return 0;
}

const struct command command_open = {
	.name = "open",
	.synopsis = "[--idle DURATION]\n"
		    "--systemd [--idle DURATION]",
	.summary = "keep the camera open for the commands that follow",
	.details = "A process in the background keeps the camera until `opencamrc close`, or until "
		   "nobody has used it for a while. Commands for the same camera find it by "
		   "themselves, and spare themselves opening and closing it. A camera that went "
		   "away is opened again by the next command.",
	.options = options,
	.examples = "opencamrc -r router open\n"
		    "opencamrc -r router open --idle 2h",
	.run = run_open,
};
