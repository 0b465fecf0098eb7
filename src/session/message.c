/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an owner and its callers say to each other, as bytes; no I/O. */
#include "session/message.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

/* How many numbers a message has, and which of them count its texts. */
static const struct {
	size_t numbers;
	size_t first_count; /* numbers from here on are counts of texts */
	size_t texts;       /* besides those counted */
} forms[] = {
	[MESSAGE_CALL] = { 3, 1, 2 },
	[MESSAGE_SIGNAL] = { 1, 1, 0 },
	[MESSAGE_READY] = { 0, 0, 0 },
	[MESSAGE_GO] = { 2, 2, 0 },
	[MESSAGE_STARTED] = { 1, 1, 0 },
	[MESSAGE_MOVED] = { 0, 0, 1 },
	[MESSAGE_REFUSED] = { 0, 0, 1 },
	[MESSAGE_EXIT] = { 1, 1, 1 },
	[MESSAGE_RELEASED] = { 2, 2, 0 },
	[MESSAGE_EXHAUSTED] = { 0, 0, 0 },
	[MESSAGE_ADMITTED] = { 0, 0, 0 },
};

static bool type_is_known(uint32_t type)
{
	return type >= MESSAGE_CALL && type < ARRAY_LENGTH(forms);
}

void message_free(struct message *message)
{
	free(message->texts);
	*message = (struct message){ 0 };
}

int message_len(const uint8_t header[MESSAGE_HEADER_LEN], size_t *len)
{
	uint32_t rest = get_be32(header + 4);

	if (!type_is_known(get_be32(header)) || rest > MESSAGE_MAX_LEN)
		return ORC_EPROTO;
	*len = MESSAGE_HEADER_LEN + rest;
	return 0;
}

/* The texts that there must be, by the numbers. */
static uint64_t texts_of(const struct message *message)
{
	uint64_t count = forms[message->type].texts;
	size_t i;

	for (i = forms[message->type].first_count; i < forms[message->type].numbers; i++)
		count += message->numbers[i];
	return count;
}

static size_t count_texts(const char *text, size_t len)
{
	size_t count = 0, i;

	for (i = 0; i < len; i++)
		count += text[i] == '\0';
	return count;
}

int message_parse(struct message *message, const uint8_t *data, size_t len)
{
	const char *text;
	size_t whole, left, i;

	*message = (struct message){ 0 };
	if (len < MESSAGE_HEADER_LEN || message_len(data, &whole) < 0 || whole != len)
		return ORC_EPROTO;
	message->type = (enum message_type)get_be32(data);
	left = len - MESSAGE_HEADER_LEN;
	data += MESSAGE_HEADER_LEN;
	if (left < 4 * forms[message->type].numbers)
		return ORC_EPROTO;
	for (i = 0; i < forms[message->type].numbers; i++, data += 4, left -= 4)
		message->numbers[i] = get_be32(data);
	text = (const char *)data;
	message->text_count = count_texts(text, left);
	/* The last text ends where the message does. */
	if ((left > 0 && text[left - 1] != '\0') || message->text_count != texts_of(message))
		return ORC_EPROTO;
	if (message->text_count == 0)
		return 0;
	message->texts = calloc(message->text_count + 1, sizeof(*message->texts));
	if (!message->texts)
		return ORC_ENOMEM;
	for (i = 0; i < message->text_count; i++, text += strlen(text) + 1)
		message->texts[i] = text;
	return 0;
}

void message_put_header(uint8_t header[MESSAGE_HEADER_LEN], enum message_type type, size_t rest)
{
	put_be32(header, type);
	put_be32(header + 4, (uint32_t)rest);
}

int message_build(const struct message *message, uint8_t **data, size_t *len)
{
	size_t rest = 4 * forms[message->type].numbers, i;
	uint8_t *p;

	for (i = 0; i < message->text_count; i++)
		rest += strlen(message->texts[i]) + 1;
	if (rest > MESSAGE_MAX_LEN)
		return ORC_EUSAGE;
	*len = MESSAGE_HEADER_LEN + rest;
	*data = p = malloc(*len);
	if (!p)
		return ORC_ENOMEM;
	message_put_header(p, message->type, rest);
	p += MESSAGE_HEADER_LEN;
	for (i = 0; i < forms[message->type].numbers; i++, p += 4)
		put_be32(p, message->numbers[i]);
	for (i = 0; i < message->text_count; i++)
		p = (uint8_t *)stpcpy((char *)p, message->texts[i]) + 1;
	return 0;
}

int64_t message_time(const struct message *message)
{
	return (int64_t)((uint64_t)message->numbers[0] << 32 | message->numbers[1]);
}

void message_put_time(struct message *message, int64_t nsec)
{
	message->numbers[0] = (uint32_t)((uint64_t)nsec >> 32);
	message->numbers[1] = (uint32_t)nsec;
}
