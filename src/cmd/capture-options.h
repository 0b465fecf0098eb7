/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `capture` was asked for. */
#ifndef CMD_CAPTURE_OPTIONS_H
#define CMD_CAPTURE_OPTIONS_H

#include "camera/settings.h"
#include "camera/shoot.h"
#include "cmd/fetch.h"

struct capture_options {
	long count;
	bool interval_given, keep, card;
	nsec_t interval_nsec;
	struct shoot_options shoot;
	struct fetch fetch;
	struct setting_change *changes;
	size_t change_count;
};

extern const struct poptOption capture_option_table[];

/* Reads and checks them, and whether the first file could be written; ORC_EUSAGE, ORC_EFILE. */
int capture_options_read(
	struct capture_options *capture, struct call *call, struct orc_error *err) must_check;
void capture_options_free(struct capture_options *capture);

#endif
