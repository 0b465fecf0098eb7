/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the configuration file: whatever it says, it is read or refused with a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "usbip/config.h"
#include "memory-file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usbip_config config = { 0 };
	struct usbip_address address;
	struct orc_error err = { 0 };
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory_file(data, size));
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
