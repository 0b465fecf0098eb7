/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Still pictures: EXIF as libexif reads it, sizes as libjpeg reads them, the structure of CR2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>
#include <libexif/exif-data.h>

#include "base/bytes.h"
#include "simcam/ljpeg.h"
#include "simcam/picture.h"

static struct scene *scene;

static int setup(void **state)
{
	const struct scene_options options = { .seed = 1 };

	(void)state;
	return scene_new(&scene, &options, NULL);
}

static int teardown(void **state)
{
	(void)state;
	scene_destroy(scene);
	return 0;
}

static const struct picture_settings settings = {
	.width = 720,
	.height = 480,
	.quality = PICTURE_QUALITY_FINE,
	.shutter_seconds = 1 / 125.0,
	.aperture = 5.6,
	.iso = 400,
	.taken = 1700000000,
	.subsec = 42,
	.make = "Canon",
	.model = "Canon EOS 1200D",
	.serial = "093078123456",
	.artist = "An Artist",
	.copyright = "A Copyright",
	.lens = "EF-S18-55mm f/3.5-5.6 IS II",
	.focal_length = 35,
	.focal_min = 18,
	.focal_max = 55,
	.exposure_program = 1,
	.metering = 5,
	.exposure_bias = -1.0 / 3,
	.orientation = 6,
	.image_number = 1000042,
};

static void jpeg_size(const uint8_t *data, size_t len, unsigned *width, unsigned *height)
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;

	d.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, data, len);
	jpeg_read_header(&d, TRUE);
	*width = d.image_width;
	*height = d.image_height;
	jpeg_start_decompress(&d);
	jpeg_destroy_decompress(&d);
}

static void assert_exif(ExifData *exif, ExifIfd ifd, ExifTag tag, const char *expected)
{
	ExifEntry *entry = exif_content_get_entry(exif->ifd[ifd], tag);
	char text[128];

	assert_non_null(entry);
	assert_string_equal(exif_entry_get_value(entry, text, sizeof(text)), expected);
}

static void exif_says_how_the_picture_was_taken(void **state)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	const uint8_t *thumbnail;
	size_t thumbnail_len;
	unsigned width, height;
	ExifData *exif;

	(void)state;
	assert_int_equal(picture_jpeg(scene, &settings, 0, &jpeg, NULL), 0);
	exif = exif_data_new_from_data(jpeg.data, (unsigned)jpeg.len);
	assert_non_null(exif);
	assert_exif(exif, EXIF_IFD_0, EXIF_TAG_MAKE, "Canon");
	assert_exif(exif, EXIF_IFD_0, EXIF_TAG_MODEL, "Canon EOS 1200D");
	assert_exif(exif, EXIF_IFD_0, EXIF_TAG_ORIENTATION, "Right-top");
	assert_exif(exif, EXIF_IFD_0, EXIF_TAG_ARTIST, "An Artist");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_EXPOSURE_TIME, "1/125 sec.");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_FNUMBER, "f/5.6");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_ISO_SPEED_RATINGS, "400");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, "2023:11:14 22:13:20");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_SUB_SEC_TIME_ORIGINAL, "42");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_EXPOSURE_BIAS_VALUE, "-0.33 EV");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_FOCAL_LENGTH, "35.0 mm");
	assert_exif(exif, EXIF_IFD_EXIF, EXIF_TAG_PIXEL_X_DIMENSION, "720");
	assert_int_equal(picture_thumbnail(jpeg.data, jpeg.len, &thumbnail, &thumbnail_len), 0);
	assert_int_equal(thumbnail_len, exif->size);
	assert_memory_equal(thumbnail, exif->data, thumbnail_len);
	exif_data_unref(exif);
	jpeg_size(thumbnail, thumbnail_len, &width, &height);
	assert_int_equal(width, 160);
	assert_int_equal(height, 120);
}

static void every_size_comes_out_as_asked(void **state)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	unsigned i, width, height;

	(void)state;
	for (i = 0; i < PICTURE_SIZES; i++) {
		struct picture_settings s = settings;

		s.width = picture_sizes[i].width;
		s.height = picture_sizes[i].height;
		assert_int_equal(picture_jpeg(scene, &s, 0, &jpeg, NULL), 0);
		jpeg_size(jpeg.data, jpeg.len, &width, &height);
		assert_int_equal(width, s.width);
		assert_int_equal(height, s.height);
		s.height += 8;
		assert_int_equal(picture_jpeg(scene, &s, 0, &jpeg, NULL), ORC_EUSAGE);
	}
}

