/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a live view frame to be decoded, turned, fitted and made again. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "jpeg/decode.h"
#include "jpeg/encode.h"
#include "jpeg/frame.h"
#include "jpeg/turn.h"

#define PIXELS_MAX 2500u /* larger ones take long and show nothing new */
#define SCALES     4     /* 1, 1/2, 1/4, 1/8 */
#define WAYS       (SCALES + 3)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/*
 * Which of its ways an input goes: of millions one each, as its bytes have it. What the check does not let
 * through gets there by no command, and may be of any size: few of it.
 */
static unsigned int ways_of(const uint8_t *data, size_t len, bool checked)
{
#ifdef FUZZ_FAST
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return checked || hash % 16 == 0 ? 1u << (hash >> 8) % WAYS : 0;
#else
	(void)data;
	(void)len;
	(void)checked;
	return (1u << WAYS) - 1;
#endif
}

/* What turns without a complaint decodes without one. */
static void turn(struct turner *turner, struct decoder *decoder, const uint8_t *data, size_t len,
	unsigned int ways)
{
	struct picture picture;
	const uint8_t *out;
	size_t out_len;
	unsigned int degrees;

	for (degrees = 90; degrees < 360; degrees += 90) {
		if (!(ways >> (SCALES + degrees / 90 - 1) & 1))
			continue;
		if (turner_turn(turner, data, len, degrees, &out, &out_len) < 0)
			continue;
		if (jpeg_frame_check(out, out_len, NULL) < 0)
			abort();
		if (decoder_decode(decoder, data, len, 1, &picture) == 0 &&
			decoder_decode(decoder, out, out_len, 1, &picture) < 0)
			abort();
	}
}

/* What decodes is fitted, packed and made again. */
static void decode(struct decoder *decoder, const uint8_t *data, size_t len, unsigned int ways)
{
	static uint8_t out[64 * 48 * 2];
	struct fitter *i420 = fitter_new(64, 48, (struct chroma){ 2, 2 });
	struct fitter *yuyv = fitter_new(64, 48, (struct chroma){ 2, 1 });
	struct encoder *encoder = encoder_new();
	struct planes_memory memory = { 0 };
	struct picture picture, turned, fitted;
	const uint8_t *jpeg;
	unsigned int scale;
	size_t jpeg_len;

	for (scale = 0; scale < SCALES; scale++) {
		if (!(ways >> scale & 1) ||
			decoder_decode(decoder, data, len, 1u << scale, &picture) < 0)
			continue;
		picture_rotate(&picture, 90, &turned, &memory);
		fitter_fit(i420, &turned, &fitted);
		picture_pack_i420(&fitted, out);
		fitter_fit(yuyv, &picture, &fitted);
		picture_pack_yuyv(&fitted, out);
		if (encoder_encode(encoder, &fitted, 80, &jpeg, &jpeg_len) < 0)
			abort();
	}
	encoder_destroy(encoder);
	fitter_destroy(i420);
	fitter_destroy(yuyv);
	planes_free(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct decoder *decoder;
	struct turner *turner;
	struct jpeg_frame frame;
	bool checked = jpeg_frame_check(data, len, &frame) == 0;
	unsigned int ways = ways_of(data, len, checked);

	if (ways == 0 || (checked && frame.width * frame.height > PIXELS_MAX))
		return 0;
	decoder = decoder_new();
	turner = turner_new();
	decode(decoder, data, len, ways);
	turn(turner, decoder, data, len, ways);
	decoder_destroy(decoder);
	turner_destroy(turner);
	return 0;
}
