/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a journal adds up to: totals, lateness, gaps. */
#include "schedule/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schedule/journal-private.h"

struct counter {
	struct report *report;
	uint64_t next;     /* number that was not heard of yet */
	struct slot begun; /* waits for what becomes of it */
	bool pending;
	size_t room;
	struct orc_error *err;
};

static void add_gap(
	struct counter *counter, const struct slot *first, const struct slot *last, const char *why)
{
	struct report *report = counter->report;
	struct report_gap *gap = report->gap_count ? &report->gaps[report->gap_count - 1] : NULL;

	if (gap && gap->last + 1 == first->number && report->gaps_more == 0) {
		gap->last = last->number;
		gap->until = last->planned.wall;
		return;
	}
	if (report->gap_count == REPORT_GAPS_MAX) {
		report->gaps_more++;
		return;
	}
	if (!report->gaps)
		report->gaps = orc_must(calloc(REPORT_GAPS_MAX, sizeof(*report->gaps)));
	gap = &report->gaps[report->gap_count++];
	*gap = (struct report_gap){ first->number, last->number, first->planned.wall,
		last->planned.wall, "" };
	snprintf(gap->why, sizeof(gap->why), "%s", why ? why : "");
}

/* The slot that was begun has no more to come. */
static void leave_open(struct counter *counter)
{
	if (!counter->pending)
		return;
	counter->pending = false;
	counter->report->open++;
	add_gap(counter, &counter->begun, &counter->begun, "begun, and broken off");
}

/*
 * Numbers from first to last are told of. What lies between them and the last that was heard of is
 * unexplained; what had its turn is repeated, and counts no more. False: nothing is left.
 */
static bool hear(struct counter *counter, struct slot *first, const struct slot *last)
{
	struct report *report = counter->report;
	struct slot from = *first, until = *first;

	if (last->number < counter->next) {
		report->repeated += slot_count(first, last);
		return false;
	}
	leave_open(counter);
	if (first->number < counter->next) {
		report->repeated += counter->next - first->number;
		first->number = counter->next;
	}
	if (first->number > counter->next) {
		report->unexplained += first->number - counter->next;
		from.number = counter->next;
		until.number--;
		add_gap(counter, &from, &until, "the journal says nothing");
	}
	if (report->first == 0)
		report->first = first->planned.wall;
	report->last = last->planned.wall;
	counter->next = last->number + 1;
	return true;
}

/* Is it the slot that was begun, or one that was not heard of? Then it is settled now. */
static bool settle(struct counter *counter, const struct journal_record *record)
{
	struct slot slot = record->slot;

	if (counter->pending && counter->begun.number == slot.number) {
		counter->pending = false;
		return true;
	}
	return hear(counter, &slot, &record->slot);
}

static int add_point(struct counter *counter, const struct journal_record *record)
{
	struct report *report = counter->report;

	if (report->point_count == counter->room) {
		if (counter->room >= JOURNAL_KNOWN_MAX) {
			orc_fail(counter->err, ORC_EUSAGE, "it has too many pictures");
			orc_what(counter->err, "the journal");
			return ORC_EUSAGE;
		}
		counter->room = counter->room ? counter->room * 2 : 256;
		report->points =
			orc_must(realloc(report->points, counter->room * sizeof(*report->points)));
	}
	report->points[report->point_count++] = (struct report_point){
		.at = record->slot.planned.wall,
		.late = record->late,
		.brightness = record->exposure.brightness,
		.offset = record->exposure.offset,
	};
	return 0;
}

static void add_files(struct report *report, const struct journal_record *record)
{
	size_t i;

	/* One that is on the card only is told of again when it is fetched. */
	for (i = 0; i < record->file_count; i++) {
		if (!record->files[i].path)
			continue;
		report->files++;
		if (record->files[i].size < INT64_MAX - report->bytes)
			report->bytes += record->files[i].size;
	}
}

static void take_slot(struct counter *counter, const struct journal_record *record)
{
	struct report *report = counter->report;
	struct slot slot = record->slot;

	if (record->event == JOURNAL_BEGIN) {
		if (hear(counter, &slot, &record->slot)) {
			counter->begun = slot;
			counter->pending = true;
		}
	} else if (record->event == JOURNAL_MISSED) {
		if (hear(counter, &slot, &record->last)) {
			report->missed += slot_count(&slot, &record->last);
			add_gap(counter, &slot, &record->last, record->why);
		}
	} else if (record->event == JOURNAL_FAILED) {
		if (settle(counter, record)) {
			report->failed++;
			add_gap(counter, &slot, &slot, record->why);
		}
	} else if (record->event == JOURNAL_FILES) {
		add_files(report, record);
		/* Its picture was found on the card after a crash. */
		if (counter->pending && counter->begun.number == slot.number) {
			counter->pending = false;
			report->taken++;
		}
	}
}

static int count(void *data, const struct journal_record *record)
{
	struct counter *counter = data;
	struct report *report = counter->report;

	report->ended = record->event == JOURNAL_END;
	switch (record->event) {
	case JOURNAL_PLAN:
		journal_plan_copy(&report->plan, record->plan, report->texts);
		break;
	case JOURNAL_SHOT:
		if (!settle(counter, record))
			break;
		report->taken++;
		add_files(report, record);
		return add_point(counter, record);
	case JOURNAL_RECOVERY:
		report->recoveries++;
		if (record->lost > 0 && record->lost < INT64_MAX - report->lost)
			report->lost += record->lost;
		break;
	case JOURNAL_CLOCK:
		report->steps++;
		break;
	case JOURNAL_RESUME:
		report->resumes++;
		break;
	case JOURNAL_END:
		snprintf(report->why, sizeof(report->why), "%s", record->why ? record->why : "");
		break;
	default:
		take_slot(counter, record);
		break;
	}
	return 0;
}

static int by_value(const void *a, const void *b)
{
	nsec_t x = *(const nsec_t *)a, y = *(const nsec_t *)b;

	return x < y ? -1 : x > y;
}

/* The least value that so many of a hundred do not exceed. */
static nsec_t percentile(const nsec_t *sorted, size_t number, unsigned percent)
{
	return sorted[(number * percent + 99) / 100 - 1];
}

static void rank_lateness(struct report *report)
{
	size_t number = report->point_count, i;
	cleanup_free nsec_t *late = NULL;

	if (number == 0)
		return;
	late = orc_must(calloc(number, sizeof(*late)));
	for (i = 0; i < number; i++)
		late[i] = report->points[i].late;
	qsort(late, number, sizeof(*late), by_value);
	report->late_p50 = percentile(late, number, 50);
	report->late_p95 = percentile(late, number, 95);
	report->late_max = late[number - 1];
}

int report_read(struct report *report, int fd, struct orc_error *err)
{
	struct counter counter = { .report = report, .err = err };
	int ret;

	*report = (struct report){ 0 };
	ret = journal_read(fd, count, &counter, &report->damage, err);
	if (ret < 0)
		return ret;
	report->running = counter.pending;
	leave_open(&counter);
	report->slots = counter.next;
	rank_lateness(report);
	return 0;
}

void report_free(struct report *report)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(report->texts); i++)
		free(report->texts[i]);
	free(report->gaps);
	free(report->points);
	*report = (struct report){ 0 };
}
