/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc doctor: what stands between this user and a camera, and what to do about it. */
#include <signal.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/doctor.h"
#include "cmd/json.h"
#include "session/owner.h"
#include "usbip/config.h"
#include "usbip/discover.h"

/* What all checks together wait for at most; each as long as --timeout says. */
#define WHOLE_MSEC 60000
/* The camera's part of that, for opening one over a slow link takes seconds; and when it is cut off. */
#define CAMERA_MSEC 40000
#define CUT_MSEC    50000
/* For the camera, while another command uses it. */
#define TURN_NSEC (10 * NSEC_PER_SEC)

enum { OPTION_NO_LIVE_VIEW = 1 };

static const struct poptOption options[] = {
	{ "no-live-view", 0, POPT_ARG_NONE, NULL, OPTION_NO_LIVE_VIEW,
		"do not start live view to measure the rate: a reflex camera's mirror goes up for "
		"it",
		NULL },
	POPT_TABLEEND,
};

static const struct {
	const char *word, *colour;
} states[] = {
	[FINDING_OK] = { "ok", "32" },
	[FINDING_NOTE] = { "note", "33" },
	[FINDING_PROBLEM] = { "problem", "1;31" },
};

enum { NAME_COLUMN = 12, STATE_COLUMN = 7 };

static bool wants_colour(const struct io *io)
{
	const char *terminal = io_getenv(io, "TERM");

	return io->out_tty && !io_getenv(io, "NO_COLOR") && terminal &&
		strcmp(terminal, "dumb") != 0;
}

static void print_human(struct io *io, const char *name, const struct finding *finding)
{
	const char *word = states[finding->state].word;

	io_printf(io, "%-*s  ", NAME_COLUMN, name);
	if (wants_colour(io))
		io_paint(io, states[finding->state].colour, word);
	else
		io_printf(io, "%s", word);
	io_printf(io, "%*s  %s\n", STATE_COLUMN - (int)strlen(word), "", finding->found);
	if (finding->remedy[0])
		io_printf(io, "%*s%s\n", NAME_COLUMN + STATE_COLUMN + 4, "", finding->remedy);
}

static void print_json(struct io *io, const char *name, const struct finding *finding)
{
	cleanup_json struct json_object *object = json_new();

	json_put_string(object, "check", name);
	json_put_string(object, "state", states[finding->state].word);
	json_put_string(object, "found", finding->found);
	json_put_string(object, "remedy", finding->remedy[0] ? finding->remedy : NULL);
	json_print(io, object);
}

/* The exit status is the first problem's. */
static void tell(struct call *call, const char *name, const struct finding *finding, int *status)
{
	if (finding->state == FINDING_NONE)
		return;
	if (call->globals.json)
		print_json(call->io, name, finding);
	else
		print_human(call->io, name, finding);
	if (finding->state == FINDING_PROBLEM && *status == 0)
		*status = finding->status;
}

/* One after the other; false where a problem, or a signal, leaves nothing to be looked at behind it. */
static bool look(struct doctor *doctor, const struct doctor_check *check, bool each, int *status)
{
	for (; check->name && !io_cancelled(doctor->call->io); check++) {
		struct finding finding = { 0 };

		if (deadline_passed(doctor->deadline)) {
			finding_problem(&finding, ORC_ETIMEOUT,
				"not looked at: what came before took all the time");
			finding_remedy(&finding, "look at the round trip; a faster link");
		} else {
			check->look(doctor, &finding);
		}
		/* Others may have the camera in between. */
		call_rest(doctor->call);
		tell(doctor->call, check->name, &finding, status);
		if (doctor->given_up)
			return false;
		if (finding.state == FINDING_PROBLEM &&
			(!each || deadline_passed(doctor->deadline)))
			return false;
	}
	return !check->name;
}

/* The caller's wish to stop, and the end of the time that the camera has. */
struct limit {
	struct io *io; /* the caller's own */
	struct deadline deadline;
};

static int limit_signal(void *data)
{
	const struct limit *limit = data;
	int number = limit->io->signal ? limit->io->signal(limit->io->signal_data) : 0;

	return !number && deadline_passed(limit->deadline) ? SIGALRM : number;
}

/* Has the camera looked at in the process that holds it: what that prints is the caller's as well. */
static void look_elsewhere(struct doctor *doctor, int *status)
{
	struct call *call = doctor->call;
	struct limit limit = { .io = call->io,
		.deadline = deadline_min(doctor->deadline, deadline_after_msec(CUT_MSEC)) };
	struct io limited = *call->io;
	struct finding finding = { 0 };
	struct orc_error err = { 0 };
	int ret;

	limited.signal = limit_signal;
	limited.signal_data = &limit;
	call->io = &limited;
	ret = call_elsewhere(call, false, &err);
	call->io = limit.io;
	if (ret < 0) {
		finding_error(&finding, &err);
		if (!finding.remedy[0])
			finding_remedy(&finding, "opencamrc close, then again");
	} else if (ret == orc_exit_status(ORC_ESIGNAL, SIGALRM)) {
		finding_problem(&finding, ORC_ETIMEOUT, "it has not answered all within %d s",
			CUT_MSEC / 1000);
		finding_remedy(&finding, "switch it off and on again, and look at its cable");
	} else if (ret > 0 && *status == 0) {
		*status = ret;
	}
	tell(call, "camera", &finding, status);
}

