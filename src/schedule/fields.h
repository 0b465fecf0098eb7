/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A struct's fields as keys of a JSON object and back, by a table. */
#ifndef SCHEDULE_FIELDS_H
#define SCHEDULE_FIELDS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum field_type {
	FIELD_WALL,    /* nsec_t, a wall time: an ISO 8601 text; 0 is null */
	FIELD_SECONDS, /* nsec_t, to DURATION_MAX_NSEC: seconds with six decimals */
	FIELD_COUNT,   /* uint64_t, to JOURNAL_SLOT_MAX */
	FIELD_SIZE,    /* uint64_t, to INT64_MAX */
	FIELD_NUMBER,  /* double; NAN is null */
	FIELD_BOOL,
	FIELD_TEXT, /* const char *, to JOURNAL_TEXT_MAX bytes; NULL is null. Not copied when read */
};

struct field {
	const char *key;
	enum field_type type;
	size_t offset;
	unsigned in;     /* bits: where the field is written and read */
	unsigned needed; /* bits: where an object without it is no good */
};

/* Adds to object those of `base` that are in `bit`. The table ends with a NULL key. */
void fields_put(
	struct json_object *object, const struct field *fields, unsigned bit, const void *base);
/*
 * Fills in base from object; what is absent or null keeps its value. False: a value is of a wrong kind
 * or beyond its limit, or one that is needed is missing.
 */
bool fields_get(struct json_object *object, const struct field *fields, unsigned bit, void *base);

#endif
