/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --json prints: a contract with whoever reads it. */
#include "cmd/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

static const int style = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

struct json_object *json_new(void)
{
	return orc_must(json_object_new_object());
}

void json_put_string(struct json_object *object, const char *key, const char *value)
{
	cleanup_free char *clean = NULL;

	if (!value) {
		json_put_null(object, key);
		return;
	}
	clean = utf8_clean(value, strlen(value));
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
