/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How bright a picture is, from its own thumbnail where it has one. */
#include "jpeg/brightness.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jpeg/decode.h"
#include "jpeg/embedded.h"
#include "jpeg/frame.h"

#define HEAD_BYTES  ((size_t)256 << 10)
#define WHOLE_BYTES ((uint64_t)64 << 20) /* the largest JPEGs of cameras have half of it */
#define WIDTH_MIN   120u
/* Left out at the bright end: one part in so many. */
#define BRIGHT_PART 10
/* Bars are black but for what the JPEG's blocks bring over from the picture. */
#define BAR_MEAN 12u

static double linear(unsigned luma)
{
	double x = luma / 255.0;

	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static uint64_t row_sum(const struct plane *plane, unsigned y)
{
	const uint8_t *row = plane->data + (size_t)y * plane->stride;
	uint64_t sum = 0;

	for (unsigned x = 0; x < plane->width; x++)
		sum += row[x];
	return sum;
}

static bool are_black(const struct plane *plane, unsigned rows)
{
	uint64_t sum = 0;

	for (unsigned y = 0; y < rows; y++)
		sum += row_sum(plane, y) + row_sum(plane, plane->height - 1 - y);
	return sum <= (uint64_t)BAR_MEAN * 2 * rows * plane->width;
}

/* Rows of a bar, above and below: a picture of 16:9 or 3:2 in a frame of 4:3. */
static unsigned bar_rows(const struct plane *plane)
{
	const unsigned parts[] = { 8, 18 };

	if (plane->width * 3 != plane->height * 4)
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
		unsigned rows = (plane->height + parts[i] - 1) / parts[i];

		if (are_black(plane, rows))
			return rows;
	}
	return 0;
}

static double measure(const struct plane *plane)
{
	uint64_t counts[256] = { 0 }, left, total;
	unsigned bar = bar_rows(plane);
	double sum = 0;

	for (unsigned y = bar; y < plane->height - bar; y++) {
		const uint8_t *row = plane->data + (size_t)y * plane->stride;

		for (unsigned x = 0; x < plane->width; x++)
			counts[row[x]]++;
	}
	total = (uint64_t)plane->width * (plane->height - 2 * bar);
	total -= total / BRIGHT_PART;
	left = total;
	for (unsigned luma = 0; luma < 256 && left > 0; luma++) {
		uint64_t count = counts[luma] < left ? counts[luma] : left;

		sum += (double)count * linear(luma);
		left -= count;
	}
	return sum / (double)total;
}

int brightness_jpeg(const uint8_t *data, size_t len, double *brightness)
{
	struct decoder *decoder;
	struct jpeg_frame frame;
	struct picture picture;
	unsigned denominator = 8;
	int ret;

	ret = jpeg_frame_check(data, len, &frame);
	if (ret < 0)
		return ret;
	while (denominator > 1 && frame.width / denominator < WIDTH_MIN)
		denominator /= 2;
	decoder = decoder_new();
	ret = decoder_decode(decoder, data, len, denominator, &picture);
	if (ret == 0)
		*brightness = measure(&picture.plane[0]);
	decoder_destroy(decoder);
	return ret;
}

/* Reads up to len bytes; short only at the file's end. */
static ssize_t read_at(int fd, uint8_t *buf, size_t len, uint64_t offset)
{
	size_t got = 0;

	while (got < len) {
		ssize_t now = pread(fd, buf + got, len - got, (off_t)(offset + got));

		if (now < 0 && errno == EINTR)
			continue;
		if (now < 0)
			return -1;
		if (now == 0)
			break;
		got += (size_t)now;
	}
	return (ssize_t)got;
}

static int measure_at(int fd, const struct embedded *where, double *brightness)
{
	cleanup_free uint8_t *data = orc_must(malloc((size_t)where->len));
	ssize_t got = read_at(fd, data, (size_t)where->len, where->offset);

	return got < 0 ? ORC_EFILE : brightness_jpeg(data, (size_t)got, brightness);
}

int brightness_file(int fd, double *brightness)
{
	cleanup_free uint8_t *head = orc_must(malloc(HEAD_BYTES));
	ssize_t got = read_at(fd, head, HEAD_BYTES, 0);
	struct embedded where;
	struct stat status;

	if (got < 0)
		return ORC_EFILE;
	if (embedded_find(head, (size_t)got, &where) == 0 && where.len <= WHOLE_BYTES &&
		measure_at(fd, &where, brightness) == 0)
		return 0;
	if (fstat(fd, &status) < 0)
		return ORC_EFILE;
	if (got < 2 || head[0] != 0xff || head[1] != 0xd8 || (uint64_t)status.st_size > WHOLE_BYTES)
		return ORC_EPROTO;
	where = (struct embedded){ .len = (uint64_t)status.st_size };
	return measure_at(fd, &where, brightness);
}
