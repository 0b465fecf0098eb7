/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `capture` was asked for. */
#ifndef CMD_CAPTURE_OPTIONS_H
#define CMD_CAPTURE_OPTIONS_H

#include "camera/settings.h"
#include "camera/shoot.h"
#include "cmd/fetch.h"
#include "cmd/vary.h"

struct capture_options {
	long count; /* of shots; with a bracket or a stack, of all of that */
	bool interval_given, keep, card, restore, timing;
	nsec_t interval_nsec;
	struct vary vary;  /* bracket and stack */
	nsec_t start_nsec; /* what `timing` counts from */
	struct shoot_options shoot;
	struct shoot_times times; /* of the last shot, with timing */
	struct fetch fetch;
	struct setting_change *changes;
	size_t change_count;
};

extern const struct poptOption capture_option_table[];

/* Of the whole series. */
long capture_options_shots(const struct capture_options *capture);
/* Reads and checks them, and whether the first file could be written; ORC_EUSAGE, ORC_EFILE. */
int capture_options_read(
	struct capture_options *capture, struct call *call, struct orc_error *err) must_check;
void capture_options_free(struct capture_options *capture);

#endif
