/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A struct's fields as keys of a JSON object and back, by a table. */
#include "schedule/fields.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "schedule/journal.h"
#include "schedule/text.h"

static struct json_object *number(double value, int decimals)
{
	char text[TEXT_FIXED_SIZE];

	return orc_must(json_object_new_double_s(value, text_fixed(value, decimals, text)));
}

static struct json_object *text_object(const char *text)
{
	cleanup_free char *clean = utf8_clean(text, JOURNAL_TEXT_MAX);

	return orc_must(json_object_new_string(clean));
}

static struct json_object *wall_object(nsec_t wall)
{
	char text[WALL_TEXT_SIZE];

	return orc_must(json_object_new_string(wall_format(wall, text)));
}

static struct json_object *value_of(const struct field *field, const char *at)
{
	switch (field->type) {
	case FIELD_WALL:
		return *(const nsec_t *)at ? wall_object(*(const nsec_t *)at) : NULL;
	case FIELD_SECONDS:
		return number((double)*(const nsec_t *)at / (double)NSEC_PER_SEC, 6);
	case FIELD_COUNT:
	case FIELD_SIZE:
		return orc_must(json_object_new_int64((int64_t) * (const uint64_t *)at));
	case FIELD_NUMBER:
		return isnan(*(const double *)at) ? NULL : number(*(const double *)at, 6);
	case FIELD_BOOL:
		return orc_must(json_object_new_boolean(*(const bool *)at));
	default:
		return *(const char *const *)at ? text_object(*(const char *const *)at) : NULL;
	}
}

void fields_put(
	struct json_object *object, const struct field *fields, unsigned bit, const void *base)
{
	for (; fields->key; fields++)
		if (fields->in & bit)
			json_object_object_add(object, fields->key,
				value_of(fields, (const char *)base + fields->offset));
}

static bool get_number(struct json_object *value, double limit, double *result)
{
	if (!json_object_is_type(value, json_type_double) &&
		!json_object_is_type(value, json_type_int))
		return false;
	*result = json_object_get_double(value);
	return isfinite(*result) && fabs(*result) <= limit;
}

static bool get_count(struct json_object *value, int64_t limit, uint64_t *result)
{
	int64_t count = json_object_get_int64(value);

	*result = (uint64_t)count;
	return json_object_is_type(value, json_type_int) && count >= 0 && count <= limit;
}

/* A text without a NUL in it. */
static bool get_text(struct json_object *value, const char **text)
{
	size_t len;

	if (!json_object_is_type(value, json_type_string))
		return false;
	*text = json_object_get_string(value);
	len = (size_t)json_object_get_string_len(value);
	return len <= JOURNAL_TEXT_MAX && strlen(*text) == len;
}

static bool get_value(const struct field *field, struct json_object *value, char *at)
{
	const char *text;
	double seconds;

	switch (field->type) {
	case FIELD_WALL:
		return get_text(value, &text) && wall_parse(text, (nsec_t *)at) == 0;
	case FIELD_SECONDS:
		if (!get_number(value, (double)DURATION_MAX_NSEC / (double)NSEC_PER_SEC, &seconds))
			return false;
		*(nsec_t *)at = (nsec_t)llround(seconds * (double)NSEC_PER_SEC);
		return true;
	case FIELD_COUNT:
		return get_count(value, JOURNAL_SLOT_MAX, (uint64_t *)at);
	case FIELD_SIZE:
		return get_count(value, INT64_MAX, (uint64_t *)at);
	case FIELD_NUMBER:
		return get_number(value, INFINITY, (double *)at);
	case FIELD_BOOL:
		*(bool *)at = json_object_get_boolean(value);
		return json_object_is_type(value, json_type_boolean);
	default:
		return get_text(value, (const char **)at);
	}
}

bool fields_get(struct json_object *object, const struct field *fields, unsigned bit, void *base)
{
	struct json_object *value;

	for (; fields->key; fields++) {
		if (!(fields->in & bit))
			continue;
		value = NULL;
		json_object_object_get_ex(object, fields->key, &value);
		if (value && !get_value(fields, value, (char *)base + fields->offset))
			return false;
		if (!value && (fields->needed & bit))
			return false;
	}
	return true;
}
