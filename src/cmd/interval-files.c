/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of an interval: fetched when there is time, put off when not, deleted where they shall not stay. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "cmd/interval-run.h"
#include "cmd/pattern.h"
#include "schedule/sha256.h"

/* Where pictures cannot be written it is tried again after so long. */
#define AGAIN_NSEC NSEC_PER_SEC

void interval_files_free(struct interval_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free((char *)files->items[i].path);
		free((char *)files->items[i].camera);
		free((char *)files->items[i].sha256);
		free(files->names[i]);
	}
	files->count = 0;
}

static char *join(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name) < 0)
		path = orc_must(NULL);
	return path;
}

/* Four digits at the end of the stem, as DCF wants them; 0: there are none. */
static int dcf_number(const char *name)
{
	size_t stem = pattern_stem(name);
	int number = 0;

	if (stem < 4)
		return 0;
	for (size_t i = stem - 4; i < stem; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + name[i] - '0';
	}
	return number;
}

int interval_order(const char *a, const char *b)
{
	int first = dcf_number(a), second = dcf_number(b);

	return first == second ? strcmp(a, b) : first < second ? -1 : 1;
}

void interval_know(struct interval_run *run, const char *folder, const char *name)
{
	int order;

	if (strcmp(folder, "/") == 0)
		return;
	order = run->newest_folder ? strcmp(run->newest_folder, folder) : -1;
	if (order > 0 || (order == 0 && interval_order(run->newest_name, name) >= 0))
		return;
	free(run->newest_folder);
	free(run->newest_name);
	run->newest_folder = orc_must(strdup(folder));
	run->newest_name = orc_must(strdup(name));
}

/* As the journal has it: relative to its own folder where it is below that, else whole. */
static char *journal_path(const struct interval_run *run, const char *path)
{
	size_t len = strlen(run->journal_folder);
	char link[40], cwd[PATH_MAX];
	ssize_t read;
	char *whole;

	if (path[0] == '/' && run->journal_folder[0] != '/')
		return orc_must(strdup(path));
	if (strncmp(path, run->journal_folder, len) == 0)
		return orc_must(strdup(path + len));
	if (path[0] == '/')
		return orc_must(strdup(path));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", run->call->io->cwd);
	read = readlink(link, cwd, sizeof(cwd) - 1);
	if (read <= 0)
		return orc_must(strdup(path));
	cwd[read] = '\0';
	if (asprintf(&whole, "%s/%s", cwd, path) < 0)
		whole = orc_must(NULL);
	return whole;
}

void interval_put_off(struct interval_run *run, uint64_t slot, const struct camera_file *file)
{
	struct interval_left *left;

	if (run->options->download == DOWNLOAD_NEVER)
		return;
	run->left = orc_must(realloc(run->left, (run->left_count + 1) * sizeof(*run->left)));
	left = &run->left[run->left_count++];
	*left = (struct interval_left){ .slot = slot, .offset = NAN };
	left->file = (struct camera_file){
		.folder = orc_must(strdup(file->folder)),
		.name = orc_must(strdup(file->name)),
		.size = file->size,
		.mtime = file->mtime,
	};
}

/* Is there time for so many bytes? */
static bool fits(const struct interval_run *run, uint64_t bytes, nsec_t until)
{
	nsec_t now = timepiece_now(&run->timepiece).elapsed;
	nsec_t takes = interval_pace_takes(&run->pace, bytes);

	return until == INT64_MAX || now + interval_scaled(run, takes) < until;
}

/* Has there not been any for so long that one is tried all the same? */
static bool is_due(struct interval_run *run, uint64_t bytes)
{
	nsec_t every = (nsec_t)((double)run->options->every / run->timepiece.speed);

	return interval_pace_expired(&run->pace, bytes, every, clock_now_nsec());
}

/*
 * What an earlier run had fetched, and was killed before it could say so, is there under the very name:
 * then the second copy goes.
 */
static void drop_twin(struct interval_run *run, struct download *download,
	const struct camera_file *file, struct downloaded *done, const char *sha256)
{
	cleanup_free char *first = NULL, *known = NULL;
	char twin[SHA256_TEXT_SIZE];
	uint64_t size;
	int cwd = run->call->io->cwd;

	download->number--;
	first = download_name(download, file);
	download->number++;
	known = journal_path(run, first);
	if (strcmp(first, done->path) == 0 || journal_knows_path(&run->had, known))
		return;
	if (sha256_file(cwd, first, twin, &size, &(struct orc_error){ 0 }) < 0 ||
		strcmp(twin, sha256) != 0)
		return;
	if (files_unlink(cwd, done->path) < 0)
		return;
	free(done->path);
	done->path = steal_pointer(&first);
}

