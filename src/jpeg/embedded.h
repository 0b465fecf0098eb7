/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JPEGs inside of other files: EXIF's thumbnail, the previews of RAW files. */
#ifndef JPEG_EMBEDDED_H
#define JPEG_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Where in a file a JPEG is embedded, in bytes. */
struct embedded {
	uint64_t offset, len;
};

/*
 * Finds the smallest embedded JPEG, by the first bytes of a file: the thumbnail of a JPEG's EXIF; one
 * of the previews of a RAW file that is a TIFF (CR2, NEF, ARW, DNG, PEF). It may lie behind `len`.
 * ORC_EREFUSED where there is none, or none that is named so early.
 */
int embedded_find(const uint8_t *head, size_t len, struct embedded *embedded) must_check;

#endif
