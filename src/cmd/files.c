/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opencamrc files: list, fetch, delete and put the files of the camera's cards. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/zone.h"
#include "camera/files.h"
#include "cmd/command.h"
#include "cmd/download.h"
#include "cmd/json.h"
#include "cmd/select.h"
#include "cmd/table.h"

enum {
	OPTION_LONG = 1,
	OPTION_FOLDER,
	OPTION_NO_RECURSE,
	OPTION_ALL,
	OPTION_NEW,
	OPTION_OUTPUT,
	OPTION_THUMBNAIL,
	OPTION_SKIP_EXISTING,
	OPTION_RESUME,
	OPTION_FORCE,
};

static const struct poptOption options[] = {
	{ "long", 'l', POPT_ARG_NONE, NULL, OPTION_LONG, "list: sizes and times as well", NULL },
	{ "folder", 0, POPT_ARG_STRING, NULL, OPTION_FOLDER,
		"the folder on the camera to look in, or to put into", "FOLDER" },
	{ "no-recurse", 0, POPT_ARG_NONE, NULL, OPTION_NO_RECURSE,
		"do not look into the folders below", NULL },
	{ "all", 0, POPT_ARG_NONE, NULL, OPTION_ALL, "get, delete: every file", NULL },
	{ "new", 0, POPT_ARG_NONE, NULL, OPTION_NEW,
		"get: what the camera has not marked as downloaded and is not here in the same "
		"size",
		NULL },
	{ "output", 'o', POPT_ARG_STRING, NULL, OPTION_OUTPUT,
		"get: name the files after PATTERN (%n %C %f %F %: %N and strftime's letters); a "
		"folder; or - for stdout",
		"PATTERN" },
	{ "thumbnail", 0, POPT_ARG_NONE, NULL, OPTION_THUMBNAIL, "get: the small pictures instead",
		NULL },
	{ "skip-existing", 0, POPT_ARG_NONE, NULL, OPTION_SKIP_EXISTING,
		"get: pass over what is here already", NULL },
	{ "resume", 0, POPT_ARG_NONE, NULL, OPTION_RESUME,
		"get: go on with NAME.part of an earlier try, and leave one if this one fails",
		NULL },
	{ "force", 0, POPT_ARG_NONE, NULL, OPTION_FORCE, "get: replace files that exist", NULL },
	POPT_TABLEEND,
};

enum verb {
	VERB_LIST = 1,
	VERB_GET = 2,
	VERB_DELETE = 4,
	VERB_PUT = 8,
};

/* The forms that each option has a meaning for: bits of enum verb. */
static const unsigned verbs_of[] = {
	[OPTION_LONG] = VERB_LIST,
	[OPTION_FOLDER] = VERB_LIST | VERB_GET | VERB_DELETE | VERB_PUT,
	[OPTION_NO_RECURSE] = VERB_LIST | VERB_GET | VERB_DELETE,
	[OPTION_ALL] = VERB_GET | VERB_DELETE,
	[OPTION_NEW] = VERB_GET,
	[OPTION_OUTPUT] = VERB_GET,
	[OPTION_THUMBNAIL] = VERB_GET,
	[OPTION_SKIP_EXISTING] = VERB_GET,
	[OPTION_RESUME] = VERB_GET,
	[OPTION_FORCE] = VERB_GET,
};

struct files {
	bool long_list, no_recurse, all, new;
	const char *folder;
	char *own_folder; /* where put found its own */
	struct download download;

	struct camera *camera;
	struct camera_file *list;
	size_t count;
	bool *chosen; /* for each of list */
	size_t asked, failed;
};

static void files_done(struct files *files)
{
	camera_files_free(files->list, files->count);
	free(files->chosen);
	free(files->own_folder);
	download_free(&files->download);
}

