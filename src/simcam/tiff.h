/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building TIFF directories, little-endian, for EXIF and CR2. */
#ifndef SIMCAM_TIFF_H
#define SIMCAM_TIFF_H

#include <stddef.h>
#include <stdint.h>

#include "simcam/buffer.h"

enum tiff_type {
	TIFF_BYTE = 1,
	TIFF_ASCII = 2,
	TIFF_SHORT = 3,
	TIFF_LONG = 4,
	TIFF_RATIONAL = 5,
	TIFF_UNDEFINED = 7,
	TIFF_SRATIONAL = 10,
};

#define TIFF_ENTRIES_MAX 48u

/*
 * A directory being built. Entries are kept in the order of their tags. Zero-initialised is empty;
 * values are held in `values` until tiff_ifd_free(). What an address depends on is put in as 0,
 * addresses are computed from tiff_ifd_size(), and set with tiff_set_long().
 */
struct tiff_ifd {
	struct tiff_entry {
		uint16_t tag, type;
		uint32_t count;
		size_t at, len; /* in values */
	} entries[TIFF_ENTRIES_MAX];
	unsigned count;
	struct sim_buffer values;
};

void tiff_put(struct tiff_ifd *ifd, uint16_t tag, enum tiff_type type, uint32_t count,
	const void *value, size_t len);
void tiff_short(struct tiff_ifd *ifd, uint16_t tag, unsigned value);
void tiff_shorts(struct tiff_ifd *ifd, uint16_t tag, const uint16_t *values, uint32_t count);
void tiff_long(struct tiff_ifd *ifd, uint16_t tag, uint32_t value);
/* Leaves out NULL and empty texts. */
void tiff_text(struct tiff_ifd *ifd, uint16_t tag, const char *text);
/* A text padded with zeros to a fixed length, as MakerNotes hold them. */
void tiff_text_field(struct tiff_ifd *ifd, uint16_t tag, const char *text, uint32_t len);
/* value as numerator / denominator; the sign is kept for TIFF_SRATIONAL. */
void tiff_rational(struct tiff_ifd *ifd, uint16_t tag, enum tiff_type type, double value,
	uint32_t denominator);
void tiff_rationals(struct tiff_ifd *ifd, uint16_t tag, const double *values, uint32_t count,
	uint32_t denominator);
void tiff_set_long(struct tiff_ifd *ifd, uint16_t tag, uint32_t value);
/* Bytes that the directory and its values take when written. */
uint32_t tiff_ifd_size(const struct tiff_ifd *ifd);
/* Where a value lands when the directory is written at `address`. */
uint32_t tiff_value_address(const struct tiff_ifd *ifd, uint16_t tag, uint32_t address);
/* Appends; `address` is where in the TIFF file that is, next the address of the next directory. */
void tiff_ifd_write(
	const struct tiff_ifd *ifd, struct sim_buffer *out, uint32_t address, uint32_t next);
void tiff_ifd_free(struct tiff_ifd *ifd);

#define cleanup_ifd cleanup(tiff_ifd_free)

#endif
