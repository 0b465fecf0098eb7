/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames decoded, turned, scaled, packed and made again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "jpeg/decode.h"
#include "jpeg/encode.h"
#include "jpeg/turn.h"

struct codecs {
	struct decoder *decoder;
	struct encoder *encoder;
	struct turner *turner;
	struct planes_memory drawn, kept, turned;
};

static void codecs_init(struct codecs *codecs)
{
	*codecs = (struct codecs){
		.decoder = decoder_new(),
		.encoder = encoder_new(),
		.turner = turner_new(),
	};
}

static void codecs_free(struct codecs *codecs)
{
	decoder_destroy(codecs->decoder);
	encoder_destroy(codecs->encoder);
	turner_destroy(codecs->turner);
	planes_free(&codecs->drawn);
	planes_free(&codecs->kept);
	planes_free(&codecs->turned);
}
#define cleanup_codecs cleanup(codecs_free)

/* Soft slopes that are the same in no direction, so that a turn the wrong way is seen. */
static struct picture draw(
	struct codecs *codecs, unsigned int width, unsigned int height, struct chroma chroma)
{
	struct picture picture = { .count = 3 };
	unsigned int i, x, y;

	for (i = 0; i < 3; i++) {
		unsigned int w = i ? (width + chroma.horizontal - 1) / chroma.horizontal : width;
		unsigned int h = i ? (height + chroma.vertical - 1) / chroma.vertical : height;

		picture.plane[i] = planes_take(&codecs->drawn, i, w, h);
		for (y = 0; y < h; y++)
			for (x = 0; x < w; x++)
				picture.plane[i].data[y * picture.plane[i].stride + x] =
					(uint8_t)(20 + 150 * x / w + 60 * y / h + 10 * i);
	}
	return picture;
}

/* The largest difference of two pictures of one size. */
static int difference(const struct picture *a, const struct picture *b)
{
	int most = 0;
	unsigned int i, x, y;

	assert_int_equal(a->count, b->count);
	for (i = 0; i < a->count; i++) {
		const struct plane *p = &a->plane[i], *q = &b->plane[i];

		assert_int_equal(p->width, q->width);
		assert_int_equal(p->height, q->height);
		for (y = 0; y < p->height; y++)
			for (x = 0; x < p->width; x++) {
				int d = abs(
					p->data[y * p->stride + x] - q->data[y * q->stride + x]);

				most = d > most ? d : most;
			}
	}
	return most;
}

/* A copy, for the decoder's own planes do not last. */
static struct picture keep(struct codecs *codecs, const struct picture *from)
{
	struct picture kept = { .count = from->count };
	unsigned int i, y;

	for (i = 0; i < from->count; i++) {
		const struct plane *p = &from->plane[i];

		kept.plane[i] = planes_take(&codecs->kept, i, p->width, p->height);
		for (y = 0; y < p->height; y++)
			memcpy(kept.plane[i].data + y * kept.plane[i].stride,
				p->data + y * p->stride, p->width);
	}
	return kept;
}

static uint8_t *encoded(
	struct codecs *codecs, const struct picture *picture, int quality, size_t *len)
{
	const uint8_t *data;
	uint8_t *copy;

	assert_int_equal(encoder_encode(codecs->encoder, picture, quality, &data, len), 0);
	copy = malloc(*len);
	assert_non_null(copy);
	return memcpy(copy, data, *len);
}

static const struct chroma chromas[] = { { 1, 1 }, { 2, 1 }, { 2, 2 }, { 1, 2 } };
static const unsigned int sizes[][2] = { { 1056, 704 }, { 160, 96 }, { 67, 35 }, { 2, 2 },
	{ 9, 100 } };

static void what_is_encoded_is_decoded(void **state)
{
	cleanup_codecs struct codecs codecs;
	size_t c, s;

	(void)state;
	codecs_init(&codecs);
	for (c = 0; c < ARRAY_LENGTH(chromas); c++)
		for (s = 0; s < ARRAY_LENGTH(sizes); s++) {
			struct picture from = draw(&codecs, sizes[s][0], sizes[s][1], chromas[c]);
			struct picture got;
			size_t len;
			cleanup_free uint8_t *jpeg = encoded(&codecs, &from, 95, &len);

			assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), 0);
			assert_in_range(difference(&from, &got), 0, 8);
		}
}

static void a_grey_picture_stays_grey(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct picture from, got, fitted;
	struct fitter *fitter = fitter_new(64, 64, (struct chroma){ 2, 2 });
	cleanup_free uint8_t *jpeg = NULL;
	size_t len;

	(void)state;
	codecs_init(&codecs);
	from = draw(&codecs, 64, 64, chromas[0]);
	/* A picture in colour went before. */
	fitter_fit(fitter, &from, &fitted);
	from.count = 1;
	jpeg = encoded(&codecs, &from, 95, &len);
	assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), 0);
	assert_int_equal(got.count, 1);
	fitter_fit(fitter, &got, &fitted);
	assert_int_equal(fitted.count, 3);
	assert_int_equal(fitted.plane[1].width, 32);
	assert_int_equal(fitted.plane[2].data[31 * fitted.plane[2].stride + 31], 128);
	fitter_destroy(fitter);
}

