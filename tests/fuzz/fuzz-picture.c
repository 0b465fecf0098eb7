/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a live view frame to be decoded, turned, fitted and made again. */
#include <stdint.h>
#include <stdlib.h>

#include "jpeg/decode.h"
#include "jpeg/encode.h"
#include "jpeg/frame.h"
#include "jpeg/turn.h"

#define PIXELS_MAX 250000u /* larger ones take long and show nothing new */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What turns without a complaint decodes without one. */
static void turn(struct turner *turner, struct decoder *decoder, const uint8_t *data, size_t len)
{
	struct picture picture;
	const uint8_t *out;
	size_t out_len;
	unsigned int degrees;

	for (degrees = 90; degrees < 360; degrees += 90) {
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
static void decode(struct decoder *decoder, const uint8_t *data, size_t len)
{
	static uint8_t out[64 * 48 * 2];
	struct fitter *i420 = fitter_new(64, 48, (struct chroma){ 2, 2 });
	struct fitter *yuyv = fitter_new(64, 48, (struct chroma){ 2, 1 });
	struct encoder *encoder = encoder_new();
	struct planes_memory memory = { 0 };
	struct picture picture, turned, fitted;
	const uint8_t *jpeg;
	unsigned int denominator;
	size_t jpeg_len;

	for (denominator = 1; denominator <= 8; denominator *= 2) {
		if (decoder_decode(decoder, data, len, denominator, &picture) < 0)
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

	if (jpeg_frame_check(data, len, &frame) == 0 && frame.width * frame.height > PIXELS_MAX)
		return 0;
	decoder = decoder_new();
	turner = turner_new();
	decode(decoder, data, len);
	turn(turner, decoder, data, len);
	decoder_destroy(decoder);
	turner_destroy(turner);
	return 0;
}
