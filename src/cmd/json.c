/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --json prints: a contract with whoever reads it. */
#include "cmd/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

static const int style = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

struct json_object *json_new(void)
{
	return orc_must(json_object_new_object());
}

/* Bytes of the UTF-8 sequence at p, or 0: cameras hand out any bytes, JSON takes UTF-8 alone. */
static size_t utf8_len(const unsigned char *p)
{
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] < 0xe0)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] < 0xf5)
		len = 4;
	else
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

void json_put_string(struct json_object *object, const char *key, const char *value)
{
	cleanup_free char *clean = NULL;
	char *p;
	size_t len;

	if (!value) {
		json_put_null(object, key);
		return;
	}
	clean = orc_must(strdup(value));
	for (p = clean; *p; p += len) {
		len = utf8_len((const unsigned char *)p);
		if (len == 0) {
			*p = '?';
			len = 1;
		}
	}
	json_object_object_add(object, key, orc_must(json_object_new_string(clean)));
}

void json_put_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, orc_must(json_object_new_boolean(value)));
}

void json_put_count(struct json_object *object, const char *key, uint64_t value)
{
	int64_t number = value > INT64_MAX ? INT64_MAX : (int64_t)value;

	json_object_object_add(object, key, orc_must(json_object_new_int64(number)));
}

void json_put_number(struct json_object *object, const char *key, double value, int decimals)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*f", decimals, value);
	json_object_object_add(object, key, orc_must(json_object_new_double_s(value, text)));
}

void json_put_null(struct json_object *object, const char *key)
{
	json_object_object_add(object, key, NULL);
}

void json_print(struct io *io, struct json_object *object)
{
	io_printf(io, "%s\n", json_object_to_json_string_ext(object, style));
}

void json_print_err(struct io *io, struct json_object *object)
{
	io_complain(io, "%s\n", json_object_to_json_string_ext(object, style));
}