static void a_scaled_frame_looks_the_same(void **state)
{
	cleanup_codecs struct codecs codecs;
	unsigned int denominator;

	(void)state;
	codecs_init(&codecs);
	for (denominator = 2; denominator <= 8; denominator *= 2) {
		struct picture from = draw(&codecs, 1056, 704, chromas[2]), got;
		size_t len;
		cleanup_free uint8_t *jpeg = encoded(&codecs, &from, 95, &len);
		const struct plane *luma = &got.plane[0];

		assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, denominator, &got), 0);
		assert_int_equal(luma->width, 1056 / denominator);
		assert_int_equal(luma->height, 704 / denominator);
		assert_in_range(luma->data[luma->stride * (luma->height / 2) + luma->width / 2],
			20 + 75 + 30 - 3, 20 + 75 + 30 + 3);
	}
}

/* Every length but the whole one, and every frame with a hole, is damaged; none does harm. */
static void a_damaged_frame_is_told_and_the_next_one_is_good(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct picture from, got;
	cleanup_free uint8_t *jpeg = NULL, *bad = NULL;
	const uint8_t *out;
	size_t len, at, out_len;

	(void)state;
	codecs_init(&codecs);
	from = draw(&codecs, 160, 96, chromas[1]);
	jpeg = encoded(&codecs, &from, 90, &len);
	bad = malloc(len);
	assert_non_null(bad);
	for (at = 0; at < len; at += at < 700 ? 1 : 13) {
		memcpy(bad, jpeg, len);
		assert_int_equal(decoder_decode(codecs.decoder, bad, at, 1, &got), ORC_EPROTO);
		assert_int_equal(
			turner_turn(codecs.turner, bad, at, 180, &out, &out_len), ORC_EPROTO);
	}
	/* No restart markers: a byte that is lost shifts all that follows. */
	memmove(bad + len / 2, bad + len / 2 + 40, len - len / 2 - 40);
	assert_int_equal(decoder_decode(codecs.decoder, bad, len - 40, 1, &got), ORC_EPROTO);
	assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), 0);
	assert_in_range(difference(&from, &got), 0, 8);
	assert_int_equal(turner_turn(codecs.turner, jpeg, len, 180, &out, &out_len), 0);
}

static void no_flipped_bit_does_harm(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct picture from, got;
	cleanup_free uint8_t *jpeg = NULL;
	const uint8_t *out;
	size_t len, at, out_len;
	unsigned int failed = 0;

	(void)state;
	codecs_init(&codecs);
	from = draw(&codecs, 67, 35, chromas[2]);
	jpeg = encoded(&codecs, &from, 50, &len);
	for (at = 0; at < len * 8; at++) {
		jpeg[at / 8] ^= (uint8_t)(1 << at % 8);
		failed += decoder_decode(codecs.decoder, jpeg, len, 1, &got) < 0;
		failed += turner_turn(codecs.turner, jpeg, len, 90, &out, &out_len) < 0;
		jpeg[at / 8] ^= (uint8_t)(1 << at % 8);
	}
	assert_int_not_equal(failed, 0);
	assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), 0);
}

static void a_header_that_lies_is_refused(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct picture from, got;
	cleanup_free uint8_t *jpeg = NULL;
	size_t len, at;

	(void)state;
	codecs_init(&codecs);
	from = draw(&codecs, 64, 64, chromas[2]);
	jpeg = encoded(&codecs, &from, 90, &len);
	for (at = 2; !(jpeg[at] == 0xff && jpeg[at + 1] == 0xc0); at++)
		;
	/* 16383 on each side would be 268 million pixels. */
	jpeg[at + 5] = jpeg[at + 7] = 0x3f;
	jpeg[at + 6] = jpeg[at + 8] = 0xff;
	assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), ORC_EPROTO);
}

static void turning_is_what_turning_pixels_is(void **state)
{
	cleanup_codecs struct codecs codecs;
	unsigned int degrees;
	size_t c;

	(void)state;
	codecs_init(&codecs);
	for (c = 0; c < ARRAY_LENGTH(chromas); c++)
		for (degrees = 90; degrees < 360; degrees += 90) {
			struct picture from = draw(&codecs, 160, 96, chromas[c]);
			struct picture kept, expected, got;
			const uint8_t *turned;
			size_t len, turned_len;
			cleanup_free uint8_t *jpeg = encoded(&codecs, &from, 90, &len);

			assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), 0);
			kept = keep(&codecs, &got);
			picture_rotate(&kept, degrees, &expected, &codecs.turned);
			assert_int_equal(turner_turn(codecs.turner, jpeg, len, degrees, &turned,
						 &turned_len),
				0);
			assert_int_equal(
				decoder_decode(codecs.decoder, turned, turned_len, 1, &got), 0);
			assert_in_range(difference(&expected, &got), 0, 1);
		}
}

