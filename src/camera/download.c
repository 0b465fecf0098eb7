/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of the camera's written to a descriptor as it arrives. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gphoto2/gphoto2-file.h>
#include <gphoto2/gphoto2-result.h>

#include "camera/files.h"
#include "camera/private.h"

/* What EOS utilities ask for at once; some bodies fail at 5 MiB. */
#define CHUNK_SIZE (UINT64_C(1) << 20)
/* So much of what an earlier try left is looked at again. */
#define KNOWN_SIZE (UINT64_C(64) << 10)

struct download {
	struct camera *camera;
	int fd;
	uint64_t skip;    /* bytes yet to be dropped before the first to be written */
	uint64_t written; /* bytes that reached fd */
	uint64_t start;   /* the offset of the first that is taken */
	uint64_t had;     /* bytes that fd had before */
	uint8_t *known;   /* the last of them: `known_len` from `start` on … */
	uint64_t known_len;
	uint64_t agreed;         /* … of which so many were the camera's */
	bool other;              /* the next one was not */
	uint64_t total;          /* the file's size; 0: not known */
	int errnum;              /* of write() */
	bool is_pipe, is_socket; /* what fd is */
	bool in_parts;           /* while it is written others may have the camera */
};

static void look_at_target(struct download *d)
{
	struct stat status;

	if (fstat(d->fd, &status) < 0)
		return;
	d->is_pipe = S_ISFIFO(status.st_mode);
	d->is_socket = S_ISSOCK(status.st_mode);
}

/* Waits for a reader that does not read; others may have the camera as long as that lasts. */
static int wait_writable(struct download *d)
{
	struct pollfd pfd = { .fd = d->fd, .events = POLLOUT };
	int ret;

	for (;;) {
		if (camera_cancelled(d->camera))
			return GP_ERROR_CANCEL;
		if (poll(&pfd, 1, 100) != 0)
			return GP_OK;
		ret = d->in_parts ? camera_between(d->camera) : GP_OK;
		if (ret < 0)
			return ret;
	}
}

/*
 * Never blocks where a reader decides: a signal is the caller's, and would not end a write() in this
 * process. A pipe that polls writable takes PIPE_BUF bytes.
 */
