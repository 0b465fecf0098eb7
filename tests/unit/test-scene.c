/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drawn scene and given pictures, through real JPEG. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <jpeglib.h>

#include "simcam/loop.h"
#include "simcam/scene.h"

/* Grey pixels of a JPEG at 1/denominator; a bad JPEG ends the test program, which is a failure. */
struct grey {
	unsigned width, height;
	uint8_t *px;
};

static struct grey decode(const struct sim_buffer *jpeg, unsigned denominator)
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr errors;
	struct grey grey;

	d.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, jpeg->data, jpeg->len);
	jpeg_read_header(&d, TRUE);
	d.out_color_space = JCS_GRAYSCALE;
	d.scale_denom = denominator;
	jpeg_start_decompress(&d);
	grey = (struct grey){ d.output_width, d.output_height,
		calloc(d.output_width, d.output_height) };
	assert_non_null(grey.px);
	while (d.output_scanline < d.output_height) {
		JSAMPROW row = grey.px + (size_t)d.output_scanline * d.output_width;

		jpeg_read_scanlines(&d, &row, 1);
	}
	jpeg_finish_decompress(&d);
	jpeg_destroy_decompress(&d);
	return grey;
}

static uint64_t strip_bits(const struct grey *grey, unsigned copy)
{
	unsigned y = (copy ? 87 : 1) * grey->height / 88, cell;
	uint64_t bits = 0;

	for (cell = 1; cell < 65; cell++)
		bits = bits << 1 |
			(grey->px[y * grey->width + (2 * cell + 1) * grey->width / 132] >= 128);
	return bits;
}

static struct scene *open_scene(struct scene_options options)
{
	struct scene *scene = NULL;
	struct orc_error err = { 0 };

	assert_int_equal(scene_new(&scene, &options, &err), 0);
	return scene;
}

static void take(struct scene *scene, uint64_t index, nsec_t t, struct scene_exposure exposure,
	struct sim_buffer *jpeg)
{
	assert_int_equal(scene_frame(scene, index, t, &exposure, jpeg, NULL), 0);
}

static void counter_survives_jpeg_and_small_decodes(void **state)
{
	static const uint32_t indices[] = { 0, 1, 0x12345678, 0xffffffff };
	static const unsigned scales[] = { 1, 8 };
	static const struct scene_exposure loud = { .stops = -3, .noise = 8 };
	struct scene *scene = open_scene((struct scene_options){ .seed = 1 });
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	unsigned i, k;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(indices); i++)
		for (k = 0; k < ARRAY_LENGTH(scales); k++) {
			struct grey grey;
			uint64_t top, bottom;

			take(scene, indices[i], i * NSEC_PER_SEC, loud, &jpeg);
			grey = decode(&jpeg, scales[k]);
			assert_int_equal(grey.width, SCENE_WIDTH / scales[k]);
			assert_int_equal(grey.height, SCENE_HEIGHT / scales[k]);
			top = strip_bits(&grey, 0);
			bottom = strip_bits(&grey, 1);
			free(grey.px);
			assert_int_equal(top >> 56, 0xe2);
			assert_int_equal(top & 0xff, 0x1d);
			assert_int_equal((uint32_t)(top >> 24), indices[i]);
			assert_int_equal((uint32_t)(bottom >> 24), indices[i]);
			/* The copies differ in their checksum alone: the fifth byte is in it. */
			assert_int_equal((top ^ bottom) >> 8 & 0xffff, 0x1021);
		}
	scene_destroy(scene);
}