/* There and back: not one bit of the picture may have changed. */
static void turning_loses_nothing(void **state)
{
	cleanup_codecs struct codecs codecs;
	static const unsigned int ways[][2] = { { 90, 270 }, { 180, 180 }, { 270, 90 } };
	size_t c, w;

	(void)state;
	codecs_init(&codecs);
	for (c = 0; c < ARRAY_LENGTH(chromas); c++)
		for (w = 0; w < ARRAY_LENGTH(ways); w++) {
			struct picture from = draw(&codecs, 160, 96, chromas[c]), before, got;
			const uint8_t *out;
			size_t len, out_len;
			cleanup_free uint8_t *jpeg = encoded(&codecs, &from, 60, &len);
			cleanup_free uint8_t *there = NULL;

			assert_int_equal(decoder_decode(codecs.decoder, jpeg, len, 1, &got), 0);
			before = keep(&codecs, &got);
			assert_int_equal(
				turner_turn(codecs.turner, jpeg, len, ways[w][0], &out, &out_len),
				0);
			there = malloc(out_len);
			assert_non_null(there);
			memcpy(there, out, out_len);
			assert_int_equal(turner_turn(codecs.turner, there, out_len, ways[w][1],
						 &out, &out_len),
				0);
			assert_int_equal(decoder_decode(codecs.decoder, out, out_len, 1, &got), 0);
			assert_int_equal(difference(&before, &got), 0);
		}
}

static void turning_refuses_a_size_that_does_not_allow_it(void **state)
{
	cleanup_codecs struct codecs codecs;
	static const struct {
		unsigned int width, height, degrees;
		int ret;
	} cases[] = {
		{ 100, 64, 90, 0 },
		{ 100, 64, 180, ORC_EREFUSED },
		{ 100, 64, 270, ORC_EREFUSED },
		{ 64, 100, 90, ORC_EREFUSED },
		{ 64, 100, 180, ORC_EREFUSED },
		{ 64, 100, 270, 0 },
	};
	size_t i;

	(void)state;
	codecs_init(&codecs);
	for (i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct picture from = draw(&codecs, cases[i].width, cases[i].height, chromas[2]);
		const uint8_t *out;
		size_t len, out_len;
		cleanup_free uint8_t *jpeg = encoded(&codecs, &from, 90, &len);

		assert_int_equal(
			turner_turn(codecs.turner, jpeg, len, cases[i].degrees, &out, &out_len),
			cases[i].ret);
	}
}

static void the_right_size_is_not_copied(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct fitter *fitter = fitter_new(160, 96, chromas[2]);
	struct picture from, got;

	(void)state;
	codecs_init(&codecs);
	from = draw(&codecs, 160, 96, chromas[2]);
	fitter_fit(fitter, &from, &got);
	assert_ptr_equal(got.plane[0].data, from.plane[0].data);
	assert_ptr_equal(got.plane[2].data, from.plane[2].data);
	fitter_destroy(fitter);
}

/* A 2:1 picture in a square: bars above and below, white stays white up to the edges of the rest. */
static void a_fitted_picture_keeps_its_shape(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct fitter *fitter = fitter_new(96, 96, chromas[2]);
	static const unsigned int from_sizes[][2] = { { 300, 150 }, { 64, 32 }, { 97, 48 },
		{ 2000, 1001 } };
	size_t s;

	(void)state;
	codecs_init(&codecs);
	for (s = 0; s < ARRAY_LENGTH(from_sizes); s++) {
		struct picture from =
			draw(&codecs, from_sizes[s][0], from_sizes[s][1], chromas[s % 4]);
		struct picture got;
		const struct plane *luma = &got.plane[0];
		unsigned int i, y;

		for (i = 0; i < 3; i++)
			memset(from.plane[i].data, i ? 90 : 255,
				from.plane[i].stride * from.plane[i].height);
		fitter_fit(fitter, &from, &got);
		for (y = 0; y < 96; y++) {
			bool inside = y >= 24 && y < 72;

			assert_int_equal(luma->data[y * luma->stride], inside ? 255 : 0);
			assert_int_equal(luma->data[y * luma->stride + 95], inside ? 255 : 0);
		}
		assert_int_equal(got.plane[1].data[12 * got.plane[1].stride], 90);
		assert_int_equal(got.plane[1].data[11 * got.plane[1].stride], 128);
		assert_int_equal(got.plane[2].data[35 * got.plane[2].stride + 47], 90);
		assert_int_equal(got.plane[2].data[36 * got.plane[2].stride + 47], 128);
	}
	fitter_destroy(fitter);
}