static ssize_t write_some(const struct download *d, const uint8_t *data, uint64_t len)
{
	if (d->is_socket)
		return send(d->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (d->is_pipe && len > PIPE_BUF)
		len = PIPE_BUF;
	return write(d->fd, data, len);
}

static int write_bytes(struct download *d, const uint8_t *data, uint64_t len)
{
	ssize_t n;
	int ret;

	while (len) {
		ret = wait_writable(d);
		if (ret < 0)
			return ret;
		n = write_some(d, data, len);
		if (n > 0) {
			data += n;
			len -= (uint64_t)n;
			d->written += (uint64_t)n;
			continue;
		}
		if (n < 0 && errno != EINTR && errno != EAGAIN) {
			d->errnum = errno;
			return GP_ERROR_OS_FAILURE;
		}
	}
	return GP_OK;
}

static void report(const struct download *d)
{
	const struct camera_options *options = &d->camera->options;

	if (options->progress)
		options->progress(options->progress_data, d->had + d->written, d->total);
}

/* Takes the next bytes of the file; drops those before the first, and those that fd has. */
static int take(struct download *d, const uint8_t *data, uint64_t len)
{
	uint64_t drop = d->skip < len ? d->skip : len, same;
	int ret;

	d->skip -= drop;
	data += drop;
	len -= drop;
	same = d->known_len - d->agreed;
	if (same > len)
		same = len;
	if (same > 0 && memcmp(data, d->known + d->agreed, same) != 0) {
		d->other = true;
		return GP_ERROR_CORRUPTED_DATA;
	}
	d->agreed += same;
	ret = write_bytes(d, data + same, len - same);
	report(d);
	if (ret >= 0 && camera_cancelled(d->camera))
		return GP_ERROR_CANCEL;
	return ret;
}

/* A body that exposes meanwhile hands out nothing. */
static int read_part(struct download *d, const char *folder, const char *name, uint64_t offset,
	uint8_t *buf, uint64_t *len)
{
	struct camera_retry retry = camera_retry_start(deadline_after_msec(CAMERA_BUSY_MSEC));
	int ret;

	do {
		*len = CHUNK_SIZE;
		ret = gp_camera_file_read(d->camera->gp, folder, name, GP_FILE_TYPE_NORMAL, offset,
			(char *)buf, len, d->camera->context);
	} while (camera_retry_again(d->camera, &retry, ret));
	return ret;
}

/* Reads parts, so that memory is bounded and a broken download can go on where it stopped. */
static int read_parts(struct download *d, const char *folder, const char *name)
{
	cleanup_free uint8_t *buf = orc_must(malloc(CHUNK_SIZE));
	uint64_t offset = d->start, len;
	int ret;

	d->in_parts = true;
	while (!d->total || offset < d->total) {
		ret = read_part(d, folder, name, offset, buf, &len);
		if (ret < 0)
			return ret;
		if (len == 0)
			break;
		ret = take(d, buf, len);
		if (ret < 0)
			return ret;
		offset += len;
		if (!d->total && len < CHUNK_SIZE)
			break;
		ret = camera_between(d->camera);
		if (ret < 0)
			return ret;
	}
	return d->total && offset < d->total ? GP_ERROR_CORRUPTED_DATA : GP_OK;
}

static int handler_size(void *data, uint64_t *size)
{
	(void)data;
	*size = 0;
	return GP_OK;
}

static int handler_write(void *data, unsigned char *bytes, uint64_t *len)
{
	return take(data, bytes, *len);
}

/* The whole file in one go, each part of it given to us as it comes. */
static int read_whole(struct download *d, const char *folder, const char *name, CameraFileType type)
{
	CameraFileHandler handler = { .size = handler_size, .write = handler_write };
	CameraFile *file;
	int ret;

	d->in_parts = false;
	d->skip = d->start;
	d->agreed = 0;
	ret = gp_file_new_from_handler(&file, &handler, d);
	if (ret < 0)
		return ret;
	ret = gp_camera_file_get(d->camera->gp, folder, name, type, file, d->camera->context);
	gp_file_unref(file);
	return ret;
}

/*
 * First all of it, then it is written: small, and some drivers set it as a whole, which a handler does not
 * see; or for a reader that may be slow, beside whom others are to have the camera.
 */
static int read_first(struct download *d, const char *folder, const char *name, CameraFileType type)
{
	const char *data;
	unsigned long size;
	CameraFile *file;
	int ret;

	d->in_parts = true;
	d->skip = d->start;
	d->agreed = 0;
	d->total = 0;
	ret = gp_file_new(&file);
	if (ret < 0)
		return ret;
	ret = gp_camera_file_get(d->camera->gp, folder, name, type, file, d->camera->context);
	if (ret >= 0)
		ret = gp_file_get_data_and_size(file, &data, &size);
	if (ret >= 0 && size == 0)
		ret = GP_ERROR_NOT_SUPPORTED;
	if (ret >= 0) {
		d->total = size;
		ret = take(d, (const uint8_t *)data, size);
	}
	gp_file_unref(file);
	return ret;
}

static int get(struct download *d, const char *folder, const char *name, enum camera_file_kind kind)
{
	CameraFileInfo info;
	int ret;

	if (kind == FILE_THUMBNAIL)
		return read_first(d, folder, name, GP_FILE_TYPE_PREVIEW);
	if (kind == FILE_EXIF)
		return read_first(d, folder, name, GP_FILE_TYPE_EXIF);
	ret = gp_camera_file_get_info(d->camera->gp, folder, name, &info, d->camera->context);
	if (ret < 0 && camera_error_code(ret, true) != ORC_EREFUSED)
		return ret;
	if (ret >= 0 && info.file.fields & GP_FILE_INFO_SIZE)
		d->total = info.file.size;
	/*
	 * A picture that was taken into the camera's memory is with the driver already, which
	 * hands out the whole of it only; and an empty file has no parts.
	 */
	if (strcmp(folder, "/") == 0 && (d->is_pipe || d->is_socket))
		return read_first(d, folder, name, GP_FILE_TYPE_NORMAL);
	if (strcmp(folder, "/") == 0 || (ret >= 0 && d->total == 0))
		return read_whole(d, folder, name, GP_FILE_TYPE_NORMAL);
	ret = read_parts(d, folder, name);
	if ((ret == GP_ERROR_NOT_SUPPORTED || ret == GP_ERROR_BAD_PARAMETERS) && !d->written) {
		d->camera->message[0] = '\0';
		return read_whole(d, folder, name, GP_FILE_TYPE_NORMAL);
	}
	return ret;
}

/* A call of the library: its result in our codes. */
static int download(struct download *d, const char *folder, const char *name,
	enum camera_file_kind kind, struct orc_error *err)
{
	int ret;

	look_at_target(d);
	camera_begin(d->camera);
	ret = get(d, folder, name, kind);
	if (ret >= 0)
		return 0;
	if (d->errnum)
		ret = orc_fail_errno(err, d->errnum == EPIPE ? ORC_EPIPE : ORC_EFILE, d->errnum);
	else
		ret = camera_fail(d->camera, ret, err);
	orc_what(err, "cannot download %.80s/%.80s", strcmp(folder, "/") ? folder : "", name);
	return ret;
}

int camera_file_get(struct camera *camera, const char *folder, const char *name,
	enum camera_file_kind kind, int fd, uint64_t *written, struct orc_error *err)
{
	struct download d = { .camera = camera, .fd = fd };
	int ret = download(&d, folder, name, kind, err);

	*written = d.written;
	return ret;
}

/* The last bytes that fd has. */
static int read_known(struct download *d, uint8_t *known)
{
	ssize_t n;

	d->known = known;
	d->known_len = d->had < KNOWN_SIZE ? d->had : KNOWN_SIZE;
	d->start = d->had - d->known_len;
	n = pread(d->fd, known, d->known_len, (off_t)d->start);
	if (n == (ssize_t)d->known_len)
		return 0;
	return n < 0 ? errno : EIO;
}

int camera_file_get_rest(struct camera *camera, const char *folder, const char *name,
	enum camera_file_kind kind, int fd, uint64_t *had, uint64_t *written, struct orc_error *err)
{
	struct download d = { .camera = camera, .fd = fd, .had = *had };
	cleanup_free uint8_t *known = NULL;
	int ret;

	*written = 0;
	if (*had == 0)
		return camera_file_get(camera, folder, name, kind, fd, written, err);
	known = orc_must(malloc(KNOWN_SIZE));
	ret = read_known(&d, known);
	if (ret > 0)
		return orc_fail_errno(err, ORC_EFILE, ret);
	ret = download(&d, folder, name, kind, err);
	*written = d.written;
	/* One that has ended before its known bytes have come is another, too. */
	if (!d.other && (ret < 0 || d.agreed == d.known_len))
		return ret;
	*err = (struct orc_error){ 0 };
	*had = 0;
	if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	return camera_file_get(camera, folder, name, kind, fd, written, err);
}