static void same_seed_makes_same_bytes_in_any_order(void **state)
{
	struct scene *a = open_scene((struct scene_options){ .seed = 7, .detail = 0.5 });
	struct scene *b = open_scene((struct scene_options){ .seed = 7, .detail = 0.5 });
	struct scene *other = open_scene((struct scene_options){ .seed = 8, .detail = 0.5 });
	const struct scene_exposure exposure = { .stops = 0.5, .noise = 2 };
	cleanup_buffer struct sim_buffer first = { 0 }, second = { 0 };

	(void)state;
	take(a, 5, 7 * NSEC_PER_SEC, exposure, &first);
	take(b, 900, 80 * NSEC_PER_SEC, (struct scene_exposure){ .stops = -2 }, &second);
	take(b, 5, 7 * NSEC_PER_SEC, exposure, &second);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	take(other, 5, 7 * NSEC_PER_SEC, exposure, &second);
	assert_true(first.len != second.len || memcmp(first.data, second.data, first.len) != 0);
	scene_destroy(a);
	scene_destroy(b);
	scene_destroy(other);
}

/* Linear light of the 7th grey step of the chart, far from the shoulder. */
static double grey_step(struct scene *scene, double stops)
{
	cleanup_buffer struct sim_buffer jpeg = { 0 };
	struct grey grey;
	double v;

	take(scene, 0, 0, (struct scene_exposure){ .stops = stops }, &jpeg);
	grey = decode(&jpeg, 1);
	v = grey.px[478 * grey.width + 700 + 6 * 304 / 12 + 12] / 255.0;
	free(grey.px);
	return pow((v + 0.055) / 1.055, 2.4);
}

static void a_stop_is_twice_the_light(void **state)
{
	struct scene *scene = open_scene((struct scene_options){ .seed = 1 });
	double neutral = grey_step(scene, 0);

	(void)state;
	assert_true(fabs(neutral - 0.9 / 8) < 0.006);
	assert_true(fabs(grey_step(scene, 1) / neutral - 2) < 0.1);
	assert_true(fabs(grey_step(scene, -1) / neutral - 0.5) < 0.04);
	scene_destroy(scene);
}

static void frames_move_and_are_of_the_bodys_size(void **state)
{
	struct scene *scene =
		open_scene((struct scene_options){ .seed = 1, .strip = SCENE_STRIP_OFF });
	cleanup_buffer struct sim_buffer a = { 0 }, b = { 0 };
	const struct scene_exposure neutral = { 0 };

	(void)state;
	take(scene, 3, NSEC_PER_SEC, neutral, &a);
	take(scene, 3, NSEC_PER_SEC + NSEC_PER_SEC / 30, neutral, &b);
	assert_in_range(a.len, 60000, 120000);
	assert_true(a.len != b.len || memcmp(a.data, b.data, a.len) != 0);
	scene_destroy(scene);
}

static void write_file(const char *path, const void *data, size_t len, const char *mode)
{
	FILE *file = fopen(path, mode);

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void given_pictures_are_sent_as_they_are(void **state)
{
	char folder[] = "/tmp/test-scene-XXXXXX", path[3][64];
	struct grey grey;
	struct scene *drawn = open_scene((struct scene_options){ .seed = 1 }), *scene;
	struct sim_buffer frames[2] = { { 0 }, { 0 } };
	cleanup_buffer struct sim_buffer got = { 0 };
	unsigned i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path[2], sizeof(path[2]), "%s/both.mjpeg", folder);
	for (i = 0; i < 2; i++) {
		take(drawn, i, 0, (struct scene_exposure){ 0 }, &frames[i]);
		snprintf(path[i], sizeof(path[i]), "%s/%u.JPG", folder, i);
		write_file(path[i], frames[i].data, frames[i].len, "wb");
		write_file(path[2], frames[i].data, frames[i].len, "ab");
	}
	scene = open_scene((struct scene_options){ .source = folder });
	for (i = 0; i < 5; i++) {
		take(scene, i, 0, (struct scene_exposure){ 0 }, &got);
		assert_int_equal(got.len, frames[i % 2].len);
		assert_memory_equal(got.data, frames[i % 2].data, got.len);
	}
	scene_destroy(scene);
	scene = open_scene((struct scene_options){ .source = path[2] });
	for (i = 0; i < 5; i++) {
		take(scene, i, 0, (struct scene_exposure){ .stops = 2 }, &got);
		assert_int_equal(got.len, frames[i % 2].len);
		assert_memory_equal(got.data, frames[i % 2].data, got.len);
	}
	scene_destroy(scene);
	/* One picture, exposed otherwise and with a strip of its own. */
	scene = open_scene((struct scene_options){ .source = path[0], .strip = SCENE_STRIP_ON });
	take(scene, 77, 0, (struct scene_exposure){ .stops = 1 }, &got);
	scene_destroy(scene);
	grey = decode(&got, 8);
	assert_int_equal((uint32_t)(strip_bits(&grey, 1) >> 24), 77);
	free(grey.px);
	for (i = 0; i < 3; i++)
		unlink(path[i]);
	rmdir(folder);
	sim_buffer_free(&frames[0]);
	sim_buffer_free(&frames[1]);
	scene_destroy(drawn);
}

