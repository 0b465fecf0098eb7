/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The card of an interval is full: which of its pictures are here, and go from it, the oldest first. */
#include <stdlib.h>
#include <string.h>

#include "cmd/interval-run.h"
#include "schedule/sha256.h"

/* With a full card so many pictures go at once: the camera is not asked before every shot. */
#define OLDEST_AT_ONCE 10

void interval_copied(
	struct interval_run *run, uint64_t slot, const struct camera_file *file, const char *path)
{
	struct interval_copy *copy;

	if (run->options->on_full != ON_FULL_OLDEST || fetch_in_memory(file))
		return;
	if (run->copy_count == run->copy_room) {
		run->copy_room = run->copy_room ? 2 * run->copy_room : 64;
		run->copies = orc_must(realloc(run->copies, run->copy_room * sizeof(*run->copies)));
	}
	copy = &run->copies[run->copy_count++];
	*copy = (struct interval_copy){
		.folder = orc_must(strdup(file->folder)),
		.name = orc_must(strdup(file->name)),
		.path = path ? orc_must(strdup(path)) : NULL,
		.size = file->size,
		.slot = slot,
	};
}

static void free_copy(struct interval_copy *copy)
{
	free(copy->folder);
	free(copy->name);
	free(copy->path);
}

/* By what it is called on the card; what is known of that last is the last of them. */
static int by_file(const void *left, const void *right)
{
	const struct interval_copy *a = left, *b = right;
	int order = strcmp(a->folder, b->folder);

	if (order == 0)
		order = strcmp(a->name, b->name);
	if (order == 0)
		order = a->slot < b->slot ? -1 : a->slot > b->slot;
	/* Left there at first, and fetched later. */
	return order ? order : (a->path ? 1 : 0) - (b->path ? 1 : 0);
}

static int by_age(const void *left, const void *right)
{
	const struct interval_copy *a = left, *b = right;

	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	return by_file(left, right);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct camera_file *)left)->name,
		((const struct camera_file *)right)->name);
}

/* Of those that are called the same only the last counts. */
static void drop_older(struct interval_run *run)
{
	struct interval_copy *copies = run->copies;
	size_t kept = 0;

	if (run->copy_count > 0)
		qsort(copies, run->copy_count, sizeof(*copies), by_file);
	for (size_t i = 0; i < run->copy_count; i++) {
		bool last = i + 1 == run->copy_count ||
			strcmp(copies[i].folder, copies[i + 1].folder) != 0 ||
			strcmp(copies[i].name, copies[i + 1].name) != 0;

		if (last && copies[i].path)
			copies[kept++] = copies[i];
		else
			free_copy(&copies[i]);
	}
	run->copy_count = kept;
}

/* Of `count` copies in one folder those that the card has, of that size, are kept. How many. */
static size_t keep_there(struct interval_copy *copies, size_t count, struct interval_copy *to,
	const struct camera_file *files, size_t file_count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct camera_file wanted = { .name = copies[i].name };
		const struct camera_file *found = file_count
			? bsearch(&wanted, files, file_count, sizeof(*files), by_name)
			: NULL;

		if (found && found->size == copies[i].size)
			to[kept++] = copies[i];
		else
			free_copy(&copies[i]);
	}
	return kept;
}

/* How many of the copies, from `first` on, are of its folder. */
static size_t same_folder(const struct interval_run *run, size_t first)
{
	size_t next = first;

	while (next < run->copy_count &&
		strcmp(run->copies[next].folder, run->copies[first].folder) == 0)
		next++;
	return next - first;
}

/*
 * What the journal tells of earlier runs is compared with the card: most of it may be deleted long since, by them
 * or by the user, and a name may be another picture's by now, which must not go.
 */
