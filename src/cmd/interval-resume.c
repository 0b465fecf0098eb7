/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval's start: with a new journal, or where the last run was cut short. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/interval-run.h"
#include "cmd/pattern.h"
#include "session/owner.h"

/* A note of a run's start; what comes behind it in the order of the card is the run's. */
#define NEWEST_NOTE "the card's newest picture: "
/* A body that was interrupted while it exposed has the picture on its card some seconds later. */
#define SETTLE_TRIES 4
#define SETTLE_MSEC  1500
/* A lock that is held is tried again. */
#define LOCK_MSEC 200

/* "/folder/name" in two. */
static char *split(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return NULL;
	*name = slash + 1;
	return orc_must(strndup(path, (size_t)(slash - path)));
}

/* What the journal says beside its state: what is still to be fetched, and how far the card is known. */
struct reading {
	struct interval_run *run;
	nsec_t begun; /* the plan's time */
};

static void forget_left(struct interval_run *run, const char *folder, const char *name)
{
	for (size_t i = 0; i < run->left_count; i++) {
		const struct camera_file *file = &run->left[i].file;

		if (strcmp(file->folder, folder) != 0 || strcmp(file->name, name) != 0)
			continue;
		interval_drop_left(run, i);
		return;
	}
}

/* One that is here, and on the card, may be deleted there. */
static void read_copy(struct interval_run *run, uint64_t slot, const struct camera_file *file,
	const struct journal_file *item)
{
	cleanup_free char *path = NULL;

	run->copies_told = true;
	if (item->path && item->kept &&
		asprintf(&path, "%s%s", item->path[0] == '/' ? "" : run->journal_folder,
			item->path) < 0)
		path = orc_must(NULL);
	interval_copied(run, slot, file, path);
}

/* The record of a shot has all its files. */
static bool is_wanted(
	const struct interval_run *run, const struct journal_record *record, size_t index)
{
	struct camera_file named[JOURNAL_FILES_MAX] = { 0 };

	for (size_t i = 0; i < record->file_count; i++) {
		const char *name = record->files[i].camera;

		named[i].name = (char *)(uintptr_t)(name ? name : "");
	}
	return fetch_wants_of(&run->options->fetch, named, record->file_count, index);
}

static void read_file(struct interval_run *run, const struct journal_record *record, size_t index)
{
	const struct journal_file *item = &record->files[index];
	const char *name;
	cleanup_free char *folder = item->camera ? split(item->camera, &name) : NULL;
	nsec_t when = record->released ? record->released : record->time;
	struct camera_file file;

	if (!folder)
		return;
	file = (struct camera_file){
		.folder = folder,
		.name = (char *)(uintptr_t)name,
		.size = item->size,
		.mtime = (time_t)(when / NSEC_PER_SEC),
	};
	interval_know(run, folder, name);
	read_copy(run, record->slot.number, &file, item);
	if (item->path)
		forget_left(run, folder, name);
	else if (item->kept && is_wanted(run, record, index))
		interval_put_off(run, record->slot.number, &file);
}

static int read_record(void *data, const struct journal_record *record)
{
	struct reading *reading = data;
	size_t len = strlen(NEWEST_NOTE);

	if (!reading->begun)
		reading->begun = record->time;
	if (record->event == JOURNAL_NOTE && record->why &&
		strncmp(record->why, NEWEST_NOTE, len) == 0) {
		const char *name;
		cleanup_free char *folder = split(record->why + len, &name);

		if (folder)
			interval_know(reading->run, folder, name);
	}
	for (size_t i = 0; i < record->file_count; i++)
		read_file(reading->run, record, i);
	if (record->event == JOURNAL_SHOT)
		interval_offset(reading->run, record->slot.number, record->exposure.offset);
	return 0;
}

/* The pictures of the folder that takes them, in the card's order, from the oldest. */
static int by_order(const void *a, const void *b)
{
	return interval_order(
		((const struct camera_file *)a)->name, ((const struct camera_file *)b)->name);
}

static int list_newest(
	struct camera *camera, struct camera_file **files, size_t *count, struct orc_error *err)
{
	cleanup_free char *folder = NULL;
	int ret;

