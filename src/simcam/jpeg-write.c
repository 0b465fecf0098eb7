/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing JPEG from planes, a band of rows at a time. */
#include "simcam/jpeg-write.h"

#include "base/cleanup.h"

enum { ROOM = 65536 };

static void begin(j_compress_ptr jpeg)
{
	struct jpeg_writer *writer = jpeg->client_data;

	sim_buffer_reserve(writer->out, ROOM);
	writer->destination.next_output_byte = writer->out->data + writer->out->len;
	writer->destination.free_in_buffer = writer->out->cap - writer->out->len;
}

static boolean full(j_compress_ptr jpeg)
{
	struct jpeg_writer *writer = jpeg->client_data;

	/* libjpeg's rule: whatever the pointers say, all of the room was used. */
	writer->out->len = writer->out->cap;
	begin(jpeg);
	return TRUE;
}

static void end(j_compress_ptr jpeg)
{
	struct jpeg_writer *writer = jpeg->client_data;

	writer->out->len = writer->out->cap - writer->destination.free_in_buffer;
}

void jpeg_writer_start(struct jpeg_writer *writer, struct sim_buffer *out, unsigned width,
	unsigned height, unsigned quality, const struct sim_buffer *app1)
{
	struct jpeg_compress_struct *jpeg = &writer->jpeg;

	/*
	 * The standard error manager ends the program; compressing what we drew ourselves can only
	 * fail for want of memory.
	 */
	jpeg->err = jpeg_std_error(&writer->errors);
	jpeg_create_compress(jpeg);
	jpeg->client_data = writer;
	writer->out = out;
	writer->destination = (struct jpeg_destination_mgr){
		.init_destination = begin,
		.empty_output_buffer = full,
		.term_destination = end,
	};
	jpeg->dest = &writer->destination;
	jpeg->image_width = width;
	jpeg->image_height = height;
	jpeg->input_components = 3;
	jpeg->in_color_space = JCS_YCbCr;
	jpeg_set_defaults(jpeg);
	jpeg_set_quality(jpeg, (int)quality, TRUE);
	jpeg->comp_info[0].h_samp_factor = 2;
	jpeg->comp_info[0].v_samp_factor = 1;
	jpeg->raw_data_in = TRUE;
	jpeg->dct_method = JDCT_IFAST;
	jpeg->write_JFIF_header = FALSE;
	jpeg_start_compress(jpeg, TRUE);
	if (app1)
		jpeg_write_marker(jpeg, JPEG_APP0 + 1, app1->data, (unsigned)app1->len);
}

void jpeg_writer_band(struct jpeg_writer *writer, const struct planes *planes)
{
	JSAMPROW y[JPEG_BAND], u[JPEG_BAND], v[JPEG_BAND];
	JSAMPARRAY all[3] = { y, u, v };
	unsigned row, i;

	for (row = 0; row < planes->rows; row += JPEG_BAND) {
		for (i = 0; i < JPEG_BAND; i++) {
			size_t at = (size_t)(row + i) * planes->width;

			y[i] = planes->y + at;
			u[i] = planes->u + at / 2;
			v[i] = planes->v + at / 2;
		}
		jpeg_write_raw_data(&writer->jpeg, all, JPEG_BAND);
	}
}

void jpeg_writer_finish(struct jpeg_writer *writer)
{
	jpeg_finish_compress(&writer->jpeg);
	jpeg_destroy_compress(&writer->jpeg);
}