static int check_copies(struct interval_run *run, struct orc_error *err)
{
	struct camera *camera;
	size_t kept = 0, count;
	int ret = 0;

	if (!run->copies_told)
		return 0;
	for (size_t i = 0; i < run->left_count; i++)
		interval_copied(run, run->left[i].slot, &run->left[i].file, NULL);
	drop_older(run);
	for (size_t i = 0; i < run->copy_count; i += count) {
		struct camera_file *files = NULL;
		size_t file_count = 0;

		count = same_folder(run, i);
		if (ret == 0)
			ret = call_camera(run->call, &camera, err);
		if (ret == 0)
			ret = camera_files_list(camera, run->copies[i].folder, false, true, &files,
				&file_count, err);
		/* The folder is not there any more. */
		if (ret == ORC_EREFUSED)
			ret = 0;
		if (ret < 0) {
			memmove(&run->copies[kept], &run->copies[i], count * sizeof(*run->copies));
			kept += count;
			continue;
		}
		if (file_count)
			qsort(files, file_count, sizeof(*files), by_name);
		kept += keep_there(&run->copies[i], count, &run->copies[kept], files, file_count);
		camera_files_free(files, file_count);
	}
	run->copy_count = kept;
	run->copies_told = ret < 0;
	return ret;
}

/* 1: it is here, whole, and gone from the card; 0: it is not; negative: the camera is lost, or a signal came. */
static int delete_there(
	struct interval_run *run, const struct interval_copy *copy, struct orc_error *err)
{
	char sha256[SHA256_TEXT_SIZE];
	struct camera *camera;
	uint64_t size = 0;
	int ret;

	ret = sha256_file(run->call->io->cwd, copy->path, sha256, &size, err);
	if (ret < 0 || size != copy->size)
		return 0;
	ret = call_camera(run->call, &camera, err);
	if (ret == 0)
		ret = camera_file_delete(camera, copy->folder, copy->name, err);
	if (ret == 0)
		return 1;
	return ret == ORC_ESIGNAL || recovery_is_for(ret) ? ret : 0;
}

/* The oldest go from the card; *gone: how many went, on an error as well, which the next one is kept for. */
static int delete_oldest(struct interval_run *run, size_t *gone, struct orc_error *err)
{
	size_t looked = 0;
	int ret = 0;

	if (run->copy_count > 0)
		qsort(run->copies, run->copy_count, sizeof(*run->copies), by_age);
	for (*gone = 0; looked < run->copy_count && *gone < OLDEST_AT_ONCE; looked++) {
		struct interval_copy *copy = &run->copies[looked];

		ret = delete_there(run, copy, err);
		if (ret < 0)
			break;
		*gone += (size_t)ret;
		free_copy(copy);
	}
	run->copy_count -= looked;
	memmove(run->copies, run->copies + looked, run->copy_count * sizeof(*run->copies));
	return ret < 0 ? ret : 0;
}

/* What was put off is fetched now, so that there is something to delete: slots that it costs are missed. */
static int fetch_oldest(struct interval_run *run, struct orc_error *err)
{
	int ret = 1;

	while (ret > 0 && run->copy_count < OLDEST_AT_ONCE)
		ret = interval_fetch_left(run, INT64_MAX, err);
	return ret < 0 && !interval_is_disk_full(err) && !interval_stays(run, ret) ? ret : 0;
}

static int make_room(struct interval_run *run, struct orc_error *err)
{
	struct orc_error own = { 0 };
	size_t gone;
	int ret, written;

	ret = check_copies(run, err);
	if (ret == 0)
		ret = fetch_oldest(run, err);
	if (ret < 0)
		return ret;
	ret = delete_oldest(run, &gone, err);
	if (gone > 0) {
		written = interval_note(run, &own,
			"the card is full: files that are here were deleted there, the oldest "
			"first: %zu",
			gone);
		if (written < 0) {
			*err = own;
			return written;
		}
	} else if (ret == 0) {
		run->stop = "the card is full";
	}
	return ret;
}

int interval_card_full(struct interval_run *run, struct orc_error *err)
{
	if (run->options->on_full == ON_FULL_HOST) {
		run->full = true;
		return interval_note(
			run, err, "the card is full: pictures go to the computer from here on");
	}
	if (run->options->on_full == ON_FULL_OLDEST)
		return make_room(run, err);
	run->stop = "the card is full";
	return 0;
}
