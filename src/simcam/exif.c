/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a picture says of itself: EXIF and Canon's MakerNote. */
#include "simcam/exif.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* What sRGB white makes of the sensor's colours, see raw-sensor.c. */
const uint16_t exif_white_balance[4] = { 2561, 1024, 1024, 1435 };

static void exif_date(char text[20], time_t taken)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	gmtime_r(&taken, &tm);
	if (!strftime(text, 20, "%Y:%m:%d %H:%M:%S", &tm))
		text[0] = '\0';
}

void exif_main(struct tiff_ifd *ifd, const struct picture_settings *settings)
{
	char date[20];

	exif_date(date, settings->taken);
	tiff_text(ifd, 0x10f, settings->make);
	tiff_text(ifd, 0x110, settings->model);
	tiff_short(ifd, TAG_ORIENTATION, settings->orientation ? settings->orientation : 1);
	tiff_rational(ifd, TAG_X_RESOLUTION, TIFF_RATIONAL, 72, 1);
	tiff_rational(ifd, TAG_Y_RESOLUTION, TIFF_RATIONAL, 72, 1);
	tiff_short(ifd, TAG_RESOLUTION_UNIT, 2);
	tiff_text(ifd, 0x132, date);
	tiff_text(ifd, 0x13b, settings->artist);
	tiff_short(ifd, 0x213, 2);
	tiff_text(ifd, 0x8298, settings->copyright);
	tiff_long(ifd, TAG_EXIF, 0);
}

static bool has_makernote(const struct picture_settings *settings)
{
	return settings->make && strcmp(settings->make, "Canon") == 0;
}

/* Canon's own part. Tag numbers and layouts as ExifTool's documentation of Canon tags gives them. */
static void makernote(struct tiff_ifd *note, const struct picture_settings *settings)
{
	uint16_t camera[46] = { 0 }, shot[34] = { 0 }, file[33] = { 0 }, colour[1273] = { 0 };
	uint16_t sensor[17] = { 34, 5344, 3516, 1, 1, 152, 56, 5335, 3511 };
	char text[64];

	camera[0] = sizeof(camera);
	camera[3] = settings->quality >= 90 ? 3 : 2;
	camera[17] = 3;
	camera[23] = (uint16_t)lround(settings->focal_max);
	camera[24] = (uint16_t)lround(settings->focal_min);
	camera[25] = 1;
	shot[0] = sizeof(shot);
	file[0] = sizeof(file);
	memcpy(&colour[63], exif_white_balance, sizeof(exif_white_balance));
	colour[0] = 10;
	colour[67] = 5200;
	tiff_shorts(note, 0x1, camera, ARRAY_LENGTH(camera));
	tiff_shorts(note, 0x4, shot, ARRAY_LENGTH(shot));
	tiff_text_field(note, 0x6, settings->model, 32);
	snprintf(text, sizeof(text), "Firmware Version %s",
		settings->firmware ? settings->firmware : "1.0.0");
	tiff_text_field(note, 0x7, text, 24);
	tiff_long(note, 0x8, settings->image_number);
	tiff_text_field(note, 0x9, settings->owner, 32);
	if (settings->serial)
		tiff_long(note, 0xc, (uint32_t)strtoul(settings->serial, NULL, 10));
	tiff_long(note, 0x10, 0x80000327); /* EOS 1200D */
	tiff_shorts(note, 0x93, file, ARRAY_LENGTH(file));
	tiff_text_field(note, 0x95, settings->lens, 64);
	tiff_shorts(note, 0xe0, sensor, ARRAY_LENGTH(sensor));
	tiff_shorts(note, 0x4001, colour, ARRAY_LENGTH(colour));
}

static void exif_shutter(struct tiff_ifd *ifd, double seconds)
{
	/* Short times are told as 1/N, as the dial has them. */
	if (seconds > 0 && seconds < 0.4) {
		uint8_t bytes[8];

		put_le32(bytes, 1);
		put_le32(bytes + 4, (uint32_t)lround(1 / seconds));
		tiff_put(ifd, 0x829a, TIFF_RATIONAL, 1, bytes, sizeof(bytes));
	} else {
		tiff_rational(ifd, 0x829a, TIFF_RATIONAL, seconds, 10);
	}
	if (seconds > 0)
		tiff_rational(ifd, 0x9201, TIFF_SRATIONAL, -log2(seconds), 65536);
}

static void exif_lens(struct tiff_ifd *ifd, const struct picture_settings *settings)
{
	double range[4] = { settings->focal_min, settings->focal_max };

	if (settings->aperture > 0) {
		tiff_rational(ifd, 0x829d, TIFF_RATIONAL, settings->aperture, 10);
		tiff_rational(ifd, 0x9202, TIFF_RATIONAL, 2 * log2(settings->aperture), 65536);
	}
	if (settings->focal_length > 0)
		tiff_rational(ifd, 0x920a, TIFF_RATIONAL, settings->focal_length, 1);
	if (settings->focal_max > 0)
		tiff_rationals(ifd, 0xa432, range, 4, 1);
	tiff_text(ifd, 0xa434, settings->lens);
	tiff_text(ifd, 0xa435, settings->lens_serial);
}

