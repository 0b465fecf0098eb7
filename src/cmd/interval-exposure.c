/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a picture was exposed, by its EXIF. */
#include <fcntl.h>
#include <libexif/exif-data.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "cmd/interval-run.h"

/* EXIF is at the start, and no longer than a JPEG segment; libexif reads no more. */
#define HEAD_BYTES 65536

static const uint8_t exif_mark[6] = "Exif\0";

static double rational(const ExifData *data, ExifEntry *entry)
{
	ExifRational value;

	if (!entry || entry->format != EXIF_FORMAT_RATIONAL || entry->size < 8)
		return NAN;
	value = exif_get_rational(entry->data, exif_data_get_byte_order((ExifData *)data));
	return value.denominator ? (double)value.numerator / (double)value.denominator : NAN;
}

static double whole(const ExifData *data, ExifEntry *entry)
{
	ExifByteOrder order = exif_data_get_byte_order((ExifData *)data);

	if (entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
		return exif_get_short(entry->data, order);
	if (entry && entry->format == EXIF_FORMAT_LONG && entry->size >= 4)
		return exif_get_long(entry->data, order);
	return NAN;
}

static ExifEntry *find(ExifData *data, ExifTag tag)
{
	return exif_content_get_entry(data->ifd[EXIF_IFD_EXIF], tag);
}

void interval_exposure(int cwd, const char *path, struct journal_exposure *exposure)
{
	cleanup_free uint8_t *head = orc_must(malloc(sizeof(exif_mark) + HEAD_BYTES));
	cleanup_close int fd = files_open(cwd, path, O_RDONLY | O_CLOEXEC, 0);
	uint8_t *file = head + sizeof(exif_mark);
	bool tiff;
	ExifData *data;
	ssize_t got = fd < 0 ? -1 : read(fd, file, HEAD_BYTES);

	if (got < 16)
		return;
	/* A RAW file of Canon, Nikon, Sony and others is a TIFF, which is what EXIF is inside. */
	memcpy(head, exif_mark, sizeof(exif_mark));
	tiff = memcmp(file, "II*\0", 4) == 0 || memcmp(file, "MM\0*", 4) == 0;
	data = exif_data_new();
	if (!data)
		return;
	exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
	if (tiff)
		exif_data_load_data(data, head, (unsigned)got + (unsigned)sizeof(exif_mark));
	else
		exif_data_load_data(data, file, (unsigned)got);
	exposure->shutter = rational(data, find(data, EXIF_TAG_EXPOSURE_TIME));
	exposure->aperture = rational(data, find(data, EXIF_TAG_FNUMBER));
	exposure->iso = whole(data, find(data, EXIF_TAG_ISO_SPEED_RATINGS));
	exif_data_unref(data);
}
