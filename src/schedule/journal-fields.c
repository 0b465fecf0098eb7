/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal's tables: which keys a line of each event has. */
#include "schedule/journal-private.h"

#define PLAN     JOURNAL_BIT(JOURNAL_PLAN)
#define BEGIN    JOURNAL_BIT(JOURNAL_BEGIN)
#define SHOT     JOURNAL_BIT(JOURNAL_SHOT)
#define FILES    JOURNAL_BIT(JOURNAL_FILES)
#define FAILED   JOURNAL_BIT(JOURNAL_FAILED)
#define MISSED   JOURNAL_BIT(JOURNAL_MISSED)
#define RECOVERY JOURNAL_BIT(JOURNAL_RECOVERY)
#define CLOCK    JOURNAL_BIT(JOURNAL_CLOCK)
#define RESUME   JOURNAL_BIT(JOURNAL_RESUME)
#define NOTE     JOURNAL_BIT(JOURNAL_NOTE)
#define END      JOURNAL_BIT(JOURNAL_END)
#define ALL      (JOURNAL_BIT(JOURNAL_EVENTS) - 1)

const char *const journal_event_names[JOURNAL_EVENTS] = {
	[JOURNAL_PLAN] = "plan",
	[JOURNAL_BEGIN] = "begin",
	[JOURNAL_SHOT] = "shot",
	[JOURNAL_FILES] = "files",
	[JOURNAL_FAILED] = "failed",
	[JOURNAL_MISSED] = "missed",
	[JOURNAL_RECOVERY] = "recovery",
	[JOURNAL_CLOCK] = "clock",
	[JOURNAL_RESUME] = "resume",
	[JOURNAL_NOTE] = "note",
	[JOURNAL_END] = "end",
};

#define RECORD(member) offsetof(struct journal_record, member)
#define SETTLED        (BEGIN | SHOT | FAILED | MISSED)

const struct field journal_fields[] = {
	{ "time", FIELD_WALL, RECORD(time), ALL, ALL },
	{ "boot", FIELD_TEXT, RECORD(boot), PLAN | RESUME, 0 },
	{ "slot", FIELD_COUNT, RECORD(slot.number), SETTLED | FILES | RECOVERY | CLOCK | RESUME,
		SETTLED | FILES },
	{ "last", FIELD_COUNT, RECORD(last.number), MISSED, MISSED },
	{ "planned", FIELD_WALL, RECORD(slot.planned.wall), SETTLED | CLOCK, SETTLED },
	{ "elapsed", FIELD_SECONDS, RECORD(slot.planned.elapsed), SETTLED | CLOCK, BEGIN },
	{ "planned_last", FIELD_WALL, RECORD(last.planned.wall), MISSED, MISSED },
	{ "elapsed_last", FIELD_SECONDS, RECORD(last.planned.elapsed), MISSED, MISSED },
	{ "released", FIELD_WALL, RECORD(released), SHOT | FAILED, 0 },
	{ "completed", FIELD_WALL, RECORD(completed), SHOT | FAILED, 0 },
	{ "late", FIELD_SECONDS, RECORD(late), SHOT | FAILED, SHOT },
	{ "rung", FIELD_TEXT, RECORD(rung), RECOVERY, 0 },
	{ "lost", FIELD_SECONDS, RECORD(lost), RECOVERY, RECOVERY },
	{ "step", FIELD_SECONDS, RECORD(step), CLOCK, CLOCK },
	{ "anchored", FIELD_BOOL, RECORD(anchored), CLOCK, 0 },
	{ "why", FIELD_TEXT, RECORD(why), SHOT | FAILED | MISSED | RECOVERY | NOTE | END, 0 },
	{ "taken", FIELD_COUNT, RECORD(taken), END, 0 },
	{ "missed", FIELD_COUNT, RECORD(missed), END, 0 },
	{ "failed", FIELD_COUNT, RECORD(failed), END, 0 },
	{ 0 },
};

#define OF_PLAN(member) offsetof(struct journal_plan, member)

const struct field journal_plan_fields[] = {
	{ "every", FIELD_SECONDS, OF_PLAN(every), 1, 1 },
	{ "start", FIELD_WALL, OF_PLAN(start), 1, 0 },
	{ "align", FIELD_SECONDS, OF_PLAN(align), 1, 0 },
	{ "count", FIELD_COUNT, OF_PLAN(count), 1, 0 },
	{ "for", FIELD_SECONDS, OF_PLAN(lasting), 1, 0 },
	{ "until", FIELD_WALL, OF_PLAN(until), 1, 0 },
	{ "late", FIELD_SECONDS, OF_PLAN(late), 1, 0 },
	{ "between", FIELD_TEXT, OF_PLAN(between), 1, 0 },
	{ "days", FIELD_TEXT, OF_PLAN(days), 1, 0 },
	{ "at", FIELD_TEXT, OF_PLAN(at), 1, 0 },
	{ "pattern", FIELD_TEXT, OF_PLAN(pattern), 1, 0 },
	{ "keep", FIELD_TEXT, OF_PLAN(keep), 1, 0 },
	{ "camera", FIELD_TEXT, OF_PLAN(camera), 1, 0 },
	{ "serial", FIELD_TEXT, OF_PLAN(serial), 1, 0 },
	{ "address", FIELD_TEXT, OF_PLAN(address), 1, 0 },
	{ 0 },
};

#define OF_FILE(member) offsetof(struct journal_file, member)

const struct field journal_file_fields[] = {
	{ "path", FIELD_TEXT, OF_FILE(path), 1, 0 },
	{ "size", FIELD_SIZE, OF_FILE(size), 1, 0 },
	{ "sha256", FIELD_TEXT, OF_FILE(sha256), 1, 0 },
	{ "camera", FIELD_TEXT, OF_FILE(camera), 1, 0 },
	{ "kept", FIELD_BOOL, OF_FILE(kept), 1, 0 },
	{ 0 },
};

#define EXPOSURE(member) offsetof(struct journal_exposure, member)

const struct field journal_exposure_fields[] = {
	{ "shutter", FIELD_NUMBER, EXPOSURE(shutter), 1, 0 },
	{ "aperture", FIELD_NUMBER, EXPOSURE(aperture), 1, 0 },
	{ "iso", FIELD_NUMBER, EXPOSURE(iso), 1, 0 },
	{ "brightness", FIELD_NUMBER, EXPOSURE(brightness), 1, 0 },
	{ "offset", FIELD_NUMBER, EXPOSURE(offset), 1, 0 },
	{ 0 },
};

bool journal_has_files(enum journal_event event)
{
	return JOURNAL_BIT(event) & (SHOT | FILES);
}