static enum verb verb_of(const char *word)
{
	static const struct {
		const char *word;
		enum verb verb;
	} words[] = { { "get", VERB_GET }, { "delete", VERB_DELETE }, { "put", VERB_PUT } };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].verb;
	return VERB_LIST;
}

static int refuse_option(struct call *call, unsigned verbs, struct orc_error *err)
{
	return call_misused(call, err, "%s goes with %s", call->value->name,
		verbs == VERB_LIST                          ? "list"
			: verbs == VERB_GET                 ? "get"
			: verbs == (VERB_GET | VERB_DELETE) ? "get and delete"
							    : "list, get and delete");
}

static int take_option(
	struct files *files, struct call *call, const char *verb, int option, struct orc_error *err)
{
	if (!(verbs_of[option] & verb_of(verb)))
		return refuse_option(call, verbs_of[option], err);
	switch (option) {
	case OPTION_LONG:
		files->long_list = true;
		break;
	case OPTION_FOLDER:
		files->folder = call->value->arg;
		break;
	case OPTION_NO_RECURSE:
		files->no_recurse = true;
		break;
	case OPTION_ALL:
		files->all = true;
		break;
	case OPTION_NEW:
		files->new = true;
		break;
	case OPTION_OUTPUT:
		files->download.pattern = call->value->arg;
		break;
	case OPTION_THUMBNAIL:
		files->download.kind = FILE_THUMBNAIL;
		break;
	case OPTION_SKIP_EXISTING:
		files->download.skip_existing = true;
		break;
	case OPTION_RESUME:
		files->download.resume = true;
		break;
	case OPTION_FORCE:
		files->download.mode = OUTFILE_REPLACE;
		break;
	}
	return 0;
}

static int read_list(struct files *files, struct call *call, bool details, struct orc_error *err)
{
	int ret;

	ret = call_camera(call, &files->camera, err);
	if (ret < 0)
		return ret;
	return camera_files_list(files->camera, files->folder ? files->folder : "/",
		!files->no_recurse, details, &files->list, &files->count, err);
}

static const char *time_text(
	const struct io *io, time_t when, char separator, char *buf, size_t size)
{
	struct tm tm;

	if (when == 0)
		return NULL;
	zone_local(io_getenv(io, "TZ"), when, &tm);
	if (separator == 'T')
		strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
	else
		strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm);
	return buf;
}

static void print_json(struct io *io, const struct camera_file *file, bool details)
{
	cleanup_json struct json_object *object = json_new();
	static const char *const unknown[] = { "size", "time", "mime", "width", "height",
		"downloaded", "read_only" };
	char when[32];
	size_t i;

	json_put_string(object, "folder", file->folder);
	json_put_string(object, "name", file->name);
	for (i = 0; i < ARRAY_LENGTH(unknown); i++)
		json_put_null(object, unknown[i]);
	if (details) {
		json_put_count(object, "size", file->size);
		json_put_string(
			object, "time", time_text(io, file->mtime, 'T', when, sizeof(when)));
		json_put_string(object, "mime", file->mime);
		if (file->width && file->height) {
			json_put_count(object, "width", file->width);
			json_put_count(object, "height", file->height);
		}
		json_put_bool(object, "downloaded", file->downloaded);
		json_put_bool(object, "read_only", file->read_only);
	}
	json_print(io, object);
}

/* A heading a folder; numbers run through all folders, and are what get and delete take. */
static void print_folder(struct io *io, const struct files *files, size_t first, size_t last)
{
	cleanup_table struct table table = { .columns = files->long_list ? 4 : 2 };
	char number[32], when[32], size[FORMAT_BYTES_SIZE];
	const char *text;
	size_t i;

	io_printf(io, "%s%s\n", first > 0 ? "\n" : "", files->list[first].folder);
	table.right[0] = table.right[1] = true;
	table.right[1] = files->long_list;
	for (i = first; i < last; i++) {
		const struct camera_file *file = &files->list[i];

		snprintf(number, sizeof(number), "%zu", i + 1);
		table_add(&table, number);
		if (files->long_list) {
			table_add(&table, format_bytes(file->size, size, sizeof(size)));
			text = time_text(io, file->mtime, ' ', when, sizeof(when));
			table_add(&table, text ? text : "-");
		}
		table_add(&table, file->name);
	}
	table_print(&table, io);
}

