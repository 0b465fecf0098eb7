/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Canon CR2: a TIFF with a reduced JPEG, a thumbnail, a small RGB image and the Bayer samples. */
#include "simcam/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/exif.h"
#include "simcam/ljpeg.h"
#include "simcam/picture-parts.h"
#include "simcam/raw.h"

enum { SMALL_WIDTH = 384, SMALL_HEIGHT = 256, HEADER = 16 };

/* The four directories of a CR2, and what they point at. */
struct cr2 {
	struct tiff_ifd main, details, thumb, small, raw;
	struct sim_buffer preview, thumbnail, rgb, bayer;
};

static void cr2_free(struct cr2 *cr2)
{
	tiff_ifd_free(&cr2->main);
	tiff_ifd_free(&cr2->details);
	tiff_ifd_free(&cr2->thumb);
	tiff_ifd_free(&cr2->small);
	tiff_ifd_free(&cr2->raw);
	sim_buffer_free(&cr2->preview);
	sim_buffer_free(&cr2->thumbnail);
	sim_buffer_free(&cr2->rgb);
	sim_buffer_free(&cr2->bayer);
}

/* IFD2's picture: uncompressed, 16 bits a colour, linear. */
static int make_small(struct cr2 *cr2, const struct scene *scene,
	const struct picture_settings *settings, struct orc_error *err)
{
	struct painter painter;
	int rc = painter_start(&painter, scene, settings, SMALL_WIDTH, SMALL_HEIGHT, err), i, j;

	if (rc)
		return rc;
	while (painter_next(&painter))
		for (j = 0; j < painter.canvas.rows; j++)
			for (i = 0; i < SMALL_WIDTH; i++) {
				const struct colour *px = canvas_row(&painter.canvas, j) + i;
				uint8_t bytes[6];

				put_le16(bytes, px->r);
				put_le16(bytes + 2, px->g);
				put_le16(bytes + 4, px->b);
				sim_buffer_append(&cr2->rgb, bytes, sizeof(bytes));
			}
	painter_stop(&painter);
	return 0;
}

static int make_bayer(struct cr2 *cr2, const struct scene *scene,
	const struct picture_settings *settings, double stops, struct orc_error *err)
{
	cleanup_free uint16_t *samples =
		orc_must(malloc((size_t)RAW_WIDTH * RAW_HEIGHT * sizeof(*samples)));
	const struct ljpeg_image image = { samples, RAW_WIDTH, RAW_HEIGHT, RAW_BITS, RAW_SLICES,
		RAW_SLICE_WIDTH, RAW_LAST_WIDTH };
	int rc = raw_expose(scene, settings, stops, samples, err);

	if (!rc)
		ljpeg_encode(&image, &cr2->bayer);
	return rc;
}

static void strip_at(struct tiff_ifd *ifd, const struct sim_buffer *data)
{
	tiff_long(ifd, TAG_STRIP_OFFSETS, 0);
	tiff_long(ifd, TAG_STRIP_BYTES, (uint32_t)data->len);
}

static void describe(struct cr2 *cr2, const struct picture_settings *settings)
{
	static const uint16_t eights[3] = { 8, 8, 8 }, sixteens[3] = { 16, 16, 16 };
	static const uint16_t slices[3] = { RAW_SLICES, RAW_SLICE_WIDTH, RAW_LAST_WIDTH };
	const struct picture_dimensions *full = &picture_sizes[PICTURE_SIZE_L];
	const struct picture_dimensions *preview = &picture_sizes[PICTURE_SIZE_S1];

	exif_main(&cr2->main, settings);
	tiff_short(&cr2->main, TAG_WIDTH, preview->width);
	tiff_short(&cr2->main, TAG_HEIGHT, preview->height);
	tiff_shorts(&cr2->main, TAG_BITS, eights, 3);
	tiff_short(&cr2->main, TAG_COMPRESSION, 6);
	strip_at(&cr2->main, &cr2->preview);
	exif_details(&cr2->details, settings, full->width, full->height);
	tiff_long(&cr2->thumb, TAG_THUMBNAIL, 0);
	tiff_long(&cr2->thumb, TAG_THUMBNAIL_BYTES, (uint32_t)cr2->thumbnail.len);
	tiff_short(&cr2->small, TAG_WIDTH, SMALL_WIDTH);
	tiff_short(&cr2->small, TAG_HEIGHT, SMALL_HEIGHT);
	tiff_shorts(&cr2->small, TAG_BITS, sixteens, 3);
	tiff_short(&cr2->small, TAG_COMPRESSION, 1);
	tiff_short(&cr2->small, TAG_PHOTOMETRIC, 2);
	tiff_short(&cr2->small, TAG_SAMPLES, 3);
	tiff_short(&cr2->small, TAG_ROWS_PER_STRIP, SMALL_HEIGHT);
	tiff_short(&cr2->small, TAG_PLANAR, 1);
	strip_at(&cr2->small, &cr2->rgb);
	tiff_short(&cr2->raw, TAG_COMPRESSION, 6);
	strip_at(&cr2->raw, &cr2->bayer);
	/* 0xc5d8 is 1 in every CR2, meaning unknown; 0xc5e0: the pattern begins with red. */
	tiff_long(&cr2->raw, 0xc5d8, 1);
	tiff_long(&cr2->raw, 0xc5e0, 1);
	tiff_shorts(&cr2->raw, TAG_CR2_SLICE, slices, 3);
}

