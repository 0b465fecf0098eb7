/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a picture whose thumbnail is looked for and measured. */
#include <stdint.h>
#include <stdlib.h>

#include "jpeg/brightness.h"
#include "jpeg/embedded.h"
#include "jpeg/frame.h"

#define PIXELS_MAX 250000u /* larger ones take long and show nothing new */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void measure(const uint8_t *data, size_t len)
{
	struct jpeg_frame frame;
	double brightness = -1;

	if (jpeg_frame_check(data, len, &frame) == 0 && frame.width * frame.height > PIXELS_MAX)
		return;
	if (brightness_jpeg(data, len, &brightness) == 0 && !(brightness >= 0 && brightness <= 1))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct embedded embedded;

	measure(data, len);
	if (embedded_find(data, len, &embedded) < 0)
		return 0;
	if (!embedded.len)
		abort();
	if (embedded.offset <= len && embedded.len <= len - embedded.offset)
		measure(data + embedded.offset, (size_t)embedded.len);
	return 0;
}
