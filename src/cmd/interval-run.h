/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval that is under way: its loop, its slots, its files; what the interval-*.c share. */
#ifndef CMD_INTERVAL_RUN_H
#define CMD_INTERVAL_RUN_H

#include "cmd/interval-options.h"
#include "cmd/interval-pace.h"
#include "cmd/recovery.h"
#include "schedule/timepiece.h"

struct json_object;

/* Begin the slot (a line on the disk) so long before its time; less where the slots are close. */
#define INTERVAL_AHEAD (2 * NSEC_PER_SEC)
/* The camera is taken, and made ready, so long before, twice as long as the last time took at least. */
#define INTERVAL_MARGIN_MIN (NSEC_PER_SEC * 15 / 100)
#define INTERVAL_MARGIN_MAX (NSEC_PER_SEC * 8)

/* A picture on the card that is to be fetched once there is time. */
struct interval_left {
	uint64_t slot;
	struct camera_file file;
	double offset; /* for its sidecar; NAN: not known */
};

/* A picture that is here, and on the card: what --on-full oldest may delete there. */
struct interval_copy {
	char *folder, *name;
	char *path; /* local, as it was written; NULL: that of the card is not here, and stays there */
	uint64_t size;
	uint64_t slot;
};

/* All of it is the one thread's. */
struct interval_run {
	struct interval_options *options;
	struct call *call;
	struct timepiece timepiece;
	struct journal journal;
	struct journal_state had; /* what was in it, for a run that is gone on with */
	struct grid_plan plan;
	struct grid grid;
	struct recovery recovery;
	char *journal_folder; /* with its slash, or "" */
	char *model, *serial;

	bool lost;        /* the camera, or the link */
	bool shut_out;    /* somebody else has the camera, or the journal */
	bool unsettled;   /* `open` may have its picture on the card */
	struct slot open; /* begun */
	char why[192];    /* of slots that are missed; empty: the default */
	bool full;        /* the card; pictures go elsewhere, or the run ends */
	const char *stop; /* why the run ends; NULL: it does not */
	bool given_up;    /* it ends by an error */

	uint64_t taken, missed, failed; /* all runs of the journal */
	uint64_t short_of;              /* slots of this run without a picture */
	nsec_t margin;                  /* see INTERVAL_MARGIN_MIN */
	nsec_t leads[8];                /* from the gate to the release, the last few; 0: none */
	unsigned lead_count;
	nsec_t late; /* of the last picture */
	struct interval_pace pace;
	uint64_t shot_bytes; /* of a picture's files */

	struct interval_left *left;
	size_t left_count;
	bool unwritable;   /* the last picture could not be written, though the disk is not full */
	nsec_t again_nsec; /* the next one is tried then, on the monotonic clock */
	struct interval_copy *copies; /* in any order */
	size_t copy_count, copy_room;
	bool copies_told; /* by the journal: the card may have others of those names by now, or none */
	char *newest_folder, *newest_name; /* the last picture on the card that is known */

	char battery[24];
	uint64_t card_images; /* that fit; 0: not known */
	uint64_t card_bytes;
	nsec_t asked_nsec; /* when those were asked for; 0: never */
	bool on_screen;
};

/* ---- interval.c ---- */

/* The camera at the start; a run that goes on has the patience of one that is under way. */
int interval_camera(
	struct interval_run *run, struct camera **camera, struct orc_error *err) must_check;

/* ---- interval-run.c ---- */

/* Slots until the end; the journal is open, the grid is set. */
int interval_loop(struct interval_run *run, struct orc_error *err) must_check;
/* An error that the ladder is for: the camera is lost, why is noted, 0. Any other code is returned. */
int interval_lose(struct interval_run *run, int error, const struct orc_error *err) must_check;
/* Waits for room where the disk is full. ORC_ESIGNAL, ORC_EFILE. */
int interval_write(struct interval_run *run, const struct journal_record *record,
	struct orc_error *err) must_check;
int interval_note(struct interval_run *run, struct orc_error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4))) must_check;
/* Waits until there may be room again: a while, or a signal (ORC_ESIGNAL). */
int interval_wait_room(struct interval_run *run, struct orc_error *err) must_check;
/* Is it a disk that is full? */
bool interval_is_disk_full(const struct orc_error *err);
/* Seconds of the machine as the injected clocks have them. */
nsec_t interval_scaled(const struct interval_run *run, nsec_t real);

/* ---- interval-shot.c ---- */

/* One slot, from its begin to what became of it. Negative ends the run. */
int interval_slot(
	struct interval_run *run, const struct slot *slot, struct orc_error *err) must_check;
/* The record of a slot without a picture; counted, printed. */
int interval_failed(struct interval_run *run, const struct slot *slot, const char *why,
	struct orc_error *err) must_check;

