/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc-simcam: a simulated camera behind a USB/IP server. */
#include <errno.h>
#include <popt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "config.h"
#include "simcam/camera.h"

#define DEFAULT_LISTEN "127.0.0.1:3240"
#define CAMERAS_MAX    64

struct arguments {
	struct sim_options camera;
	char *fault;
	char *light;
	int cameras;
	int loop_frames, loop_bytes; /* 0: not asked for */
	int quiet, debug, version, plain_list, log_releases, disk;
};

static int parse_faults(struct arguments *arguments, struct orc_error *err)
{
	char *rest = NULL, *word;
	int ret = 0;

	for (word = arguments->fault ? strtok_r(arguments->fault, ",", &rest) : NULL; word && !ret;
		word = strtok_r(NULL, ",", &rest))
		ret = sim_fault_parse(&arguments->camera.faults, word, err);
	return ret;
}

static int check(struct arguments *arguments, struct orc_error *err)
{
	const struct sim_options *camera = &arguments->camera;

	if (!(camera->speed >= 0.01 && camera->speed <= 1000))
		return orc_fail(err, ORC_EUSAGE, "--speed takes 0.01 to 1000");
	if (camera->fps < 1 || camera->fps > 1000)
		return orc_fail(err, ORC_EUSAGE, "--fps takes 1 to 1000");
	if (arguments->loop_frames < 0 || arguments->loop_frames > LOOP_FRAMES_MAX)
		return orc_fail(err, ORC_EUSAGE, "--live-view-loop takes 1 to %d", LOOP_FRAMES_MAX);
	if (arguments->loop_bytes < 0 || arguments->loop_bytes > LOOP_BYTES_MAX)
		return orc_fail(err, ORC_EUSAGE, "--live-view-bytes takes 1 to %d", LOOP_BYTES_MAX);
	if (arguments->loop_bytes && !arguments->loop_frames)
		return orc_fail(err, ORC_EUSAGE, "--live-view-bytes needs --live-view-loop");
	if (camera->battery < -1 || camera->battery > 100)
		return orc_fail(err, ORC_EUSAGE, "--battery takes 0 to 100");
	if (camera->auto_power_off < 0)
		return orc_fail(err, ORC_EUSAGE, "--auto-power-off takes 0 or more");
	if (arguments->cameras < 0 || arguments->cameras > CAMERAS_MAX)
		return orc_fail(err, ORC_EUSAGE, "--cameras takes 0 to %d", CAMERAS_MAX);
	if (arguments->light && light_parse(&arguments->camera.light, arguments->light, err) < 0)
		return ORC_EUSAGE;
	return parse_faults(arguments, err);
}

/* Ends cleanly on the usual signals: the descriptor becomes readable. */
static int watch_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	/* Before any thread is there, so that all of them have it blocked. */
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

struct rig { /* the cameras of one server */
	struct sim_options options[CAMERAS_MAX];
	struct sim_camera *cameras[CAMERAS_MAX];
	struct live_loop *loop; /* all of them show it */
	char *texts[3 * CAMERAS_MAX];
	size_t text_count;
	int count;
};

/* NULL stays NULL; the first camera has the text as it is, the others with their number. */
static const char *numbered(struct rig *rig, const char *text, int number)
{
	char *own;

	if (!text || number == 0)
		return text;
	if (asprintf(&own, "%s-%d", text, number + 1) < 0)
		own = orc_must(NULL);
	rig->texts[rig->text_count++] = own;
	return own;
}

static int start_loop(struct rig *rig, const struct arguments *arguments, struct orc_error *err)
{
	const struct sim_options *options = &arguments->camera;
	const struct scene_options scene = { .source = options->scene,
		.seed = (uint64_t)options->seed,
		.fps = (unsigned)options->fps };

	if (!arguments->loop_frames)
		return 0;
	return live_loop_new(&rig->loop, &scene, (unsigned)arguments->loop_frames,
		(size_t)arguments->loop_bytes, err);
}