void exif_details(struct tiff_ifd *ifd, const struct picture_settings *settings, unsigned width,
	unsigned height)
{
	char date[20], subsec[4];

	exif_date(date, settings->taken);
	snprintf(subsec, sizeof(subsec), "%02u", settings->subsec % 100);
	exif_shutter(ifd, settings->shutter_seconds);
	exif_lens(ifd, settings);
	tiff_short(ifd, 0x8822, settings->exposure_program);
	tiff_short(ifd, 0x8827, settings->iso);
	tiff_short(ifd, 0x8830, 2);
	tiff_long(ifd, 0x8832, settings->iso);
	tiff_put(ifd, 0x9000, TIFF_UNDEFINED, 4, "0230", 4);
	tiff_text(ifd, 0x9003, date);
	tiff_text(ifd, 0x9004, date);
	tiff_put(ifd, 0x9101, TIFF_UNDEFINED, 4, "\1\2\3\0", 4);
	tiff_rational(ifd, 0x9204, TIFF_SRATIONAL, settings->exposure_bias, 6);
	tiff_short(ifd, 0x9207, settings->metering);
	tiff_short(ifd, 0x9209, settings->flash ? 9 : 16);
	if (has_makernote(settings)) {
		cleanup_ifd struct tiff_ifd note = { 0 };

		makernote(&note, settings);
		tiff_put(ifd, TAG_MAKERNOTE, TIFF_UNDEFINED, tiff_ifd_size(&note), NULL,
			tiff_ifd_size(&note));
	}
	tiff_text(ifd, 0x9290, subsec);
	tiff_text(ifd, 0x9291, subsec);
	tiff_text(ifd, 0x9292, subsec);
	tiff_put(ifd, 0xa000, TIFF_UNDEFINED, 4, "0100", 4);
	tiff_short(ifd, 0xa001, 1);
	tiff_long(ifd, 0xa002, width);
	tiff_long(ifd, 0xa003, height);
	/* The sensor is 22.3 mm wide: pixels an inch. */
	tiff_rational(ifd, 0xa20e, TIFF_RATIONAL, width / 22.3 * 25.4, 100);
	tiff_rational(ifd, 0xa20f, TIFF_RATIONAL, height / 14.9 * 25.4, 100);
	tiff_short(ifd, 0xa210, 2);
	tiff_short(ifd, 0xa401, 0);
	tiff_short(ifd, 0xa402, settings->exposure_program == 1);
	tiff_short(ifd, 0xa403, settings->white_balance_manual);
	tiff_short(ifd, 0xa406, 0);
	tiff_text(ifd, 0xa430, settings->owner);
	tiff_text(ifd, 0xa431, settings->serial);
}

void exif_write(struct tiff_ifd *ifd, const struct picture_settings *settings,
	struct sim_buffer *out, uint32_t address)
{
	cleanup_ifd struct tiff_ifd note = { 0 };
	cleanup_buffer struct sim_buffer written = { 0 };
	size_t start = out->len;
	uint32_t at;

	tiff_ifd_write(ifd, out, address, 0);
	if (!has_makernote(settings))
		return;
	at = tiff_value_address(ifd, TAG_MAKERNOTE, address);
	makernote(&note, settings);
	tiff_ifd_write(&note, &written, at, 0);
	memcpy(out->data + start + (at - address), written.data, written.len);
}

void exif_app1(struct sim_buffer *out, const struct picture_settings *settings,
	const struct sim_buffer *thumbnail)
{
	cleanup_ifd struct tiff_ifd ifd0 = { 0 }, details = { 0 }, ifd1 = { 0 };
	const uint32_t first = 8;
	uint32_t second, third, last;

	exif_main(&ifd0, settings);
	exif_details(&details, settings, settings->width, settings->height);
	tiff_short(&ifd1, TAG_COMPRESSION, 6);
	tiff_rational(&ifd1, TAG_X_RESOLUTION, TIFF_RATIONAL, 72, 1);
	tiff_rational(&ifd1, TAG_Y_RESOLUTION, TIFF_RATIONAL, 72, 1);
	tiff_short(&ifd1, TAG_RESOLUTION_UNIT, 2);
	tiff_long(&ifd1, TAG_THUMBNAIL, 0);
	tiff_long(&ifd1, TAG_THUMBNAIL_BYTES, (uint32_t)thumbnail->len);
	second = first + tiff_ifd_size(&ifd0);
	third = second + tiff_ifd_size(&details);
	last = third + tiff_ifd_size(&ifd1);
	tiff_set_long(&ifd0, TAG_EXIF, second);
	tiff_set_long(&ifd1, TAG_THUMBNAIL, last);
	sim_buffer_append(out, "Exif\0\0II*\0\10\0\0\0", 14);
	tiff_ifd_write(&ifd0, out, first, third);
	exif_write(&details, settings, out, second);
	tiff_ifd_write(&ifd1, out, third, 0);
	sim_buffer_append(out, thumbnail->data, thumbnail->len);
}
