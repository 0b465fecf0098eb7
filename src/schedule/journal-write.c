/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an interval's journal: a line at a time, and to the disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/textfile.h"
#include "schedule/journal-private.h"

static const int style = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

/* Lines that are worth a wait for the disk, whenever the last was. */
static const unsigned sync_at_once = JOURNAL_BIT(JOURNAL_PLAN) | JOURNAL_BIT(JOURNAL_RECOVERY) |
	JOURNAL_BIT(JOURNAL_RESUME) | JOURNAL_BIT(JOURNAL_END);

static int fail(const char *path, int errnum, struct orc_error *err)
{
	orc_fail_errno(err, ORC_EFILE, errnum);
	orc_what(err, "cannot write the journal %s", path);
	return ORC_EFILE;
}

const char *journal_boot(char buf[static JOURNAL_BOOT_SIZE])
{
	file_read_line("/proc/sys/kernel/random/boot_id", buf, JOURNAL_BOOT_SIZE);
	return buf;
}

static int open_locked(struct journal *journal, int cwd, const char *path, int flags,
	const struct timepiece *timepiece, struct orc_error *err)
{
	cleanup_close int fd =
		files_open(cwd, path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | flags, 0666);

	*journal = (struct journal){ .fd = -1, .timepiece = timepiece };
	if (fd < 0)
		return fail(path, errno, err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return fail(path, errno, err);
		orc_fail(err, ORC_EBUSY, "another interval writes it");
		orc_what(err, "journal %s", path);
		return ORC_EBUSY;
	}
	journal->fd = steal_fd(&fd);
	journal->path = orc_must(strdup(path));
	return 0;
}

/* The name too is to survive a power cut. Some file systems cannot; so be it. */
static void flush_folder(int cwd, const char *path)
{
	cleanup_free char *folder = orc_must(strdup(path));
	cleanup_close int fd = -1;
	char *slash = strrchr(folder, '/');

	if (slash)
		slash[1] = '\0';
	fd = files_open(cwd, slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd >= 0 && fsync(fd) < 0)
		return;
}

static int write_plan(struct journal *journal, const struct journal_plan *plan, nsec_t time,
	struct orc_error *err)
{
	char boot[JOURNAL_BOOT_SIZE];
	const struct journal_record record = {
		.event = JOURNAL_PLAN,
		.time = time,
		.plan = plan,
		.boot = journal_boot(boot),
	};

	return journal_write(journal, &record, err);
}

int journal_create(struct journal *journal, int cwd, const char *path,
	const struct journal_plan *plan, nsec_t time, const struct timepiece *timepiece,
	struct orc_error *err)
{
	int ret;

	ret = open_locked(journal, cwd, path, O_CREAT | O_EXCL, timepiece, err);
	if (ret < 0)
		return ret;
	ret = write_plan(journal, plan, time, err);
	if (ret < 0) {
		/* A journal without a plan would stand in the way of the next. */
		files_unlink(cwd, path);
		journal_close(journal);
		return ret;
	}
	flush_folder(cwd, path);
	return 0;
}

bool journal_is_unborn(const struct journal *journal)
{
	/* What record_object() begins a plan with. */
	static const char begin[] = "{\"event\":\"plan\",\"version\":1,\"";
	cleanup_free char *text = orc_must(malloc(JOURNAL_LINE_MAX));
	size_t len = strlen(begin);
	ssize_t size;

	_Static_assert(JOURNAL_VERSION == 1, "begin[] has it as well");
	size = pread(journal->fd, text, JOURNAL_LINE_MAX, 0);
	if (size < 0 || size == JOURNAL_LINE_MAX || memchr(text, '\n', (size_t)size))
		return false;
	return memcmp(text, begin, (size_t)size < len ? (size_t)size : len) == 0;
}

int journal_begin(struct journal *journal, const struct journal_plan *plan, nsec_t time,
	struct orc_error *err)
{
	if (ftruncate(journal->fd, 0) < 0)
		return fail(journal->path, errno, err);
	journal->torn = false;
	return write_plan(journal, plan, time, err);
}