/* The file is here: all that the journal wants to know of it. */
static int describe(struct interval_run *run, struct download *download, uint64_t slot,
	const struct camera_file *file, struct downloaded *got, struct interval_files *done,
	struct orc_error *err)
{
	struct journal_file *item = &done->items[done->count];
	char sha256[SHA256_TEXT_SIZE];
	bool in_memory = fetch_in_memory(file);
	struct camera_file whole = *file;
	int ret;

	ret = sha256_file(run->call->io->cwd, got->path, sha256, &got->size, err);
	if (ret < 0)
		return ret;
	whole.size = got->size;
	if (run->unsettled || run->had.any)
		drop_twin(run, download, file, got, sha256);
	*item = (struct journal_file){
		.path = journal_path(run, got->path),
		.camera = in_memory ? NULL : join(file->folder, file->name),
		.sha256 = orc_must(strdup(sha256)),
		.size = got->size,
		.kept = !in_memory && !run->options->fetch.no_keep,
	};
	if (isnan(done->exposure.shutter) || done->count == 0)
		interval_exposure(run->call->io->cwd, got->path, &done->exposure);
	interval_copied(run, slot, &whole, got->path);
	done->names[done->count++] = got->path;
	got->path = NULL;
	return 0;
}

/* It stays on the card for now. */
static void describe_left(struct interval_files *done, const struct camera_file *file)
{
	if (fetch_in_memory(file))
		return;
	done->items[done->count++] = (struct journal_file){
		.camera = join(file->folder, file->name),
		.size = file->size,
		.kept = true,
	};
}

static int fetch_one(struct interval_run *run, struct camera *camera, uint64_t slot,
	const struct camera_file *file, struct interval_files *done, struct orc_error *err)
{
	struct download *download = &run->options->fetch.download;
	struct downloaded got = { 0 };
	nsec_t before;
	int ret;

	for (;;) {
		before = clock_now_nsec();
		download->number = (unsigned)slot;
		interval_hide(run);
		ret = download_file(download, run->call, camera, file, &got, err);
		if (ret == 0)
			ret = describe(run, download, slot, file, &got, done, err);
		free(got.path);
		if (ret < 0 && interval_is_disk_full(err) && fetch_in_memory(file)) {
			/* The camera has it until its next picture, which has to wait, too. */
			ret = interval_wait_room(run, err);
			if (ret == 0)
				ret = call_camera(run->call, &camera, err);
			if (ret == 0)
				continue;
		}
		break;
	}
	run->pace.tried = clock_now_nsec();
	if (ret == 0)
		interval_pace_learn(
			&run->pace, done->items[done->count - 1].size, run->pace.tried - before);
	if (ret == 0 && fetch_in_memory(file) &&
		camera_file_delete(camera, file->folder, file->name, &(struct orc_error){ 0 }) < 0)
		return 0; /* the driver forgets it anyway */
	return ret;
}

/*
 * A picture could not be written: the folder is not there or not ours, or its disk fails, and somebody may mend that.
 * The card has it, so it is told once, and tried again after a while.
 */
static void be_unwritable(struct interval_run *run, const struct orc_error *err)
{
	if (!run->unwritable) {
		interval_hide(run);
		call_report(run->call, err);
		call_warn(run->call, "pictures stay on the card until they can be written here");
	}
	run->unwritable = true;
	run->again_nsec = clock_now_nsec() + AGAIN_NSEC;
}

static bool is_unwritable(const struct orc_error *err)
{
	return err->code == ORC_EFILE && !interval_is_disk_full(err);
}

static void be_writable(struct interval_run *run)
{
	if (run->unwritable) {
		interval_hide(run);
		call_warn(run->call, "pictures can be written again");
	}
	run->unwritable = false;
}

static bool is_too_early(const struct interval_run *run)
{
	return run->unwritable && clock_now_nsec() < run->again_nsec;
}

int interval_fetch(struct interval_run *run, struct camera *camera, uint64_t slot,
	const struct camera_file *files, size_t count, nsec_t until, struct interval_files *done,
	struct orc_error *err)
{
	bool wait = run->options->download != DOWNLOAD_NOW || is_too_early(run);
	int ret = 0;