	*files = NULL;
	*count = 0;
	ret = camera_picture_folder(camera, &folder, err);
	if (ret == ORC_EREFUSED)
		return 0; /* nothing was ever taken to that card */
	if (ret == 0)
		ret = camera_files_list(camera, folder, false, true, files, count, err);
	if (ret == 0 && *count > 1)
		qsort(*files, *count, sizeof(**files), by_order);
	return ret;
}

/* How far the card is, before the first slot. */
static int note_newest(struct interval_run *run, struct camera *camera, struct orc_error *err)
{
	struct camera_file *files;
	char text[512];
	const struct journal_record record = { .event = JOURNAL_NOTE, .why = text };
	size_t count;
	int ret;

	if (run->options->memory)
		return 0;
	ret = list_newest(camera, &files, &count, err);
	if (ret < 0)
		return ret;
	snprintf(text, sizeof(text), NEWEST_NOTE "%s%s%s", count ? files[count - 1].folder : "none",
		count ? "/" : "", count ? files[count - 1].name : "");
	if (count)
		interval_know(run, files[count - 1].folder, files[count - 1].name);
	camera_files_free(files, count);
	return interval_write(run, &record, err);
}

/* A body that did not tell of its cards is asked again: it may have been busy. */
static int ask_cards(struct camera *camera, struct camera_info *info, struct orc_error *err)
{
	struct camera_info cards = { 0 };
	int ret;

	if (info->storages_told)
		return 0;
	ret = camera_info_storages(camera, &cards, err);
	info->storages = cards.storages;
	info->storage_count = cards.storage_count;
	info->storages_told = cards.storages_told;
	/* The driver cannot tell. */
	return ret == ORC_EREFUSED ? 0 : ret;
}

/* A body without a card keeps a picture in its memory until it is fetched. */
static int learn_camera(struct interval_run *run, struct camera *camera, struct orc_error *err)
{
	cleanup(camera_info_free) struct camera_info info = { 0 };
	int ret = camera_info_get(camera, &info, err);

	if (ret == 0)
		ret = ask_cards(camera, &info, err);
	if (ret < 0)
		return ret;
	run->model = orc_must(strdup(camera_model(camera)));
	run->serial = info.serial ? orc_must(strdup(info.serial)) : NULL;
	if (info.storage_count == 0 && !run->options->memory) {
		call_warn(run->call, "there is no card: pictures go to the computer");
		run->options->memory = true;
	}
	interval_told(run, &info);
	return 0;
}

/* A run that goes on has patience with what is lost by then, as one that is under way; *camera is another then. */
static int learn_patiently(struct interval_run *run, struct camera **camera, struct orc_error *err)
{
	int ret;

	for (;;) {
		ret = learn_camera(run, *camera, err);
		if (ret == 0 || !run->options->resume || ret == ORC_EBUSY || !recovery_is_for(ret))
			return ret;
		ret = recovery_step(&run->recovery, run->call, err);
		if (ret == 0)
			ret = interval_camera(run, camera, err);
		if (ret < 0)
			return ret;
	}
}

static void take_plan(struct interval_run *run, const struct journal_plan *plan)
{
	run->plan = (struct grid_plan){
		.every = plan->every,
		.start = plan->start,
		.align = plan->align,
		.count = plan->count,
		.lasting = plan->lasting,
		.until = plan->until,
		.late = plan->late,
		.windows = &run->options->windows,
	};
}

/* The first slot is a little later than now, so that it can be made ready. */
static struct moment soon(const struct interval_run *run)
{
	struct moment now = timepiece_now(&run->timepiece);
	nsec_t ahead = interval_scaled(run, run->margin);

	return (struct moment){ now.wall + ahead, now.elapsed + ahead };
}

static void put_camera(struct interval_run *run, struct journal_plan *plan)
{
	plan->camera = run->model;
	plan->serial = run->serial;
	plan->address = run->call->io->job->key;
}

/* The journal's, which need not be there. */
static int make_folder(struct interval_run *run, struct orc_error *err)
{
	cleanup_outfile struct outfile probe = { .fd = -1 };

	return outfile_open(
		&probe, run->call->io->cwd, run->options->journal, OUTFILE_NEW, false, err);
}

