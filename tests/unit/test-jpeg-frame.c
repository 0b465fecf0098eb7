/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole JPEG frames pass, cut ones do not, whatever is behind them is not of the frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jpeglib.h>

#include "jpeg/frame.h"

struct encoded {
	unsigned char *data;
	unsigned long len;
};

/* A JPEG made by libjpeg: 40x24, some texture, progressive and with restart markers if asked. */
static struct encoded encode(boolean progressive, unsigned int restart_interval)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	struct encoded out = { 0 };
	JSAMPLE row[40 * 3];
	JSAMPROW rows[1] = { row };

	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &out.data, &out.len);
	c.image_width = 40;
	c.image_height = 24;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	if (progressive)
		jpeg_simple_progression(&c);
	c.restart_interval = restart_interval;
	jpeg_start_compress(&c, TRUE);
	while (c.next_scanline < c.image_height) {
		for (size_t i = 0; i < sizeof(row); i++)
			row[i] = (JSAMPLE)(i * 37 + c.next_scanline * 91);
		jpeg_write_scanlines(&c, rows, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	return out;
}

static void check_whole(boolean progressive, unsigned int restart_interval)
{
	struct encoded jpeg = encode(progressive, restart_interval);
	struct jpeg_frame frame;

	assert_int_equal(jpeg_frame_check(jpeg.data, jpeg.len, &frame), 0);
	assert_int_equal(frame.len, jpeg.len);
	assert_int_equal(frame.width, 40);
	assert_int_equal(frame.height, 24);
	assert_int_equal(jpeg_frame_check(jpeg.data, jpeg.len, NULL), 0);
	free(jpeg.data);
}

static void whole_frames_pass(void **state)
{
	(void)state;
	check_whole(FALSE, 0);
	check_whole(FALSE, 1);
	check_whole(TRUE, 0);
}

static void a_frame_cut_anywhere_is_refused(void **state)
{
	struct encoded jpeg = encode(FALSE, 0);

	(void)state;
	for (size_t len = 0; len < jpeg.len; len++) {
		unsigned char *exact = malloc(len ? len : 1);

		memcpy(exact, jpeg.data, len);
		if (jpeg_frame_check(exact, len, NULL) != ORC_EPROTO)
			fail_msg("the first %zu of %lu bytes passed", len, jpeg.len);
		free(exact);
	}
	free(jpeg.data);
}

static void padding_behind_a_frame_is_not_of_it(void **state)
{
	struct encoded jpeg = encode(FALSE, 0);
	unsigned char *padded = calloc(1, jpeg.len + 512);
	struct jpeg_frame frame;

	(void)state;
	memcpy(padded, jpeg.data, jpeg.len);
	assert_int_equal(jpeg_frame_check(padded, jpeg.len + 512, &frame), 0);
	assert_int_equal(frame.len, jpeg.len);
	free(padded);
	free(jpeg.data);
}

/* The head of one frame and then another: a second SOI inside is no data of a scan. */
static void two_frames_run_together_are_refused(void **state)
{
	struct encoded jpeg = encode(FALSE, 0);
	size_t half = jpeg.len - 10;
	unsigned char *both = malloc(half + jpeg.len);

	(void)state;
	memcpy(both, jpeg.data, half);
	memcpy(both + half, jpeg.data, jpeg.len);
	assert_int_equal(jpeg_frame_check(both, half + jpeg.len, NULL), ORC_EPROTO);
	free(both);
	free(jpeg.data);
}

static void what_is_no_jpeg_is_refused(void **state)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', 13, 10, 26, 10 };
	static const uint8_t empty[] = { 0xff, 0xd8, 0xff, 0xd9 };

	(void)state;
	assert_int_equal(jpeg_frame_check(png, sizeof(png), NULL), ORC_EPROTO);
	assert_int_equal(jpeg_frame_check(empty, sizeof(empty), NULL), ORC_EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_frames_pass),
		cmocka_unit_test(a_frame_cut_anywhere_is_refused),
		cmocka_unit_test(padding_behind_a_frame_is_not_of_it),
		cmocka_unit_test(two_frames_run_together_are_refused),
		cmocka_unit_test(what_is_no_jpeg_is_refused),
	};

	return cmocka_run_group_tests_name("jpeg-frame", tests, NULL, NULL);
}
