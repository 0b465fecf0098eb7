/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the frame counter of the simulated camera's pictures: one line a frame, and what is wrong. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>

/*
 * frame-counter [FILE…]: JPEG or MJPEG files, or MJPEG on stdin. Prints the counter of each frame,
 * or "torn A B", "damaged REASON", "none" (no counter found). Exit status 1 where any line was not a
 * counter or there was no frame. Written from the format in simcam/scene.h and not from its code.
 */
enum { CELLS = 66, ROWS = 44, SIDE_SMALL = 1056 };

struct reader {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
	char message[JMSG_LENGTH_MAX];
	uint8_t *grey;
};

static void give_up(j_common_ptr jpeg)
{
	struct reader *reader = jpeg->client_data;

	jpeg->err->format_message(jpeg, reader->message);
	longjmp(reader->failed, 1);
}

static void count_warning(j_common_ptr jpeg, int level)
{
	if (level >= 0)
		return;
	if (!jpeg->err->num_warnings++)
		jpeg->err->format_message(jpeg, ((struct reader *)jpeg->client_data)->message);
}

static uint16_t crc16(const uint8_t *data, unsigned len)
{
	uint32_t crc = 0xffff;
	unsigned bit;

	for (bit = 0; bit < len * 8; bit++) {
		unsigned in = data[bit / 8] >> (7 - bit % 8) & 1, top = crc >> 15 & 1;

		crc = (crc << 1 & 0xffff) ^ (in != top ? 0x1021 : 0);
	}
	return (uint16_t)crc;
}

/* Reads the counter from the middle line of the top (copy 0) or bottom (1) row of cells. */
static bool read_strip(
	const uint8_t *grey, unsigned width, unsigned height, unsigned copy, uint32_t *counter)
{
	unsigned y = (copy ? 2 * ROWS - 1 : 1) * height / (2 * ROWS), cell;
	uint64_t bits = 0;
	uint8_t covered[5];

	for (cell = 1; cell < CELLS - 1; cell++)
		bits = bits << 1 | (grey[y * width + (2 * cell + 1) * width / (2 * CELLS)] >= 128);
	*counter = (uint32_t)(bits >> 24);
	covered[0] = (uint8_t)(bits >> 48);
	covered[1] = (uint8_t)(bits >> 40);
	covered[2] = (uint8_t)(bits >> 32);
	covered[3] = (uint8_t)(bits >> 24);
	covered[4] = (uint8_t)copy;
	return bits >> 56 == 0xe2 && (bits & 0xff) == 0x1d &&
		(bits >> 8 & 0xffff) == crc16(covered, 5);
}

/* All of it, so that corrupt data anywhere are noticed; at 1/8 where cells stay large enough. */
static bool decode(struct reader *reader, const uint8_t *data, size_t len)
{
	struct jpeg_decompress_struct *jpeg = &reader->jpeg;

	jpeg->err = jpeg_std_error(&reader->errors);
	reader->errors.error_exit = give_up;
	reader->errors.emit_message = count_warning;
	jpeg->client_data = reader;
	if (setjmp(reader->failed))
		return false;
	jpeg_create_decompress(jpeg);
	jpeg_mem_src(jpeg, data, len);
	jpeg_read_header(jpeg, TRUE);
	jpeg->out_color_space = JCS_GRAYSCALE;
	jpeg->scale_denom = jpeg->image_width >= SIDE_SMALL ? 8 : 1;
	jpeg_start_decompress(jpeg);
	reader->grey = calloc(jpeg->output_height, jpeg->output_width);
	while (reader->grey && jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW row = reader->grey + (size_t)jpeg->output_scanline * jpeg->output_width;

		jpeg_read_scanlines(jpeg, &row, 1);
	}
	jpeg_finish_decompress(jpeg);
	return reader->grey && !reader->errors.num_warnings;
}

static bool report(const uint8_t *data, size_t len)
{
	struct reader reader = { 0 };
	bool good = decode(&reader, data, len), top, bottom;
	unsigned w = reader.jpeg.output_width, h = reader.jpeg.output_height;
	uint32_t a = 0, b = 0;

	if (!good) {
		printf("damaged %s\n", reader.message);
	} else {
		top = read_strip(reader.grey, w, h, 0, &a);
		bottom = read_strip(reader.grey, w, h, 1, &b);
		good = top && bottom && a == b;
		if (good)
			printf("%u\n", a);
		else if (top && bottom)
			printf("torn %u %u\n", a, b);
		else
			puts(top || bottom ? "damaged counter" : "none");
	}
	jpeg_destroy_decompress(&reader.jpeg);
	free(reader.grey);
	return good;
}

/* Pictures are cut apart at "EOI, then SOI": a thumbnail in EXIF has an SOI, but not after an EOI. */
static bool report_all(FILE *file, size_t *frames)
{
	uint8_t *data = NULL;
	size_t len = 0, cap = 0, start = 0, i, n;
	bool good = true;

	do {
		if (len + 65536 > cap)
			data = realloc(data, cap = 2 * cap + 65536);
		if (!data)
			abort();
		n = fread(data + len, 1, 65536, file);
		len += n;
	} while (n);
	for (i = 2; i <= len; i++) {
		if (i < len && (i + 2 > len || memcmp(data + i - 2, "\xff\xd9\xff\xd8", 4) != 0))
			continue;
		good = report(data + start, i - start) && good;
		++*frames;
		start = i;
	}
	free(data);
	return good;
}

int main(int argc, char **argv)
{
	bool good = true;
	size_t frames = 0;
	int i;

	if (argc < 2)
		good = report_all(stdin, &frames);
	for (i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");

		if (!file) {
			perror(argv[i]);
			return 2;
		}
		good = report_all(file, &frames) && good;
		fclose(file);
	}
	return good && frames ? 0 : 1;
}
