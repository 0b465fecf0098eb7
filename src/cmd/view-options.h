/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What liveview's options ask for. */
#ifndef CMD_VIEW_OPTIONS_H
#define CMD_VIEW_OPTIONS_H

#include "base/outfile.h"
#include "cmd/command.h"
#include "cmd/recovery.h"
#include "cmd/view-image.h"
#include "v4l2/loopback.h"

enum view_form {
	VIEW_MJPEG,  /* JPEG frames one behind the other */
	VIEW_MPJPEG, /* the same as parts of an HTTP answer */
	VIEW_Y4M,    /* YUV4MPEG2 */
	VIEW_V4L2,   /* frames for a video device */
};

struct view_options {
	enum view_form form;
	struct view_change change;
	long frames, fps; /* 0: no limit; the usual rate */
	nsec_t duration_nsec;
	const char *path; /* NULL: stdout */
	enum outfile_mode mode;
	const char *device; /* with VIEW_V4L2 */
	enum loopback_pixels pixels;
	bool pixels_given;
	struct recovery_options recovery; /* a webcam never gives up, unless it is told to */
};

/* Frames a second of the forms that have a constant rate. */
#define VIEW_FPS_DEFAULT 30

extern const struct poptOption view_option_table[];

/* Reads the call's options. ORC_EUSAGE for one that is wrong, or that does not go with another. */
int view_options_parse(
	struct call *call, struct view_options *options, struct orc_error *err) must_check;

#endif