static void assemble(
	struct cr2 *cr2, const struct picture_settings *settings, struct sim_buffer *out)
{
	uint8_t header[HEADER] = { 'I', 'I', '*', 0, HEADER, 0, 0, 0, 'C', 'R', 2, 0 };
	uint32_t details = HEADER + tiff_ifd_size(&cr2->main);
	uint32_t thumb = details + tiff_ifd_size(&cr2->details);
	uint32_t small = thumb + tiff_ifd_size(&cr2->thumb);
	uint32_t raw = small + tiff_ifd_size(&cr2->small);
	uint32_t at = raw + tiff_ifd_size(&cr2->raw);
	/* Each with the directory's tag that points at it. */
	const struct {
		struct tiff_ifd *ifd;
		uint16_t tag;
		struct sim_buffer *data;
	} parts[] = {
		{ &cr2->main, TAG_STRIP_OFFSETS, &cr2->preview },
		{ &cr2->thumb, TAG_THUMBNAIL, &cr2->thumbnail },
		{ &cr2->small, TAG_STRIP_OFFSETS, &cr2->rgb },
		{ &cr2->raw, TAG_STRIP_OFFSETS, &cr2->bayer },
	};
	unsigned i;

	for (i = 0; i < ARRAY_LENGTH(parts); i++) {
		sim_buffer_append(parts[i].data, NULL, parts[i].data->len & 1);
		tiff_set_long(parts[i].ifd, parts[i].tag, at);
		at += (uint32_t)parts[i].data->len;
	}
	tiff_set_long(&cr2->main, TAG_EXIF, details);
	put_le32(header + 12, raw);
	sim_buffer_clear(out);
	sim_buffer_reserve(out, at);
	sim_buffer_append(out, header, sizeof(header));
	tiff_ifd_write(&cr2->main, out, HEADER, thumb);
	exif_write(&cr2->details, settings, out, details);
	tiff_ifd_write(&cr2->thumb, out, thumb, small);
	tiff_ifd_write(&cr2->small, out, small, raw);
	tiff_ifd_write(&cr2->raw, out, raw, 0);
	for (i = 0; i < ARRAY_LENGTH(parts); i++)
		sim_buffer_append(out, parts[i].data->data, parts[i].data->len);
}

int picture_raw(const struct scene *scene, const struct picture_settings *settings, double stops,
	struct sim_buffer *out, struct orc_error *err)
{
	cleanup(cr2_free) struct cr2 cr2 = { 0 };
	const struct picture_dimensions *preview = &picture_sizes[PICTURE_SIZE_S1];
	int rc = picture_encode_thumbnail(scene, settings, stops, &cr2.thumbnail, err);

	if (!rc)
		rc = picture_encode(scene, settings, stops, preview->width, preview->height,
			PICTURE_QUALITY_NORMAL, NULL, &cr2.preview, err);
	if (!rc)
		rc = make_small(&cr2, scene, settings, err);
	if (!rc)
		rc = make_bayer(&cr2, scene, settings, stops, err);
	if (rc)
		return rc;
	describe(&cr2, settings);
	assemble(&cr2, settings, out);
	return 0;
}