static int rig_start(struct rig *rig, const struct arguments *arguments, struct orc_error *err)
{
	const struct sim_options *options = &arguments->camera;
	int ret = start_loop(rig, arguments, err);

	for (int i = 0; !ret && i < arguments->cameras; i++) {
		rig->options[i] = *options;
		rig->options[i].loop = rig->loop;
		rig->options[i].log_releases = arguments->log_releases;
		rig->options[i].disk = arguments->disk;
		rig->options[i].number = (unsigned)i;
		rig->options[i].card = numbered(rig, options->card, i);
		rig->options[i].control = numbered(rig, options->control, i);
		rig->options[i].serial = numbered(rig, options->serial, i);
		ret = sim_camera_new(&rig->cameras[i], &rig->options[i], err);
		rig->count += !ret;
	}
	return ret;
}

static void rig_stop(struct rig *rig)
{
	for (int i = 0; i < rig->count; i++)
		sim_camera_destroy(rig->cameras[i]);
	for (size_t i = 0; i < rig->text_count; i++)
		free(rig->texts[i]);
	live_loop_destroy(rig->loop);
}

static int serve(const struct arguments *arguments, struct orc_error *err)
{
	const struct sim_options *options = &arguments->camera;
	const struct usbip_server_options listen = {
		.listen = options->listen ? options->listen : DEFAULT_LISTEN,
		.quiet = arguments->quiet,
		.plain_list = arguments->plain_list,
	};
	struct usbip_server *server = NULL;
	cleanup_close int stop_fd = watch_signals();
	struct rig rig = { 0 };
	int ret = rig_start(&rig, arguments, err);

	if (!ret)
		ret = usbip_server_new(&server, &listen, err);
	if (!ret) {
		for (int i = 0; i < rig.count; i++)
			usbip_server_add(server, &rig.cameras[i]->usb.device);
		printf("listening on %s\n", usbip_server_address(server));
		fflush(stdout);
		ret = usbip_server_run(server, stop_fd, err);
	}
	usbip_server_destroy(server);
	rig_stop(&rig);
	return ret;
}

/* popt gives each text to the caller. */
static void free_texts(struct arguments *arguments)
{
	struct sim_options *camera = &arguments->camera;
	const char *texts[] = { camera->body, camera->listen, camera->card, camera->scene,
		camera->serial, camera->card_size, camera->control, arguments->fault,
		arguments->light };

	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		free((char *)texts[i]);
}

