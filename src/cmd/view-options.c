/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What liveview's options ask for. */
#include "cmd/view-options.h"

#include <stdlib.h>
#include <string.h>

/* Within what a video device takes, and not so small that nothing is left. */
#define SIDE_MIN 32
#define SIDE_MAX 8192

enum {
	OPTION_FRAMES = 1,
	OPTION_DURATION,
	OPTION_FPS,
	OPTION_ROTATE,
	OPTION_SCALE,
	OPTION_SIZE,
	OPTION_QUALITY,
	OPTION_MPJPEG,
	OPTION_Y4M,
	OPTION_V4L2,
	OPTION_PIXEL_FORMAT,
	OPTION_OUTPUT,
	OPTION_FORCE,
	OPTION_RECOVER,
	OPTION_ON_LOST,
};

const struct poptOption view_option_table[] = {
	{ "frames", 0, POPT_ARG_STRING, NULL, OPTION_FRAMES, "end after N frames", "N" },
	{ "duration", 0, POPT_ARG_STRING, NULL, OPTION_DURATION,
		"end so long after the first frame", "DURATION" },
	{ "fps", 0, POPT_ARG_STRING, NULL, OPTION_FPS,
		"N frames a second at most; with --y4m and --v4l2 exactly (30 if not given)", "N" },
	{ "rotate", 0, POPT_ARG_STRING, NULL, OPTION_ROTATE,
		"turn clockwise by 90, 180 or 270 degrees", "DEGREES" },
	{ "scale", 0, POPT_ARG_STRING, NULL, OPTION_SCALE,
		"make frames smaller: 1/2, 1/4 or 1/8 of the size", "1/N" },
	{ "size", 0, POPT_ARG_STRING, NULL, OPTION_SIZE,
		"fit frames into that size, black where they do not fill it", "WIDTHxHEIGHT" },
	{ "quality", 0, POPT_ARG_STRING, NULL, OPTION_QUALITY,
		"JPEG quality, 1 to 100, of frames that are made again", "N" },
	{ "mpjpeg", 0, POPT_ARG_NONE, NULL, OPTION_MPJPEG,
		"write an HTTP multipart stream, with a header for each frame", NULL },
	{ "y4m", 0, POPT_ARG_NONE, NULL, OPTION_Y4M,
		"write YUV4MPEG2 video, of constant size and rate", NULL },
	{ "v4l2", 0, POPT_ARG_STRING, NULL, OPTION_V4L2,
		"be a webcam: write to a v4l2loopback device; `new` makes one", "DEVICE" },
	{ "pixel-format", 0, POPT_ARG_STRING, NULL, OPTION_PIXEL_FORMAT,
		"with --v4l2: yuv420p (if not given) or yuyv", "FORMAT" },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"write to FILE, which appears at the end; - is stdout", "FILE" },
	{ "force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE, "replace FILE if it exists", NULL },
	RECOVERY_POPT_OPTIONS(OPTION_RECOVER, OPTION_ON_LOST),
	POPT_TABLEEND,
};

static const struct {
	const char *name;
	enum loopback_pixels pixels;
} pixel_formats[] = {
	{ "yuv420p", LOOPBACK_I420 },
	{ "yuv420", LOOPBACK_I420 },
	{ "i420", LOOPBACK_I420 },
	{ "yuyv", LOOPBACK_YUYV },
	{ "yuyv422", LOOPBACK_YUYV },
};

static int take_pixel_format(struct view_options *options, struct call *call, struct orc_error *err)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(pixel_formats); i++)
		if (strcasecmp(call->value->arg, pixel_formats[i].name) == 0)
			break;
	if (i == ARRAY_LENGTH(pixel_formats))
		return call_misused(call, err, "%s: %s is neither yuv420p nor yuyv",
			call->value->name, call->value->arg);
	options->pixels = pixel_formats[i].pixels;
	options->pixels_given = true;
	return 0;
}

static int take_rotate(struct view_change *change, struct call *call, struct orc_error *err)
{
	long degrees;
	int ret;

	ret = call_long(call, 0, 270, &degrees, err);
	if (ret < 0)
		return ret;
	if (degrees % 90)
		return call_misused(
			call, err, "%s: 90, 180 and 270 are possible", call->value->name);
	change->rotate = (unsigned int)degrees;
	return 0;
}

