/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a JPEG frame whole? By its markers, without decoding. */
#include "jpeg/frame.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

enum {
	MARKER_SOF0 = 0xc0,
	MARKER_DHT = 0xc4,
	MARKER_JPG = 0xc8,
	MARKER_DAC = 0xcc,
	MARKER_SOF15 = 0xcf,
	MARKER_RST0 = 0xd0,
	MARKER_RST7 = 0xd7,
	MARKER_SOI = 0xd8,
	MARKER_EOI = 0xd9,
	MARKER_SOS = 0xda,
	MARKER_APP0 = 0xe0,
	MARKER_COM = 0xfe,
};

static bool is_frame_header(unsigned marker)
{
	return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT &&
		marker != MARKER_JPG && marker != MARKER_DAC;
}

/* From the start of scan data to the marker that ends them; len where there is none. */
static size_t skip_scan(const uint8_t *data, size_t at, size_t len)
{
	while (at + 1 < len) {
		const uint8_t *ff = memchr(data + at, 0xff, len - at - 1);
		unsigned next;

		if (!ff)
			return len;
		at = (size_t)(ff - data);
		next = data[at + 1];
		if (next == 0xff)
			at++;
		else if (next == 0 || (next >= MARKER_RST0 && next <= MARKER_RST7))
			at += 2;
		else
			return at;
	}
	return len;
}

static int read_frame_header(
	const uint8_t *segment, size_t size, struct jpeg_frame *frame, struct orc_error *err)
{
	if (frame->components)
		return orc_fail(err, ORC_EREFUSED, "two frames in one: it is torn");
	if (size < 8)
		return orc_fail(err, ORC_EREFUSED, "its frame header is too short");
	frame->height = get_be16(segment + 3);
	frame->width = get_be16(segment + 5);
	frame->components = segment[7];
	if (!frame->width || !frame->height || !frame->components)
		return orc_fail(err, ORC_EREFUSED, "it says that it is empty");
	return 0;
}

/* The segments up to EOI; *at is where EOI begins. */
static int walk(const uint8_t *data, size_t len, size_t *at, struct jpeg_frame *frame,
	struct orc_error *err)
{
	bool scanned = false;

	for (*at = 2;;) {
		unsigned marker;
		size_t size;

		while (*at + 1 < len && data[*at] == 0xff && data[*at + 1] == 0xff)
			++*at;
		if (*at + 2 > len)
			return orc_fail(err, ORC_EREFUSED, "its end is missing");
		marker = data[*at + 1];
		if (data[*at] != 0xff || marker < MARKER_SOF0 ||
			(marker >= MARKER_RST0 && marker <= MARKER_SOI))
			return orc_fail(
				err, ORC_EREFUSED, "no marker where one must be, at %zu", *at);
		if (marker == MARKER_EOI && !scanned)
			return orc_fail(err, ORC_EREFUSED, "it ends without a picture");
		if (marker == MARKER_EOI)
			return 0;
		if (scanned && marker >= MARKER_APP0 && marker < MARKER_COM)
			return orc_fail(err, ORC_EREFUSED, "another picture begins within it");
		if (*at + 4 > len)
			return orc_fail(err, ORC_EREFUSED, "its end is missing");
		size = get_be16(data + *at + 2);
		if (size < 2 || size > len - *at - 2)
			return orc_fail(err, ORC_EREFUSED, "a segment is longer than the rest");
		if (is_frame_header(marker) && read_frame_header(data + *at + 2, size, frame, err))
			return ORC_EREFUSED;
		*at += 2 + size;
		if (marker != MARKER_SOS)
			continue;
		if (!frame->components)
			return orc_fail(err, ORC_EREFUSED, "a scan without a frame header");
		scanned = true;
		*at = skip_scan(data, *at, len);
	}
}

int jpeg_frame_check(
	const uint8_t *data, size_t len, struct jpeg_frame *frame, struct orc_error *err)
{
	size_t at, i;

	memset(frame, 0, sizeof(*frame));
	if (len < 4 || data[0] != 0xff || data[1] != MARKER_SOI)
		return orc_fail(err, ORC_EREFUSED, "it does not begin as a JPEG");
	if (walk(data, len, &at, frame, err))
		return ORC_EREFUSED;
	frame->len = at + 2;
	for (i = frame->len; i < len; i++)
		if (data[i])
			return orc_fail(err, ORC_EREFUSED, "something follows its end");
	frame->padding = len - frame->len;
	return 0;
}
