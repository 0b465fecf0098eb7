/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The little-endian fields that PTP datasets are made of: written into a buffer, and read. */
#include "simcam/dataset.h"

#include <string.h>

#include "base/bytes.h"

uint8_t *sim_buffer_grow(struct sim_buffer *buffer, size_t len)
{
	sim_buffer_append(buffer, NULL, len);
	return buffer->data + buffer->len - len;
}

void sim_buffer_u8(struct sim_buffer *buffer, uint8_t value)
{
	*sim_buffer_grow(buffer, 1) = value;
}

void sim_buffer_u16(struct sim_buffer *buffer, uint16_t value)
{
	put_le16(sim_buffer_grow(buffer, 2), value);
}

void sim_buffer_u32(struct sim_buffer *buffer, uint32_t value)
{
	put_le32(sim_buffer_grow(buffer, 4), value);
}

void sim_buffer_u64(struct sim_buffer *buffer, uint64_t value)
{
	put_le64(sim_buffer_grow(buffer, 8), value);
}

void sim_buffer_string(struct sim_buffer *buffer, const char *text)
{
	size_t len = strnlen(text, 254);

	if (!len) {
		sim_buffer_u8(buffer, 0);
		return;
	}
	sim_buffer_u8(buffer, (uint8_t)(len + 1));
	for (size_t i = 0; i < len; i++)
		sim_buffer_u16(buffer, (uint8_t)text[i]);
	sim_buffer_u16(buffer, 0);
}

void sim_buffer_array16(struct sim_buffer *buffer, const uint16_t *values, size_t count)
{
	sim_buffer_u32(buffer, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		sim_buffer_u16(buffer, values[i]);
}

void sim_buffer_array32(struct sim_buffer *buffer, const uint32_t *values, size_t count)
{
	sim_buffer_u32(buffer, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		sim_buffer_u32(buffer, values[i]);
}

static const uint8_t *read_bytes(struct sim_reader *reader, size_t len)
{
	static const uint8_t zeroes[8];

	if (reader->bad || reader->len - reader->at < len) {
		reader->bad = 1;
		return zeroes;
	}
	reader->at += len;
	return reader->data + reader->at - len;
}

uint8_t sim_read_u8(struct sim_reader *reader)
{
	return *read_bytes(reader, 1);
}

uint16_t sim_read_u16(struct sim_reader *reader)
{
	return get_le16(read_bytes(reader, 2));
}

uint32_t sim_read_u32(struct sim_reader *reader)
{
	return get_le32(read_bytes(reader, 4));
}

void sim_read_string(struct sim_reader *reader, char *text, size_t size)
{
	size_t units = sim_read_u8(reader), len = 0;

	while (units--) {
		uint16_t unit = sim_read_u16(reader);

		if (unit && len + 1 < size)
			text[len++] = unit < 0x80 ? (char)unit : '?';
		else if (unit || units)
			reader->changed = 1;
		if (unit >= 0x80)
			reader->changed = 1;
	}
	text[len] = '\0';
}