	done->exposure = (struct journal_exposure){ NAN, NAN, NAN, NAN, NAN };
	run->shot_bytes = 0;
	for (size_t i = 0; i < count && done->count < JOURNAL_FILES_MAX; i++) {
		const struct camera_file *file = &files[i];
		struct orc_error own = { 0 };
		bool memory = fetch_in_memory(file);
		int got = -1;

		run->shot_bytes += file->size;
		interval_know(run, file->folder, file->name);
		if (!fetch_wants_of(&run->options->fetch, files, count, i)) {
			describe_left(done, file);
			continue;
		}
		if (memory ||
			(ret == 0 && !wait &&
				(fits(run, file->size, until) || is_due(run, file->size)))) {
			got = fetch_one(run, camera, slot, file, done, &own);
			if (got == 0) {
				be_writable(run);
				continue;
			}
			interval_hide(run);
			if (!memory && is_unwritable(&own)) {
				be_unwritable(run, &own);
				wait = true;
			} else {
				call_report(run->call, &own);
			}
			if (recovery_is_for(got) || got == ORC_ESIGNAL) {
				ret = got;
				*err = own;
			}
			if (interval_is_disk_full(&own))
				wait = true;
		}
		describe_left(done, file);
		if (!memory)
			interval_put_off(run, slot, file);
	}
	return ret;
}

void interval_fetched(struct interval_run *run, struct interval_files *files)
{
	const struct interval_options *options = run->options;

	for (size_t i = 0; i < files->count; i++) {
		struct orc_error err = { 0 };
		const char *path = files->items[i].camera, *name = path ? strrchr(path, '/') : NULL;
		cleanup_free char *folder = NULL;
		struct camera *camera;

		if (!files->names[i])
			continue;
		if (options->fetch.hooks)
			hook_queue_add(options->fetch.hooks, "download", files->names[i]);
		if (!options->fetch.no_keep || !name)
			continue;
		folder = orc_must(strndup(path, (size_t)(name - path)));
		if (call_camera(run->call, &camera, &err) < 0 ||
			camera_file_delete(camera, folder, name + 1, &err) < 0) {
			interval_hide(run);
			call_report(run->call, &err);
		}
	}
}

void interval_drop_left(struct interval_run *run, size_t index)
{
	camera_file_free(&run->left[index].file);
	run->left_count--;
	memmove(&run->left[index], &run->left[index + 1],
		(run->left_count - index) * sizeof(*run->left));
}

bool interval_stays(const struct interval_run *run, int error)
{
	return error == ORC_EFILE && run->unwritable;
}

int interval_fetch_left(struct interval_run *run, nsec_t until, struct orc_error *err)
{
	cleanup(interval_files_free) struct interval_files done = { 0 };
	struct journal_record record = { .event = JOURNAL_FILES, .files = done.items };
	const struct interval_left *left = run->left;
	struct camera *camera;
	int ret;

	if (run->left_count == 0 || !fits(run, left->file.size, until) ||
		(until != INT64_MAX && is_too_early(run)))
		return 0;
	ret = call_camera(run->call, &camera, err);
	if (ret < 0)
		return ret;
	done.exposure = (struct journal_exposure){ NAN, NAN, NAN, NAN, NAN };
	ret = fetch_one(run, camera, left->slot, &left->file, &done, err);
	if (ret == ORC_EREFUSED) {
		/* Deleted on the body, maybe: that one is not to be had. */
		ret = interval_note(run, err, "slot %llu: %s/%s cannot be fetched",
			(unsigned long long)left->slot, left->file.folder, left->file.name);
		run->short_of++;
		interval_drop_left(run, 0);
		/* That would be the journal's. */
		if (ret < 0)
			run->unwritable = false;
		return ret < 0 ? ret : 1;
	}
	if (ret < 0 && is_unwritable(err))
		be_unwritable(run, err);
	if (ret < 0)
		return ret;
	be_writable(run);
	record.slot.number = left->slot;
	record.file_count = done.count;
	interval_sidecars(run, left->slot, &done, left->offset);
	ret = interval_write(run, &record, err);
	interval_print(run, &record, &done);
	interval_fetched(run, &done);
	interval_drop_left(run, 0);
	call_rest(run->call);
	return ret < 0 ? ret : 1;
}
