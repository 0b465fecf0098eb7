/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One call of a command: its options and words parsed, its camera opened. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/nearest.h"
#include "session/owner.h"
#include "usbip/config.h"

/* An answer takes no longer where the processor is busy. */
#define ANSWER_MSEC 3000

enum { /* above every command's own */
	GLOBAL_REMOTE = 1000,
	GLOBAL_ALL,
	GLOBAL_PORT,
	GLOBAL_SSH,
	GLOBAL_CAMERA,
	GLOBAL_SANDBOX,
	GLOBAL_TIMEOUT,
	GLOBAL_WAIT,
	GLOBAL_JSON,
	GLOBAL_QUIET,
	GLOBAL_DEBUG,
	GLOBAL_DEBUG_LOGFILE,
	GLOBAL_HELP,
	GLOBAL_USAGE,
	GLOBAL_VERSION,
};

const struct poptOption global_options[] = {
	{ "remote", 'r', POPT_ARG_STRING, NULL, GLOBAL_REMOTE,
		"a camera shared by another machine: HOST[:PORT][/BUSID], ssh://HOST[/BUSID] or an "
		"alias; several side by side where it is repeated",
		"ADDRESS" },
	{ "all", 0, POPT_ARG_NONE, NULL, GLOBAL_ALL,
		"all cameras that `list` shows, side by side; before the command's name", NULL },
	{ "port", 0, POPT_ARG_STRING, NULL, GLOBAL_PORT,
		"a libgphoto2 port: usb:BUS,DEVICE, ptpip:HOST, usbip:ADDRESS", "PORT" },
	{ "camera", 0, POPT_ARG_STRING, NULL, GLOBAL_CAMERA,
		"libgphoto2's name of the model, instead of asking the camera", "MODEL" },
	{ "ssh", 0, POPT_ARG_STRING, NULL, GLOBAL_SSH,
		"the ssh command for an ssh:// address, run by sh (default ssh)", "COMMAND" },
	{ "sandbox", 0, POPT_ARG_NONE, NULL, GLOBAL_SANDBOX,
		"the process that holds the camera gets no files, programs and connections by "
		"itself; or no camera",
		NULL },
	{ "timeout", 0, POPT_ARG_STRING, NULL, GLOBAL_TIMEOUT,
		"a link silent for so long is lost (default 5s)", "DURATION" },
	{ "wait", 0, POPT_ARG_STRING, NULL, GLOBAL_WAIT,
		"how long to wait for a camera that another command is using (default 90s)",
		"DURATION" },
	{ "json", 0, POPT_ARG_NONE, NULL, GLOBAL_JSON, "answer in JSON, one object a line", NULL },
	{ "quiet", 'q', POPT_ARG_NONE, NULL, GLOBAL_QUIET, "say nothing but the answer and errors",
		NULL },
	{ "debug", 0, POPT_ARG_NONE, NULL, GLOBAL_DEBUG, "tell every step on stderr", NULL },
	{ "debug-logfile", 0, POPT_ARG_STRING, NULL, GLOBAL_DEBUG_LOGFILE,
		"tell every step in FILE", "FILE" },
	{ "help", '?', POPT_ARG_NONE, NULL, GLOBAL_HELP, "show this help", NULL },
	{ "usage", 0, POPT_ARG_NONE, NULL, GLOBAL_USAGE, "show the synopsis alone", NULL },
	{ "version", 0, POPT_ARG_NONE, NULL, GLOBAL_VERSION, "show the versions", NULL },
	POPT_TABLEEND
};

static const struct poptOption no_options[] = {
	POPT_TABLEEND,
};

