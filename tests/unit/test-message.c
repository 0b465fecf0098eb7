/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an owner and its callers say: the bytes as they are, and what is no message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "session/message.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static const char *call_texts[] = { "0.1", "usbip:r", "a", "", "T=1" };
static const char *moved_texts[] = { "usbip:10.0.0.1/1-1" };
static const char *exit_texts[] = { "\xc3\xa4\n" };
static const char *empty_texts[] = { "" };

static const struct {
	struct message message;
	const uint8_t *data;
	size_t len;
} forms[] = {
	{ { MESSAGE_CALL, { 022, 2, 1 }, call_texts, 5 },
		BYTES("\0\0\0\1"
		      "\0\0\0\x1f"
		      "\0\0\0\x12"
		      "\0\0\0\2"
		      "\0\0\0\1"
		      "0.1\0"
		      "usbip:r\0"
		      "a\0"
		      "\0"
		      "T=1\0") },
	{ { MESSAGE_SIGNAL, { 15 }, NULL, 0 },
		BYTES("\0\0\0\2"
		      "\0\0\0\4"
		      "\0\0\0\x0f") },
	{ { MESSAGE_READY, { 0 }, NULL, 0 },
		BYTES("\0\0\0\3"
		      "\0\0\0\0") },
	{ { MESSAGE_GO, { 0x01020304, 0xfffefdfc }, NULL, 0 },
		BYTES("\0\0\0\4"
		      "\0\0\0\x08"
		      "\1\2\3\4"
		      "\xff\xfe\xfd\xfc") },
	{ { MESSAGE_STARTED, { 4711 }, NULL, 0 },
		BYTES("\0\0\0\5"
		      "\0\0\0\4"
		      "\0\0\x12\x67") },
	{ { MESSAGE_MOVED, { 0 }, moved_texts, 1 },
		BYTES("\0\0\0\6"
		      "\0\0\0\x13"
		      "usbip:10.0.0.1/1-1\0") },
	{ { MESSAGE_REFUSED, { 0 }, empty_texts, 1 },
		BYTES("\0\0\0\7"
		      "\0\0\0\1"
		      "\0") },
	{ { MESSAGE_EXIT, { 130 }, exit_texts, 1 },
		BYTES("\0\0\0\x08"
		      "\0\0\0\x08"
		      "\0\0\0\x82"
		      "\xc3\xa4\n\0") },
	{ { MESSAGE_EXHAUSTED, { 0 }, NULL, 0 },
		BYTES("\0\0\0\x0a"
		      "\0\0\0\0") },
	{ { MESSAGE_ADMITTED, { 0 }, NULL, 0 },
		BYTES("\0\0\0\x0b"
		      "\0\0\0\0") },
};

static void messages_are_these_bytes(void **state)
{
	struct message parsed;
	uint8_t *data;
	size_t i, j, len;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(forms); i++) {
		assert_int_equal(message_build(&forms[i].message, &data, &len), 0);
		assert_int_equal(len, forms[i].len);
		assert_memory_equal(data, forms[i].data, len);
		free(data);
		assert_int_equal(message_len(forms[i].data, &len), 0);
		assert_int_equal(len, forms[i].len);
		assert_int_equal(message_parse(&parsed, forms[i].data, forms[i].len), 0);
		assert_int_equal(parsed.type, forms[i].message.type);
		assert_memory_equal(
			parsed.numbers, forms[i].message.numbers, sizeof(parsed.numbers));
		assert_int_equal(parsed.text_count, forms[i].message.text_count);
		for (j = 0; j < parsed.text_count; j++)
			assert_string_equal(parsed.texts[j], forms[i].message.texts[j]);
		message_free(&parsed);
	}
}