static int begin(struct interval_run *run, struct camera *camera, struct orc_error *err)
{
	nsec_t now = timepiece_now(&run->timepiece).wall;
	struct journal_plan plan;
	int ret;

	ret = interval_options_plan(run->options, now, &plan, err);
	if (ret < 0)
		return ret;
	take_plan(run, &plan);
	if (run->options->once)
		run->plan.count = 1;
	ret = grid_start(&run->grid, &run->plan, soon(run), err);
	if (ret < 0)
		return ret;
	put_camera(run, &plan);
	if (run->journal.fd >= 0) {
		ret = journal_begin(&run->journal, &plan, now, err);
	} else {
		ret = make_folder(run, err);
		if (ret == 0)
			ret = journal_create(&run->journal, run->call->io->cwd,
				run->options->journal, &plan, now, &run->timepiece, err);
	}
	if (ret == ORC_EFILE && err->errnum == EEXIST)
		return orc_hint(err, "--resume goes on with it; -o or --journal names another");
	if (ret == 0)
		ret = note_newest(run, camera, err);
	/* What came before took its time: the first slot is not to be late for it. */
	return ret < 0 ? ret : grid_start(&run->grid, &run->plan, soon(run), err);
}

/* --once: the next number, now, whatever the grid of the last one. */
static struct grid_mark mark_once(struct interval_run *run)
{
	struct grid_mark mark = { .same_boot = true, .last.planned = soon(run) };

	mark.last.number = run->had.mark.last.number;
	mark.last.planned.wall -= run->plan.every;
	mark.last.planned.elapsed -= run->plan.every;
	mark.started = mark.last.planned.wall;
	run->plan.count = mark.last.number + 2;
	return mark;
}

static int set_grid(struct interval_run *run, struct orc_error *err)
{
	if (!run->had.any) {
		if (run->options->once)
			run->plan.count = 1;
		return grid_start(&run->grid, &run->plan, soon(run), err);
	}
	if (run->options->once) {
		struct grid_mark mark = mark_once(run);

		return grid_resume(&run->grid, &run->plan, &mark, soon(run), err);
	}
	return grid_resume(
		&run->grid, &run->plan, &run->had.mark, timepiece_now(&run->timepiece), err);
}

/* `begun`: the plan's time. */
static int go_on(struct interval_run *run, nsec_t begun, struct orc_error *err)
{
	struct journal_plan plan;
	struct journal_record record = { .event = JOURNAL_RESUME };
	char boot[JOURNAL_BOOT_SIZE];
	int ret;

	ret = interval_options_plan(run->options, begun, &plan, err);
	if (ret < 0)
		return ret;
	put_camera(run, &plan);
	ret = journal_plan_compare(&run->had.plan, &plan, err);
	if (ret < 0)
		return ret;
	take_plan(run, &plan);
	run->taken = run->had.taken;
	run->missed = run->had.missed;
	run->failed = run->had.failed;
	ret = set_grid(run, err);
	if (ret < 0)
		return ret;
	record.slot.number = run->grid.number;
	record.boot = journal_boot(boot);
	ret = interval_write(run, &record, err);
	if (ret < 0)
		return ret;
	if (run->had.open) {
		run->unsettled = true;
		run->open = run->had.mark.last;
		ret = interval_lose(run, interval_settle(run, err), err);
	}
	if (run->lost)
		return ret;
	/* Of what is missed from here on. */
	snprintf(run->why, sizeof(run->why), "no opencamrc was running");
	return ret;
}

/* The journal's lock is the run's. */
static int lock(struct interval_run *run, struct orc_error *err)
{
	struct deadline deadline =
		deadline_after_msec(run->call->globals.wait_nsec / NSEC_PER_MSEC);
	int ret;

	for (;;) {
		ret = journal_continue(&run->journal, run->call->io->cwd, run->options->journal,
			&run->timepiece, err);
		run->shut_out = ret == ORC_EBUSY;
		if (!run->shut_out || run->options->skip || deadline_passed(deadline))
			return ret;
		if (call_sleep_until(run->call, deadline_after_msec(LOCK_MSEC)) < 0)
			return io_fail_signal(run->call->io, err);
	}
}