static int take_global(struct call *call, const struct option_value *value, struct orc_error *err)
{
	struct globals *globals = &call->globals;
	nsec_t nsec;
	int ret;

	switch (value->val) {
	case GLOBAL_REMOTE:
		globals->remote = value->arg;
		globals->remotes = orc_must(reallocarray(
			globals->remotes, globals->remote_count + 1, sizeof(*globals->remotes)));
		globals->remotes[globals->remote_count++] = value->arg;
		break;
	case GLOBAL_ALL:
		globals->all = true;
		break;
	case GLOBAL_PORT:
		globals->port = value->arg;
		break;
	case GLOBAL_SSH:
		globals->ssh = value->arg;
		break;
	case GLOBAL_CAMERA:
		globals->model = value->arg;
		break;
	case GLOBAL_SANDBOX:
		globals->sandbox = true;
		break;
	case GLOBAL_TIMEOUT:
		call->value = value;
		ret = call_duration(call, &nsec, err);
		if (ret < 0)
			return ret;
		globals->timeout_msec = (nsec + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
		if (globals->timeout_msec <= 0)
			return call_misused(call, err, "--timeout 0 leaves no time at all");
		break;
	case GLOBAL_WAIT:
		call->value = value;
		return call_duration(call, &globals->wait_nsec, err);
	case GLOBAL_JSON:
		globals->json = true;
		break;
	case GLOBAL_QUIET:
		globals->quiet = true;
		break;
	case GLOBAL_DEBUG:
		globals->debug = true;
		break;
	case GLOBAL_DEBUG_LOGFILE:
		globals->debug_logfile = value->arg;
		break;
	case GLOBAL_HELP:
		globals->help = true;
		break;
	case GLOBAL_USAGE:
		globals->usage = true;
		break;
	default:
		globals->version = true;
		break;
	}
	return 0;
}

static void try_options(struct nearest *nearest, const struct poptOption *option)
{
	for (; option->longName || option->shortName || option->arg; option++)
		if (option->longName)
			nearest_try(nearest, option->longName);
}

static int fail_option(struct call *call, poptContext context, int code, struct orc_error *err)
{
	const char *bad = poptBadOption(context, 0);
	struct nearest nearest = { .word = bad ? bad + strspn(bad, "-") : "" };

	if (code != POPT_ERROR_BADOPT) {
		orc_fail(err, ORC_EUSAGE, "%s", poptStrerror(code));
		orc_what(err, "%s", bad ? bad : "options");
		if (call->command)
			orc_hint(err, "opencamrc help %s tells more", call->command->name);
		return ORC_EUSAGE;
	}
	if (call->command)
		try_options(&nearest, call->command->options);
	try_options(&nearest, global_options);
	orc_fail(err, ORC_EUSAGE, "unknown option %s", bad);
	if (nearest.best && strncmp(bad, "--", 2) == 0)
		return orc_hint(err, "did you mean --%s?", nearest.best);
	if (!call->command)
		return orc_hint(err, "opencamrc --help lists them");
	return orc_hint(err, "opencamrc help %s lists them", call->command->name);
}

static const char *name_of(const struct poptOption *tables[], int val, char *buf, size_t size)
{
	const struct poptOption *option;
	size_t i;

	for (i = 0; i < 2; i++)
		for (option = tables[i]; option->longName || option->shortName; option++)
			if (option->val == val) {
				snprintf(buf, size, "--%s", option->longName);
				return buf;
			}
	return "option";
}

/* Runs popt over argv; every option becomes an entry of call->values or of call->globals. */
static int parse(struct call *call, int slot, int argc, const char **argv, bool stop_at_word,
	struct orc_error *err)
{
	const struct poptOption *own = call->command ? call->command->options : no_options;
	const struct poptOption *tables[] = { own ? own : no_options, global_options };
	const struct poptOption both[] = {
		{ NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)(uintptr_t)tables[0], 0, NULL, NULL },
		{ NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)(uintptr_t)tables[1], 0, NULL, NULL },
		POPT_TABLEEND,
	};
	poptContext context;
	char name[64];
	int val, ret;

	context = poptGetContext(
		"opencamrc", argc, argv, both, stop_at_word ? POPT_CONTEXT_POSIXMEHARDER : 0);
	call->contexts[slot] = orc_must(context);
	while ((val = poptGetNextOpt(context)) >= 0) {
		struct option_value *value;

		call->values = orc_must(
			realloc(call->values, (call->value_count + 1) * sizeof(*call->values)));
		value = &call->values[call->value_count++];
		*value = (struct option_value){ .val = val, .arg = poptGetOptArg(context) };
		value->name = orc_must(strdup(name_of(tables, val, name, sizeof(name))));
		if (val < GLOBAL_REMOTE)
			continue;
		ret = take_global(call, value, err);
		if (ret < 0)
			return ret;
	}
	if (val < -1)
		return fail_option(call, context, val, err);
	call->words = (const char *const *)poptGetArgs(context);
	call->word_count = 0;
	while (call->words && call->words[call->word_count])
		call->word_count++;
	return 0;
}