static const struct {
	const char *what;
	const uint8_t *data;
	size_t len;
} malformed[] = {
	{ "nothing", BYTES("") },
	{ "half a header",
		BYTES("\0\0\0\2"
		      "\0\0\0") },
	{ "type 0",
		BYTES("\0\0\0\0"
		      "\0\0\0\0") },
	{ "a type that there is not",
		BYTES("\0\0\0\x09"
		      "\0\0\0\0") },
	{ "a type above 31 bits",
		BYTES("\xff\xff\xff\xff"
		      "\0\0\0\0") },
	{ "longer than its header says",
		BYTES("\0\0\0\2"
		      "\0\0\0\4"
		      "\0\0\0\2"
		      "\0") },
	{ "shorter than its header says",
		BYTES("\0\0\0\2"
		      "\0\0\0\4"
		      "\0\0\0") },
	{ "no number",
		BYTES("\0\0\0\2"
		      "\0\0\0\0") },
	{ "half a number",
		BYTES("\0\0\0\2"
		      "\0\0\0\2"
		      "\0\2") },
	{ "a text too many",
		BYTES("\0\0\0\2"
		      "\0\0\0\6"
		      "\0\0\0\2"
		      "a\0") },
	{ "a text too few",
		BYTES("\0\0\0\x08"
		      "\0\0\0\4"
		      "\0\0\0\0") },
	{ "two for one",
		BYTES("\0\0\0\6"
		      "\0\0\0\4"
		      "a\0b\0") },
	{ "a text without an end",
		BYTES("\0\0\0\6"
		      "\0\0\0\2"
		      "ab") },
	{ "an end, and more",
		BYTES("\0\0\0\6"
		      "\0\0\0\3"
		      "a\0b") },
	{ "more arguments than texts",
		BYTES("\0\0\0\1"
		      "\0\0\0\x10"
		      "\0\0\0\0"
		      "\0\0\0\2"
		      "\0\0\0\0"
		      "v\0k\0") },
	{ "fewer arguments than texts",
		BYTES("\0\0\0\1"
		      "\0\0\0\x14"
		      "\0\0\0\0"
		      "\0\0\0\1"
		      "\0\0\0\0"
		      "v\0k\0a\0b\0") },
	{ "counts that add up to it only in 32 bits",
		BYTES("\0\0\0\1"
		      "\0\0\0\x12"
		      "\0\0\0\0"
		      "\xff\xff\xff\xff"
		      "\0\0\0\2"
		      "v\0k\0a\0") },
};

static void what_is_no_message_is_refused(void **state)
{
	struct message parsed;
	uint8_t *copy;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(malformed); i++) {
		/* On the heap, to the byte: what reads beyond is seen. */
		copy = malloc(malformed[i].len);
		if (malformed[i].len)
			memcpy(copy, malformed[i].data, malformed[i].len);
		if (message_parse(&parsed, copy, malformed[i].len) != ORC_EPROTO)
			fail_msg("%s was taken", malformed[i].what);
		assert_null(parsed.texts);
		free(copy);
	}
}

static void lengths_are_bounded(void **state)
{
	uint8_t header[MESSAGE_HEADER_LEN] = { 0, 0, 0, MESSAGE_EXIT, 0, 0x20, 0, 0 };
	const char *texts[1];
	struct message message = { .type = MESSAGE_REFUSED, .texts = texts, .text_count = 1 };
	uint8_t *data = NULL;
	char *text = malloc(MESSAGE_MAX_LEN + 1);
	size_t len;

	(void)state;
	assert_int_equal(message_len(header, &len), 0);
	assert_int_equal(len, MESSAGE_HEADER_LEN + MESSAGE_MAX_LEN);
	header[7] = 1;
	assert_int_equal(message_len(header, &len), ORC_EPROTO);
	memset(header + 4, 0xff, 4);
	assert_int_equal(message_len(header, &len), ORC_EPROTO);

	memset(text, 'x', MESSAGE_MAX_LEN);
	text[MESSAGE_MAX_LEN] = '\0';
	texts[0] = text;
	assert_int_equal(message_build(&message, &data, &len), ORC_EUSAGE);
	assert_null(data);
	texts[0] = text + 1;
	assert_int_equal(message_build(&message, &data, &len), 0);
	assert_int_equal(len, MESSAGE_HEADER_LEN + MESSAGE_MAX_LEN);
	free(data);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_these_bytes),
		cmocka_unit_test(what_is_no_message_is_refused),
		cmocka_unit_test(lengths_are_bounded),
	};

	return cmocka_run_group_tests_name("messages of a session", tests, NULL, NULL);
}
