/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the configuration file: whatever it says, it is read or refused with a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "usbip/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file = -1;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usbip_config config = { 0 };
	struct usbip_address address;
	struct orc_error err = { 0 };
	char path[64];

	if (file < 0)
		file = memfd_create("config", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, 0) < 0 || pwrite(file, data, size, 0) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (usbip_config_read(&config, path, &err) < 0) {
		if (!err.why[0])
			abort();
	} else {
		if (usbip_config_resolve(&config, NULL, &address, &err) == 0 && !address.host[0])
			abort();
		for (size_t i = 0; i < config.alias_count; i++)
			if (usbip_config_resolve(&config, config.aliases[i].name, &address, &err) ==
					0 &&
				!address.host[0])
				abort();
	}
	usbip_config_free(&config);
	return 0;
}
