/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a live view frame: the check reads within them and agrees with itself. */
#include <stdint.h>
#include <stdlib.h>

#include "jpeg/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct jpeg_frame frame;

	if (jpeg_frame_check(data, len, &frame) < 0)
		return 0;
	if (frame.len > len || frame.len < 4 || data[frame.len - 1] != 0xd9)
		abort();
	/* A frame that passed still passes without what stood behind it. */
	if (jpeg_frame_check(data, frame.len, NULL) < 0)
		abort();
	return 0;
}