static int take_scale(struct view_change *change, struct call *call, struct orc_error *err)
{
	const char *text = call->value->arg;

	if (strncmp(text, "1/", 2) != 0 || !strchr("1248", text[2]) || !text[2] || text[3])
		return call_misused(
			call, err, "%s: %s is none of 1/1, 1/2, 1/4, 1/8", call->value->name, text);
	change->denominator = (unsigned int)(text[2] - '0');
	return 0;
}

static int take_size(struct view_change *change, struct call *call, struct orc_error *err)
{
	const char *text = call->value->arg;
	char *end;
	unsigned long width, height = 0;

	width = strtoul(text, &end, 10);
	if (end != text && (*end == 'x' || *end == 'X')) {
		text = end + 1;
		height = strtoul(text, &end, 10);
	}
	if (end == text || *end || width % 2 || height % 2 || width < SIDE_MIN ||
		height < SIDE_MIN || width > SIDE_MAX || height > SIDE_MAX)
		return call_misused(call, err,
			"%s: %s is not WIDTHxHEIGHT, both even, from %d to %d", call->value->name,
			call->value->arg, SIDE_MIN, SIDE_MAX);
	change->width = (unsigned int)width;
	change->height = (unsigned int)height;
	return 0;
}

static int take_form(
	struct view_options *options, struct call *call, enum view_form form, struct orc_error *err)
{
	if (options->form != VIEW_MJPEG && options->form != form)
		return call_misused(call, err, "--mpjpeg, --y4m and --v4l2 exclude one another");
	options->form = form;
	return 0;
}

static int take_quality(struct view_change *change, struct call *call, struct orc_error *err)
{
	long quality = 0;
	int ret;

	ret = call_long(call, 1, 100, &quality, err);
	change->quality = (int)quality;
	return ret;
}

static int take(struct view_options *options, struct call *call, int option, struct orc_error *err)
{
	const char *arg = call->value->arg;

	switch (option) {
	case OPTION_FRAMES:
		return call_long(call, 1, 1000000000, &options->frames, err);
	case OPTION_FPS:
		return call_long(call, 1, 1000, &options->fps, err);
	case OPTION_DURATION:
		return call_some_time(call, &options->duration_nsec, err);
	case OPTION_ROTATE:
		return take_rotate(&options->change, call, err);
	case OPTION_SCALE:
		return take_scale(&options->change, call, err);
	case OPTION_SIZE:
		return take_size(&options->change, call, err);
	case OPTION_QUALITY:
		return take_quality(&options->change, call, err);
	case OPTION_MPJPEG:
		return take_form(options, call, VIEW_MPJPEG, err);
	case OPTION_Y4M:
		return take_form(options, call, VIEW_Y4M, err);
	case OPTION_V4L2:
		options->device = arg;
		return take_form(options, call, VIEW_V4L2, err);
	case OPTION_PIXEL_FORMAT:
		return take_pixel_format(options, call, err);
	case OPTION_OUTPUT:
		options->path = strcmp(arg, "-") == 0 ? NULL : arg;
		break;
	case OPTION_FORCE:
		options->mode = OUTFILE_REPLACE;
		break;
	case OPTION_RECOVER:
		return recovery_parse(&options->recovery, call, err);
	case OPTION_ON_LOST:
		options->recovery.on_lost = arg;
		break;
	}
	return 0;
}

/* What does not go together. */
static int check(const struct view_options *options, struct call *call, struct orc_error *err)
{
	const struct view_change *change = &options->change;

	if (change->width && change->denominator > 1)
		return call_misused(call, err, "--scale and --size exclude one another");
	if (options->form == VIEW_V4L2 && options->path)
		return call_misused(call, err, "--v4l2 and --output exclude one another");
	if (options->pixels_given && options->form != VIEW_V4L2)
		return call_misused(call, err, "--pixel-format is for --v4l2");
	if (change->quality && (options->form == VIEW_Y4M || options->form == VIEW_V4L2))
		return call_misused(call, err, "--quality is for JPEG, which this is not");
	return 0;
}

int view_options_parse(struct call *call, struct view_options *options, struct orc_error *err)
{
	const nsec_t unsaid = INT64_MIN;
	int ret, option;

	options->recovery.give_up_nsec = unsaid;
	while ((option = call_next(call)) > 0) {
		ret = take(options, call, option, err);
		if (ret < 0)
			return ret;
	}
	if (options->recovery.give_up_nsec == unsaid)
		options->recovery.give_up_nsec =
			options->form == VIEW_V4L2 ? 0 : RECOVERY_DEFAULT_NSEC;
	ret = call_no_more_words(call, 0, err);
	return ret < 0 ? ret : check(options, call, err);
}