static void scaling_keeps_slopes(void **state)
{
	cleanup_codecs struct codecs codecs;
	static const unsigned int to[][2] = { { 320, 192 }, { 80, 48 }, { 116, 70 },
		{ 1920, 1152 } };
	size_t s;

	(void)state;
	codecs_init(&codecs);
	for (s = 0; s < ARRAY_LENGTH(to); s++) {
		struct fitter *fitter = fitter_new(to[s][0], to[s][1], chromas[1]);
		struct picture from = draw(&codecs, 160, 96, chromas[2]), got, expected;

		fitter_fit(fitter, &from, &got);
		expected = draw(&codecs, to[s][0], to[s][1], chromas[1]);
		assert_in_range(difference(&expected, &got), 0, 3);
		fitter_destroy(fitter);
	}
}

static void video_has_the_narrow_range(void **state)
{
	cleanup_codecs struct codecs codecs;
	uint8_t i420[40 * 2 * 3 / 2], yuyv[40 * 2 * 2];
	struct picture picture;
	unsigned int x;

	(void)state;
	codecs_init(&codecs);
	picture = draw(&codecs, 40, 2, chromas[2]);
	for (x = 0; x < 40; x++)
		picture.plane[0].data[x] = x < 20 ? 0 : 255;
	for (x = 0; x < 20; x++) {
		picture.plane[1].data[x] = x < 10 ? 0 : 128;
		picture.plane[2].data[x] = 255;
	}
	picture_pack_i420(&picture, i420);
	assert_int_equal(i420[0], 16);
	assert_int_equal(i420[39], 235);
	assert_int_equal(i420[80], 16);
	assert_int_equal(i420[99], 128);
	assert_int_equal(i420[100], 240);
	picture.plane[1].height = picture.plane[2].height = 1;
	picture.plane[0].height = 1;
	picture_pack_yuyv(&picture, yuyv);
	assert_memory_equal(yuyv, ((uint8_t[]){ 16, 16, 16, 240 }), 4);
	assert_memory_equal(yuyv + 76, ((uint8_t[]){ 235, 128, 235, 240 }), 4);
}

static void pixels_turn_in_any_size(void **state)
{
	cleanup_codecs struct codecs codecs;
	struct picture from, there, back;
	unsigned int x, y;

	(void)state;
	codecs_init(&codecs);
	from = draw(&codecs, 67, 35, chromas[0]);
	picture_rotate(&from, 90, &there, &codecs.turned);
	assert_int_equal(there.plane[0].width, 35);
	for (y = 0; y < 67; y++)
		for (x = 0; x < 35; x++)
			assert_int_equal(there.plane[0].data[y * there.plane[0].stride + x],
				from.plane[0].data[(34 - x) * from.plane[0].stride + y]);
	picture_rotate(&there, 270, &back, &codecs.kept);
	assert_int_equal(difference(&from, &back), 0);
	picture_rotate(&from, 180, &there, &codecs.turned);
	assert_int_equal(
		there.plane[0].data[0], from.plane[0].data[34 * from.plane[0].stride + 66]);
}

static void a_frame_is_decoded_no_larger_than_needed(void **state)
{
	(void)state;
	assert_int_equal(decoder_denominator(1056, 704, 1056, 704), 1);
	assert_int_equal(decoder_denominator(1056, 704, 528, 352), 2);
	assert_int_equal(decoder_denominator(1056, 704, 530, 400), 1);
	assert_int_equal(decoder_denominator(1056, 704, 1000, 88), 8);
	assert_int_equal(decoder_denominator(1056, 704, 32, 32), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_encoded_is_decoded),
		cmocka_unit_test(a_grey_picture_stays_grey),
		cmocka_unit_test(a_scaled_frame_looks_the_same),
		cmocka_unit_test(a_damaged_frame_is_told_and_the_next_one_is_good),
		cmocka_unit_test(no_flipped_bit_does_harm),
		cmocka_unit_test(a_header_that_lies_is_refused),
		cmocka_unit_test(turning_is_what_turning_pixels_is),
		cmocka_unit_test(turning_loses_nothing),
		cmocka_unit_test(turning_refuses_a_size_that_does_not_allow_it),
		cmocka_unit_test(the_right_size_is_not_copied),
		cmocka_unit_test(a_fitted_picture_keeps_its_shape),
		cmocka_unit_test(scaling_keeps_slopes),
		cmocka_unit_test(video_has_the_narrow_range),
		cmocka_unit_test(pixels_turn_in_any_size),
		cmocka_unit_test(a_frame_is_decoded_no_larger_than_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
