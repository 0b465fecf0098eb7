/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an interval that is gone on with wants to know of its journal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "schedule/journal-private.h"
#include "schedule/sha256.h"
#include "schedule/text.h"

struct collector {
	struct journal_state *state;
	char boot[JOURNAL_TEXT_MAX + 1]; /* of the lines that are being read */
	char mark_boot[JOURNAL_TEXT_MAX + 1];
	uint64_t open; /* the slot that was begun */
	journal_taker *also;
	void *data;
	struct orc_error *err;
};

/*
 * Eight bytes of SHA-256 of what is known: a path takes a fraction of its own size, and nobody who may
 * write to a card makes two that meet.
 */
static uint64_t hash_of(const char *text, uint64_t size)
{
	cleanup_free char *clean = utf8_clean(text, JOURNAL_TEXT_MAX);
	char hex[SHA256_TEXT_SIZE];
	struct sha256 sha;
	uint8_t bytes[8];

	put_le64(bytes, size);
	sha256_init(&sha);
	sha256_add(&sha, bytes, sizeof(bytes));
	sha256_add(&sha, clean, strlen(clean));
	sha256_text(&sha, hex);
	hex[16] = '\0';
	return strtoull(hex, NULL, 16);
}

static int learn(
	struct collector *collector, struct journal_known *known, const char *text, uint64_t size)
{
	if (known->count == JOURNAL_KNOWN_MAX) {
		orc_fail(collector->err, ORC_EUSAGE, "it has too many files");
		orc_what(collector->err, "the journal");
		return ORC_EUSAGE;
	}
	if (known->count == known->room) {
		known->room = known->room ? known->room * 2 : 256;
		known->hashes =
			orc_must(realloc(known->hashes, known->room * sizeof(*known->hashes)));
	}
	known->hashes[known->count++] = hash_of(text, size);
	return 0;
}

static int learn_files(struct collector *collector, const struct journal_record *record)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < record->file_count && ret == 0; i++) {
		const struct journal_file *file = &record->files[i];

		if (file->path)
			ret = learn(collector, &collector->state->paths, file->path, 0);
		if (ret == 0 && file->camera)
			ret = learn(
				collector, &collector->state->cameras, file->camera, file->size);
	}
	return ret;
}

/* Texts of a plan outlive the reader's line. */
void journal_plan_copy(struct journal_plan *to, const struct journal_plan *from,
	char *texts[static JOURNAL_PLAN_TEXTS])
{
	const char **of[JOURNAL_PLAN_TEXTS] = { &to->between, &to->days, &to->at, &to->pattern,
		&to->keep, &to->camera, &to->serial, &to->address };
	size_t i;

	*to = *from;
	for (i = 0; i < ARRAY_LENGTH(of); i++)
		if (*of[i])
			*of[i] = texts[i] = orc_must(strdup(*of[i]));
}

/* Slot 0's time, also where the lines before that slot are lost. */
static nsec_t start_of(const struct slot *slot, nsec_t every)
{
	nsec_t before;

	if (__builtin_mul_overflow((nsec_t)slot->number, every, &before) ||
		before > slot->planned.wall)
		return slot->planned.wall;
	return slot->planned.wall - before;
}

/* A slot was begun or missed; what goes back in numbers was written by no run of ours. */
static void note_slot(
	struct collector *collector, const struct slot *first, const struct slot *last)
{
	struct journal_state *state = collector->state;

	if (state->any && last->number <= state->mark.last.number)
		return;
	if (!state->any)
		state->mark.started = start_of(first, state->plan.every);
	state->any = true;
	state->mark.last = *last;
	strcpy(collector->mark_boot, collector->boot);
}

static void settle(struct collector *collector, uint64_t slot)
{
	if (collector->state->open && collector->open == slot)
		collector->state->open = false;
}

/* Is that a wall time, as the reader lets it pass? */
static bool is_wall(nsec_t wall)
{
	return wall >= 0 && wall <= WALL_MAX;
}

/* Times are wanted as the clock would have shown them, had it been right from the start. */
static void take_step(struct grid_mark *mark, nsec_t every, const struct journal_record *record)
{
	struct moment *last = &mark->last.planned;
	const struct moment *next = &record->slot.planned;

	if (is_wall(mark->started + record->step))
		mark->started += record->step;
	/* The grid has moved, and the next slot is where it is counted from. */
	if (record->anchored && record->slot.number == mark->last.number + 1 && next->wall > every)
		*last = (struct moment){ next->wall - every, next->elapsed - every };
	else if (is_wall(last->wall + record->step))
		last->wall += record->step;
}

