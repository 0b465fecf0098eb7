/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what comes from a caller or an owner: what is taken can be built again, byte for byte. */
#include <stdlib.h>
#include <string.h>

#include "session/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message message;
	size_t whole = 0, len, i;
	uint8_t *again;

	if (size >= MESSAGE_HEADER_LEN && message_len(data, &whole) == 0 &&
		whole > MESSAGE_HEADER_LEN + MESSAGE_MAX_LEN)
		abort();
	if (message_parse(&message, data, size) < 0)
		return 0;
	if (whole != size)
		abort();
	/* An owner takes the first two texts of a call as they are, and then argc and envc more. */
	if (message.type == MESSAGE_CALL &&
		message.text_count !=
			2 + (uint64_t)message.numbers[1] + (uint64_t)message.numbers[2])
		abort();
	for (i = 0; i < message.text_count; i++)
		if (message.texts[i] + strlen(message.texts[i]) >= (const char *)data + size)
			abort();
	if (message_build(&message, &again, &len) < 0 || len != size ||
		memcmp(again, data, size) != 0)
		abort();
	free(again);
	message_free(&message);
	return 0;
}
