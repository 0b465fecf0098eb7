/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A v4l2loopback device, written to: what a program sees there is a webcam. */
#include "v4l2/loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "v4l2/control.h"
#include "v4l2/request.h"

#define DRIVER        "v4l2 loopback"
#define REFCOUNT_FILE "/sys/module/v4l2loopback/refcnt"

/* A made node appears, and gets its permission, once udev has seen it. */
#define NODE_MSEC 2000
/* How long another writer may take between two frames and still be noticed. */
#define WRITER_MSEC 400

struct loopback {
	int fd;
	int cwd;
	int refcount; /* the module's count of open files, or -1 */
	char path[PATH_MAX];
};

static const struct {
	enum loopback_pixels pixels;
	uint32_t fourcc;
	unsigned int line_numerator;
} layouts[] = {
	{ LOOPBACK_I420, V4L2_PIX_FMT_YUV420, 1 },
	{ LOOPBACK_YUYV, V4L2_PIX_FMT_YUYV, 2 },
};

static size_t layout_of(enum loopback_pixels pixels)
{
	size_t i = 0;

	while (layouts[i].pixels != pixels)
		i++;
	return i;
}

/* N of /dev/videoN; -1 for any other path. */
static int number_of(const char *path)
{
	static const char prefix[] = "/dev/video";
	char *end;
	long number;

	if (strncmp(path, prefix, sizeof(prefix) - 1) != 0 || !path[sizeof(prefix) - 1])
		return -1;
	number = strtol(path + sizeof(prefix) - 1, &end, 10);
	return *end || number < 0 || number > 255 ? -1 : (int)number;
}

static bool is_usable(const char *path)
{
	return access(path, R_OK | W_OK) == 0;
}

/* Makes the device where there is none, and waits for its node. */
static int find_or_make(struct loopback *loopback, const char *path, struct orc_error *err)
{
	bool any = strcmp(path, "new") == 0;
	struct deadline deadline;
	int number = any ? -1 : number_of(path), made;

	snprintf(loopback->path, sizeof(loopback->path), "%s", path);
	if (!any && access(path, F_OK) == 0)
		return 0;
	if (!any && number < 0) {
		orc_fail_errno(err, ORC_ENOCAMERA, errno);
		orc_what(err, "cannot open %s", path);
		return orc_hint(err, "a v4l2loopback device is /dev/videoN; `new` makes one");
	}
	made = control_make(number, err);
	if (made < 0)
		return any ? orc_what(err, "cannot make a video device")
			   : orc_what(err, "there is no %s, and it cannot be made", path);
	snprintf(loopback->path, sizeof(loopback->path), "/dev/video%d", made);
	for (deadline = deadline_after_msec(NODE_MSEC);
		!is_usable(loopback->path) && !deadline_passed(deadline);)
		clock_sleep_until(deadline_after_msec(10));
	return 0;
}

/* The others: ORC_EREFUSED. */
static const struct {
	int errnum;
	enum orc_err code;
} open_failures[] = {
	{ ENOENT, ORC_ENOCAMERA },
	{ ENXIO, ORC_ENOCAMERA },
	{ ENODEV, ORC_ENOCAMERA },
	{ EISDIR, ORC_EUSAGE },
	{ EBUSY, ORC_EBUSY },
};

static int fail_open(const char *path, struct orc_error *err)
{
	enum orc_err code = ORC_EREFUSED;
	int errnum = errno;
	struct stat status;

	for (size_t i = 0; i < ARRAY_LENGTH(open_failures); i++)
		if (open_failures[i].errnum == errnum)
			code = open_failures[i].code;
	if (errnum == EBUSY)
		orc_fail(err, code, "it is open in as many programs as it allows");
	else
		orc_fail_errno(err, code, errnum);
	if (errnum == EACCES && stat(path, &status) == 0 && S_ISCHR(status.st_mode))
		orc_hint(err, "sudo usermod -aG video $USER, then log in again");
	orc_what(err, "cannot open %s", path);
	return code;
}

