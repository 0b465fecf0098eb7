/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building TIFF directories, little-endian, for EXIF and CR2. */
#include "simcam/tiff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

enum { ENTRY_SIZE = 12, INLINE = 4 };

void tiff_put(struct tiff_ifd *ifd, uint16_t tag, enum tiff_type type, uint32_t count,
	const void *value, size_t len)
{
	unsigned i = ifd->count;

	/* The tables of tags are ours and short. */
	if (i == TIFF_ENTRIES_MAX)
		abort();
	for (; i && ifd->entries[i - 1].tag > tag; i--)
		ifd->entries[i] = ifd->entries[i - 1];
	ifd->entries[i] = (struct tiff_entry){ tag, (uint16_t)type, count, ifd->values.len, len };
	ifd->count++;
	sim_buffer_append(&ifd->values, value, len);
}

void tiff_short(struct tiff_ifd *ifd, uint16_t tag, unsigned value)
{
	uint16_t v = (uint16_t)value;

	tiff_shorts(ifd, tag, &v, 1);
}

void tiff_shorts(struct tiff_ifd *ifd, uint16_t tag, const uint16_t *values, uint32_t count)
{
	size_t at = ifd->values.len;
	uint32_t i;

	tiff_put(ifd, tag, TIFF_SHORT, count, NULL, 2 * (size_t)count);
	for (i = 0; i < count; i++)
		put_le16(ifd->values.data + at + 2 * i, values[i]);
}

void tiff_long(struct tiff_ifd *ifd, uint16_t tag, uint32_t value)
{
	uint8_t bytes[4];

	put_le32(bytes, value);
	tiff_put(ifd, tag, TIFF_LONG, 1, bytes, sizeof(bytes));
}

void tiff_text(struct tiff_ifd *ifd, uint16_t tag, const char *text)
{
	if (text && *text)
		tiff_put(ifd, tag, TIFF_ASCII, (uint32_t)strlen(text) + 1, text, strlen(text) + 1);
}

void tiff_text_field(struct tiff_ifd *ifd, uint16_t tag, const char *text, uint32_t len)
{
	size_t at = ifd->values.len;

	tiff_put(ifd, tag, TIFF_ASCII, len, NULL, len);
	if (text)
		memcpy(ifd->values.data + at, text, strnlen(text, len - 1));
}

static void put_rational(uint8_t *p, double value, uint32_t denominator)
{
	double top = round(value * denominator);

	put_le32(p, top < 0 ? (uint32_t)(int32_t)top : (uint32_t)top);
	put_le32(p + 4, denominator);
}

void tiff_rational(
	struct tiff_ifd *ifd, uint16_t tag, enum tiff_type type, double value, uint32_t denominator)
{
	uint8_t bytes[8];

	put_rational(bytes, value, denominator);
	tiff_put(ifd, tag, type, 1, bytes, sizeof(bytes));
}

void tiff_rationals(struct tiff_ifd *ifd, uint16_t tag, const double *values, uint32_t count,
	uint32_t denominator)
{
	size_t at = ifd->values.len;
	uint32_t i;

	tiff_put(ifd, tag, TIFF_RATIONAL, count, NULL, 8 * (size_t)count);
	for (i = 0; i < count; i++)
		put_rational(ifd->values.data + at + 8 * i, values[i], denominator);
}

static const struct tiff_entry *find(const struct tiff_ifd *ifd, uint16_t tag)
{
	unsigned i;

	for (i = 0; i < ifd->count; i++)
		if (ifd->entries[i].tag == tag)
			return &ifd->entries[i];
	abort();
}

void tiff_set_long(struct tiff_ifd *ifd, uint16_t tag, uint32_t value)
{
	put_le32(ifd->values.data + find(ifd, tag)->at, value);
}

/* What a value takes outside its entry; addresses stay even. */
static uint32_t outside(const struct tiff_entry *entry)
{
	return entry->len <= INLINE ? 0 : (uint32_t)(entry->len + 1) & ~1u;
}

static uint32_t head_size(const struct tiff_ifd *ifd)
{
	return 2 + ifd->count * ENTRY_SIZE + 4;
}

uint32_t tiff_ifd_size(const struct tiff_ifd *ifd)
{
	uint32_t size = head_size(ifd);
	unsigned i;

	for (i = 0; i < ifd->count; i++)
		size += outside(&ifd->entries[i]);
	return size;
}

uint32_t tiff_value_address(const struct tiff_ifd *ifd, uint16_t tag, uint32_t address)
{
	const struct tiff_entry *entry;

	address += head_size(ifd);
	for (entry = ifd->entries; entry->tag != tag; entry++)
		address += outside(entry);
	return address;
}

void tiff_ifd_write(
	const struct tiff_ifd *ifd, struct sim_buffer *out, uint32_t address, uint32_t next)
{
	uint8_t bytes[ENTRY_SIZE];
	unsigned i;

	put_le16(bytes, (uint16_t)ifd->count);
	sim_buffer_append(out, bytes, 2);
	address += head_size(ifd);
	for (i = 0; i < ifd->count; i++) {
		const struct tiff_entry *entry = &ifd->entries[i];

		memset(bytes, 0, sizeof(bytes));
		put_le16(bytes, entry->tag);
		put_le16(bytes + 2, entry->type);
		put_le32(bytes + 4, entry->count);
		if (entry->len <= INLINE)
			memcpy(bytes + 8, ifd->values.data + entry->at, entry->len);
		else
			put_le32(bytes + 8, address);
		address += outside(entry);
		sim_buffer_append(out, bytes, sizeof(bytes));
	}
	put_le32(bytes, next);
	sim_buffer_append(out, bytes, 4);
	for (i = 0; i < ifd->count; i++) {
		const struct tiff_entry *entry = &ifd->entries[i];

		if (entry->len <= INLINE)
			continue;
		sim_buffer_append(out, ifd->values.data + entry->at, entry->len);
		sim_buffer_append(out, NULL, entry->len & 1);
	}
}

void tiff_ifd_free(struct tiff_ifd *ifd)
{
	sim_buffer_free(&ifd->values);
	ifd->count = 0;
}
