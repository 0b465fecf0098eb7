/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval's journal: what was planned, and what became of every slot; written and read back. */
#ifndef SCHEDULE_JOURNAL_H
#define SCHEDULE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "schedule/grid.h"

/*
 * A file of JSON lines beside the pictures. Every line is an object with "event" and "time"; each is
 * one write() at the end of the file. Times are local with their offset, "elapsed" and durations are
 * seconds. Keys may be added; none goes or changes its meaning.
 *
 *   plan     the first line: "version" 1, "boot", and the plan's keys (struct journal_plan)
 *   begin    "slot","planned","elapsed": written before the shutter is released, so that a slot that
 *            a power cut may have caught half-way is never shot again
 *   shot     "slot","planned","released","completed","late","files","exposure": the slot has its
 *            picture. files: [{"path","size","sha256","camera","kept"}]; path null: on the card only
 *   files    "slot","files": they came later, from the card: at the end, or after a crash
 *   failed   "slot","planned","why": begun, and no picture
 *   missed   "slot","last","planned","planned_last","elapsed","elapsed_last","why": never begun
 *   recovery "rung","lost","why", maybe "slot": the camera, the card or the link, and what was done
 *   clock    "step","anchored","elapsed","slot","planned": the wall clock was set; with anchored the
 *            grid counts from that slot and time
 *   resume   "boot","slot": a run goes on, with that slot as the next
 *   note     "why": anything else worth a line
 *   end      "why","taken","missed","failed"
 *
 * "boot" is the kernel's id of this boot: "elapsed" means something within one only.
 */
#define JOURNAL_VERSION 1

enum journal_event {
	JOURNAL_PLAN,
	JOURNAL_BEGIN,
	JOURNAL_SHOT,
	JOURNAL_FILES,
	JOURNAL_FAILED,
	JOURNAL_MISSED,
	JOURNAL_RECOVERY,
	JOURNAL_CLOCK,
	JOURNAL_RESUME,
	JOURNAL_NOTE,
	JOURNAL_END,
};

/* Limits on what is read; a line beyond them is damaged. Each several times what a long run writes. */
#define JOURNAL_LINE_MAX  65536 /* bytes of a line */
#define JOURNAL_FILES_MAX 64    /* files of a slot: raw, JPEG, a burst */
#define JOURNAL_TEXT_MAX  4096  /* bytes of a text: PATH_MAX */
#define JOURNAL_SLOT_MAX  INT64_C(999999999999)
#define JOURNAL_KNOWN_MAX                                                                          \
	((size_t)1 << 22) /* files of a run: a fortnight of raw and JPEG at 0.5 s */

/* How many texts a plan has. */
#define JOURNAL_PLAN_TEXTS 8

/* Texts are as the user wrote them, NULL when not given; times as in struct grid_plan. */
struct journal_plan {
	nsec_t every, start, align, lasting, until, late;
	uint64_t count;
	const char *between, *days, *at; /* several windows joined by commas */
	const char *pattern;             /* -o */
	const char *keep;            /* what becomes of the pictures: the command's word for it */
	const char *camera, *serial; /* the model, and which one */
	const char *address;         /* remote or port */
};

struct journal_file {
	const char *path;   /* relative to the journal's folder; NULL: not fetched */
	const char *camera; /* folder and name on the card; NULL: never was there */
	const char *sha256; /* 64 hexadecimal digits; NULL: not known */
	uint64_t size;
	bool kept; /* it is (still) on the card */
};

/* NAN: not known. */
struct journal_exposure {
	double shutter;  /* seconds */
	double aperture; /* f-number */
	double iso;
	double brightness; /* of the picture: linear mean, 0 to 1 */
	double offset; /* stops that the picture lacks (positive) to its target, see schedule/ramp.h */
};

/*
 * One line, for both directions. Which fields count depends on the event, see above; the others are
 * ignored when writing, and zero, NULL or NAN when read. Texts are the caller's when writing, and the
 * reader's, until its function returns, when reading.
 */
struct journal_record {
	enum journal_event event;
	nsec_t time; /* wall; when writing 0: now */
	struct slot slot, last;
	nsec_t released, completed; /* wall */
	nsec_t late;                /* release less planned, on the elapsed clock */
	struct journal_exposure exposure;
	const struct journal_file *files;
	size_t file_count;
	const char *why, *rung, *boot;
	nsec_t lost, step;
	bool anchored;
	uint64_t taken, missed, failed;
	const struct journal_plan *plan;
};

/* ---- Writing; one thread ---- */

/*
 * To the disk: every line is in the kernel's hands when the call returns, so a crash of the program
 * loses none. fdatasync() follows at once for plan, resume, recovery and end; for the others unless
 * the last was less than JOURNAL_SYNC ago, and then with the next line or journal_flush(). A cut of
 * the power may thus lose what was written in the last second; the slots of that second are past when
 * the machine is up again, and come out as missed, with numbers that are not used again. It takes 1
 * to 500 ms on an SD card: so `begin` is to be written as soon as the slot before is settled, in the
 * time of waiting, not when the picture is due.
 */