static int fail_kind(const char *path, struct orc_error *err, const char *driver)
{
	if (driver)
		orc_fail(err, ORC_EUSAGE, "it belongs to the driver %s", driver);
	else
		orc_fail(err, ORC_EUSAGE, "it is no video device");
	orc_what(err, "%s is no v4l2loopback device", path);
	return orc_hint(err, "v4l2-ctl --list-devices shows which is");
}

static int fail_busy(const struct loopback *loopback, struct orc_error *err)
{
	orc_fail(err, ORC_EBUSY, "another program writes to it");
	orc_what(err, "cannot use %s", loopback->path);
	return orc_hint(err, "fuser -v %.100s names it", loopback->path);
}

static bool has_format(const struct loopback *loopback)
{
	char path[128], text[64];
	struct stat status;
	cleanup_close int fd = -1;

	if (fstat(loopback->fd, &status) < 0)
		return false;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/format", major(status.st_rdev),
		minor(status.st_rdev));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, text, sizeof(text)) > 1;
}

/*
 * Without exclusive_caps the driver hides from a second writer that there is a first. What comes
 * behind the frames that lie there, as many as it has buffers, was written while we looked.
 */
static bool has_writer(const struct loopback *loopback)
{
	struct deadline deadline = deadline_after_msec(WRITER_MSEC);
	cleanup_close int fd = -1;
	bool drained = false;
	uint8_t byte;

	if (!has_format(loopback))
		return false;
	fd = files_open(loopback->cwd, loopback->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	while (fd >= 0 && !deadline_passed(deadline)) {
		if (read(fd, &byte, 1) != 1) {
			drained = true;
			clock_sleep_until(deadline_after_msec(5));
		} else if (drained) {
			return true;
		}
	}
	return fd >= 0 && !drained;
}

/*
 * With exclusive_caps, 0.12 forgets that it can be written to when a writer goes that never called
 * STREAMON (ffmpeg does not), and takes no format from then on. STREAMON, refused or not, makes
 * us the writer, and closing then puts the flag back.
 */
static void put_right(struct loopback *loopback)
{
	int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;

	if (v4l2_request(loopback->fd, VIDIOC_STREAMON, &type) < 0)
		log_debug("%s: put right", loopback->path);
	close(loopback->fd);
	loopback->fd = files_open(loopback->cwd, loopback->path, O_RDWR | O_CLOEXEC, 0);
}

static int check(struct loopback *loopback, struct orc_error *err)
{
	const uint32_t both = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_CAPTURE;
	struct v4l2_capability caps = { 0 };

	if (v4l2_request(loopback->fd, VIDIOC_QUERYCAP, &caps) < 0)
		return fail_kind(loopback->path, err, NULL);
	if (strcmp((const char *)caps.driver, DRIVER) != 0)
		return fail_kind(loopback->path, err, (const char *)caps.driver);
	if (!(caps.device_caps & both)) {
		put_right(loopback);
		if (loopback->fd < 0)
			return fail_open(loopback->path, err);
		if (v4l2_request(loopback->fd, VIDIOC_QUERYCAP, &caps) < 0)
			return fail_kind(loopback->path, err, NULL);
	}
	if (flock(loopback->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return fail_busy(loopback, err);
	return has_writer(loopback) ? fail_busy(loopback, err) : 0;
}

int loopback_open(struct loopback **out, int cwd, const char *path, struct orc_error *err)
{
	struct loopback *loopback = orc_must(calloc(1, sizeof(*loopback)));
	int ret;

	loopback->fd = loopback->refcount = -1;
	loopback->cwd = cwd;
	ret = find_or_make(loopback, path, err);
	if (ret >= 0) {
		loopback->fd = files_open(loopback->cwd, loopback->path, O_RDWR | O_CLOEXEC, 0);
		ret = loopback->fd < 0 ? fail_open(loopback->path, err) : check(loopback, err);
	}
	if (ret < 0) {
		loopback_close(loopback);
		return ret;
	}
	loopback->refcount = open(REFCOUNT_FILE, O_RDONLY | O_CLOEXEC);
	*out = loopback;
	return 0;
}

void loopback_close(struct loopback *loopback)
{
	if (!loopback)
		return;
	if (loopback->fd >= 0)
		close(loopback->fd);
	if (loopback->refcount >= 0)
		close(loopback->refcount);
	free(loopback);
}

const char *loopback_path(const struct loopback *loopback)
{
	return loopback->path;
}

bool loopback_kept_format(const struct loopback *loopback, struct loopback_format *format)
{
	struct v4l2_format kept = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	struct v4l2_streamparm rate = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	const struct v4l2_fract *frame = &rate.parm.output.timeperframe;
	size_t i;

	if (!has_format(loopback) || v4l2_request(loopback->fd, VIDIOC_G_FMT, &kept) < 0)
		return false;
	for (i = 0; i < ARRAY_LENGTH(layouts); i++)
		if (layouts[i].fourcc == kept.fmt.pix.pixelformat)
			break;
	if (i == ARRAY_LENGTH(layouts) || kept.fmt.pix.width % 2 || kept.fmt.pix.height % 2)
		return false;
	*format = (struct loopback_format){
		.pixels = layouts[i].pixels,
		.width = kept.fmt.pix.width,
		.height = kept.fmt.pix.height,
	};
	if (v4l2_request(loopback->fd, VIDIOC_G_PARM, &rate) == 0 && frame->numerator)
		format->fps = frame->denominator / frame->numerator;
	return true;
}

static int fail_format(
	const struct loopback *loopback, const struct v4l2_pix_format *pix, struct orc_error *err)
{
	const uint32_t fourcc = pix->pixelformat;

	orc_fail(err, ORC_EBUSY, "a program that reads it holds it at %ux%u %c%c%c%c", pix->width,
		pix->height, (char)fourcc, (char)(fourcc >> 8), (char)(fourcc >> 16),
		(char)(fourcc >> 24));
	orc_what(err, "cannot set the format of %s", loopback->path);
	return orc_hint(err, "fuser -v %.100s names it", loopback->path);
}

int loopback_start(
	struct loopback *loopback, const struct loopback_format *format, struct orc_error *err)
{
	size_t layout = layout_of(format->pixels);
	struct v4l2_format set = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.fmt.pix = {
			.width = format->width,
			.height = format->height,
			.pixelformat = layouts[layout].fourcc,
			.field = V4L2_FIELD_NONE,
			.bytesperline = format->width * layouts[layout].line_numerator,
			.sizeimage = (uint32_t)loopback_frame_size(format),
			.colorspace = V4L2_COLORSPACE_SRGB,
		},
	};
	const struct v4l2_pix_format wanted = set.fmt.pix, *got = &set.fmt.pix;
	struct v4l2_streamparm rate = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.parm.output.timeperframe = { 1, format->fps },
	};
	int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;

	if (v4l2_request(loopback->fd, VIDIOC_S_FMT, &set) < 0) {
		if (errno == EBUSY)
			return fail_busy(loopback, err);
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "cannot set the format of %s", loopback->path);
	}
	if (got->width != wanted.width || got->height != wanted.height ||
		got->pixelformat != wanted.pixelformat)
		return fail_format(loopback, got, err);
	if (v4l2_request(loopback->fd, VIDIOC_S_PARM, &rate) < 0)
		log_debug("%s does not take a frame rate", loopback->path);
	/*
	 * What is written is passed on with it or without, but see put_right(). From 0.13 on
	 * it is refused without buffers, and not needed.
	 */
	if (v4l2_request(loopback->fd, VIDIOC_STREAMON, &type) < 0)
		log_debug("%s streams without being told to", loopback->path);
	return 0;
}

int loopback_write(
	struct loopback *loopback, const uint8_t *frame, size_t len, struct orc_error *err)
{
	ssize_t n;

	do
		n = write(loopback->fd, frame, len);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)len)
		return 0;
	if (n < 0 && errno == EBUSY)
		return fail_busy(loopback, err);
	if (n < 0)
		orc_fail_errno(err, ORC_EFILE, errno);
	else
		orc_fail(err, ORC_EFILE, "it takes %zd bytes of %zu", n, len);
	return orc_what(err, "cannot write to %s", loopback->path);
}

bool loopback_watched(struct loopback *loopback)
{
	char text[24];
	ssize_t n = pread(loopback->refcount, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return true;
	text[n] = '\0';
	return strtol(text, NULL, 10) > 1;
}
