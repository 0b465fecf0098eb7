/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Planes into a JPEG frame. */
#include <stdlib.h>
#include <string.h>

#include "jpeg/guard.h"

#include "jpeg/encode.h"

#define BLOCK 8u

struct encoder {
	struct jpeg_compress_struct cinfo;
	struct jpeg_guard guard;
	struct jpeg_sink sink;
	JSAMPROW lines[3][2 * BLOCK];
};

struct encoder *encoder_new(void)
{
	struct encoder *encoder = orc_must(calloc(1, sizeof(*encoder)));

	encoder->cinfo.err = jpeg_guard_init(&encoder->guard);
	if (setjmp(encoder->guard.failed))
		orc_must(NULL);
	jpeg_create_compress(&encoder->cinfo);
	encoder->cinfo.dest = jpeg_sink_init(&encoder->sink);
	return encoder;
}

void encoder_destroy(struct encoder *encoder)
{
	if (!encoder)
		return;
	jpeg_destroy_compress(&encoder->cinfo);
	jpeg_sink_free(&encoder->sink);
	free(encoder);
}

/* The last pixel of each line again, to the end of its last block. */
static void fill_blocks(const struct plane *plane)
{
	unsigned int whole = (plane->width + BLOCK - 1) / BLOCK * BLOCK, y;

	if (whole == plane->width)
		return;
	for (y = 0; y < plane->height; y++) {
		uint8_t *line = plane->data + y * plane->stride;

		memset(line + plane->width, line[plane->width - 1], whole - plane->width);
	}
}

static void write_mcu_row(struct encoder *encoder, const struct picture *picture, unsigned int row)
{
	struct jpeg_compress_struct *cinfo = &encoder->cinfo;
	JSAMPARRAY planes[3];
	unsigned int i, y;

	for (i = 0; i < picture->count; i++) {
		const struct plane *plane = &picture->plane[i];
		unsigned int count = (unsigned int)cinfo->comp_info[i].v_samp_factor * BLOCK;

		for (y = 0; y < count; y++) {
			unsigned int at = row * count + y;

			if (at >= plane->height)
				at = plane->height - 1;
			encoder->lines[i][y] = plane->data + at * plane->stride;
		}
		planes[i] = encoder->lines[i];
	}
	jpeg_write_raw_data(cinfo, planes, (unsigned int)cinfo->max_v_samp_factor * BLOCK);
}

/* Behind setjmp. */
static int encode(struct encoder *encoder, const struct picture *picture,
	const struct chroma *chroma, int quality)
{
	struct jpeg_compress_struct *cinfo = &encoder->cinfo;
	unsigned int i, row;

	cinfo->image_width = picture->plane[0].width;
	cinfo->image_height = picture->plane[0].height;
	cinfo->input_components = (int)picture->count;
	cinfo->in_color_space = picture->count == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
	jpeg_set_defaults(cinfo);
	jpeg_set_quality(cinfo, quality, TRUE);
	cinfo->raw_data_in = TRUE;
	cinfo->comp_info[0].h_samp_factor = (int)chroma->horizontal;
	cinfo->comp_info[0].v_samp_factor = (int)chroma->vertical;
	jpeg_start_compress(cinfo, TRUE);
	for (i = 0; i < picture->count; i++)
		fill_blocks(&picture->plane[i]);
	for (row = 0; row < cinfo->total_iMCU_rows; row++)
		write_mcu_row(encoder, picture, row);
	jpeg_finish_compress(cinfo);
	return 0;
}

int encoder_encode(struct encoder *encoder, const struct picture *picture, int quality,
	const uint8_t **data, size_t *len)
{
	struct chroma chroma = { 1, 1 };

	if (picture->count != 1 && !picture_chroma(picture, &chroma))
		return ORC_EREFUSED;
	if (setjmp(encoder->guard.failed)) {
		jpeg_abort_compress(&encoder->cinfo);
		return ORC_EREFUSED;
	}
	encode(encoder, picture, &chroma, quality);
	*data = encoder->sink.data;
	*len = encoder->sink.len;
	return 0;
}
