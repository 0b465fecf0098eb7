/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera's events as words and lines: what `wait` takes, and what it and `tether` print. */
#include "cmd/events.h"

#include <string.h>
#include <strings.h>

#include "camera/names.h"
#include "cmd/json.h"

static const struct event_word {
	enum camera_event_type type;
	const char *word, *gphoto2; /* gphoto2: what its --wait-event knows; may be NULL */
} words[] = {
	{ CAMERA_EVENT_FILE, "file", "FILEADDED" },
	{ CAMERA_EVENT_FOLDER, "folder", "FOLDERADDED" },
	{ CAMERA_EVENT_COMPLETE, "capture-complete", "CAPTURECOMPLETE" },
	{ CAMERA_EVENT_PROPERTY, "property", NULL },
	{ CAMERA_EVENT_CARD_FULL, "card-full", NULL },
	{ CAMERA_EVENT_OTHER, "other", "UNKNOWN" },
};

static const char property_is[] = "property=";

int event_wish_parse(struct event_wish *wish, const char *word, struct orc_error *err)
{
	size_t i;

	*wish = (struct event_wish){ .any = strcmp(word, "any") == 0 };
	wish->gone = strcmp(word, "gone") == 0;
	if (wish->any || wish->gone)
		return 0;
	if (strncmp(word, property_is, strlen(property_is)) == 0 && word[strlen(property_is)]) {
		wish->type = CAMERA_EVENT_PROPERTY;
		wish->name = word + strlen(property_is);
		return 0;
	}
	for (i = 0; i < ARRAY_LENGTH(words); i++) {
		wish->type = words[i].type;
		if (strcmp(words[i].word, word) == 0 ||
			(words[i].gphoto2 && strcasecmp(words[i].gphoto2, word) == 0))
			return 0;
	}
	orc_fail(err, ORC_EUSAGE, "no such event: %s", word);
	return orc_hint(err,
		"file, folder, capture-complete, property, property=NAME, card-full, "
		"gone, other and any are");
}

/* By whatever name the brands have for it. */
static bool same_setting(const char *a, const char *b)
{
	const char *common = name_common(a);

	return strcmp(a, b) == 0 || (common && name_is(b, common));
}

bool event_wish_matches(const struct event_wish *wish, const struct camera_event *event)
{
	if (wish->any || wish->gone)
		return wish->any;
	return event->type == wish->type &&
		(!wish->name || (event->name && same_setting(wish->name, event->name)));
}

bool event_is_gone(int ret)
{
	return ret == ORC_ELOST || ret == ORC_EPROTO || ret == ORC_ETIMEOUT;
}

static const char *word_of(enum camera_event_type type)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(words); i++)
		if (words[i].type == type)
			return words[i].word;
	return NULL;
}

static void print_json(struct call *call, const char *word, const struct camera_event *event)
{
	cleanup_json struct json_object *object = json_new();

	json_put_string(object, "event", word);
	json_put_string(object, "folder", event->file.folder);
	json_put_string(object, "name", event->file.name ? event->file.name : event->name);
	json_put_string(object, "value", event->value);
	json_put_string(object, "text", event->text);
	if (event->type == CAMERA_EVENT_FILE)
		json_put_bool(object, "own", event->own);
	else
		json_put_null(object, "own");
	json_print(call->io, object);
}

void event_print(struct call *call, bool json, const struct camera_event *event)
{
	const struct camera_file *file = &event->file;
	const char *word = word_of(event->type);

	if (json)
		print_json(call, word, event);
	else if (file->name)
		io_printf(call->io, "%s %s/%s\n", word,
			strcmp(file->folder, "/") == 0 ? "" : file->folder, file->name);
	else if (event->name && event->value)
		io_printf(call->io, "%s %s=%s\n", word, event->name, event->value);
	else if (event->name || event->text)
		io_printf(call->io, "%s %s\n", word, event->name ? event->name : event->text);
	else
		io_printf(call->io, "%s\n", word);
}

void event_print_gone(struct call *call, bool json, const struct orc_error *err)
{
	struct camera_event event = {
		.type = CAMERA_EVENT_OTHER,
		.text = (char *)(uintptr_t)err->why,
	};

	if (json)
		print_json(call, "gone", &event);
	else
		io_printf(call->io, "gone\n");
}
