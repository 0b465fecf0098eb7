/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Given pictures as a scene: a JPEG, a folder of them, or an MJPEG file. */
#include "simcam/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

/* A file larger than this was hardly meant: an hour of 100 kB frames is 11 GB. */
#define SOURCE_FILE_MAX ((size_t)1 << 30)

struct range {
	size_t at, len;
};

struct source {
	char **paths; /* one, or a folder's in name order */
	size_t path_count;
	struct sim_buffer whole; /* a single file's bytes */
	struct range *frames;    /* the pictures in it */
	size_t frame_count;
};

static int read_file(const char *path, struct sim_buffer *out, struct orc_error *err)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	sim_buffer_clear(out);
	if (fd < 0)
		goto failed;
	do {
		sim_buffer_reserve(out, 65536);
		n = read(fd, out->data + out->len, out->cap - out->len);
		if (n > 0)
			out->len += (size_t)n;
	} while (out->len <= SOURCE_FILE_MAX && (n > 0 || (n < 0 && errno == EINTR)));
	if (n < 0)
		goto failed;
	if (out->len > SOURCE_FILE_MAX) {
		orc_fail(err, ORC_EFILE, "larger than 1 GB");
		goto named;
	}
	return 0;
failed:
	orc_fail_errno(err, ORC_EFILE, errno);
named:
	orc_what(err, "cannot read the scene %s", path);
	return ORC_EFILE;
}

/* Where the JPEG that starts at data ends, 0 where it does not. */
static size_t jpeg_length(const uint8_t *data, size_t len)
{
	size_t at = 2;

	if (len < 4 || data[0] != 0xff || data[1] != 0xd8)
		return 0;
	while (at + 4 <= len) {
		uint8_t marker;

		if (data[at] != 0xff)
			return 0;
		marker = data[at + 1];
		if (marker == 0xff) {
			at++;
			continue;
		}
		if (marker == 0xd9)
			return at + 2;
		at += 2 + get_be16(data + at + 2);
		/* Scan data hold no marker but restarts: on to the next real one. */
		while (marker == 0xda && at + 2 <= len &&
			(data[at] != 0xff || data[at + 1] == 0 ||
				(data[at + 1] >= 0xd0 && data[at + 1] <= 0xd7)))
			at++;
		if (marker == 0xda && at + 2 <= len && data[at + 1] == 0xd9)
			return at + 2;
	}
	return 0;
}

/* Room in the array for one more element of that size. */
static void *make_room(void *array, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return array;
	*cap = *cap ? 2 * *cap : 64;
	return orc_must(realloc(array, *cap * size));
}

static void find_frames(struct source *source)
{
	const struct sim_buffer *whole = &source->whole;
	size_t at = 0, cap = 0;

	while (at + 4 <= whole->len) {
		size_t len = jpeg_length(whole->data + at, whole->len - at);

		if (!len) {
			at++;
			continue;
		}
		source->frames = make_room(
			source->frames, source->frame_count, &cap, sizeof(*source->frames));
		source->frames[source->frame_count++] = (struct range){ at, len };
		at += len;
	}
}

static bool named_jpeg(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot &&
		(strcasecmp(dot, ".jpg") == 0 || strcasecmp(dot, ".jpeg") == 0);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = orc_must(malloc(size));

	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static int list_folder(struct source *source, const char *path, struct orc_error *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t cap = 0;

	if (!dir) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot read the scene %s", path), ORC_EFILE;
	}
	while ((entry = readdir(dir))) {
		if (!named_jpeg(entry->d_name))
			continue;
		source->paths =
			make_room(source->paths, source->path_count, &cap, sizeof(*source->paths));
		source->paths[source->path_count] = join(path, entry->d_name);
		source->path_count++;
	}
	closedir(dir);
	if (!source->path_count) {
		orc_fail(err, ORC_EFILE, "no .jpg or .jpeg file in it");
		return orc_what(err, "cannot use the folder %s as a scene", path), ORC_EFILE;
	}
	qsort(source->paths, source->path_count, sizeof(*source->paths), by_name);
	return 0;
}

static int load_file(struct source *source, const char *path, struct orc_error *err)
{
	int rc = read_file(path, &source->whole, err);

	if (rc)
		return rc;
	source->paths = orc_must(calloc(1, sizeof(*source->paths)));
	source->paths[0] = orc_must(strdup(path));
	source->path_count = 1;
	find_frames(source);
	if (!source->frame_count) {
		orc_fail(err, ORC_EFILE, "no whole JPEG in it");
		return orc_what(err, "cannot use %s as a scene", path), ORC_EFILE;
	}
	return 0;
}

/* Every picture is opened once, so that a bad one is named at the start and not in mid-stream. */
static int try_all(const struct source *source, struct orc_error *err)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	struct source_rows *rows;
	size_t i;
	int rc;

	for (i = 0; i < source_count(source); i++) {
		rc = source_read(source, i, &jpeg, err);
		if (!rc)
			rc = source_rows_open(&rows, &jpeg, 48, 32, source_name(source, i), err);
		if (rc)
			return rc;
		source_rows_close(rows);
	}
	return 0;
}

int source_new(struct source **out, const char *path, struct orc_error *err)
{
	struct source *source = orc_must(calloc(1, sizeof(*source)));
	struct stat st;
	int rc;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		rc = list_folder(source, path, err);
	else
		rc = load_file(source, path, err);
	if (!rc)
		rc = try_all(source, err);
	if (rc)
		source_destroy(source);
	else
		*out = source;
	return rc;
}

void source_destroy(struct source *source)
{
	size_t i;

	if (!source)
		return;
	for (i = 0; i < source->path_count; i++)
		free(source->paths[i]);
	free(source->paths);
	free(source->frames);
	sim_buffer_free(&source->whole);
	free(source);
}

size_t source_count(const struct source *source)
{
	return source->frames ? source->frame_count : source->path_count;
}

bool source_is_mjpeg(const struct source *source)
{
	return source->frame_count > 1;
}

const char *source_name(const struct source *source, uint64_t index)
{
	return source->paths[index % source->path_count];
}

int source_read(
	const struct source *source, uint64_t index, struct sim_buffer *jpeg, struct orc_error *err)
{
	const struct range *frame;

	if (!source->frames)
		return read_file(source_name(source, index), jpeg, err);
	frame = &source->frames[index % source->frame_count];
	sim_buffer_clear(jpeg);
	sim_buffer_append(jpeg, source->whole.data + frame->at, frame->len);
	return 0;
}
