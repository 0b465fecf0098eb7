/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what is read of a picture's EXIF: any bytes as the file that a camera gave. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/interval-run.h"
#include "memory-file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(double number)
{
	if (!isnan(number) && (number < 0 || !isfinite(number)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal_exposure exposure = { NAN, NAN, NAN, NAN, NAN };
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory_file(data, size));
	interval_exposure(-1, path, &exposure);
	check_number(exposure.shutter);
	check_number(exposure.aperture);
	check_number(exposure.iso);
	return 0;
}
