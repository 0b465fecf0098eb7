/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding a JPEG frame: does it, and how bright is it. */
#include "jpeg/frame.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>

/* A decoder whose errors come back here instead of ending the program. */
struct decoder {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
	struct orc_error *err;
	uint8_t *row;
};

static void fail(j_common_ptr jpeg)
{
	struct decoder *decoder = jpeg->client_data;
	char message[JMSG_LENGTH_MAX];

	jpeg->err->format_message(jpeg, message);
	orc_fail(decoder->err, ORC_EREFUSED, "%s", message);
	longjmp(decoder->failed, 1);
}

/* libjpeg's own prints the first warning; the count is what we are after. */
static void count(j_common_ptr jpeg, int level)
{
	if (level < 0)
		jpeg->err->num_warnings++;
}

/* Decodes in grey at scale_num/8, giving every row to `take`. */
static int decode(struct decoder *decoder, const uint8_t *data, size_t len, unsigned eighths,
	void (*take)(const uint8_t *row, unsigned width, void *context), void *context)
{
	struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

	jpeg->err = jpeg_std_error(&decoder->errors);
	decoder->errors.error_exit = fail;
	decoder->errors.emit_message = count;
	jpeg->client_data = decoder;
	if (setjmp(decoder->failed))
		return ORC_EREFUSED;
	jpeg_create_decompress(jpeg);
	jpeg_mem_src(jpeg, data, len);
	jpeg_read_header(jpeg, TRUE);
	if ((uint64_t)jpeg->image_width * jpeg->image_height > JPEG_FRAME_PIXELS_MAX)
		return orc_fail(decoder->err, ORC_EREFUSED, "%ux%u pixels are too many",
			jpeg->image_width, jpeg->image_height);
	jpeg->scale_num = eighths;
	jpeg->scale_denom = 8;
	jpeg->dct_method = JDCT_IFAST;
	if (take)
		jpeg->out_color_space = JCS_GRAYSCALE;
	else
		jpeg->out_color_space = jpeg->jpeg_color_space;
	jpeg_start_decompress(jpeg);
	decoder->row =
		orc_must(malloc((size_t)jpeg->output_width * (unsigned)jpeg->output_components));
	while (jpeg->output_scanline < jpeg->output_height) {
		jpeg_read_scanlines(jpeg, &decoder->row, 1);
		if (take)
			take(decoder->row, jpeg->output_width, context);
	}
	jpeg_finish_decompress(jpeg);
	return 0;
}

static void end(struct decoder *decoder)
{
	jpeg_destroy_decompress(&decoder->jpeg);
	free(decoder->row);
}

int jpeg_frame_decode_check(
	const uint8_t *data, size_t len, unsigned *warnings, struct orc_error *err)
{
	struct decoder decoder = { .err = err };
	int rc = decode(&decoder, data, len, 8, NULL, NULL);

	*warnings = (unsigned)decoder.errors.num_warnings;
	end(&decoder);
	return rc;
}

static void add_up(const uint8_t *row, unsigned width, void *context)
{
	struct jpeg_brightness *brightness = context;
	unsigned i;

	for (i = 0; i < width; i++)
		brightness->histogram[row[i]]++;
	brightness->pixels += width;
}

int jpeg_frame_brightness(
	const uint8_t *data, size_t len, struct jpeg_brightness *brightness, struct orc_error *err)
{
	struct decoder decoder = { .err = err };
	double sum = 0;
	unsigned i;
	int rc;

	memset(brightness, 0, sizeof(*brightness));
	rc = decode(&decoder, data, len, 1, add_up, brightness);
	end(&decoder);
	if (rc)
		return rc;
	for (i = 0; i < 256; i++)
		sum += (double)i * brightness->histogram[i];
	brightness->mean = sum / 255 / brightness->pixels;
	return 0;
}
