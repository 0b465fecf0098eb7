/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JPEGs inside of other files: EXIF's thumbnail, the previews of RAW files (TIFF 6.0, EXIF 2.3). */
#include "jpeg/embedded.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

enum { TYPE_SHORT = 3, TYPE_LONG = 4, TYPE_IFD = 13 };
enum tag {
	TAG_COMPRESSION = 0x103,
	TAG_STRIP_OFFSETS = 0x111,
	TAG_STRIP_BYTES = 0x117,
	TAG_SUB_IFDS = 0x14a,
	TAG_JPEG_OFFSET = 0x201,
	TAG_JPEG_BYTES = 0x202,
};
enum { COMPRESSION_OLD_JPEG = 6 };
enum { MARKER_SOS = 0xda, MARKER_APP1 = 0xe1 };

/* Real ones have 4 of them, in a RAW file, and some 60 entries each. */
#define IFDS_MAX    16u
#define ENTRIES_MAX 1000u

struct tiff {
	const uint8_t *data;
	size_t len;
	bool big;
	uint32_t pending[IFDS_MAX]; /* offsets of IFDs that were met, in that order */
	size_t met;
	struct embedded best; /* len 0: none yet */
};

static uint32_t read_long(const struct tiff *tiff, size_t at)
{
	return tiff->big ? get_be32(tiff->data + at) : get_le32(tiff->data + at);
}

static uint16_t read_short(const struct tiff *tiff, size_t at)
{
	return tiff->big ? get_be16(tiff->data + at) : get_le16(tiff->data + at);
}

static void meet(struct tiff *tiff, uint32_t offset)
{
	if (offset && tiff->met < IFDS_MAX)
		tiff->pending[tiff->met++] = offset;
}

static void offer(struct tiff *tiff, uint32_t offset, uint32_t len)
{
	if (offset && len && (!tiff->best.len || len < tiff->best.len))
		tiff->best = (struct embedded){ offset, len };
}

/* The value of an entry that has only one; 0 for any other. */
static uint32_t single(const struct tiff *tiff, size_t entry)
{
	uint16_t type = read_short(tiff, entry + 2);

	if (read_long(tiff, entry + 4) != 1)
		return 0;
	if (type == TYPE_SHORT)
		return read_short(tiff, entry + 8);
	return type == TYPE_LONG || type == TYPE_IFD ? read_long(tiff, entry + 8) : 0;
}

static void meet_all(struct tiff *tiff, size_t entry)
{
	uint32_t count = read_long(tiff, entry + 4), at = read_long(tiff, entry + 8);

	if (count == 1)
		meet(tiff, at);
	for (uint32_t i = 0; count > 1 && i < count && i < IFDS_MAX; i++) {
		if (at > tiff->len || tiff->len - at < ((size_t)i + 1) * 4)
			return;
		meet(tiff, read_long(tiff, at + (size_t)i * 4));
	}
}

static void read_ifd(struct tiff *tiff, uint32_t offset)
{
	uint32_t jpeg[2] = { 0 }, strip[2] = { 0 }, compression = 0;
	size_t count, entry;

	if (offset > tiff->len || tiff->len - offset < 2)
		return;
	count = read_short(tiff, offset);
	if (count > ENTRIES_MAX || tiff->len - offset < 2 + count * 12 + 4)
		return;
	for (entry = offset + 2; count > 0; count--, entry += 12) {
		switch ((enum tag)read_short(tiff, entry)) {
		case TAG_COMPRESSION:
			compression = single(tiff, entry);
			break;
		case TAG_STRIP_OFFSETS:
			strip[0] = single(tiff, entry);
			break;
		case TAG_STRIP_BYTES:
			strip[1] = single(tiff, entry);
			break;
		case TAG_JPEG_OFFSET:
			jpeg[0] = single(tiff, entry);
			break;
		case TAG_JPEG_BYTES:
			jpeg[1] = single(tiff, entry);
			break;
		case TAG_SUB_IFDS:
			meet_all(tiff, entry);
			break;
		}
	}
	offer(tiff, jpeg[0], jpeg[1]);
	if (compression == COMPRESSION_OLD_JPEG)
		offer(tiff, strip[0], strip[1]);
	meet(tiff, read_long(tiff, entry));
}

static int find_in_tiff(const uint8_t *data, size_t len, struct embedded *embedded)
{
	struct tiff tiff = { .data = data, .len = len };

	if (len < 8 || (memcmp(data, "II*\0", 4) != 0 && memcmp(data, "MM\0*", 4) != 0))
		return ORC_EREFUSED;
	tiff.big = data[0] == 'M';
	meet(&tiff, read_long(&tiff, 4));
	for (size_t i = 0; i < tiff.met; i++)
		read_ifd(&tiff, tiff.pending[i]);
	*embedded = tiff.best;
	return tiff.best.len ? 0 : ORC_EREFUSED;
}

int embedded_find(const uint8_t *head, size_t len, struct embedded *embedded)
{
	size_t at = 2, segment;
	int ret;

	if (len < 4 || get_be16(head) != 0xffd8)
		return find_in_tiff(head, len, embedded);
	for (; len - at >= 10 && head[at] == 0xff && head[at + 1] != MARKER_SOS;
		at += 2 + segment) {
		segment = get_be16(head + at + 2);
		if (segment < 2 || segment > len - at - 2)
			break;
		if (head[at + 1] != MARKER_APP1 || segment < 8 ||
			memcmp(head + at + 4, "Exif\0", 6) != 0)
			continue;
		ret = find_in_tiff(head + at + 10, segment - 8, embedded);
		/* Counted from the TIFF's start, and of this segment. */
		if (ret < 0 || embedded->offset > segment - 8 ||
			embedded->len > segment - 8 - embedded->offset)
			return ORC_EREFUSED;
		embedded->offset += at + 10;
		return 0;
	}
	return ORC_EREFUSED;
}
