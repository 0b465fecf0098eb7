/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lossless JPEG as Canon's CR2 holds it: ITU T.81 process 14, two components, predictor 1. */
#include "simcam/ljpeg.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

/* Difference categories 0..15; one more symbol keeps the code of all ones unused, as T.81 asks. */
enum { CATEGORIES = 16, SYMBOLS = CATEGORIES + 1, LENGTH_MAX = 16 };

struct huffman {
	unsigned length[CATEGORIES];
	uint32_t code[CATEGORIES];
	uint8_t order[CATEGORIES]; /* the categories used, shortest code first */
	uint8_t per_length[LENGTH_MAX + 1];
	unsigned used;
};

/* Walks the samples slice by slice. */
struct walk {
	const struct ljpeg_image *image;
	unsigned slice, row, column;
};

static void walk_line(struct walk *walk, uint16_t *line)
{
	const struct ljpeg_image *image = walk->image;
	unsigned left = image->width, run;

	for (; left; left -= run, line += run) {
		unsigned width =
			walk->slice < image->slices ? image->slice_width : image->last_width;

		run = width - walk->column;
		if (run > left)
			run = left;
		memcpy(line,
			image->samples + (size_t)walk->row * image->width +
				(size_t)walk->slice * image->slice_width + walk->column,
			run * sizeof(*line));
		walk->column += run;
		if (walk->column < width)
			continue;
		walk->column = 0;
		if (++walk->row == image->height) {
			walk->row = 0;
			walk->slice++;
		}
	}
}

/* Turns a line into differences; `above` keeps what begins the next line's prediction. */
static void predict(uint16_t *line, unsigned width, uint16_t above[2])
{
	uint16_t first[2] = { line[0], line[1] };
	unsigned i;

	for (i = width - 1; i >= 2; i--)
		line[i] = (uint16_t)(line[i] - line[i - 2]);
	line[0] = (uint16_t)(line[0] - above[0]);
	line[1] = (uint16_t)(line[1] - above[1]);
	memcpy(above, first, sizeof(first));
}

static inline unsigned category(int diff)
{
	unsigned size = (unsigned)abs(diff);

	return size ? 32 - (unsigned)__builtin_clz(size) : 0;
}

/* Code lengths by joining the two rarest again and again (T.81 K.2); 17 symbols need 16 bits at most. */
static void huffman_lengths(struct huffman *huffman, const uint64_t counts[CATEGORIES])
{
	uint64_t weight[SYMBOLS];
	unsigned group[SYMBOLS], length[SYMBOLS] = { 0 }, i;

	for (i = 0; i < SYMBOLS; i++) {
		weight[i] = i < CATEGORIES ? counts[i] << 8 : 1;
		group[i] = i;
	}
	for (;;) {
		unsigned a = SYMBOLS, b = SYMBOLS;

		for (i = 0; i < SYMBOLS; i++) {
			if (!weight[i])
				continue;
			if (a == SYMBOLS || weight[i] < weight[a]) {
				b = a;
				a = i;
			} else if (b == SYMBOLS || weight[i] < weight[b]) {
				b = i;
			}
		}
		if (b == SYMBOLS)
			break;
		weight[a] += weight[b];
		weight[b] = 0;
		for (i = 0; i < SYMBOLS; i++) {
			if (group[i] != group[a] && group[i] != group[b])
				continue;
			length[i]++;
		}
		for (i = 0; i < SYMBOLS; i++)
			if (i != b && group[i] == group[b])
				group[i] = group[a];
		group[b] = group[a];
	}
	memcpy(huffman->length, length, sizeof(huffman->length));
}

static void huffman_init(struct huffman *huffman, const uint64_t counts[CATEGORIES])
{
	uint32_t code = 0;
	unsigned length, i;

	memset(huffman, 0, sizeof(*huffman));
	huffman_lengths(huffman, counts);
	for (length = 1; length <= LENGTH_MAX; length++, code <<= 1)
		for (i = 0; i < CATEGORIES; i++)
			if (huffman->length[i] == length) {
				huffman->code[i] = code++;
				huffman->order[huffman->used++] = (uint8_t)i;
				huffman->per_length[length]++;
			}
}