int call_parse_globals(struct call *call, int argc, const char **argv, struct orc_error *err)
{
	int ret;

	/* `--timeout` stands above it. */
	ret = usbip_config_timeout(
		io_getenv(call->io, USBIP_TIMEOUT), &call->globals.timeout_msec, err);
	return ret < 0 ? ret : parse(call, 0, argc, argv, true, err);
}

int call_parse_command(struct call *call, int argc, const char **argv, struct orc_error *err)
{
	return parse(call, 1, argc, argv, call->command->words_end_options, err);
}

void call_free(struct call *call)
{
	size_t i;

	call_rest(call);
	for (i = 0; i < call->value_count; i++) {
		free(call->values[i].arg);
		free(call->values[i].name);
	}
	free(call->values);
	free(call->globals.remotes);
	call->globals.remotes = NULL;
	call->globals.remote_count = 0;
	call->values = NULL;
	call->value_count = 0;
	for (i = 0; i < ARRAY_LENGTH(call->contexts); i++)
		call->contexts[i] = poptFreeContext(call->contexts[i]);
}

int call_next(struct call *call)
{
	while (call->value_next < call->value_count) {
		call->value = &call->values[call->value_next++];
		if (call->value->val < GLOBAL_REMOTE)
			return call->value->val;
	}
	return 0;
}

bool call_is_all(const struct option_value *value)
{
	return value->val == GLOBAL_ALL;
}

int call_long(
	const struct call *call, long minimum, long maximum, long *value, struct orc_error *err)
{
	const char *text = call->value->arg;
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (errno || end == text || *end)
		return call_misused(call, err, "%s: %s is not a number", call->value->name, text);
	if (*value < minimum)
		return call_misused(
			call, err, "%s: %s is less than %ld", call->value->name, text, minimum);
	if (*value > maximum)
		return call_misused(
			call, err, "%s: %s is more than %ld", call->value->name, text, maximum);
	return 0;
}

int call_change(const struct call *call, struct setting_change **changes, size_t *count,
	struct orc_error *err)
{
	char *equals = strchr(call->value->arg, '=');

	if (!equals || equals == call->value->arg)
		return call_misused(call, err, "%s %s: NAME=VALUE is needed", call->value->name,
			call->value->arg);
	*equals = '\0';
	*changes = orc_must(realloc(*changes, (*count + 1) * sizeof(**changes)));
	(*changes)[(*count)++] = (struct setting_change){
		.name = call->value->arg,
		.value = equals + 1,
	};
	return 0;
}

int call_duration(const struct call *call, nsec_t *nsec, struct orc_error *err)
{
	if (duration_parse(call->value->arg, nsec) == 0)
		return 0;
	orc_fail(err, ORC_EUSAGE, "%s: %s is not a duration", call->value->name, call->value->arg);
	return orc_hint(err, "300ms, 2.5s, 10m and 8h are");
}

int call_some_time(const struct call *call, nsec_t *nsec, struct orc_error *err)
{
	int ret = call_duration(call, nsec, err);

	if (ret == 0 && *nsec <= 0)
		return call_misused(call, err, "%s %s leaves no time at all", call->value->name,
			call->value->arg);
	return ret;
}

int call_no_more_words(const struct call *call, size_t taken, struct orc_error *err)
{
	if (call->word_count <= taken)
		return 0;
	return call_misused(call, err, "unexpected argument: %s", call->words[taken]);
}

int call_misused(const struct call *call, struct orc_error *err, const char *why, ...)
{
	char text[sizeof(err->why)];
	va_list ap;

	va_start(ap, why);
	vsnprintf(text, sizeof(text), why, ap);
	va_end(ap);
	orc_fail(err, ORC_EUSAGE, "%s", text);
	if (!call->command)
		return orc_hint(err, "opencamrc --help tells more");
	return orc_hint(err, "opencamrc help %s tells more", call->command->name);
}

