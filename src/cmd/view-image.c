/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a live view frame's picture: turned, scaled, made again, or made video. */
#include "cmd/view-image.h"

#include <stdlib.h>

#include "jpeg/decode.h"
#include "jpeg/encode.h"
#include "jpeg/frame.h"
#include "jpeg/turn.h"

/* The bodies' own live view is about that good. */
#define QUALITY_DEFAULT 90

struct view_image {
	struct view_change change;
	struct decoder *decoder;
	struct turner *turner;
	struct encoder *encoder;
	struct planes_memory turned;
	struct fitter *fitter; /* for the size that follows; NULL: none yet */
	unsigned int width, height;
	struct chroma chroma;
};

bool view_change_any(const struct view_change *change)
{
	return change->rotate || change->denominator > 1 || change->width || change->quality;
}

struct view_image *view_image_new(const struct view_change *change)
{
	struct view_image *image = orc_must(calloc(1, sizeof(*image)));

	image->change = *change;
	if (image->change.denominator == 0)
		image->change.denominator = 1;
	image->decoder = decoder_new();
	image->turner = turner_new();
	image->encoder = encoder_new();
	return image;
}

void view_image_destroy(struct view_image *image)
{
	if (!image)
		return;
	decoder_destroy(image->decoder);
	turner_destroy(image->turner);
	encoder_destroy(image->encoder);
	fitter_destroy(image->fitter);
	planes_free(&image->turned);
	free(image);
}

static bool is_across(const struct view_image *image)
{
	return image->change.rotate == 90 || image->change.rotate == 270;
}

static unsigned int shrink(unsigned int value, unsigned int denominator)
{
	return (value + denominator - 1) / denominator;
}

int view_image_size(const struct view_image *image, const uint8_t *data, size_t len,
	unsigned int *width, unsigned int *height)
{
	const struct view_change *change = &image->change;
	struct jpeg_frame frame;

	if (change->width) {
		*width = change->width;
		*height = change->height;
		return 0;
	}
	if (jpeg_frame_check(data, len, &frame) < 0)
		return ORC_EPROTO;
	*width = shrink(is_across(image) ? frame.height : frame.width, change->denominator) / 2 * 2;
	*height =
		shrink(is_across(image) ? frame.width : frame.height, change->denominator) / 2 * 2;
	return *width && *height ? 0 : ORC_EPROTO;
}

/* Decoded, no smaller than what it is to be fitted into, and turned. width 0: at its own scale. */
static int decode(struct view_image *image, const uint8_t *data, size_t len, unsigned int width,
	unsigned int height, struct picture *picture)
{
	unsigned int denominator = image->change.denominator;
	struct picture upright;
	struct jpeg_frame frame;
	int ret;

	if (width) {
		if (jpeg_frame_check(data, len, &frame) < 0)
			return ORC_EPROTO;
		denominator = is_across(image)
			? decoder_denominator(frame.width, frame.height, height, width)
			: decoder_denominator(frame.width, frame.height, width, height);
	}
	ret = decoder_decode(image->decoder, data, len, denominator, picture);
	if (ret < 0 || !image->change.rotate)
		return ret;
	upright = *picture;
	picture_rotate(&upright, image->change.rotate, picture, &image->turned);
	return 0;
}

static void fit(struct view_image *image, struct picture *picture, unsigned int width,
	unsigned int height, struct chroma chroma)
{
	struct picture whole = *picture;

	if (!image->fitter || image->width != width || image->height != height ||
		image->chroma.horizontal != chroma.horizontal ||
		image->chroma.vertical != chroma.vertical) {
		fitter_destroy(image->fitter);
		image->fitter = fitter_new(width, height, chroma);
		image->width = width;
		image->height = height;
		image->chroma = chroma;
	}
	fitter_fit(image->fitter, &whole, picture);
}

int view_image_picture(struct view_image *image, const uint8_t *data, size_t len,
	unsigned int width, unsigned int height, struct chroma chroma, struct picture *picture)
{
	int ret;

	ret = decode(image, data, len, width, height, picture);
	if (ret < 0)
		return ret;
	fit(image, picture, width, height, chroma);
	return 0;
}

/* A frame that was scaled has more chroma than one of its size needs. */
static bool is_encodable(const struct view_image *image, const struct picture *picture)
{
	struct chroma chroma;

	if (picture->count == 1 || picture->plane[0].width < 2 || picture->plane[0].height < 2)
		return true;
	return image->change.denominator == 1 && picture_chroma(picture, &chroma);
}

int view_image_jpeg(struct view_image *image, const uint8_t *data, size_t len, const uint8_t **out,
	size_t *out_len)
{
	const struct view_change *change = &image->change;
	const struct chroma half = { 2, 2 };
	struct picture picture;
	int ret;

	if (change->rotate && change->denominator == 1 && !change->width && !change->quality) {
		ret = turner_turn(image->turner, data, len, change->rotate, out, out_len);
		if (ret != ORC_EREFUSED)
			return ret;
	}
	ret = decode(image, data, len, change->width, change->height, &picture);
	if (ret < 0)
		return ret;
	if (change->width)
		fit(image, &picture, change->width, change->height, half);
	else if (!is_encodable(image, &picture))
		fit(image, &picture, picture.plane[0].width / 2 * 2,
			picture.plane[0].height / 2 * 2, half);
	ret = encoder_encode(image->encoder, &picture,
		change->quality ? change->quality : QUALITY_DEFAULT, out, out_len);
	return ret < 0 ? ORC_EPROTO : 0;
}