int journal_continue(struct journal *journal, int cwd, const char *path,
	const struct timepiece *timepiece, struct orc_error *err)
{
	struct stat status;
	char last = '\n';
	int ret;

	ret = open_locked(journal, cwd, path, 0, timepiece, err);
	if (ret < 0)
		return ret;
	if (fstat(journal->fd, &status) < 0 ||
		(status.st_size > 0 && pread(journal->fd, &last, 1, status.st_size - 1) != 1)) {
		ret = fail(path, errno, err);
		journal_close(journal);
		return ret;
	}
	journal->torn = last != '\n';
	return 0;
}

static struct json_object *files_object(const struct journal_record *record)
{
	struct json_object *array = orc_must(json_object_new_array());
	size_t i;

	for (i = 0; i < record->file_count && i < JOURNAL_FILES_MAX; i++) {
		struct json_object *object = orc_must(json_object_new_object());

		fields_put(object, journal_file_fields, 1, &record->files[i]);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *record_object(const struct journal_record *record)
{
	struct json_object *object = orc_must(json_object_new_object()), *exposure;

	json_object_object_add(object, "event",
		orc_must(json_object_new_string(journal_event_names[record->event])));
	if (record->event == JOURNAL_PLAN)
		json_object_object_add(
			object, "version", orc_must(json_object_new_int(JOURNAL_VERSION)));
	fields_put(object, journal_fields, JOURNAL_BIT(record->event), record);
	if (record->plan && record->event == JOURNAL_PLAN)
		fields_put(object, journal_plan_fields, 1, record->plan);
	if (journal_has_files(record->event))
		json_object_object_add(object, "files", files_object(record));
	if (record->event == JOURNAL_SHOT) {
		exposure = orc_must(json_object_new_object());
		fields_put(exposure, journal_exposure_fields, 1, &record->exposure);
		json_object_object_add(object, "exposure", exposure);
	}
	return object;
}

/* One write(), so that a line is there whole or, on a full disk or a power cut, last and torn. */
static int write_line(struct journal *journal, const char *text, size_t len, struct orc_error *err)
{
	cleanup_free char *line = orc_must(malloc(len + 2));
	size_t size = 0;
	ssize_t done;

	if (journal->torn)
		line[size++] = '\n';
	memcpy(line + size, text, len);
	size += len;
	line[size++] = '\n';
	do
		done = write(journal->fd, line, size);
	while (done < 0 && errno == EINTR);
	if (done == (ssize_t)size) {
		journal->torn = false;
		return 0;
	}
	if (done > 0)
		journal->torn = line[done - 1] != '\n';
	return fail(journal->path, done < 0 ? errno : ENOSPC, err);
}

int journal_write(
	struct journal *journal, const struct journal_record *record, struct orc_error *err)
{
	cleanup_json struct json_object *object = NULL;
	struct journal_record timed = *record;
	const char *text;
	size_t len;
	int ret;

	if (!timed.time)
		timed.time = timepiece_now(journal->timepiece).wall;
	object = record_object(&timed);
	text = orc_must((void *)(uintptr_t)json_object_to_json_string_length(object, style, &len));
	ret = write_line(journal, text, len, err);
	if (ret < 0)
		return ret;
	journal->dirty = true;
	if (!(JOURNAL_BIT(record->event) & sync_at_once) && journal->synced &&
		clock_now_nsec() - journal->synced < JOURNAL_SYNC)
		return 0;
	return journal_flush(journal, err);
}

int journal_flush(struct journal *journal, struct orc_error *err)
{
	if (!journal->dirty)
		return 0;
	journal->synced = clock_now_nsec();
	/* A pipe or a strange file system cannot, and that is no reason to end an interval. */
	if (fdatasync(journal->fd) < 0 && errno != EINVAL && errno != EROFS && errno != EINTR)
		return fail(journal->path, errno, err);
	journal->dirty = false;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0) {
		if (journal->dirty && fdatasync(journal->fd) < 0)
			journal->dirty = false;
		close(steal_fd(&journal->fd));
	}
	free(journal->path);
	journal->path = NULL;
}
