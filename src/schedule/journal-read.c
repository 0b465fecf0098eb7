/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading an interval's journal, whatever has become of it. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schedule/journal-private.h"

/* Lines that are ours are three deep. */
#define DEPTH 6

struct reader {
	journal_taker *take;
	void *data;
	struct journal_damage *damage;
	struct json_tokener *tokener;
	uint64_t line; /* its number, from 1 */
};

static void free_tokener(struct json_tokener **tokener)
{
	if (*tokener)
		json_tokener_free(*tokener);
}

static const struct journal_exposure unknown = { NAN, NAN, NAN, NAN, NAN };

static bool get_files(
	struct json_object *object, struct journal_file *files, struct journal_record *record)
{
	struct json_object *array = NULL, *item;
	size_t i, count;

	json_object_object_get_ex(object, "files", &array);
	if (!array)
		return true;
	if (!json_object_is_type(array, json_type_array))
		return false;
	count = json_object_array_length(array);
	if (count > JOURNAL_FILES_MAX)
		return false;
	for (i = 0; i < count; i++) {
		item = json_object_array_get_idx(array, i);
		files[i] = (struct journal_file){ 0 };
		if (!json_object_is_type(item, json_type_object) ||
			!fields_get(item, journal_file_fields, 1, &files[i]))
			return false;
	}
	record->files = files;
	record->file_count = count;
	return true;
}

static bool get_exposure(struct json_object *object, struct journal_exposure *exposure)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, "exposure", &value);
	return !value ||
		(json_object_is_type(value, json_type_object) &&
			fields_get(value, journal_exposure_fields, 1, exposure));
}

static bool get_event(struct json_object *object, enum journal_event *event)
{
	struct json_object *value = NULL;
	unsigned i;

	json_object_object_get_ex(object, "event", &value);
	if (!json_object_is_type(value, json_type_string))
		return false;
	for (i = 0; i < JOURNAL_EVENTS; i++)
		if (strcmp(json_object_get_string(value), journal_event_names[i]) == 0) {
			*event = (enum journal_event)i;
			return true;
		}
	return false;
}

static bool is_known_version(struct json_object *object)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, "version", &value);
	return json_object_is_type(value, json_type_int) &&
		json_object_get_int64(value) == JOURNAL_VERSION;
}

/* 0, what take() returned, or ORC_EUSAGE for a line that is of no use. */
static int take_object(struct reader *reader, struct json_object *object, bool *sound)
{
	struct journal_file files[JOURNAL_FILES_MAX];
	struct journal_record record = { .exposure = unknown };
	struct journal_plan plan = { 0 };

	*sound = false;
	if (!json_object_is_type(object, json_type_object) || !get_event(object, &record.event) ||
		!fields_get(object, journal_fields, JOURNAL_BIT(record.event), &record))
		return 0;
	if (record.event == JOURNAL_PLAN) {
		if (!is_known_version(object) ||
			!fields_get(object, journal_plan_fields, 1, &plan) ||
			plan.every < GRID_EVERY_MIN || plan.every > GRID_EVERY_MAX)
			return 0;
		record.plan = &plan;
	}
	if (journal_has_files(record.event) && !get_files(object, files, &record))
		return 0;
	if (record.event == JOURNAL_SHOT && !get_exposure(object, &record.exposure))
		return 0;
	if (record.event == JOURNAL_MISSED && record.last.number < record.slot.number)
		return 0;
	/* The plan is the first line, and no other. */
	if ((record.event == JOURNAL_PLAN) != (reader->line == 1))
		return 0;
	*sound = true;
	return reader->take(reader->data, &record);
}

/* len: without the line end; too much of it, or none at all, is damage. */
static int take_line(struct reader *reader, const char *text, size_t len, bool whole)
{
	cleanup_json struct json_object *object = NULL;
	bool sound = false;
	int ret = 0;

	reader->line++;
	if (text && len > 0) {
		json_tokener_reset(reader->tokener);
		object = json_tokener_parse_ex(reader->tokener, text, (int)len);
		/* A number or a word at the end of a text could go on; an object is closed. */
		if (object && json_tokener_get_parse_end(reader->tokener) == len)
			ret = take_object(reader, object, &sound);
	}
	if (sound)
		return ret;
	if (!whole)
		reader->damage->torn = true;
	if (reader->damage->lines++ == 0)
		reader->damage->first = reader->line;
	return 0;
}

static int fail_first(struct orc_error *err)
{
	orc_fail(err, ORC_EUSAGE, "its first line is no plan that this version knows");
	orc_what(err, "this is no journal");
	return ORC_EUSAGE;
}

/* Hands on the lines that buf holds; keeps what is left of the last at its start. */
static int take_lines(struct reader *reader, char *buf, size_t *used, bool *skipping)
{
	size_t start = 0;
	char *end;
	int ret = 0;

	while (ret == 0 && (end = memchr(buf + start, '\n', *used - start))) {
		size_t len = (size_t)(end - (buf + start));

		ret = take_line(reader, *skipping ? NULL : buf + start, len, true);
		*skipping = false;
		start += len + 1;
		if (reader->line == 1 && reader->damage->lines > 0)
			return ORC_EUSAGE;
	}
	memmove(buf, buf + start, *used - start);
	*used -= start;
	if (*used == JOURNAL_LINE_MAX) {
		*skipping = true;
		*used = 0;
	}
	return ret;
}

int journal_read(int fd, journal_taker *take, void *data, struct journal_damage *damage,
	struct orc_error *err)
{
	cleanup(free_tokener) struct json_tokener *tokener = orc_must(json_tokener_new_ex(DEPTH));
	cleanup_free char *buf = orc_must(malloc(JOURNAL_LINE_MAX));
	struct reader reader = { take, data, damage, tokener, 0 };
	bool skipping = false;
	size_t used = 0;
	off_t at = 0;
	int ret;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*damage = (struct journal_damage){ 0 };
	for (;;) {
		ssize_t got = pread(fd, buf + used, JOURNAL_LINE_MAX - used, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			orc_fail_errno(err, ORC_EFILE, errno);
			return orc_what(err, "cannot read the journal");
		}
		if (got == 0)
			break;
		at += got;
		used += (size_t)got;
		ret = take_lines(&reader, buf, &used, &skipping);
		if (ret == ORC_EUSAGE && reader.line == 1)
			return fail_first(err);
		if (ret < 0)
			return ret;
	}
	if (used > 0 || skipping) {
		ret = take_line(&reader, skipping ? NULL : buf, used, false);
		if (ret < 0)
			return ret;
	}
	if (reader.line == 0 || (damage->lines > 0 && damage->first == 1))
		return fail_first(err);
	return 0;
}
