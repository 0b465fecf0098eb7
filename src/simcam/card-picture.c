/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking into the files of the card: bytes, size of the picture, thumbnail. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "simcam/card-internal.h"
#include "simcam/dataset.h"
#include "simcam/picture.h"

/* How much of a file is read to find its thumbnail and size: a CR2 has a reduced picture first. */
#define HEAD_SIZE (1024 * 1024)

int card_read(const struct card *card, const struct card_object *object, uint64_t offset,
	size_t len, struct sim_buffer *out, struct orc_error *err)
{
	char path[CARD_PATH_SIZE];
	cleanup_close int fd = -1;
	ssize_t got;
	size_t start = out->len;

	if (offset >= object->size)
		return 0;
	if (len > object->size - offset)
		len = (size_t)(object->size - offset);
	if (object->in_memory) {
		sim_buffer_append(out, object->bytes.data + offset, len);
		return 0;
	}
	if (card_path(card, object, path, sizeof(path)) < 0)
		return orc_fail_errno(err, ORC_EFILE, ENAMETOOLONG);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	got = pread(fd, sim_buffer_grow(out, len), len, (off_t)offset);
	if (got < 0 || (size_t)got != len) {
		out->len = start;
		return orc_fail(err, ORC_EFILE, "%s changed under the camera", path);
	}
	return 0;
}

/* TIFF in either byte order; every offset is checked where it is followed. */
struct tiff {
	const uint8_t *data;
	size_t len;
	bool big;
};

static uint16_t tiff16(const struct tiff *tiff, size_t at)
{
	if (at > tiff->len || tiff->len - at < 2)
		return 0;
	return tiff->big ? get_be16(tiff->data + at) : get_le16(tiff->data + at);
}

static uint32_t tiff32(const struct tiff *tiff, size_t at)
{
	if (at > tiff->len || tiff->len - at < 4)
		return 0;
	return tiff->big ? get_be32(tiff->data + at) : get_le32(tiff->data + at);
}

/* A SHORT or LONG tag of the directory at `at`; 0 when it is not there. */
static uint32_t tiff_tag(const struct tiff *tiff, size_t at, uint16_t tag)
{
	size_t count = tiff16(tiff, at);

	for (size_t i = 0; i < count; i++) {
		size_t entry = at + 2 + 12 * i;

		if (tiff16(tiff, entry) == tag)
			return tiff16(tiff, entry + 2) == 3 ? tiff16(tiff, entry + 8)
							    : tiff32(tiff, entry + 8);
	}
	return 0;
}

static bool tiff_open(struct tiff *tiff, const uint8_t *data, size_t len)
{
	*tiff = (struct tiff){ data, len, len > 1 && data[0] == 'M' };
	return len > 8 && (!memcmp(data, "II*", 4) || !memcmp(data, "MM\0*", 4));
}

/* The next marker segment of a JPEG at *at: its marker, and its body; 0 at the end. */
static uint8_t jpeg_segment(
	const uint8_t *data, size_t len, size_t *at, const uint8_t **body, size_t *body_len)
{
	uint8_t marker;

	if (*at > len || len - *at < 4 || data[*at] != 0xff)
		return 0;
	marker = data[*at + 1];
	*body_len = get_be16(data + *at + 2);
	if (*body_len < 2 || *body_len > len - *at - 2 || marker == 0xda)
		return 0;
	*body = data + *at + 4;
	*at += 2 + *body_len;
	*body_len -= 2;
	return marker;
}

static bool is_frame_header(uint8_t marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		marker != 0xcc;
}

static void measure_jpeg(struct card_object *object, const uint8_t *data, size_t len)
{
	const uint8_t *body;
	size_t at = 2, body_len;
	uint8_t marker;

	while ((marker = jpeg_segment(data, len, &at, &body, &body_len))) {
		if (is_frame_header(marker) && body_len >= 5) {
			object->height = get_be16(body + 1);
			object->width = get_be16(body + 3);
			return;
		}
	}
}

static int read_head(
	const struct card *card, const struct card_object *object, struct sim_buffer *head)
{
	return card_read(card, object, 0, HEAD_SIZE, head, NULL);
}

void card_measure(const struct card *card, struct card_object *object)
{
	struct sim_buffer head = { 0 };
	struct tiff tiff;

	if (object->format != CARD_JPEG && object->format != CARD_CR2)
		return;
	if (!read_head(card, object, &head) && head.len > 4) {
		if (object->format == CARD_JPEG)
			measure_jpeg(object, head.data, head.len);
		else if (tiff_open(&tiff, head.data, head.len)) {
			object->width = tiff_tag(&tiff, tiff32(&tiff, 4), 0x0100);
			object->height = tiff_tag(&tiff, tiff32(&tiff, 4), 0x0101);
		}
	}
	sim_buffer_free(&head);
}

int card_thumbnail(
	const struct card *card, const struct card_object *object, struct sim_buffer *out)
{
	struct sim_buffer head = { 0 };
	const uint8_t *thumbnail;
	size_t len;
	int ret = ORC_EREFUSED;

	/* A NEF has no format of its own. */
	if ((object->format == CARD_JPEG || object->format == CARD_CR2 ||
		    object->format == CARD_UNDEFINED) &&
		!read_head(card, object, &head))
		ret = picture_thumbnail(head.data, head.len, &thumbnail, &len);
	if (!ret)
		sim_buffer_append(out, thumbnail, len);
	sim_buffer_free(&head);
	return ret;
}