static void bad_sources_are_named(void **state)
{
	char folder[] = "/tmp/test-scene-XXXXXX", path[64];
	struct scene_options options = { .source = "/nonexistent/x.jpg" };
	struct scene *scene = NULL;
	struct orc_error err = { 0 };

	(void)state;
	assert_int_equal(scene_new(&scene, &options, &err), ORC_EFILE);
	assert_non_null(strstr(err.what, options.source));
	assert_non_null(mkdtemp(folder));
	options.source = folder;
	assert_int_equal(scene_new(&scene, &options, &err), ORC_EFILE);
	assert_non_null(strstr(err.why, "no .jpg"));
	snprintf(path, sizeof(path), "%s/a.jpg", folder);
	write_file(path, "\xff\xd8\xff\xd9", 4, "wb");
	assert_int_equal(scene_new(&scene, &options, &err), ORC_EFILE);
	assert_non_null(strstr(err.what, path));
	options.source = path;
	write_file(path, "text", 4, "wb");
	assert_int_equal(scene_new(&scene, &options, &err), ORC_EFILE);
	assert_non_null(strstr(err.why, "no whole JPEG"));
	options = (struct scene_options){ .detail = NAN };
	assert_int_equal(scene_new(&scene, &options, &err), ORC_EUSAGE);
	assert_null(scene);
	unlink(path);
	rmdir(folder);
}

static void a_loop_has_frames_of_the_length_asked_for(void **state)
{
	static const size_t lengths[] = { 40000, 60000, 200000, 1000000 };
	const struct scene_options options = { .seed = 1, .fps = 60 };
	struct sim_buffer got = { 0 };
	struct live_loop *loop;
	struct orc_error err;
	struct grey grey;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		assert_int_equal(live_loop_new(&loop, &options, 2, lengths[i], &err), 0);
		sim_buffer_clear(&got);
		live_loop_frame(loop, 4000000003, 5, &got);
		assert_int_equal(got.len, lengths[i]);
		assert_memory_equal(got.data,
			"\xff\xd8\xff\xfe\x00\x33"
			"simcam frame 4000000003 made 00000000000000000005\xff",
			56);
		grey = decode(&got, 8);
		assert_int_equal((uint32_t)(strip_bits(&grey, 0) >> 24), 2);
		free(grey.px);
		live_loop_destroy(loop);
	}
	assert_int_equal(live_loop_new(&loop, &options, 1, 1000, &err), ORC_EUSAGE);
	sim_buffer_free(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counter_survives_jpeg_and_small_decodes),
		cmocka_unit_test(same_seed_makes_same_bytes_in_any_order),
		cmocka_unit_test(a_stop_is_twice_the_light),
		cmocka_unit_test(frames_move_and_are_of_the_bodys_size),
		cmocka_unit_test(given_pictures_are_sent_as_they_are),
		cmocka_unit_test(bad_sources_are_named),
		cmocka_unit_test(a_loop_has_frames_of_the_length_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
