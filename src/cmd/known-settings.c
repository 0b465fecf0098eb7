/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The camera's settings as `config list --json` told them, for completion. */
#include "cmd/known-settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/json.h"

static const char **copy_choices(struct json_object *array)
{
	const char **choices;
	size_t count, i;

	if (!json_object_is_type(array, json_type_array))
		return NULL;
	count = json_object_array_length(array);
	choices = orc_must(calloc(count + 1, sizeof(*choices)));
	for (i = 0; i < count; i++)
		choices[i] = orc_must(
			strdup(json_object_get_string(json_object_array_get_idx(array, i))));
	return choices;
}

static void add(struct known_settings *known, const char *name, struct json_object *choices)
{
	struct complete_setting *item;

	for (size_t i = 0; i < known->count; i++)
		if (strcmp(known->items[i].name, name) == 0)
			return;
	known->items = orc_must(realloc(known->items, (known->count + 1) * sizeof(*known->items)));
	item = &known->items[known->count++];
	item->name = orc_must(strdup(name));
	item->choices = copy_choices(choices);
}

static void take(struct known_settings *known, struct json_object *object)
{
	struct json_object *name, *common, *readonly, *choices;

	if (!json_object_object_get_ex(object, "name", &name) ||
		!json_object_object_get_ex(object, "readonly", &readonly) ||
		!json_object_object_get_ex(object, "choices", &choices) ||
		json_object_get_boolean(readonly))
		return;
	add(known, json_object_get_string(name), choices);
	/* Under the name that any body has for it, too. */
	if (json_object_object_get_ex(object, "common", &common) &&
		json_object_is_type(common, json_type_string))
		add(known, json_object_get_string(common), choices);
}

void known_settings_read(struct known_settings *known, int fd)
{
	FILE *file = fdopen(dup(fd), "r");
	char *line = NULL;
	size_t size = 0;

	known_settings_free(known);
	orc_must(file);
	while (getline(&line, &size, file) > 0) {
		cleanup_json struct json_object *object = json_tokener_parse(line);

		if (object)
			take(known, object);
	}
	free(line);
	fclose(file);
}

void known_settings_free(struct known_settings *known)
{
	size_t i, j;

	for (i = 0; i < known->count; i++) {
		const char *const *choices = known->items[i].choices;

		for (j = 0; choices && choices[j]; j++)
			free((char *)(uintptr_t)choices[j]);
		free((char **)(uintptr_t)choices);
		free((char *)(uintptr_t)known->items[i].name);
	}
	free(known->items);
	*known = (struct known_settings){ 0 };
}
