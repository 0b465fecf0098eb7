/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a journal adds up to: totals, lateness, gaps, and a plot of it. */
#ifndef SCHEDULE_REPORT_H
#define SCHEDULE_REPORT_H

#include "schedule/journal.h"

/* Slots in a row without a picture. */
struct report_gap {
	uint64_t first, last; /* slots */
	nsec_t from, until;   /* planned wall times of those two */
	char why[96];         /* of the first one */
};

struct report_point {
	nsec_t at; /* planned, wall */
	nsec_t late;
	double brightness; /* NAN: not known */
	double offset;
};

#define REPORT_GAPS_MAX 1000 /* told one by one; the others are counted */

struct report {
	struct journal_plan plan; /* texts are the report's */
	uint64_t slots;           /* numbers that were given out: the sum of the next five */
	uint64_t taken, missed, failed;
	uint64_t open;         /* begun, and the journal does not say what became of them */
	uint64_t unexplained;  /* not in the journal at all: lines were lost */
	uint64_t repeated;     /* told of again after their turn; must be 0, counted nowhere else */
	bool running;          /* the last slot is under way, or was when the power went: in open */
	uint64_t files, bytes; /* that were fetched */
	uint64_t resumes, recoveries, steps;
	nsec_t lost;        /* to recoveries */
	nsec_t first, last; /* planned wall times of the first and the last slot */
	bool ended;
	char why[96];                        /* the end's */
	nsec_t late_p50, late_p95, late_max; /* of the pictures taken; 0 when none was */
	struct report_gap *gaps;
	size_t gap_count;
	uint64_t gaps_more;          /* beyond REPORT_GAPS_MAX */
	struct report_point *points; /* one a picture, in the journal's order */
	size_t point_count;
	struct journal_damage damage;
	char *texts[JOURNAL_PLAN_TEXTS]; /* inside: the plan's, to be freed */
};

/*
 * From a journal, also from one that is being written; it adds up: slots = taken + missed + failed +
 * open + unexplained. ORC_EUSAGE, ORC_EFILE as journal_read(). report_free() after success and failure.
 */
int report_read(struct report *report, int fd, struct orc_error *err) must_check;
void report_free(struct report *report);
/*
 * A plot as SVG, in the heap; *len without its NUL: lateness, and brightness where it is known, over
 * time, gaps marked. Follows the viewer's light or dark scheme. Of more than some thousand pictures
 * each column shows the least and the most, so that its size stays below a megabyte.
 */
char *report_plot(const struct report *report, size_t *len);

#endif
