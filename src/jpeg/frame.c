/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One JPEG frame: is it whole, and where does it end. */
#include "jpeg/frame.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

/* Markers, each behind an 0xff. */
enum {
	MARKER_TEM = 0x01,
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
};

#define SOF_SIZE 8 /* length, precision, height, width, components: all that is read of it */

static bool is_frame_header(uint8_t marker)
{
	return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT &&
		marker != MARKER_JPG && marker != MARKER_DAC;
}

static bool stands_alone(uint8_t marker)
{
	return marker == MARKER_TEM || (marker >= MARKER_RST0 && marker <= MARKER_RST7);
}

/* Behind a scan's header: to the 0xff of the marker that ends its data; len if there is none. */
static size_t skip_scan_data(const uint8_t *data, size_t at, size_t len)
{
	while (at + 1 < len) {
		const uint8_t *ff = memchr(data + at, 0xff, len - 1 - at);
		uint8_t next;

		if (!ff)
			return len;
		at = (size_t)(ff - data);
		next = data[at + 1];
		if (next != 0x00 && next != 0xff && !(next >= MARKER_RST0 && next <= MARKER_RST7))
			return at;
		at += next == 0xff ? 1 : 2;
	}
	return len;
}

/* The marker at `at`, fill bytes skipped; *at goes behind it. 0 where there is none. */
static uint8_t next_marker(const uint8_t *data, size_t *at, size_t len)
{
	size_t i = *at;

	if (i >= len || data[i] != 0xff)
		return 0;
	while (i < len && data[i] == 0xff)
		i++;
	if (i >= len)
		return 0;
	*at = i + 1;
	return data[i];
}

int jpeg_frame_check(const uint8_t *data, size_t len, struct jpeg_frame *frame)
{
	struct jpeg_frame found = { 0 };
	bool scanned = false;
	size_t at = 2;

	if (len < 4 || data[0] != 0xff || data[1] != MARKER_SOI)
		return ORC_EPROTO;
	for (;;) {
		uint8_t marker = next_marker(data, &at, len);
		size_t size;

		if (marker == 0 || marker == MARKER_SOI)
			return ORC_EPROTO;
		if (marker == MARKER_EOI)
			break;
		if (stands_alone(marker))
			continue;
		if (len - at < 2)
			return ORC_EPROTO;
		size = get_be16(data + at);
		if (size < 2 || size > len - at)
			return ORC_EPROTO;
		if (is_frame_header(marker)) {
			if (size < SOF_SIZE)
				return ORC_EPROTO;
			found.height = get_be16(data + at + 3);
			found.width = get_be16(data + at + 5);
		}
		at += size;
		if (marker != MARKER_SOS)
			continue;
		if (found.width == 0 || found.height == 0)
			return ORC_EPROTO;
		scanned = true;
		at = skip_scan_data(data, at, len);
	}
	if (!scanned)
		return ORC_EPROTO;
	found.len = at;
	if (frame)
		*frame = found;
	return 0;
}