static void write_head(
	const struct ljpeg_image *image, const struct huffman *huffman, struct sim_buffer *out)
{
	uint8_t frame[] = { 0xff, 0xc3, 0, 14, (uint8_t)image->bits, 0, 0, 0, 0, 2, 1, 0x11, 0, 2,
		0x11, 0 };
	static const uint8_t scan[] = { 0xff, 0xda, 0, 10, 2, 1, 0, 2, 0, 1, 0, 0 };
	uint8_t table[] = { 0xff, 0xd8, 0xff, 0xc4, 0, 0, 0 };

	put_be16(table + 4, (uint16_t)(2 + 1 + LENGTH_MAX + huffman->used));
	sim_buffer_append(out, table, sizeof(table));
	sim_buffer_append(out, huffman->per_length + 1, LENGTH_MAX);
	sim_buffer_append(out, huffman->order, huffman->used);
	put_be16(frame + 5, (uint16_t)image->height);
	put_be16(frame + 7, (uint16_t)(image->width / 2));
	sim_buffer_append(out, frame, sizeof(frame));
	sim_buffer_append(out, scan, sizeof(scan));
}

struct bits {
	uint64_t held;
	unsigned count;
	uint8_t *p;
};

static inline void put_bits(struct bits *bits, uint32_t value, unsigned count)
{
	bits->held = bits->held << count | value;
	bits->count += count;
	while (bits->count >= 8) {
		uint8_t byte = (uint8_t)(bits->held >> (bits->count -= 8));

		*bits->p++ = byte;
		if (byte == 0xff)
			*bits->p++ = 0;
	}
}

static void encode_line(
	const uint16_t *line, unsigned width, const struct huffman *huffman, struct bits *bits)
{
	unsigned i;

	for (i = 0; i < width; i++) {
		int diff = (int16_t)line[i];
		unsigned size = category(diff);
		/* Negative differences are sent less one, in as many bits (T.81 F.1.2.1). */
		uint32_t extra = (uint32_t)(diff < 0 ? diff - 1 : diff) & ((1u << size) - 1);

		put_bits(bits, huffman->code[size] << size | extra, huffman->length[size] + size);
	}
}

static void count_line(const uint16_t *line, unsigned width, uint64_t counts[CATEGORIES])
{
	unsigned i;

	for (i = 0; i < width; i++)
		counts[category((int16_t)line[i])]++;
}

void ljpeg_encode(const struct ljpeg_image *image, struct sim_buffer *out)
{
	const uint16_t start = (uint16_t)(1u << (image->bits - 1));
	uint16_t *line = orc_must(malloc(image->width * sizeof(*line)));
	uint64_t counts[CATEGORIES] = { 0 };
	struct huffman huffman;
	struct bits bits = { 0 };
	unsigned pass, row;

	for (pass = 0; pass < 2; pass++) {
		struct walk walk = { .image = image };
		uint16_t above[2] = { start, start };

		if (pass == 1) {
			huffman_init(&huffman, counts);
			write_head(image, &huffman, out);
		}
		for (row = 0; row < image->height; row++) {
			walk_line(&walk, line);
			predict(line, image->width, above);
			if (pass == 0) {
				count_line(line, image->width, counts);
				continue;
			}
			/* At worst 31 bits a sample, and every byte stuffed. */
			sim_buffer_reserve(out, (size_t)image->width * 8 + 16);
			bits.p = out->data + out->len;
			encode_line(line, image->width, &huffman, &bits);
			out->len = (size_t)(bits.p - out->data);
		}
	}
	/* The last byte is filled up with ones. */
	sim_buffer_reserve(out, 16);
	bits.p = out->data + out->len;
	put_bits(&bits, 0x7f, 7);
	out->len = (size_t)(bits.p - out->data);
	sim_buffer_append(out, "\xff\xd9", 2);
	free(line);
}
