/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing array of bytes: what a picture is written into. */
#include "simcam/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void sim_buffer_reserve(struct sim_buffer *buffer, size_t more)
{
	size_t cap = buffer->cap ? buffer->cap : 4096;

	if (more > SIZE_MAX / 2 - buffer->len)
		orc_must(NULL);
	if (buffer->len + more <= buffer->cap)
		return;
	while (cap < buffer->len + more)
		cap *= 2;
	buffer->data = orc_must(realloc(buffer->data, cap));
	buffer->cap = cap;
}

void sim_buffer_append(struct sim_buffer *buffer, const void *data, size_t len)
{
	if (!len)
		return;
	sim_buffer_reserve(buffer, len);
	if (data)
		memcpy(buffer->data + buffer->len, data, len);
	else
		memset(buffer->data + buffer->len, 0, len);
	buffer->len += len;
}

void sim_buffer_clear(struct sim_buffer *buffer)
{
	buffer->len = 0;
}

void sim_buffer_free(struct sim_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct sim_buffer){ 0 };
}