/* Which camera is meant, and how it is reached. */
static void look_address(struct doctor *doctor, struct finding *finding)
{
	const struct globals *globals = &doctor->call->globals;
	const struct camera_options camera_options = call_camera_options(doctor->call);
	const char *name = doctor->key;
	struct usbip_config config = { 0 };
	struct orc_error err = { 0 };
	int ret;

	ret = camera_address_key(&camera_options.address, doctor->key, &err);
	if (ret == 0 && usbip_port_address(doctor->key)) {
		name = usbip_port_address(doctor->key);
		ret = usbip_config_load(&config, globals->ssh, &err);
		if (ret == 0)
			ret = usbip_config_resolve(&config, name, &doctor->server, &err);
		usbip_config_free(&config);
	}
	if (ret < 0)
		finding_error(finding, &err);
	else if (strcmp(doctor->key, "local") == 0)
		finding_ok(finding,
			"no server is named, by -r or in the configuration: the camera on this "
			"machine's USB%s",
			usbip_discover_library() ? ", else one that announces itself" : "");
	else if (globals->remote || globals->port)
		finding_ok(finding, "%s", name);
	else
		finding_ok(finding, "%s, the first remote of the configuration", name);
}

static const struct doctor_check address_checks[] = {
	{ "address", look_address },
	{ NULL, NULL },
};

/* Whoever speaks PTP over the network by itself has nothing on the way that could be looked at. */
static const struct doctor_check no_checks[] = {
	{ NULL, NULL },
};

static bool is_on_server(const struct doctor *doctor)
{
	return usbip_port_address(doctor->key) != NULL;
}

static const struct doctor_check *way_checks(const struct doctor *doctor)
{
	if (is_on_server(doctor))
		return doctor_link_checks;
	if (strcmp(doctor->key, "local") == 0 || strncmp(doctor->key, "usb:", 4) == 0)
		return doctor_local_checks;
	return no_checks;
}

/* In the process that holds the camera. */
static int run_there(struct doctor *doctor)
{
	struct call *call = doctor->call;
	int status = 0;

	doctor->deadline = deadline_after_msec(CAMERA_MSEC);
	if (call->globals.wait_nsec > TURN_NSEC)
		call->globals.wait_nsec = TURN_NSEC;
	look(doctor, doctor_camera_checks, true, &status);
	return doctor->given_up ? doctor->result : status;
}

/* Something is wrong with the camera, but it can be had. */
static bool may_be_imported(int status)
{
	return status != 0 && status != orc_exit_status(ORC_ENOCAMERA, 0) &&
		status != orc_exit_status(ORC_EBUSY, 0);
}

static int run_here(struct doctor *doctor, struct orc_error *err)
{
	struct io *io = doctor->call->io;
	int status = 0;

	doctor->deadline = deadline_after_msec(WHOLE_MSEC);
	if (look(doctor, address_checks, false, &status) &&
		look(doctor, way_checks(doctor), false, &status)) {
		look_elsewhere(doctor, &status);
		if (is_on_server(doctor) && may_be_imported(status))
			look(doctor, doctor_failed_checks, false, &status);
	}
	/* These wait for nobody. */
	doctor->deadline = deadline_never();
	look(doctor, doctor_host_checks, true, &status);
	return io_cancelled(io) ? io_fail_signal(io, err) : status;
}

static int run_doctor(struct call *call, struct orc_error *err)
{
	struct doctor doctor = {
		.call = call,
		.places = &doctor_system,
		.timeout_msec = camera_timeout_msec(call->globals.timeout_msec),
		.link = USBIP_LINK_CLOSED,
		.open_result = 1,
	};
	int ret;

	while (call_next(call) > 0)
		doctor.no_live_view = true;
	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	ret = call->io->job ? run_there(&doctor) : run_here(&doctor, err);
	doctor_free(&doctor);
	return ret;
}

const struct command command_doctor = {
	.name = "doctor",
	.synopsis = "[--no-live-view]",
	.summary = "say what stands between you and a camera, and what to do about it",
	.details =
		"A line for each thing that was looked at: ok; a note, for what is not in the way "
		"but "
		"worth knowing; or a problem, with its remedy on the next line. The way to the "
		"camera is followed up to the first problem. The exit status is 0 where nothing is "
		"in the way, else what a command would have ended with. Nothing of the camera is "
		"changed; its live view is switched on for a moment to see how fast it is.",
	.options = options,
	.examples = "opencamrc -r router doctor\n"
		    "opencamrc doctor --json | jq -r 'select(.state == \"problem\").remedy'",
	.run = run_doctor,
};
