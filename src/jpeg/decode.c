/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JPEG frame into the planes that it is made of. */
#include <stdlib.h>

#include "jpeg/guard.h"

#include "jpeg/decode.h"

/* One dimension of a component's block, in result pixels: 8, or less where it is scaled. */
#if JPEG_LIB_VERSION >= 70
#define BLOCK_WIDTH(component)  ((unsigned int)(component)->DCT_h_scaled_size)
#define BLOCK_HEIGHT(component) ((unsigned int)(component)->DCT_v_scaled_size)
#define BLOCK_MINIMUM(cinfo)    ((unsigned int)(cinfo)->min_DCT_v_scaled_size)
#else
#define BLOCK_WIDTH(component)  ((unsigned int)(component)->DCT_scaled_size)
#define BLOCK_HEIGHT(component) ((unsigned int)(component)->DCT_scaled_size)
#define BLOCK_MINIMUM(cinfo)    ((unsigned int)(cinfo)->min_DCT_scaled_size)
#endif

/* The most lines of a component in a row of MCUs: four blocks of eight. */
#define LINES_MAX 32

struct decoder {
	struct jpeg_decompress_struct cinfo;
	struct jpeg_guard guard;
	struct planes_memory memory;
	JSAMPROW lines[3][LINES_MAX];
	struct plane padded[3]; /* with all that libjpeg writes beyond the picture's edges */
};

struct decoder *decoder_new(void)
{
	struct decoder *decoder = orc_must(calloc(1, sizeof(*decoder)));

	decoder->cinfo.err = jpeg_guard_init(&decoder->guard);
	if (setjmp(decoder->guard.failed))
		orc_must(NULL);
	jpeg_create_decompress(&decoder->cinfo);
	return decoder;
}

void decoder_destroy(struct decoder *decoder)
{
	if (!decoder)
		return;
	jpeg_destroy_decompress(&decoder->cinfo);
	planes_free(&decoder->memory);
	free(decoder);
}

static bool is_supported(const struct jpeg_decompress_struct *cinfo)
{
	if (!jpeg_guard_size(cinfo))
		return false;
	if (cinfo->num_components == 1)
		return cinfo->jpeg_color_space == JCS_GRAYSCALE;
	return cinfo->num_components == 3 && cinfo->jpeg_color_space == JCS_YCbCr;
}

/* Planes that hold whole rows of MCUs, and the picture that is in them. */
static void make_planes(struct decoder *decoder, struct picture *picture)
{
	struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
	int i;

	picture->count = (unsigned int)cinfo->num_components;
	for (i = 0; i < cinfo->num_components; i++) {
		const jpeg_component_info *component = &cinfo->comp_info[i];
		unsigned int mcu_width = (unsigned int)component->h_samp_factor * 8;
		unsigned int blocks = component->width_in_blocks + mcu_width / 8;
		unsigned int lines = cinfo->total_iMCU_rows *
			(unsigned int)component->v_samp_factor * BLOCK_HEIGHT(component);

		decoder->padded[i] = planes_take(
			&decoder->memory, (unsigned int)i, blocks * BLOCK_WIDTH(component), lines);
		picture->plane[i] = decoder->padded[i];
		picture->plane[i].width = component->downsampled_width;
		picture->plane[i].height = component->downsampled_height;
	}
}

static void read_mcu_row(struct decoder *decoder, unsigned int row)
{
	struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
	JSAMPARRAY planes[3];
	int i;

	for (i = 0; i < cinfo->num_components; i++) {
		const jpeg_component_info *component = &cinfo->comp_info[i];
		const struct plane *plane = &decoder->padded[i];
		unsigned int y,
			count = (unsigned int)component->v_samp_factor * BLOCK_HEIGHT(component);

		for (y = 0; y < count; y++)
			decoder->lines[i][y] =
				plane->data + ((size_t)row * count + y) * plane->stride;
		planes[i] = decoder->lines[i];
	}
	jpeg_read_raw_data(
		cinfo, planes, (unsigned int)cinfo->max_v_samp_factor * BLOCK_MINIMUM(cinfo));
}

/* Behind setjmp: whatever libjpeg gives up comes back there. */
static int decode(struct decoder *decoder, const uint8_t *data, size_t len,
	unsigned int denominator, struct picture *picture)
{
	struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
	unsigned int row;

	jpeg_mem_src(cinfo, data, len);
	jpeg_read_header(cinfo, TRUE);
	if (!is_supported(cinfo)) {
		jpeg_abort_decompress(cinfo);
		return ORC_EPROTO;
	}
	cinfo->scale_num = 1;
	cinfo->scale_denom = denominator;
	cinfo->out_color_space = cinfo->jpeg_color_space;
	cinfo->raw_data_out = TRUE;
	jpeg_start_decompress(cinfo);
	make_planes(decoder, picture);
	for (row = 0; row < cinfo->total_iMCU_rows; row++)
		read_mcu_row(decoder, row);
	jpeg_finish_decompress(cinfo);
	return 0;
}

int decoder_decode(struct decoder *decoder, const uint8_t *data, size_t len,
	unsigned int denominator, struct picture *picture)
{
	if (setjmp(decoder->guard.failed)) {
		jpeg_abort_decompress(&decoder->cinfo);
		return ORC_EPROTO;
	}
	return decode(decoder, data, len, denominator, picture);
}

unsigned int decoder_denominator(
	unsigned int from_width, unsigned int from_height, unsigned int width, unsigned int height)
{
	unsigned int denominator = 8;

	/* Fitted, the frame touches the box on one side: neither may become smaller than that. */
	while (denominator > 1 &&
		(from_width / denominator < width && from_height / denominator < height))
		denominator /= 2;
	return denominator;
}
