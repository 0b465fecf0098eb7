/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a JPEG frame without decoding it: no loss, and less work. */
#include <stdbool.h>
#include <stdlib.h>

#include "jpeg/guard.h"

#include "jpeg/turn.h"

struct turner {
	struct jpeg_decompress_struct from;
	struct jpeg_compress_struct to;
	struct jpeg_guard guard; /* of both */
	struct jpeg_sink sink;
};

struct turner *turner_new(void)
{
	struct turner *turner = orc_must(calloc(1, sizeof(*turner)));

	turner->from.err = turner->to.err = jpeg_guard_init(&turner->guard);
	if (setjmp(turner->guard.failed))
		orc_must(NULL);
	jpeg_create_decompress(&turner->from);
	jpeg_create_compress(&turner->to);
	turner->to.dest = jpeg_sink_init(&turner->sink);
	return turner;
}

void turner_destroy(struct turner *turner)
{
	if (!turner)
		return;
	jpeg_destroy_compress(&turner->to);
	jpeg_destroy_decompress(&turner->from);
	jpeg_sink_free(&turner->sink);
	free(turner);
}

/* Whether the edges that become the left and the top one are whole MCUs. */
static bool fits(const struct jpeg_decompress_struct *from, unsigned int degrees)
{
	unsigned int mcu_width = 8 * (unsigned int)from->max_h_samp_factor;
	unsigned int mcu_height = 8 * (unsigned int)from->max_v_samp_factor;

	/* The bottom edge becomes the left one at 90, the right edge the top one at 270. */
	if (degrees != 270 && from->image_height % mcu_height)
		return false;
	return degrees == 90 || from->image_width % mcu_width == 0;
}

static void transpose_quantisers(struct jpeg_compress_struct *to)
{
	int table, x, y;

	for (table = 0; table < NUM_QUANT_TBLS; table++) {
		JQUANT_TBL *quant = to->quant_tbl_ptrs[table];

		for (y = 0; quant && y < DCTSIZE; y++)
			for (x = 0; x < y; x++) {
				UINT16 kept = quant->quantval[DCTSIZE * y + x];

				quant->quantval[DCTSIZE * y + x] = quant->quantval[DCTSIZE * x + y];
				quant->quantval[DCTSIZE * x + y] = kept;
			}
	}
}

static void set_parameters(struct turner *turner, bool across)
{
	struct jpeg_decompress_struct *from = &turner->from;
	struct jpeg_compress_struct *to = &turner->to;
	int i;

	jpeg_copy_critical_parameters(from, to);
	if (!across)
		return;
	to->image_width = from->image_height;
	to->image_height = from->image_width;
#if JPEG_LIB_VERSION >= 70
	to->jpeg_width = to->image_width;
	to->jpeg_height = to->image_height;
#endif
	for (i = 0; i < to->num_components; i++) {
		to->comp_info[i].h_samp_factor = from->comp_info[i].v_samp_factor;
		to->comp_info[i].v_samp_factor = from->comp_info[i].h_samp_factor;
	}
	transpose_quantisers(to);
}

/* A component's blocks, whole MCUs of them, on either side of the turn. */
struct blocks {
	unsigned int columns, rows;
};

static unsigned int round_up(unsigned int value, int unit)
{
	unsigned int u = (unsigned int)unit;

	return (value + u - 1) / u * u;
}

static struct blocks blocks_of(const jpeg_component_info *component, bool across)
{
	struct blocks blocks = {
		.columns = round_up(component->width_in_blocks, component->h_samp_factor),
		.rows = round_up(component->height_in_blocks, component->v_samp_factor),
	};

	return across ? (struct blocks){ blocks.rows, blocks.columns } : blocks;
}

/*
 * Where each coefficient of a turned block comes from, and its sign: a transposed block has them
 * exchanged, and mirroring changes every odd one in the mirrored direction.
 */
struct moves {
	uint8_t from[DCTSIZE2];
	JCOEF sign[DCTSIZE2];
};

static void set_moves(struct moves *moves, unsigned int degrees)
{
	unsigned int u, v;

	for (v = 0; v < DCTSIZE; v++)
		for (u = 0; u < DCTSIZE; u++) {
			unsigned int odd = degrees == 180 ? u + v : degrees == 90 ? u : v;
			unsigned int from = degrees == 180 ? DCTSIZE * v + u : DCTSIZE * u + v;

			moves->from[DCTSIZE * v + u] = (uint8_t)from;
			moves->sign[DCTSIZE * v + u] = odd & 1 ? -1 : 1;
		}
}

