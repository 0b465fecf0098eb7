/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nikon NEF: a TIFF whose sub-directory has the Bayer samples, uncompressed, and a thumbnail behind it. */
#include "simcam/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/exif.h"
#include "simcam/picture-parts.h"
#include "simcam/raw.h"

enum { HEADER = 8 };
enum { PHOTOMETRIC_CFA = 32803 };

struct nef {
	struct tiff_ifd main, details, thumb, raw;
	struct sim_buffer thumbnail, bayer;
};

static void nef_free(struct nef *nef)
{
	tiff_ifd_free(&nef->main);
	tiff_ifd_free(&nef->details);
	tiff_ifd_free(&nef->thumb);
	tiff_ifd_free(&nef->raw);
	sim_buffer_free(&nef->thumbnail);
	sim_buffer_free(&nef->bayer);
}

/* What is not masked, and without the level of black. */
static void take_samples(
	struct sim_buffer *out, const uint16_t *samples, unsigned width, unsigned height)
{
	uint8_t *at = out->data;

	for (unsigned row = 0; row < height; row++) {
		const uint16_t *from = samples + (size_t)(RAW_TOP + row) * RAW_WIDTH + RAW_LEFT;

		for (unsigned i = 0; i < width; i++, at += 2)
			put_le16(at, from[i] > RAW_BLACK ? (uint16_t)(from[i] - RAW_BLACK) : 0);
	}
}

static int make_bayer(struct nef *nef, const struct scene *scene,
	const struct picture_settings *settings, double stops, struct orc_error *err)
{
	const struct picture_dimensions *size = &picture_sizes[PICTURE_SIZE_L];
	cleanup_free uint16_t *samples =
		orc_must(malloc((size_t)RAW_WIDTH * RAW_HEIGHT * sizeof(*samples)));
	int rc = raw_expose(scene, settings, stops, samples, err);

	if (rc)
		return rc;
	sim_buffer_append(&nef->bayer, NULL, (size_t)size->width * size->height * 2);
	take_samples(&nef->bayer, samples, size->width, size->height);
	return 0;
}

static void describe(struct nef *nef, const struct picture_settings *settings)
{
	static const uint16_t pattern_size[2] = { 2, 2 };
	/* An odd number of rows below the first that is not masked, which has red first: so here it is green, and blue. */
	static const uint8_t pattern[4] = { 1, 2, 0, 1 };
	const struct picture_dimensions *size = &picture_sizes[PICTURE_SIZE_L];

	exif_main(&nef->main, settings);
	tiff_long(&nef->main, TAG_SUB_IFDS, 0);
	exif_details(&nef->details, settings, size->width, size->height);
	tiff_long(&nef->thumb, TAG_THUMBNAIL, 0);
	tiff_long(&nef->thumb, TAG_THUMBNAIL_BYTES, (uint32_t)nef->thumbnail.len);
	tiff_long(&nef->raw, TAG_SUBFILE_TYPE, 0);
	tiff_long(&nef->raw, TAG_WIDTH, size->width);
	tiff_long(&nef->raw, TAG_HEIGHT, size->height);
	tiff_short(&nef->raw, TAG_BITS, 16);
	tiff_short(&nef->raw, TAG_COMPRESSION, 1);
	tiff_short(&nef->raw, TAG_PHOTOMETRIC, PHOTOMETRIC_CFA);
	tiff_long(&nef->raw, TAG_STRIP_OFFSETS, 0);
	tiff_short(&nef->raw, TAG_SAMPLES, 1);
	tiff_long(&nef->raw, TAG_ROWS_PER_STRIP, size->height);
	tiff_long(&nef->raw, TAG_STRIP_BYTES, (uint32_t)nef->bayer.len);
	tiff_shorts(&nef->raw, TAG_CFA_SIZE, pattern_size, 2);
	tiff_put(&nef->raw, TAG_CFA_PATTERN, TIFF_BYTE, 4, pattern, sizeof(pattern));
}

static void assemble(
	struct nef *nef, const struct picture_settings *settings, struct sim_buffer *out)
{
	static const uint8_t header[HEADER] = { 'I', 'I', '*', 0, HEADER, 0, 0, 0 };
	uint32_t details = HEADER + tiff_ifd_size(&nef->main);
	uint32_t thumb = details + tiff_ifd_size(&nef->details);
	uint32_t raw = thumb + tiff_ifd_size(&nef->thumb);
	uint32_t at = raw + tiff_ifd_size(&nef->raw);

	sim_buffer_append(&nef->thumbnail, NULL, nef->thumbnail.len & 1);
	tiff_set_long(&nef->main, TAG_EXIF, details);
	tiff_set_long(&nef->main, TAG_SUB_IFDS, raw);
	tiff_set_long(&nef->thumb, TAG_THUMBNAIL, at);
	tiff_set_long(&nef->raw, TAG_STRIP_OFFSETS, at + (uint32_t)nef->thumbnail.len);
	sim_buffer_clear(out);
	sim_buffer_append(out, header, sizeof(header));
	tiff_ifd_write(&nef->main, out, HEADER, thumb);
	exif_write(&nef->details, settings, out, details);
	tiff_ifd_write(&nef->thumb, out, thumb, 0);
	tiff_ifd_write(&nef->raw, out, raw, 0);
	sim_buffer_append(out, nef->thumbnail.data, nef->thumbnail.len);
	sim_buffer_append(out, nef->bayer.data, nef->bayer.len);
}

int picture_nef(const struct scene *scene, const struct picture_settings *settings, double stops,
	struct sim_buffer *out, struct orc_error *err)
{
	cleanup(nef_free) struct nef nef = { 0 };
	int rc = picture_encode_thumbnail(scene, settings, stops, &nef.thumbnail, err);

	if (!rc)
		rc = make_bayer(&nef, scene, settings, stops, err);
	if (rc)
		return rc;
	describe(&nef, settings);
	assemble(&nef, settings, out);
	return 0;
}
