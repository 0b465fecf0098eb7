/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `interval` was asked for. */
#ifndef CMD_INTERVAL_OPTIONS_H
#define CMD_INTERVAL_OPTIONS_H

#include "camera/settings.h"
#include "camera/shoot.h"
#include "cmd/fetch.h"
#include "cmd/ramping.h"
#include "cmd/recovery.h"
#include "schedule/journal.h"
#include "schedule/window.h"

/* When the pictures are fetched. */
enum interval_download {
	DOWNLOAD_NOW,   /* each, as soon as there is time for it before the next slot */
	DOWNLOAD_END,   /* all of them once the last is taken */
	DOWNLOAD_NEVER, /* they stay on the card */
};

/* What is done about a card that is full. */
enum interval_on_full {
	ON_FULL_DEFAULT, /* ON_FULL_HOST with DOWNLOAD_NOW, else ON_FULL_STOP */
	ON_FULL_STOP,
	ON_FULL_OLDEST, /* the oldest pictures that are here are deleted there */
	ON_FULL_HOST,   /* from then on pictures go to the computer */
};

struct interval_options {
	nsec_t every;
	uint64_t count;
	nsec_t lasting, align, late;
	const char *start, *until; /* as they were written; their meaning depends on the time */
	char *between;             /* all of them, joined by commas */
	const char *days, *at;
	struct windows windows;
	enum interval_download download;
	enum interval_on_full on_full;
	bool keep, resume, once, skip; /* skip: rather than wait for the camera */
	bool memory;                   /* pictures go to the computer, not to the card */
	bool lock_given;
	struct recovery_options recovery;
	const char *report, *svg; /* --report: no picture is taken */
	char *journal;            /* its path; never NULL */
	struct shoot_options shoot;
	struct fetch fetch; /* pattern, wanted, no_keep, hook */
	struct ramping ramping;
	struct setting_change *changes;
	size_t change_count;
};

extern const struct poptOption interval_option_table[];

/* Reads and checks them; ORC_EUSAGE. */
int interval_options_read(
	struct interval_options *options, struct call *call, struct orc_error *err) must_check;
/*
 * The plan as the journal has it: `now` is the time that --start and --until count from, which is the
 * first start of all when a run is gone on with. Texts are the options'. ORC_EUSAGE.
 */
int interval_options_plan(struct interval_options *options, nsec_t now, struct journal_plan *plan,
	struct orc_error *err) must_check;
void interval_options_free(struct interval_options *options);

#endif
