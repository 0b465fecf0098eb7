/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cameras a line is meant for, and the line that each of them gets. */
#include "cmd/several-cameras.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DRIVER "usbip:"

struct found {
	struct several_camera *cameras;
	size_t count;
};

/* The camera of a key; a new one where there is none. *is_new says which. */
static struct several_camera *add(struct found *found, const char *key, bool *is_new)
{
	struct several_camera *camera;
	size_t i;

	*is_new = false;
	for (i = 0; i < found->count; i++)
		if (strcmp(found->cameras[i].key, key) == 0)
			return &found->cameras[i];
	*is_new = true;
	found->cameras =
		orc_must(reallocarray(found->cameras, found->count + 1, sizeof(*found->cameras)));
	camera = &found->cameras[found->count++];
	*camera = (struct several_camera){ 0 };
	snprintf(camera->key, sizeof(camera->key), "%s", key);
	return camera;
}

int several_cameras_fail_twice(
	const struct call *call, const char *first, const char *second, struct orc_error *err)
{
	return call_misused(call, err, "%s and %s are one camera", first, second);
}

static int add_named(struct call *call, struct found *found, struct orc_error *err)
{
	struct several_camera *camera;
	char key[CAMERA_KEY_SIZE];
	bool is_new;
	size_t i;
	int ret;

	for (i = 0; i < call->globals.remote_count; i++) {
		const struct camera_address address = { .remote = call->globals.remotes[i] };

		ret = camera_address_key(&address, key, err);
		if (ret < 0)
			return ret;
		camera = add(found, key, &is_new);
		if (!is_new)
			return several_cameras_fail_twice(call, camera->name, address.remote, err);
		camera->remote = orc_must(strdup(address.remote));
		camera->name = orc_must(strdup(address.remote));
	}
	return 0;
}

static void add_entry(struct found *found, const struct camera_entry *entry)
{
	bool remote = strncmp(entry->port, DRIVER, strlen(DRIVER)) == 0, is_new;
	struct several_camera *camera = add(found, entry->port, &is_new);
	const char *address = entry->port + (remote ? strlen(DRIVER) : 0);

	/* Local ones are listed again with each remote. */
	if (!is_new)
		return;
	if (entry->name)
		address = entry->name;
	*(remote ? &camera->remote : &camera->port) = orc_must(strdup(address));
	camera->name = orc_must(strdup(address));
}

/* A machine that does not answer keeps nobody from the others: ORC_EPARTIAL. */
static int add_all(struct call *call, struct found *found, struct orc_error *err)
{
	struct camera_options options = call_camera_options(call);
	size_t asked = call->globals.remote_count ? call->globals.remote_count : 1, i, j, count;
	struct camera_entry *entries;
	struct orc_error own = { 0 };
	int partial = 0, ret;

	for (i = 0; i < asked; i++) {
		if (call->globals.remote_count)
			options.address.remote = call->globals.remotes[i];
		ret = camera_list(&options, false, &entries, &count, &own);
		for (j = 0; j < count; j++)
			add_entry(found, &entries[j]);
		camera_entries_free(entries, count);
		if (ret == ORC_ESIGNAL || ret == ORC_EUSAGE) {
			*err = own;
			return ret;
		}
		/* The first that did not answer is the caller's to report. */
		if (ret < 0 && partial < 0)
			call_report(call, &own);
		else if (ret < 0)
			*err = own;
		if (ret < 0)
			partial = ORC_EPARTIAL;
	}
	if (found->count > 0)
		return partial;
	if (partial < 0)
		return err->code == ORC_EPARTIAL ? ORC_ENOCAMERA : (int)err->code;
	return camera_list_empty(&options, err);
}

__attribute__((format(printf, 2, 3))) static void add_text(
	struct several_camera *camera, const char *format, ...)
{
	char *text;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		orc_must(text = NULL);
	va_end(ap);
	camera->texts[camera->text_count++] = text;
	camera->argv[camera->argc++] = text;
}

/* Whatever order and spelling the options had: the camera, the command, its options, its words. */
static void make_line(const struct call *call, struct several_camera *camera)
{
	static const char *const dropped[] = { "--remote", "--port" };
	size_t i, j;

	camera->argv =
		orc_must(calloc(call->value_count + call->word_count + 5, sizeof(*camera->argv)));
	camera->texts = orc_must(calloc(call->value_count + 1, sizeof(*camera->texts)));
	camera->argv[camera->argc++] = call->argv[0];
	add_text(camera, camera->remote ? "--remote=%s" : "--port=%s",
		camera->remote ? camera->remote : camera->port);
	camera->argv[camera->argc++] = call->command->name;
	for (i = 0; i < call->value_count; i++) {
		const struct option_value *value = &call->values[i];
		bool drop = call_is_all(value);

		for (j = 0; j < ARRAY_LENGTH(dropped); j++)
			drop = drop || strcmp(value->name, dropped[j]) == 0;
		if (drop)
			continue;
		if (value->arg)
			add_text(camera, "%s=%s", value->name, value->arg);
		else
			camera->argv[camera->argc++] = value->name;
	}
	camera->argv[camera->argc++] = "--";
	for (i = 0; i < call->word_count; i++)
		camera->argv[camera->argc++] = call->words[i];
}

int several_cameras_find(
	struct call *call, struct several_camera **cameras, size_t *count, struct orc_error *err)
{
	struct found found = { 0 };
	size_t i;
	int ret;

	*cameras = NULL;
	*count = 0;
	if (call->globals.port)
		return call_misused(call, err, "--port names one camera: several are asked for");
	ret = call->globals.all ? add_all(call, &found, err) : add_named(call, &found, err);
	if (ret < 0 && ret != ORC_EPARTIAL) {
		several_cameras_free(found.cameras, found.count);
		return ret;
	}
	for (i = 0; i < found.count; i++)
		make_line(call, &found.cameras[i]);
	*cameras = found.cameras;
	*count = found.count;
	return ret;
}

void several_cameras_free(struct several_camera *cameras, size_t count)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j < cameras[i].text_count; j++)
			free(cameras[i].texts[j]);
		free(cameras[i].texts);
		free(cameras[i].argv);
		free(cameras[i].name);
		free(cameras[i].remote);
		free(cameras[i].port);
	}
	free(cameras);
}
