/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brightness of pictures that are drawn here, and thumbnails inside of other files. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "jpeg/brightness.h"
#include "jpeg/embedded.h"
#include "jpeg/encode.h"

static uint8_t luma_of(double light)
{
	double x = light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055;

	return (uint8_t)lround(255 * fmin(x, 1));
}

/*
 * A grey slope of light from 0 to 2 * mean, `stops` brighter, with a lamp in so much of the width; in
 * black bars of so many rows.
 */
struct drawing {
	unsigned width, height, bar;
	double mean, stops, lamp;
};

static double brightness_of(const struct drawing *drawing)
{
	struct encoder *encoder = encoder_new();
	struct planes_memory memory = { 0 };
	struct picture picture = { .count = 1 };
	double brightness = -1;
	const uint8_t *data;
	size_t len;

	picture.plane[0] = planes_take(&memory, 0, drawing->width, drawing->height);
	for (unsigned y = 0; y < drawing->height; y++) {
		bool bar = y < drawing->bar || y >= drawing->height - drawing->bar;
		uint8_t *row = picture.plane[0].data + y * picture.plane[0].stride;

		for (unsigned x = 0; x < drawing->width; x++) {
			double at = (x + 0.5) / drawing->width;
			double light = at < drawing->lamp ? 1000 : 2 * at * drawing->mean;

			row[x] = bar ? 0 : luma_of(light * exp2(drawing->stops));
		}
	}
	assert_int_equal(encoder_encode(encoder, &picture, 95, &data, &len), 0);
	assert_int_equal(brightness_jpeg(data, len, &brightness), 0);
	encoder_destroy(encoder);
	planes_free(&memory);
	return brightness;
}

static void assert_stops(double got, double wanted, double tolerance)
{
	if (fabs(log2(got / wanted)) > tolerance)
		fail_msg("%.4f is %+.3f stops from %.4f", got, log2(got / wanted), wanted);
}

static void brightness_follows_the_light_stop_for_stop(void **state)
{
	struct drawing drawing = { .width = 1280, .height = 800, .mean = 0.18 };
	double middle = brightness_of(&drawing);

	(void)state;
	/* The darker nine tenths of a slope from 0 to 0.36. */
	assert_stops(middle, 0.9 * 0.18, 0.02);
	for (drawing.stops = -5; drawing.stops <= 1; drawing.stops += 1. / 3)
		assert_stops(brightness_of(&drawing), middle * exp2(drawing.stops), 0.06);
}

static void a_lamp_that_is_clipped_does_not_hold_it_back(void **state)
{
	struct drawing drawing = { .width = 1280, .height = 800, .mean = 0.18, .lamp = 0.05 };
	double middle = brightness_of(&drawing);

	(void)state;
	for (drawing.stops = -4; drawing.stops <= 1; drawing.stops++)
		assert_stops(brightness_of(&drawing), middle * exp2(drawing.stops), 0.06);
}

static void the_scale_that_it_is_decoded_at_makes_no_difference(void **state)
{
	const struct drawing small = { .width = 160, .height = 100, .mean = 0.2 };
	const struct drawing large = { .width = 3840, .height = 800, .mean = 0.2 };

	(void)state;
	assert_stops(brightness_of(&small), brightness_of(&large), 0.03);
}

static void the_bars_of_a_thumbnail_do_not_count(void **state)
{
	struct drawing drawing = { .width = 160, .height = 120, .mean = 0.1 };
	double plain = brightness_of(&drawing);

	(void)state;
	drawing.bar = 7; /* 3:2 */
	assert_stops(brightness_of(&drawing), plain, 0.03);
	drawing.bar = 15; /* 16:9 */
	assert_stops(brightness_of(&drawing), plain, 0.03);
}

static size_t load(const char *name, uint8_t *data, size_t size)
{
	char path[1024];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus-brightness/%s", SRCDIR, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(data, 1, size, file);
	fclose(file);
	return len;
}

static void the_smallest_jpeg_inside_is_found(void **state)
{
	static const char *const names[] = { "exif", "tiff-little", "tiff-big" };
	static uint8_t data[65536];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		size_t len = load(names[i], data, sizeof(data));
		struct embedded embedded = { 0 };
		double brightness = -1;

		assert_int_equal(embedded_find(data, len, &embedded), 0);
		assert_true(embedded.offset + embedded.len <= len);
		assert_int_equal(
			brightness_jpeg(data + embedded.offset, (size_t)embedded.len, &brightness),
			0);
		assert_true(brightness > 0 && brightness < 1);
		/* Cut anywhere it is found where it was, or not at all. */
		for (size_t cut = 0; cut < len; cut++) {
			struct embedded again;

			if (embedded_find(data, cut, &again) == 0)
				assert_true(again.offset == embedded.offset ||
					again.len > embedded.len);
		}
	}
}

static void without_a_thumbnail_the_picture_itself_is_measured(void **state)
{
	static uint8_t data[65536];
	char name[] = "/tmp/test-brightness-XXXXXX";
	size_t len = load("exif", data, sizeof(data));
	struct embedded embedded = { 0 };
	double with = -1, without = -1;
	int fd = mkstemp(name);

	(void)state;
	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(pwrite(fd, data, len, 0), len);
	assert_int_equal(brightness_file(fd, &with), 0);
	assert_int_equal(embedded_find(data, len, &embedded), 0);
	data[embedded.offset] = 0; /* no JPEG any more */
	assert_int_equal(pwrite(fd, data, len, 0), len);
	assert_int_equal(brightness_file(fd, &without), 0);
	assert_true(fabs(with - without) > 1e-6);
	assert_int_equal(ftruncate(fd, (off_t)len / 2), 0);
	assert_int_equal(brightness_file(fd, &without), ORC_EPROTO);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brightness_follows_the_light_stop_for_stop),
		cmocka_unit_test(a_lamp_that_is_clipped_does_not_hold_it_back),
		cmocka_unit_test(the_scale_that_it_is_decoded_at_makes_no_difference),
		cmocka_unit_test(the_bars_of_a_thumbnail_do_not_count),
		cmocka_unit_test(the_smallest_jpeg_inside_is_found),
		cmocka_unit_test(without_a_thumbnail_the_picture_itself_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