#define JOURNAL_SYNC NSEC_PER_SEC

struct journal {
	int fd;
	nsec_t synced; /* on the machine's monotonic clock */
	bool dirty;
	bool torn; /* the file ends within a line */
	const struct timepiece *timepiece;
	char *path; /* for errors */
};

/*
 * A new one, with its plan and the wall time that its times were reckoned from (0: now), from which whoever
 * goes on with it reckons them again. ORC_EFILE, "file exists" included; ORC_EBUSY when another process
 * writes it, which a lock (flock) on the file sees to.
 */
int journal_create(struct journal *journal, int cwd, const char *path,
	const struct journal_plan *plan, nsec_t time, const struct timepiece *timepiece,
	struct orc_error *err) must_check;
/*
 * One that is there, to be gone on with; nothing is taken out of it: a torn last line gets its line
 * end. Lock first (this), then read, then journal_write() a resume.
 */
int journal_continue(struct journal *journal, int cwd, const char *path,
	const struct timepiece *timepiece, struct orc_error *err) must_check;
/*
 * Of one that journal_continue() has opened and that cannot be read: was whoever made it cut off before its plan
 * was there? Then it is empty, or all of it is the beginning of a plan's line. Such a one, and no other, may be
 * given its plan: ORC_EFILE.
 */
bool journal_is_unborn(const struct journal *journal);
int journal_begin(struct journal *journal, const struct journal_plan *plan, nsec_t time,
	struct orc_error *err) must_check;
/*
 * Appends one line. Bytes that are not UTF-8 become '?', texts are cut at JOURNAL_TEXT_MAX. ORC_EFILE;
 * a line that went half to a full disk is ended as soon as there is room, and the next starts anew.
 */
int journal_write(struct journal *journal, const struct journal_record *record,
	struct orc_error *err) must_check;
int journal_flush(struct journal *journal, struct orc_error *err) must_check;
void journal_close(struct journal *journal); /* flushes as well as it can; legal twice */
#define JOURNAL_BOOT_SIZE 40
/* The kernel's id of this boot, 36 characters; empty where there is none. */
const char *journal_boot(char buf[static JOURNAL_BOOT_SIZE]);

/* ---- Reading ---- */

/*
 * Hands every sound line to `take`, in order; lines that are no JSON, break a limit, lack what their
 * event needs, or are of an unknown event are counted and passed over, and so is a last line without
 * a line end unless it is whole. Unknown keys are ignored. Not a journal at all (the first line is no
 * plan of a known version): ORC_EUSAGE. `take` returns 0, or a code that ends the reading and is
 * returned. Memory: one line.
 */
struct journal_damage {
	uint64_t lines; /* passed over */
	uint64_t first; /* the first of them, counted from 1 */
	bool torn;      /* the last line was cut off */
};

typedef int journal_taker(void *data, const struct journal_record *record);

int journal_read(int fd, journal_taker *take, void *data, struct journal_damage *damage,
	struct orc_error *err) must_check;

/* What --resume wants to know. journal_state_free() frees all that it points to. */
struct journal_state {
	struct journal_plan plan;
	struct grid_mark mark; /* for grid_resume(); only if any */
	bool any;              /* a slot was begun or missed */
	bool open;             /* the last slot was begun, and nothing says what became of it */
	bool ended;            /* there is an end behind it all; a run that was complete */
	uint64_t taken, missed, failed;
	nsec_t last_time; /* of the last line */
	struct journal_damage damage;
	/* inside: hashes of paths, sorted */
	struct journal_known {
		uint64_t *hashes;
		size_t count, room;
	} paths, cameras;
	char *texts[JOURNAL_PLAN_TEXTS]; /* inside: the plan's, to be freed */
};

/*
 * Reads from the start of fd, once: each line is `also`'s as well (NULL: nobody's), for a journal of weeks is
 * long. ORC_EUSAGE as above or with more than JOURNAL_KNOWN_MAX files; ORC_EFILE; what `also` returns.
 */
int journal_state_read(struct journal_state *state, int fd, journal_taker *also, void *data,
	struct orc_error *err) must_check;
void journal_state_free(struct journal_state *state);
/* Has a slot a file of that local path? And one from the card of that name and size? */
bool journal_knows_path(const struct journal_state *state, const char *path);
bool journal_knows_camera(const struct journal_state *state, const char *camera, uint64_t size);
/*
 * Is the plan one that the journal can be gone on with? The grid, the windows, the pattern and the
 * camera must be the same; count, lasting, until, late, keep and the address may change. ORC_EUSAGE
 * that names what differs.
 */
int journal_plan_compare(const struct journal_plan *had, const struct journal_plan *wanted,
	struct orc_error *err) must_check;

#endif