static void a_size_may_have_a_few_rows_more_than_3_to_2(void **state)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	struct picture_settings s = settings;
	unsigned width, height;

	(void)state;
	s.width = 6016;
	s.height = 4016;
	assert_int_equal(picture_jpeg(scene, &s, 0, &jpeg, NULL), 0);
	jpeg_size(jpeg.data, jpeg.len, &width, &height);
	assert_int_equal(width, 6016);
	assert_int_equal(height, 4016);
}

static void a_cut_or_alien_file_has_no_thumbnail(void **state)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	const uint8_t *thumbnail;
	size_t len, thumbnail_len;

	(void)state;
	assert_int_equal(picture_jpeg(scene, &settings, 0, &jpeg, NULL), 0);
	for (len = 0; len < 6000; len++) {
		/* In memory of just that size, so that a checker of memory sees one byte too far. */
		uint8_t *copy = malloc(len ? len : 1);

		assert_non_null(copy);
		memcpy(copy, jpeg.data, len);
		assert_int_equal(
			picture_thumbnail(copy, len, &thumbnail, &thumbnail_len), ORC_EREFUSED);
		free(copy);
	}
}

static uint32_t tag(const struct sim_buffer *file, uint32_t ifd, unsigned wanted)
{
	unsigned count = get_le16(file->data + ifd), i;

	for (i = 0; i < count; i++)
		if (get_le16(file->data + ifd + 2 + 12 * i) == wanted)
			return get_le32(file->data + ifd + 2 + 12 * i + 8);
	fail_msg("no tag %x", wanted);
	return 0;
}

static uint32_t next_ifd(const struct sim_buffer *file, uint32_t ifd)
{
	return get_le32(file->data + ifd + 2 + 12 * get_le16(file->data + ifd));
}

static void cr2_has_its_four_directories(void **state)
{
	cleanup_buffer struct sim_buffer file = { 0 };
	const uint8_t *thumbnail;
	uint32_t ifd, at, bytes;
	size_t len;

	(void)state;
	assert_int_equal(picture_raw(scene, &settings, 0, &file, NULL), 0);
	assert_in_range(file.len, 15000000, 30000000);
	assert_memory_equal(file.data, "II*\0\20\0\0\0CR\2\0", 12);
	assert_int_equal(picture_thumbnail(file.data, file.len, &thumbnail, &len), 0);
	ifd = next_ifd(&file, next_ifd(&file, next_ifd(&file, 16)));
	assert_int_equal(ifd, get_le32(file.data + 12));
	assert_int_equal(next_ifd(&file, ifd), 0);
	at = tag(&file, ifd, 0xc640);
	assert_int_equal(2 * get_le16(file.data + at + 2) + get_le16(file.data + at + 4), 5344);
	at = tag(&file, ifd, 0x111);
	bytes = tag(&file, ifd, 0x117);
	assert_true(at + bytes <= file.len);
	assert_int_equal(get_be16(file.data + at), 0xffd8);
}

/* One code table, so this decoder can be small: the lossless JPEG back to samples. */
struct input {
	const uint8_t *p;
	unsigned bit;
};

static unsigned next_bit(struct input *in)
{
	unsigned bit = *in->p >> (7 - in->bit) & 1;

	if (++in->bit == 8) {
		in->p += in->p[0] == 0xff ? 2 : 1;
		in->bit = 0;
	}
	return bit;
}

static int next_difference(struct input *in, const uint8_t *per_length, const uint8_t *symbols)
{
	unsigned code = 0, first = 0, length, size, value = 0, i;

	for (length = 0; length < 16; length++) {
		code = code << 1 | next_bit(in);
		if (code < first + per_length[length])
			break;
		symbols += per_length[length];
		first = (first + per_length[length]) << 1;
	}
	assert_true(length < 16);
	size = symbols[code - first];
	for (i = 0; i < size; i++)
		value = value << 1 | next_bit(in);
	return !size || value >> (size - 1) ? (int)value : (int)value - (1 << size) + 1;
}

