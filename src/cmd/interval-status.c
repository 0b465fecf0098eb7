/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an interval stands: a line on a terminal, an object a slot. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "cmd/interval-run.h"
#include "cmd/json.h"

/* Battery and card cost an EOS a dozen round trips. */
#define ASK_NSEC (600 * NSEC_PER_SEC)

void interval_told(struct interval_run *run, const struct camera_info *info)
{
	run->asked_nsec = clock_now_nsec();
	snprintf(run->battery, sizeof(run->battery), "%s", info->battery ? info->battery : "");
	run->card_images = run->card_bytes = 0;
	for (size_t i = 0; i < info->storage_count; i++) {
		run->card_images += info->storages[i].free_images;
		run->card_bytes += info->storages[i].free_bytes;
	}
}

bool interval_ask(struct interval_run *run, struct camera *camera, bool anyway)
{
	cleanup(camera_info_free) struct camera_info info = { 0 };
	struct orc_error err = { 0 };

	if (!anyway && run->asked_nsec && clock_now_nsec() - run->asked_nsec < ASK_NSEC)
		return false;
	if (camera_info_get(camera, &info, &err) < 0)
		return false;
	interval_told(run, &info);
	return info.storage_count > 0;
}

/* "2 h 05 min", "12 s". */
static const char *format_time(nsec_t nsec, char *buf, size_t size)
{
	long long seconds = nsec / NSEC_PER_SEC;

	if (seconds >= 86400)
		snprintf(buf, size, "%lld d %02lld h", seconds / 86400, seconds / 3600 % 24);
	else if (seconds >= 3600)
		snprintf(buf, size, "%lld h %02lld min", seconds / 3600, seconds / 60 % 60);
	else if (seconds >= 60)
		snprintf(buf, size, "%lld min %02lld s", seconds / 60, seconds % 60);
	else
		snprintf(buf, size, "%lld s", seconds < 0 ? 0 : seconds);
	return buf;
}

/* Here, where the journal is. */
static uint64_t host_free(const struct interval_run *run)
{
	struct statvfs fs;

	if (fstatvfs(run->journal.fd, &fs) < 0)
		return 0;
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

void interval_show(struct interval_run *run, const struct slot *next)
{
	struct io *io = run->call->io;
	struct moment now = timepiece_now(&run->timepiece);
	char line[512], text[40], bytes[FORMAT_BYTES_SIZE];
	uint64_t left = grid_left(&run->grid, now);
	size_t len;

	if (!io->err_tty || io->quiet)
		return;
	len = (size_t)snprintf(line, sizeof(line), "taken %llu, missed %llu",
		(unsigned long long)run->taken, (unsigned long long)(run->missed + run->failed));
	if (next)
		len += (size_t)snprintf(line + len, sizeof(line) - len, ", next in %s",
			format_time(next->planned.elapsed - now.elapsed, text, sizeof(text)));
	if (run->taken > 0)
		len += (size_t)snprintf(line + len, sizeof(line) - len, ", %.1f ms late",
			(double)run->late / (double)NSEC_PER_MSEC);
	if (left != UINT64_MAX)
		len += (size_t)snprintf(line + len, sizeof(line) - len, ", %s left",
			format_time((nsec_t)left * run->options->every, text, sizeof(text)));
	len += (size_t)snprintf(line + len, sizeof(line) - len, ", free %s",
		format_bytes(host_free(run), bytes, sizeof(bytes)));
	if (run->card_images)
		len += (size_t)snprintf(line + len, sizeof(line) - len, ", card %llu",
			(unsigned long long)run->card_images);
	if (run->battery[0])
		snprintf(line + len, sizeof(line) - len, ", battery %s", run->battery);
	io_redraw(io, "%.*s", (int)io->columns - 1, line);
	run->on_screen = true;
}

void interval_hide(struct interval_run *run)
{
	if (run->on_screen)
		io_redraw(run->call->io, "%s", "");
	run->on_screen = false;
}

static struct json_object *list_files(const struct interval_files *files)
{
	struct json_object *list = orc_must(json_object_new_array());

	for (size_t i = 0; files && i < files->count; i++) {
		struct json_object *object = json_new();

		json_put_string(object, "path", files->names[i]);
		json_put_string(object, "camera", files->items[i].camera);
		json_put_count(object, "size", files->items[i].size);
		json_object_array_add(list, object);
	}
	return list;
}

void interval_put_time(struct json_object *object, const char *key, nsec_t wall)
{
	char text[WALL_TEXT_SIZE];

	json_put_string(object, key, wall ? wall_format(wall, text) : NULL);
}

void interval_print(struct interval_run *run, const struct journal_record *record,
	const struct interval_files *files)
{
	static const char *const outcomes[] = {
		[JOURNAL_SHOT] = "taken",
		[JOURNAL_FILES] = "fetched",
		[JOURNAL_FAILED] = "failed",
		[JOURNAL_MISSED] = "missed",
	};
	cleanup_json struct json_object *object = NULL;
	bool range = record->event == JOURNAL_MISSED;

	interval_hide(run);
	if (!run->call->globals.json) {
		if (run->options->once || run->call->io->quiet)
			return;
		for (size_t i = 0; files && i < files->count; i++)
			if (files->names[i])
				io_printf(run->call->io, "%s\n", files->names[i]);
		return;
	}
	object = json_new();
	json_put_count(object, "slot", record->slot.number);
	json_put_count(object, "last", range ? record->last.number : record->slot.number);
	json_put_string(object, "outcome", outcomes[record->event]);
	interval_put_time(object, "planned", record->slot.planned.wall);
	interval_put_time(object, "released", record->released);
	if (record->event == JOURNAL_SHOT)
		json_put_number(object, "late", (double)record->late / (double)NSEC_PER_SEC, 6);
	else
		json_put_null(object, "late");
	json_put_string(object, "why", record->why);
	json_object_object_add(object, "files", list_files(files));
	json_print(run->call->io, object);
}