/* Returns the bits that are set in any coefficient; of a negative one, those that are not. */
static unsigned int turn_block(
	const struct moves *moves, const JCOEF *restrict from, JCOEF *restrict to)
{
	unsigned int i;
	JCOEF bits = 0;

	for (i = 0; i < DCTSIZE2; i++) {
		JCOEF value = from[moves->from[i]];

		bits = (JCOEF)(bits | (value ^ (JCOEF)(value >> 15)));
		to[i] = (JCOEF)(value * moves->sign[i]);
	}
	return (unsigned int)bits;
}

/* What eight bits a pixel can give. libjpeg's fast encoder writes rubbish for what is beyond. */
#define COEFFICIENT_BITS 0x3ffu

/* Where the source's block at column x, row y goes. */
static void turn_place(
	const struct blocks *to, unsigned int degrees, unsigned int *x, unsigned int *y)
{
	unsigned int column = *x, row = *y;

	switch (degrees) {
	case 90:
		*x = to->columns - 1 - row;
		*y = column;
		break;
	case 180:
		*x = to->columns - 1 - column;
		*y = to->rows - 1 - row;
		break;
	default:
		*x = row;
		*y = to->rows - 1 - column;
		break;
	}
}

static int turn_component(struct turner *turner, int i, unsigned int degrees, jvirt_barray_ptr from,
	jvirt_barray_ptr to)
{
	j_common_ptr cinfo = (j_common_ptr)&turner->from;
	struct blocks source = blocks_of(&turner->from.comp_info[i], false);
	struct blocks target = blocks_of(&turner->from.comp_info[i], degrees != 180);
	JBLOCKARRAY out, in;
	struct moves moves;
	unsigned int x, y, bits = 0;

	set_moves(&moves, degrees);
	out = turner->from.mem->access_virt_barray(cinfo, to, 0, target.rows, TRUE);
	for (y = 0; y < source.rows; y++) {
		in = turner->from.mem->access_virt_barray(cinfo, from, y, 1, FALSE);
		for (x = 0; x < source.columns; x++) {
			unsigned int column = x, row = y;

			turn_place(&target, degrees, &column, &row);
			bits |= turn_block(&moves, in[0][x], out[row][column]);
		}
	}
	return bits & ~COEFFICIENT_BITS ? ORC_EPROTO : 0;
}

/* Behind setjmp. */
static int turn(struct turner *turner, const uint8_t *data, size_t len, unsigned int degrees)
{
	struct jpeg_decompress_struct *from = &turner->from;
	jvirt_barray_ptr targets[MAX_COMPONENTS], *sources;
	int i, ret = 0;

	jpeg_mem_src(from, data, len);
	jpeg_read_header(from, TRUE);
	if (!jpeg_guard_size(from))
		return ORC_EPROTO;
	if (!fits(from, degrees))
		return ORC_EREFUSED;
	/* Before jpeg_read_coefficients(), which is what makes room for all that was asked for. */
	for (i = 0; i < from->num_components; i++) {
		struct blocks blocks = blocks_of(&from->comp_info[i], degrees != 180);

		targets[i] = from->mem->request_virt_barray((j_common_ptr)from, JPOOL_IMAGE, FALSE,
			blocks.columns, blocks.rows, blocks.rows);
	}
	sources = jpeg_read_coefficients(from);
	set_parameters(turner, degrees != 180);
	jpeg_write_coefficients(&turner->to, targets);
	for (i = 0; i < from->num_components; i++)
		ret |= turn_component(turner, i, degrees, sources[i], targets[i]);
	if (ret)
		return ORC_EPROTO;
	jpeg_finish_compress(&turner->to);
	jpeg_finish_decompress(from);
	return 0;
}

int turner_turn(struct turner *turner, const uint8_t *data, size_t len, unsigned int degrees,
	const uint8_t **out, size_t *out_len)
{
	int ret;

	if (setjmp(turner->guard.failed)) {
		ret = ORC_EPROTO;
	} else {
		ret = turn(turner, data, len, degrees);
		if (ret == 0) {
			*out = turner->sink.data;
			*out_len = turner->sink.len;
			return 0;
		}
	}
	jpeg_abort_compress(&turner->to);
	jpeg_abort_decompress(&turner->from);
	return ret;
}