const char *call_camera_name(const struct call *call)
{
	static const char driver[] = "usbip:";
	const char *name = call->globals.remote ? call->globals.remote : call->globals.port;

	if (!name)
		name = call->io->job ? call->io->job->key : "camera";
	return strncmp(name, driver, strlen(driver)) == 0 ? name + strlen(driver) : name;
}

struct camera_options call_camera_options(struct call *call)
{
	return (struct camera_options){
		.address = {
			.remote = call->globals.remote,
			.port = call->globals.port,
			.model = call->globals.model,
			.ssh = call->globals.ssh,
		},
		.timeout_msec = call->globals.timeout_msec,
		.cancelled = io_cancelled,
		.cancelled_data = call->io,
		.progress = progress_update,
		.progress_data = &call->progress,
	};
}

int64_t call_patience_msec(const struct call *call)
{
	int64_t wait_msec = call->globals.wait_nsec / NSEC_PER_MSEC;

	return wait_msec > ANSWER_MSEC ? wait_msec : ANSWER_MSEC;
}

/* Where it is to be opened, the key that brought the caller here says which one it is. */
static void put_key(struct camera_address *address, const char *key)
{
	address->remote = NULL;
	address->port = strcmp(key, "local") == 0 ? NULL : key;
}

/* Somebody at a terminal wonders. */
static void tell_waiting(void *data)
{
	struct call *call = data;

	if (call->io->err_tty && !call->begun)
		call_warn(call, "waiting for another command that is using the camera");
}

static struct held_request make_request(struct call *call)
{
	const struct job *job = call->io->job;
	struct held_request request = {
		.name = job->key,
		.first = !call->begun,
		.options = call_camera_options(call),
		.deadline = deadline_after_msec(call->globals.wait_nsec / NSEC_PER_MSEC),
		.waiting = tell_waiting,
		.waiting_data = call,
	};

	put_key(&request.options.address, job->key);
	return request;
}

int call_seek_holder(struct call *call, struct orc_error *err)
{
	const struct held_request request = make_request(call);
	struct job *job = call->io->job;

	return held_seek(job->held, &request, job->moved, err);
}

static int take_camera(struct call *call, struct orc_error *err)
{
	const struct held_request request = make_request(call);
	struct job *job = call->io->job;
	char elsewhere[PLACE_KEY_SIZE];
	int ret;

	ret = held_take(job->held, &request, &call->camera, elsewhere, err);
	/* What has been done already is not to be done again there. */
	if (!call->begun)
		memcpy(job->moved, elsewhere, sizeof(job->moved));
	if (ret == 0)
		call->begun = true;
	return ret;
}

int call_camera(struct call *call, struct camera **camera, struct orc_error *err)
{
	int ret;

	if (!call->camera) {
		ret = take_camera(call, err);
		if (ret < 0)
			return ret;
	}
	*camera = call->camera;
	return 0;
}

void call_rest(struct call *call)
{
	if (!call->camera)
		return;
	call->camera = NULL;
	held_give(call->io->job->held);
}

int call_sleep_until(struct call *call, struct deadline deadline)
{
	call_rest(call);
	return io_sleep_until(call->io, deadline);
}

struct camera *call_camera_to_end(struct call *call)
{
	call_rest(call);
	call->camera = held_take_open(call->io->job->held);
	return call->camera;
}

void call_drop_camera(struct call *call)
{
	if (!call->camera)
		return;
	call->camera = NULL;
	held_give_lost(call->io->job->held);
}

void call_report(const struct call *call, const struct orc_error *err)
{
	char line[640];

	orc_error_line(err, line, sizeof(line));
	if (call->command)
		io_complain(call->io, "opencamrc: %s: %s\n", call->command->name, line);
	else
		io_complain(call->io, "opencamrc: %s\n", line);
}

int call_first_error(const struct call *call, int ret, int ended, const struct orc_error *end_err,
	struct orc_error *err)
{
	if (ended < 0 && ret >= 0)
		*err = *end_err;
	else if (ended < 0 && ended != ORC_ESIGNAL)
		call_report(call, end_err);
	return ret < 0 ? ret : ended;
}

void call_warn(const struct call *call, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	io_note(call->io, "opencamrc: %s: %s\n", call->command->name, text);
}