static int run_list(struct files *files, struct call *call, struct orc_error *err)
{
	size_t i, first = 0;
	int ret;

	ret = read_list(files, call, files->long_list, err);
	call_rest(call);
	if (ret < 0)
		return ret;
	for (i = 0; call->globals.json && i < files->count; i++)
		print_json(call->io, &files->list[i], files->long_list);
	for (i = 1; !call->globals.json && i <= files->count; i++)
		if (i == files->count ||
			strcmp(files->list[i].folder, files->list[first].folder) != 0) {
			print_folder(call->io, files, first, i);
			first = i;
		}
	if (files->count == 0)
		io_note(call->io, "no files\n");
	return 0;
}

/* Words, --all and --new become files->chosen. */
static int choose(struct files *files, struct call *call, const char *const *words, size_t count,
	struct orc_error *err)
{
	bool details = files->new || files->download.resume || strcmp(call->words[0], "get") == 0;
	size_t i;
	int ret;

	if (count == 0 && !files->all && !files->new)
		return call_misused(call, err, "%s: which files?", call->words[0]);
	if (count > 0 && files->all)
		return call_misused(call, err, "%s: --all, or names, but not both", call->words[0]);
	ret = read_list(files, call, details, err);
	if (ret < 0)
		return ret;
	files->chosen = orc_must(calloc(files->count + 1, sizeof(*files->chosen)));
	for (i = 0; i < files->count; i++)
		files->chosen[i] = count == 0;
	for (i = 0; i < count; i++) {
		ret = select_files(files->list, files->count, words[i], files->chosen, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static bool is_here(const struct files *files, struct call *call, const struct camera_file *file)
{
	cleanup_free char *path = download_name(&files->download, file);
	struct stat status;

	if (!path || fstatat(call->io->cwd, path, &status, 0) < 0)
		return false;
	/* The camera does not tell the size of a thumbnail. */
	return files->download.kind != FILE_NORMAL || (uint64_t)status.st_size == file->size;
}

/*
 * Not what the camera has marked as downloaded: but libgphoto2 has it marked with the first bytes, so
 * what was begun here and broke off is new still.
 */
static bool is_new(const struct files *files, struct call *call, const struct camera_file *file)
{
	cleanup_free char *path = download_name(&files->download, file);
	cleanup_free char *part = NULL;

	if (is_here(files, call, file))
		return false;
	if (!file->downloaded || !path)
		return !file->downloaded;
	if (asprintf(&part, "%s" OUTFILE_PART_SUFFIX, path) < 0)
		part = orc_must(NULL);
	return outfile_exists(call->io->cwd, part);
}

/* Worth going on with the next file? Not when the link, the camera or our disk is the trouble. */
static bool can_go_on(int ret, const struct orc_error *err)
{
	return ret == ORC_EREFUSED || (ret == ORC_EFILE && err->errnum == EEXIST);
}

/* After the loop: the error of the only file is the command's; of several, how many are missing. */
static int sum_up(const struct files *files, int last, struct orc_error *err)
{
	if (files->failed == 0)
		return 0;
	if (files->asked == 1)
		return last;
	if (last == ORC_ESIGNAL || last == ORC_EPIPE)
		return last;
	return orc_fail(
		err, ORC_EPARTIAL, "%zu of %zu files are missing", files->failed, files->asked);
}

static void print_got(
	struct call *call, const struct camera_file *file, const struct downloaded *done)
{
	if (call->globals.json && done->path) {
		cleanup_json struct json_object *object = json_new();

		json_put_string(object, "path", done->path);
		json_put_count(object, "size", done->skipped ? file->size : done->size);
		json_put_string(object, "folder", file->folder);
		json_put_string(object, "name", file->name);
		json_put_bool(object, "skipped", done->skipped);
		json_print(call->io, object);
	} else if (done->path && !done->skipped) {
		io_printf(call->io, "%s\n", done->path);
	}
}

/* Runs act on every chosen file, in the camera's order; each failure is told as it happens. */
static int for_each(struct files *files, struct call *call,
	int (*act)(struct files *, struct call *, const struct camera_file *, struct orc_error *),
	struct orc_error *err)
{
	bool give_up = false;
	size_t i;
	int ret = 0, failure = 0;

	for (i = 0; i < files->count; i++)
		files->asked += files->chosen[i];
	for (i = 0; i < files->count; i++) {
		struct orc_error own = { 0 };

		if (!files->chosen[i])
			continue;
		if (!give_up && io_cancelled(call->io)) {
			failure = io_fail_signal(call->io, err);
			give_up = true;
		}
		if (give_up) {
			files->failed++;
			continue;
		}
		ret = call_camera(call, &files->camera, &own);
		if (ret == 0)
			ret = act(files, call, &files->list[i], &own);
		if (ret == 0) {
			call_rest(call);
			continue;
		}
		files->failed++;
		failure = ret;
		*err = own;
		give_up = !can_go_on(ret, &own);
		if (files->asked > 1 && ret != ORC_ESIGNAL && ret != ORC_EPIPE)
			call_report(call, &own);
	}
	return sum_up(files, failure, err);
}

static int get_one(struct files *files, struct call *call, const struct camera_file *file,
	struct orc_error *err)
{
	struct downloaded done;
	int ret;

	if (files->new && !is_new(files, call, file))
		return 0;
	ret = download_file(&files->download, call, files->camera, file, &done, err);
	if (ret < 0)
		return ret;
	call_rest(call);
	print_got(call, file, &done);
	free(done.path);
	return 0;
}

static int delete_one(struct files *files, struct call *call, const struct camera_file *file,
	struct orc_error *err)
{
	int ret;

	ret = camera_file_delete(files->camera, file->folder, file->name, err);
	if (ret == 0 && call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		call_rest(call);
		json_put_string(object, "folder", file->folder);
		json_put_string(object, "name", file->name);
		json_print(call->io, object);
	}
	return ret;
}

static int put_one(struct files *files, struct call *call, const char *path, struct orc_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	cleanup_close int fd = io_open(call->io, path, err);
	int ret;

	if (fd < 0)
		return fd;
	progress_start(&call->progress, call->io, name, 0);
	ret = camera_file_put(files->camera, files->folder, name, fd, err);
	progress_stop(&call->progress);
	if (ret == 0 && call->globals.json) {
		cleanup_json struct json_object *object = json_new();

		json_put_string(object, "path", path);
		json_put_string(object, "folder", files->folder);
		json_put_string(object, "name", name);
		json_print(call->io, object);
	}
	return ret;
}

static int run_put(struct files *files, struct call *call, const char *const *words, size_t count,
	struct orc_error *err)
{
	char other[IO_PATH_SIZE];
	size_t i;
	int ret, failure = 0;

	if (count == 0)
		return call_misused(call, err, "put: which files?");
	/* A name that is wrong is told before anything is sent. */
	for (i = 0; i < count; i++)
		if (faccessat(call->io->cwd, io_path(call->io, words[i], other), R_OK, AT_EACCESS) <
			0) {
			orc_fail_errno(err, ORC_EFILE, errno);
			return orc_what(err, "cannot read %s", words[i]);
		}
	ret = call_camera(call, &files->camera, err);
	if (ret == 0 && !files->folder)
		ret = camera_picture_folder(files->camera, &files->own_folder, err);
	if (ret < 0)
		return ret;
	if (!files->folder)
		files->folder = files->own_folder;
	files->asked = count;
	for (i = 0; i < count; i++) {
		ret = put_one(files, call, words[i], err);
		if (ret == 0)
			continue;
		failure = ret;
		files->failed++;
		if (count > 1)
			call_report(call, err);
		if (!can_go_on(ret, err)) {
			files->failed += count - i - 1;
			break;
		}
	}
	return sum_up(files, failure, err);
}

static int run_get(struct files *files, struct call *call, const char *const *words, size_t count,
	struct orc_error *err)
{
	int ret;

	if (files->new && !download_to_stdout(&files->download))
		files->download.resume = true;
	ret = download_prepare(&files->download, call, err);
	if (ret == 0)
		ret = choose(files, call, words, count, err);
	if (ret < 0)
		return ret;
	return for_each(files, call, get_one, err);
}

/* What is wrong with them alone, whatever there is on the card. */
static int read_options(
	struct files *files, struct call *call, const char *verb, struct orc_error *err)
{
	const struct download *download = &files->download;
	int ret, option;

	if (verb_of(verb) == VERB_LIST && strcmp(verb, "list") != 0)
		return call_misused(call, err, "%s: list, get, delete or put is meant", verb);
	while ((option = call_next(call)) > 0) {
		ret = take_option(files, call, verb, option, err);
		if (ret < 0)
			return ret;
	}
	if (download->mode == OUTFILE_REPLACE && download->skip_existing)
		return call_misused(call, err, "--force and --skip-existing exclude each other");
	if (download->resume && download_to_stdout(download))
		return call_misused(call, err, "--resume needs a file: -o - is none");
	return 0;
}

static int run_files(struct call *call, struct orc_error *err)
{
	cleanup(files_done) struct files files = { 0 };
	const char *verb = call->word_count > 0 ? call->words[0] : "list";
	const char *const *words = call->words + 1;
	size_t count = call->word_count > 0 ? call->word_count - 1 : 0;
	int ret;

	ret = read_options(&files, call, verb, err);
	if (ret < 0)
		return ret;
	switch (verb_of(verb)) {
	case VERB_GET:
		return run_get(&files, call, words, count, err);
	case VERB_PUT:
		return run_put(&files, call, words, count, err);
	case VERB_DELETE:
		ret = choose(&files, call, words, count, err);
		return ret < 0 ? ret : for_each(&files, call, delete_one, err);
	case VERB_LIST:
		break;
	}
	ret = call_no_more_words(call, 1, err);
	return ret < 0 ? ret : run_list(&files, call, err);
}

static int check_files(struct call *call, struct orc_error *err)
{
	cleanup(files_done) struct files files = { 0 };
	const char *verb = call->word_count > 0 ? call->words[0] : "list";
	int ret = read_options(&files, call, verb, err);

	return ret < 0 || verb_of(verb) != VERB_GET ? ret
						    : download_prepare(&files.download, call, err);
}

const struct command command_files = {
	.name = "files",
	.synopsis = "[list] [-l] [--folder FOLDER] [--no-recurse]\n"
		    "get NAME…|--all|--new [-o PATTERN|-] [OPTION…]\n"
		    "delete NAME…|--all\n"
		    "put FILE… [--folder FOLDER]",
	.summary = "list, fetch, delete and put the files on the camera's cards",
	.details =
		"NAME is a number of the list or a range of them (1-5, 1-3,7), a file's name, its "
		"full path, or a pattern such as '*.JPG'. get prints the name of each file "
		"that it wrote; a file that exists is never replaced unless --force is given. "
		"delete asks no question.",
	.options = options,
	.examples = "opencamrc -r router files -l\n"
		    "opencamrc -r router files get --new -o 'pictures/%Y-%m-%d/%f.%C'\n"
		    "opencamrc -r router files get IMG_0001.JPG -o - | exiftool -",
	.camera = true,
	.several = true,
	.check = check_files,
	.run = run_files,
};
