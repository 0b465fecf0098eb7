/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc info: what the camera is, what it can do, what its cards hold. */
#include <string.h>

#include "cmd/command.h"
#include "cmd/json.h"

enum { OPTION_SUMMARY = 1 };

static const struct poptOption options[] = {
	{ "summary", 0, POPT_ARG_NONE, NULL, OPTION_SUMMARY,
		"libgphoto2's own text about the camera, as gphoto2 --summary prints it", NULL },
	POPT_TABLEEND
};

static const struct {
	const char *name, *phrase;
	size_t offset;
} abilities[] = {
#define ABILITY(name, phrase)                                                                      \
	{                                                                                          \
#name, phrase, offsetof(struct camera_info, can_##name)                            \
	}
	ABILITY(capture, "capture"),
	ABILITY(trigger, "trigger"),
	ABILITY(preview, "live view"),
	ABILITY(configure, "configure"),
	ABILITY(delete, "delete files"),
	ABILITY(put, "put files"),
#undef ABILITY
};

static const struct {
	const char *name, *label;
	size_t offset;
} texts[] = {
#define TEXT(name, label)                                                                          \
	{                                                                                          \
#name, label, offsetof(struct camera_info, name)                                   \
	}
	TEXT(model, "Model"),
	TEXT(manufacturer, "Manufacturer"),
	TEXT(version, "Version"),
	TEXT(serial, "Serial"),
	TEXT(port, "Address"),
	TEXT(lens, "Lens"),
	TEXT(battery, "Battery"),
#undef TEXT
};

static const char *text_at(const struct camera_info *info, size_t offset)
{
	return *(char *const *)((const char *)info + offset);
}

static bool bool_at(const struct camera_info *info, size_t offset)
{
	return *(const bool *)((const char *)info + offset);
}

static void print_json(struct io *io, const struct camera_info *info)
{
	cleanup_json struct json_object *object = json_new();
	struct json_object *can = json_new();
	struct json_object *storages = orc_must(json_object_new_array());
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(texts); i++)
		json_put_string(object, texts[i].name, text_at(info, texts[i].offset));
	for (i = 0; i < ARRAY_LENGTH(abilities); i++)
		json_put_bool(can, abilities[i].name, bool_at(info, abilities[i].offset));
	for (i = 0; i < info->storage_count; i++) {
		const struct camera_storage *storage = &info->storages[i];
		struct json_object *entry = json_new();

		json_put_string(entry, "label", storage->label);
		json_put_string(entry, "folder", storage->folder);
		json_put_string(entry, "description", storage->description);
		json_put_count(entry, "capacity", storage->capacity_bytes);
		json_put_count(entry, "free", storage->free_bytes);
		json_put_count(entry, "free_images", storage->free_images);
		json_put_bool(entry, "read_only", storage->read_only);
		json_object_array_add(storages, entry);
	}
	json_object_object_add(object, "can", can);
	json_object_object_add(object, "storages", storages);
	json_print(io, object);
}

static void print_storage(struct io *io, const struct camera_storage *storage)
{
	char free_text[FORMAT_BYTES_SIZE], capacity[FORMAT_BYTES_SIZE];

	io_printf(io, "%-14s%s", "Storage", storage->folder ? storage->folder : "-");
	if (storage->label && storage->label[0])
		io_printf(io, "  %s", storage->label);
	if (storage->capacity_bytes)
		io_printf(io, "  %s of %s free",
			format_bytes(storage->free_bytes, free_text, sizeof(free_text)),
			format_bytes(storage->capacity_bytes, capacity, sizeof(capacity)));
	if (storage->free_images)
		io_printf(io, "  room for %llu pictures", (unsigned long long)storage->free_images);
	io_printf(io, "%s\n", storage->read_only ? "  read-only" : "");
}

static void print_human(struct io *io, const struct camera_info *info)
{
	const char *between = "";
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(texts); i++) {
		const char *text = text_at(info, texts[i].offset);

		if (text && *text)
			io_printf(io, "%-14s%s\n", texts[i].label, text);
	}
	io_printf(io, "%-14s", "Can");
	for (i = 0; i < ARRAY_LENGTH(abilities); i++) {
		if (!bool_at(info, abilities[i].offset))
			continue;
		io_printf(io, "%s%s", between, abilities[i].phrase);
		between = ", ";
	}
	io_printf(io, "\n");
	for (i = 0; i < info->storage_count; i++)
		print_storage(io, &info->storages[i]);
}

static void print_summary(struct call *call, const struct camera_info *info)
{
	const char *text = info->summary ? info->summary : "";
	size_t len = strlen(text);

	if (call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		json_put_string(object, "summary", info->summary);
		json_print(call->io, object);
		return;
	}
	io_printf(call->io, "%s%s", text, len > 0 && text[len - 1] == '\n' ? "" : "\n");
}

static int run_info(struct call *call, struct orc_error *err)
{
	struct camera_info info = { 0 };
	struct camera *camera;
	bool summary = false;
	int ret, option;

	while ((option = call_next(call)) > 0)
		if (option == OPTION_SUMMARY)
			summary = true;
	ret = call_no_more_words(call, 0, err);
	if (ret < 0)
		return ret;
	ret = call_camera(call, &camera, err);
	if (ret < 0)
		return ret;
	ret = camera_info_get(camera, &info, err);
	call_rest(call);
	if (ret < 0)
		return ret;
	if (summary)
		print_summary(call, &info);
	else if (call->globals.json)
		print_json(call->io, &info);
	else
		print_human(call->io, &info);
	camera_info_free(&info);
	return 0;
}

const struct command command_info = {
	.name = "info",
	.synopsis = "[--summary]",
	.summary = "show what the camera is, what it can do and how full its cards are",
	.options = options,
	.examples = "opencamrc -r router info\n"
		    "opencamrc -r router info --json | jq '.storages[0].free'",
	.camera = true,
	.several = true,
	.run = run_info,
};