static int collect(void *data, const struct journal_record *record)
{
	struct collector *collector = data;
	struct journal_state *state = collector->state;
	int ret;

	state->last_time = record->time;
	state->ended = record->event == JOURNAL_END;
	switch (record->event) {
	case JOURNAL_PLAN:
		journal_plan_copy(&state->plan, record->plan, state->texts);
		/* fall through */
	case JOURNAL_RESUME:
		snprintf(collector->boot, sizeof(collector->boot), "%s",
			record->boot ? record->boot : "");
		break;
	case JOURNAL_BEGIN:
		note_slot(collector, &record->slot, &record->slot);
		state->open = true;
		collector->open = record->slot.number;
		break;
	case JOURNAL_SHOT:
		note_slot(collector, &record->slot, &record->slot);
		settle(collector, record->slot.number);
		state->taken++;
		break;
	case JOURNAL_FAILED:
		note_slot(collector, &record->slot, &record->slot);
		settle(collector, record->slot.number);
		state->failed++;
		break;
	case JOURNAL_MISSED:
		note_slot(collector, &record->slot, &record->last);
		state->missed += slot_count(&record->slot, &record->last);
		break;
	case JOURNAL_FILES:
		/* The picture of a slot that was cut short has been found on the card. */
		if (state->open && collector->open == record->slot.number) {
			state->open = false;
			state->taken++;
		}
		break;
	case JOURNAL_CLOCK:
		if (state->any)
			take_step(&state->mark, state->plan.every, record);
		break;
	default:
		break;
	}
	ret = learn_files(collector, record);
	return ret == 0 && collector->also ? collector->also(collector->data, record) : ret;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort(struct journal_known *known)
{
	if (known->count > 0)
		qsort(known->hashes, known->count, sizeof(*known->hashes), by_value);
}

int journal_state_read(
	struct journal_state *state, int fd, journal_taker *also, void *data, struct orc_error *err)
{
	struct collector collector = { .state = state, .also = also, .data = data, .err = err };
	char boot[JOURNAL_BOOT_SIZE];
	int ret;

	*state = (struct journal_state){ 0 };
	ret = journal_read(fd, collect, &collector, &state->damage, err);
	if (ret < 0) {
		journal_state_free(state);
		return ret;
	}
	state->mark.same_boot =
		collector.mark_boot[0] && strcmp(collector.mark_boot, journal_boot(boot)) == 0;
	sort(&state->paths);
	sort(&state->cameras);
	return 0;
}

void journal_state_free(struct journal_state *state)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(state->texts); i++)
		free(state->texts[i]);
	free(state->paths.hashes);
	free(state->cameras.hashes);
	*state = (struct journal_state){ 0 };
}

static bool knows(const struct journal_known *known, uint64_t hash)
{
	return known->count > 0 &&
		bsearch(&hash, known->hashes, known->count, sizeof(hash), by_value);
}

bool journal_knows_path(const struct journal_state *state, const char *path)
{
	return knows(&state->paths, hash_of(path, 0));
}

bool journal_knows_camera(const struct journal_state *state, const char *camera, uint64_t size)
{
	return knows(&state->cameras, hash_of(camera, size));
}

/* As the journal has it: a pattern may hold bytes that no line of JSON can. */
static bool same_text(const char *had, const char *wanted)
{
	cleanup_free char *clean = utf8_clean(wanted ? wanted : "", JOURNAL_TEXT_MAX);

	return strcmp(had ? had : "", clean) == 0;
}

/* The journal keeps microseconds, and milliseconds of wall times. */
static bool same_time(nsec_t a, nsec_t b)
{
	return llabs(a - b) <= NSEC_PER_MSEC;
}

int journal_plan_compare(
	const struct journal_plan *had, const struct journal_plan *wanted, struct orc_error *err)
{
	const struct {
		const char *name;
		bool same;
	} checks[] = {
		{ "--every", same_time(had->every, wanted->every) },
		{ "--start", same_time(had->start, wanted->start) },
		{ "--align", same_time(had->align, wanted->align) },
		{ "--between", same_text(had->between, wanted->between) },
		{ "--days", same_text(had->days, wanted->days) },
		{ "--at", same_text(had->at, wanted->at) },
		{ "the pattern of the names", same_text(had->pattern, wanted->pattern) },
		{ "the camera", same_text(had->camera, wanted->camera) },
		{ "the camera's serial number", same_text(had->serial, wanted->serial) },
	};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(checks); i++)
		if (!checks[i].same) {
			orc_fail(err, ORC_EUSAGE, "%s differs from the journal's", checks[i].name);
			orc_what(err, "this interval cannot be gone on with");
			return ORC_EUSAGE;
		}
	return 0;
}
