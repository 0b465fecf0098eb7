/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The little-endian fields that PTP datasets are made of: written into a buffer, and read. */
#ifndef SIMCAM_DATASET_H
#define SIMCAM_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "simcam/buffer.h"

/* Appends room for len bytes, zeroed, and returns where it starts. */
uint8_t *sim_buffer_grow(struct sim_buffer *buffer, size_t len);
void sim_buffer_u8(struct sim_buffer *buffer, uint8_t value);
void sim_buffer_u16(struct sim_buffer *buffer, uint16_t value);
void sim_buffer_u32(struct sim_buffer *buffer, uint32_t value);
void sim_buffer_u64(struct sim_buffer *buffer, uint64_t value);
/* A PTP string (ISO 15740, 5.3.4): count of 16-bit units with the NUL, then the units. */
void sim_buffer_string(struct sim_buffer *buffer, const char *text);
/* A PTP array: count, then the elements. */
void sim_buffer_array16(struct sim_buffer *buffer, const uint16_t *values, size_t count);
void sim_buffer_array32(struct sim_buffer *buffer, const uint32_t *values, size_t count);

/* Reading what a host sent: a cursor that never leaves the bytes; after a short read every
 * further one yields zeroes and `bad` is set. */
struct sim_reader {
	const uint8_t *data;
	size_t len, at;
	int bad;
	int changed; /* a text that was read is not the one that was sent */
};
uint8_t sim_read_u8(struct sim_reader *reader);
uint16_t sim_read_u16(struct sim_reader *reader);
uint32_t sim_read_u32(struct sim_reader *reader);
/* As plain ASCII, other units as '?'; cut to fit, always terminated. What that changed sets `changed`. */
void sim_read_string(struct sim_reader *reader, char *text, size_t size);

#endif
