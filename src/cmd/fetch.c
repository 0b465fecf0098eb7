/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a shot that has just been taken: which are wanted, fetched, printed. */
#include "cmd/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/hook.h"
#include "cmd/json.h"

int fetch_prepare(struct fetch *fetch, struct call *call, struct orc_error *err)
{
	if (fetch->both)
		return call_misused(call, err, "--raw-only and --jpeg-only exclude each other");
	if (fetch->download.mode == OUTFILE_REPLACE && fetch->download.skip_existing)
		return call_misused(call, err, "--force and --skip-existing exclude each other");
	return download_prepare(&fetch->download, call, err);
}

void fetch_free(struct fetch *fetch)
{
	download_free(&fetch->download);
}

bool fetch_option(struct fetch *fetch, int option)
{
	switch (option) {
	case FETCH_OPTION_NO_KEEP:
		fetch->no_keep = true;
		return true;
	case FETCH_OPTION_RAW_ONLY:
		fetch->both = fetch->both || fetch->wanted == FETCH_JPEG;
		fetch->wanted = FETCH_RAW;
		return true;
	case FETCH_OPTION_JPEG_ONLY:
		fetch->both = fetch->both || fetch->wanted == FETCH_RAW;
		fetch->wanted = FETCH_JPEG;
		return true;
	case FETCH_OPTION_FORCE:
		fetch->download.mode = OUTFILE_REPLACE;
		return true;
	case FETCH_OPTION_SKIP_EXISTING:
		fetch->download.skip_existing = true;
		return true;
	default:
		return false;
	}
}

bool fetch_is_jpeg(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcasecmp(dot, ".jpg") == 0 || strcasecmp(dot, ".jpeg") == 0);
}

bool fetch_wants(const struct fetch *fetch, const struct camera_file *file)
{
	if (fetch->wanted == FETCH_ALL)
		return true;
	return fetch_is_jpeg(file->name) == (fetch->wanted == FETCH_JPEG);
}

bool fetch_wants_of(
	const struct fetch *fetch, const struct camera_file *files, size_t count, size_t index)
{
	if (fetch_wants(fetch, &files[index]))
		return true;
	for (size_t i = 0; i < count; i++)
		if (fetch_wants(fetch, &files[i]))
			return false;
	return true;
}

bool fetch_in_memory(const struct camera_file *file)
{
	return strcmp(file->folder, "/") == 0;
}

/* Without the slash of the root, which would stand there twice. */
static const char *folder_of(const struct camera_file *file)
{
	return fetch_in_memory(file) ? "" : file->folder;
}

void fetch_print(const struct fetch *fetch, struct call *call, long shot,
	const struct camera_file *file, const struct downloaded *done, bool kept)
{
	if (call->globals.json || fetch->events) {
		cleanup_json struct json_object *object = json_new();

		if (fetch->events)
			json_put_string(object, "event", "download");
		json_put_count(object, "shot", (uint64_t)shot);
		json_put_string(object, "path", done ? done->path : NULL);
		if (done)
			json_put_count(object, "size", done->size);
		else
			json_put_null(object, "size");
		json_put_string(object, "folder", file->folder);
		json_put_string(object, "name", file->name);
		json_put_bool(object, "kept", kept);
		if (fetch->label)
			fetch->label(object, fetch->label_data);
		json_print(call->io, object);
	} else if (done) {
		io_printf(call->io, "%s\n", done->path);
	} else {
		io_printf(call->io, "%s/%s\n", folder_of(file), file->name);
	}
}

void fetch_name_left(struct call *call, const struct camera_file *file)
{
	struct orc_error err = { 0 };

	if (fetch_in_memory(file)) {
		orc_fail(&err, ORC_EPARTIAL, "it was in the camera's memory only");
		orc_what(&err, "%s is not fetched", file->name);
		orc_hint(&err, "--keep leaves a copy on the card");
	} else {
		orc_fail(&err, ORC_EPARTIAL, "%s/%s", folder_of(file), file->name);
		orc_what(&err, "stays on the camera");
	}
	call_report(call, &err);
}

/* The picture is deleted on the camera only once it is safe here. True: it is gone there. */
static bool delete_there(struct fetch *fetch, struct call *call, struct camera *camera,
	const struct camera_file *file, const struct downloaded *done)
{
	struct orc_error err = { 0 };

	if (!fetch_in_memory(file) && (!fetch->no_keep || done->skipped))
		return false;
	if (camera_file_delete(camera, file->folder, file->name, &err) < 0 &&
		!fetch_in_memory(file)) {
		call_report(call, &err);
		fetch->missing++;
		return false;
	}
	return true;
}

static void tell_hook(const struct fetch *fetch, struct call *call, const char *path)
{
	struct orc_error err = { 0 };
	int ret;

	if (fetch->hooks) {
		hook_queue_add(fetch->hooks, "download", path);
		return;
	}
	ret = hook_run(call->io, fetch->hook, "download", path, &err);
	if (ret < 0 && ret != ORC_ESIGNAL)
		call_report(call, &err);
}

int fetch_file(struct fetch *fetch, struct call *call, struct camera *camera, long shot,
	const struct camera_file *file, struct orc_error *err)
{
	struct download *download = &fetch->download;
	struct downloaded done;
	bool deleted;
	int ret;

	/* A picture in the camera's memory would be lost with the name that is taken. */
	download->only_one = fetch_in_memory(file);
	download->free_name = !download->pattern || download->only_one;
	ret = download_file(download, call, camera, file, &done, err);
	if (ret < 0)
		return ret;
	deleted = delete_there(fetch, call, camera, file, &done);
	if (done.skipped) {
		call_warn(call, "%s exists: passed over", done.path);
		if (call->globals.json || fetch->events)
			fetch_print(fetch, call, shot, file, NULL, !fetch_in_memory(file));
	} else if (done.path) {
		fetch_print(fetch, call, shot, file, &done, !deleted);
		tell_hook(fetch, call, done.path);
	}
	free(done.path);
	return 0;
}
