/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal's tables: which keys a line of each event has. */
#ifndef SCHEDULE_JOURNAL_PRIVATE_H
#define SCHEDULE_JOURNAL_PRIVATE_H

#include "schedule/fields.h"
#include "schedule/journal.h"

#define JOURNAL_EVENTS (JOURNAL_END + 1)
/* Bit of an event in struct field. */
#define JOURNAL_BIT(event) (1u << (event))

extern const char *const journal_event_names[JOURNAL_EVENTS];
extern const struct field journal_fields[];          /* struct journal_record */
extern const struct field journal_plan_fields[];     /* struct journal_plan; bit 1 */
extern const struct field journal_file_fields[];     /* struct journal_file; bit 1 */
extern const struct field journal_exposure_fields[]; /* struct journal_exposure; bit 1 */

/* Copies a plan and its texts, which the caller frees; texts not given are left NULL. */
void journal_plan_copy(struct journal_plan *to, const struct journal_plan *from,
	char *texts[static JOURNAL_PLAN_TEXTS]);
/* Do lines of that event have files? */
bool journal_has_files(enum journal_event event);

/* json_object_put() for `cleanup_json struct json_object *object`. */
static inline void journal_put_json(struct json_object **object)
{
	json_object_put(*object);
}
#define cleanup_json cleanup(journal_put_json)

#endif