/* The journal that is there, locked and read; ORC_EAGAIN: there is none, or nothing of use in it. */
static int read_journal(struct interval_run *run, struct reading *reading, struct orc_error *err)
{
	int ret = lock(run, err);

	if (ret == ORC_EFILE && err->errnum == ENOENT)
		return ORC_EAGAIN;
	if (ret < 0)
		return ret;
	ret = journal_state_read(&run->had, run->journal.fd, read_record, reading, err);
	/* Its run was killed, or the power cut, before the plan was on the disk. */
	return ret == ORC_EUSAGE && journal_is_unborn(&run->journal) ? ORC_EAGAIN : ret;
}

int interval_open(struct interval_run *run, struct camera *camera, struct orc_error *err)
{
	struct reading reading = { .run = run };
	int ret = ORC_EAGAIN;

	if (run->options->resume || run->options->once) {
		/* The lock may have to be waited for, and a journal of weeks is long: others have it then. */
		call_rest(run->call);
		ret = read_journal(run, &reading, err);
		if (ret < 0 && ret != ORC_EAGAIN)
			return ret;
		/* Who has it now is as much in the way as who had it before. */
		if (interval_camera(run, &camera, err) < 0)
			return err->code;
	}
	if (learn_patiently(run, &camera, err) < 0)
		return err->code;
	return ret == ORC_EAGAIN ? begin(run, camera, err) : go_on(run, reading.begun, err);
}

/* The first picture behind the newest that is known; RAW and JPEG have one stem. 0: none. */
static size_t find_unknown(const struct interval_run *run, const struct camera_file *files,
	size_t count, size_t *first)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = files[i].name;
		int order = run->newest_folder ? strcmp(files[i].folder, run->newest_folder) : 1;

		if (order < 0 || (order == 0 && interval_order(name, run->newest_name) <= 0))
			continue;
		if (found == 0)
			*first = i;
		else if (pattern_stem(name) != pattern_stem(files[*first].name) ||
			strncmp(name, files[*first].name, pattern_stem(name)) != 0)
			break;
		found++;
	}
	return found;
}

static int fetch_found(struct interval_run *run, struct camera *camera,
	const struct camera_file *files, size_t count, struct orc_error *err)
{
	cleanup(interval_files_free) struct interval_files done = { 0 };
	struct journal_record record = {
		.event = JOURNAL_FILES,
		.slot = run->open,
		.files = done.items,
	};
	struct orc_error own = { 0 };
	int ret, written;

	ret = interval_fetch(run, camera, run->open.number, files, count, INT64_MAX, &done, err);
	record.file_count = done.count;
	written = interval_write(run, &record, &own);
	if (written < 0) {
		*err = own;
		return written;
	}
	run->taken++;
	run->unsettled = false;
	interval_print(run, &record, &done);
	interval_fetched(run, &done);
	return ret;
}

int interval_settle(struct interval_run *run, struct orc_error *err)
{
	struct camera_file *files;
	struct camera *camera;
	size_t count, first = 0, found;
	int ret;

	if (run->options->memory)
		return interval_failed(run, &run->open, "cut short", err);
	for (int try = 0; try < SETTLE_TRIES; try++) {
		nsec_t ago = timepiece_now(&run->timepiece).wall - run->open.planned.wall;

		ret = call_camera(run->call, &camera, err);
		if (ret == 0)
			ret = list_newest(camera, &files, &count, err);
		if (ret < 0)
			return ret;
		found = find_unknown(run, files, count, &first);
		if (found > 0)
			ret = fetch_found(run, camera, files + first, found, err);
		camera_files_free(files, count);
		if (found > 0)
			return ret;
		/* Never released, or long enough ago. */
		if (ago < 0 ||
			ago > interval_scaled(run, SETTLE_TRIES * SETTLE_MSEC * NSEC_PER_MSEC))
			break;
		/* The library remembers what it has listed once: it is to look anew. */
		call_drop_camera(run->call);
		if (call_sleep_until(run->call, deadline_after_msec(SETTLE_MSEC)) < 0)
			return io_fail_signal(run->call->io, err);
	}
	return interval_failed(run, &run->open,
		run->why[0] ? run->why : "cut short, and no picture on the card", err);
}