static void nef_has_its_samples_in_a_sub_directory(void **state)
{
	cleanup_buffer struct sim_buffer file = { 0 };
	struct picture_settings s = settings;
	const uint8_t *thumbnail;
	uint32_t raw, at;
	size_t len;

	(void)state;
	s.make = "NIKON CORPORATION";
	s.model = "D750";
	assert_int_equal(picture_nef(scene, &s, 0, &file, NULL), 0);
	assert_memory_equal(file.data + tag(&file, 8, 0x10f), "NIKON", 5);
	raw = tag(&file, 8, 0x14a);
	assert_int_equal(tag(&file, raw, 0x100), 5184);
	assert_int_equal(tag(&file, raw, 0x101), 3456);
	assert_int_equal(tag(&file, raw, 0x117), 5184 * 3456 * 2);
	at = tag(&file, raw, 0x111);
	assert_int_equal(at + tag(&file, raw, 0x117), file.len);
	assert_int_equal(picture_thumbnail(file.data, file.len, &thumbnail, &len), 0);
	/* Nobody else's notes. */
	assert_null(memmem(file.data, at, "Canon", 5));
}

static void lossless_jpeg_gives_every_sample_back(void **state)
{
	enum { WIDTH = 22, HEIGHT = 9, SLICE = 6, LAST = 10 };
	uint16_t samples[HEIGHT][WIDTH], got[HEIGHT][WIDTH] = { { 0 } }, stream[HEIGHT * WIDTH];
	const struct ljpeg_image image = { samples[0], WIDTH, HEIGHT, 14, 2, SLICE, LAST };
	cleanup_buffer struct sim_buffer out = { 0 };
	struct input in = { 0 };
	uint32_t random = 1;
	unsigned i;

	(void)state;
	for (i = 0; i < HEIGHT * WIDTH; i++) {
		random = random * 1664525 + 1013904223;
		/* The extremes as well as neighbours that hardly differ. */
		samples[i / WIDTH][i % WIDTH] =
			i % 3 ? (uint16_t)(random >> 18) : (uint16_t)(i % 2 ? 0 : 16383);
	}
	ljpeg_encode(&image, &out);
	assert_int_equal(get_be16(out.data + out.len - 2), 0xffd9);
	assert_int_equal(get_be16(out.data + 2), 0xffc4);
	in.p = out.data + 4 + get_be16(out.data + 4);
	assert_int_equal(get_be16(in.p), 0xffc3);
	assert_int_equal(in.p[4], 14);
	assert_int_equal(get_be16(in.p + 5), HEIGHT);
	assert_int_equal(get_be16(in.p + 7), WIDTH / 2);
	in.p += 2 + get_be16(in.p + 2);
	in.p += 2 + get_be16(in.p + 2);
	for (i = 0; i < HEIGHT * WIDTH; i++) {
		int before = i % WIDTH >= 2 ? stream[i - 2] : i >= WIDTH ? stream[i - WIDTH] : 8192;

		stream[i] = (uint16_t)(before + next_difference(&in, out.data + 7, out.data + 23));
	}
	for (i = 0; i < HEIGHT * WIDTH; i++) {
		unsigned slice = i / (SLICE * HEIGHT), width, in_slice;

		slice = slice > 2 ? 2 : slice;
		width = slice < 2 ? SLICE : LAST;
		in_slice = i - slice * SLICE * HEIGHT;
		got[in_slice / width][slice * SLICE + in_slice % width] = stream[i];
	}
	assert_memory_equal(got, samples, sizeof(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exif_says_how_the_picture_was_taken),
		cmocka_unit_test(every_size_comes_out_as_asked),
		cmocka_unit_test(a_size_may_have_a_few_rows_more_than_3_to_2),
		cmocka_unit_test(a_cut_or_alien_file_has_no_thumbnail),
		cmocka_unit_test(cr2_has_its_four_directories),
		cmocka_unit_test(nef_has_its_samples_in_a_sub_directory),
		cmocka_unit_test(lossless_jpeg_gives_every_sample_back),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