/* ---- interval-files.c ---- */

/* What became of the files of a slot; journal_file's texts are owned. */
struct interval_files {
	struct journal_file items[JOURNAL_FILES_MAX];
	char *names[JOURNAL_FILES_MAX]; /* as written, for hook and output; NULL: not fetched */
	size_t count;
	struct journal_exposure exposure;
};

void interval_files_free(struct interval_files *files);
/*
 * Fetches what can be fetched before `until` on the elapsed clock, and puts off the rest: all are in
 * `done`, those that are still on the card without a path. An error of a file's is noted, and the file
 * put off; negative: the camera is lost, or a signal came; what is not fetched then is in `done`, too.
 */
int interval_fetch(struct interval_run *run, struct camera *camera, uint64_t slot,
	const struct camera_file *files, size_t count, nsec_t until, struct interval_files *done,
	struct orc_error *err) must_check;
/* After the journal has them: deletes them on the card where they are not to stay; hooks, output. */
void interval_fetched(struct interval_run *run, struct interval_files *files);
/*
 * One of those put off, if it can be had before `until`. 1: one was; 0: none could. Negative, and interval_stays():
 * it could not be written, which is told, and is put off still.
 */
int interval_fetch_left(struct interval_run *run, nsec_t until, struct orc_error *err) must_check;
bool interval_stays(const struct interval_run *run, int error);
void interval_put_off(struct interval_run *run, uint64_t slot, const struct camera_file *file);
/* One of those put off is put off no longer. */
void interval_drop_left(struct interval_run *run, size_t index);
/*
 * Which of two files of a folder is older, as strcmp(): by their numbers, which a body gives to all that it writes,
 * whatever the letters before them (DCF); what has no number is older than what has one.
 */
int interval_order(const char *a, const char *b);
/* Remembers it as the newest on the card, if it is. */
void interval_know(struct interval_run *run, const char *folder, const char *name);

/* ---- interval-room.c ---- */

/* With --on-full oldest: a file of the card, and its copy here; path NULL: there is none. */
void interval_copied(
	struct interval_run *run, uint64_t slot, const struct camera_file *file, const char *path);
/* The card is full: what --on-full says. Negative: the camera is lost on the way to it, or the run ends. */
int interval_card_full(struct interval_run *run, struct orc_error *err) must_check;

/* ---- interval-ramp.c ---- */

/*
 * Behind interval_fetch(), where the exposure is ramped: measures the picture, fills in its brightness and
 * offset, writes its sidecar, and sets what the next one wants. What fails is told, and no more; but
 * negative: the camera is lost.
 */
int interval_ramp(struct interval_run *run, struct camera *camera, const struct slot *slot,
	const struct camera_file *files, size_t count, struct interval_files *done, nsec_t late,
	struct orc_error *err) must_check;
/*
 * The sidecars of a slot's files that are here by now: one for all whose names differ by their endings alone.
 * It names the RAW file, not the JPEG beside it, which waits for that. A file that is no sidecar of this
 * shot stays, and is told.
 */
void interval_sidecars(
	struct interval_run *run, uint64_t slot, const struct interval_files *done, double offset);
/* What those of the newest slot's files that were put off will have in theirs. */
void interval_offset(struct interval_run *run, uint64_t slot, double offset);

/* ---- interval-exposure.c ---- */

/* From the EXIF of a file that is here, RAW or JPEG; NAN where it does not say. */
void interval_exposure(int cwd, const char *path, struct journal_exposure *exposure);

/* ---- interval-resume.c ---- */

/* The journal made, or gone on with, and the grid. ORC_EBUSY: another run has it. */
int interval_open(
	struct interval_run *run, struct camera *camera, struct orc_error *err) must_check;
/* Looks on the card for the picture of the slot that was begun, fetches it, or says that there is none. */
int interval_settle(struct interval_run *run, struct orc_error *err) must_check;

/* ---- interval-status.c ---- */

/*
 * Battery and card, where they were not asked for lately. A failure is the next shot's to tell. Has it told of a
 * card now?
 */
bool interval_ask(struct interval_run *run, struct camera *camera, bool anyway);
/* It was asked just now. */
void interval_told(struct interval_run *run, const struct camera_info *info);
/* The line on a terminal; `next` may be NULL. */
void interval_show(struct interval_run *run, const struct slot *next);
void interval_hide(struct interval_run *run);
/* What became of a slot: an object with --json, else the names of the files. */
void interval_print(struct interval_run *run, const struct journal_record *record,
	const struct interval_files *files);

/* A time of day, in local time with its offset; 0 becomes null. */
void interval_put_time(struct json_object *object, const char *key, nsec_t wall);

/* ---- interval-report.c ---- */

int interval_report(const struct interval_options *options, struct call *call,
	struct orc_error *err) must_check;

#endif