int main(int argc, const char **argv)
{
	struct arguments arguments = {
		.camera = { .speed = 1, .fps = 30, .seed = 1, .battery = -1 },
		.cameras = 1,
	};
	struct sim_options *camera = &arguments.camera;
	const struct poptOption options[] = {
		{ "body", 'b', POPT_ARG_STRING, &camera->body, 0,
			"Camera model: eos1200d, d750, plain (eos1200d)", "NAME" },
		{ "listen", 'l', POPT_ARG_STRING, &camera->listen, 0,
			"Where to serve; port 0 takes any free one (" DEFAULT_LISTEN ")",
			"ADDR:PORT" },
		{ "card", 'c', POPT_ARG_STRING, &camera->card, 0,
			"Folder that is the memory card; kept (a temporary one)", "DIR" },
		{ "card-size", 0, POPT_ARG_STRING, &camera->card_size, 0,
			"Capacity that the card has, with K, M or G", "BYTES" },
		{ "control", 0, POPT_ARG_STRING, &camera->control, 0,
			"FIFO for the user's hand: press [N], hold, release, set DIAL VALUE, "
			"focus POSITION, off, on, fault KIND@N",
			"PATH" },
		{ "scene", 's', POPT_ARG_STRING, &camera->scene, 0,
			"What it sees: a JPEG, a folder of them, an MJPEG file (drawn)", "PATH" },
		{ "light", 0, POPT_ARG_STRING, &arguments.light, 0,
			"How bright it is: an EV, or sunset:DURATION or sunrise:DURATION, 14 stops "
			"from the first picture on (as the scene is drawn)",
			"LIGHT" },
		{ "fps", 0, POPT_ARG_INT, &camera->fps, 0, "Live view frames a second (30)", "N" },
		{ "live-view-loop", 0, POPT_ARG_INT, &arguments.loop_frames, 0,
			"Draw N frames at the start and repeat them, for measuring", "N" },
		{ "live-view-bytes", 0, POPT_ARG_INT, &arguments.loop_bytes, 0,
			"Frames of that loop have so many bytes", "N" },
		{ "speed", 0, POPT_ARG_DOUBLE, &camera->speed, 0,
			"Makes everything but live view so many times faster (1)", "X" },
		{ "seed", 0, POPT_ARG_INT, &camera->seed, 0,
			"The same seed draws the same scene (1)", "N" },
		{ "serial", 0, POPT_ARG_STRING, &camera->serial, 0, "Serial number", "TEXT" },
		{ "battery", 0, POPT_ARG_INT, &camera->battery, 0,
			"How full the battery is (as the body has it)", "PERCENT" },
		{ "auto-power-off", 0, POPT_ARG_INT, &camera->auto_power_off, 0,
			"The menu's auto power off, which is told, not done; 0 is never (0)",
			"SECONDS" },
		{ "mass-storage", 0, POPT_ARG_NONE, &arguments.disk, 0,
			"The USB connection is set to mass storage: a disk instead of a camera",
			NULL },
		{ "cameras", 0, POPT_ARG_INT, &arguments.cameras, 0,
			"How many of them: busids 1-1, 1-2, ... (1)", "N" },
		{ "fault", 0, POPT_ARG_STRING, &arguments.fault, 0,
			"unplug-after=BYTES, stall-after=BYTES, hang-after=BYTES, busy=N, or "
			"KIND@N at the Nth transaction (stall, hang, late, truncated, oversized, "
			"garbage, busy, id, session, reset, vanish); with commas",
			"SPEC" },
		{ "plain-list", 0, POPT_ARG_NONE, &arguments.plain_list, 0,
			"List the camera as the kernel's server does: without its interfaces",
			NULL },
		{ "log-releases", 0, POPT_ARG_NONE, &arguments.log_releases, 0,
			"Tell when each shutter was released, on the monotonic clock, and each "
			"move of the lens",
			NULL },
		{ "quiet", 'q', POPT_ARG_NONE, &arguments.quiet, 0, "Say nothing but errors",
			NULL },
		{ "debug", 0, POPT_ARG_NONE, &arguments.debug, 0, "Tell every transaction", NULL },
		{ "version", 0, POPT_ARG_NONE, &arguments.version, 0, "Print the version", NULL },
		POPT_AUTOHELP POPT_TABLEEND,
	};
	struct orc_error err = { 0 };
	poptContext context = poptGetContext(NULL, argc, argv, options, 0);
	char line[640];
	int ret;

	log_set_name("opencamrc-simcam");
	ret = poptGetNextOpt(context);
	if (ret < -1)
		ret = orc_fail(
			&err, ORC_EUSAGE, "%s: %s", poptBadOption(context, 0), poptStrerror(ret));
	else if (poptPeekArg(context))
		ret = orc_fail(&err, ORC_EUSAGE, "no such argument: %s", poptPeekArg(context));
	else
		ret = check(&arguments, &err);
	if (arguments.quiet)
		log_set_level(LOG_LEVEL_ERROR);
	if (arguments.debug)
		log_set_level(LOG_LEVEL_DEBUG);
	if (!ret && arguments.version)
		printf("opencamrc-simcam %s\n", PACKAGE_VERSION);
	else if (!ret)
		ret = serve(&arguments, &err);
	if (ret)
		log_error("%s", orc_error_line(&err, line, sizeof(line)));
	poptFreeContext(context);
	free_texts(&arguments);
	return orc_exit_status((enum orc_err)ret, 0);
}
