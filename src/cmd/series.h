/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shots of a capture, one after the other, and the files of each. */
#ifndef CMD_SERIES_H
#define CMD_SERIES_H

#include "cmd/capture-options.h"

/*
 * Takes all shots, fetches and prints what they made. The first error ends it; files that are not
 * as they were asked for are counted in capture->fetch.missing. A lens that was moved is moved back;
 * settings that were changed are in `restore`, for the caller to put back.
 */
int series_run(struct capture_options *capture, struct call *call, struct restore *restore,
	struct orc_error *err) must_check;

#endif
