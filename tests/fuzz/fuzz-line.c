/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the shell's lines: bytes in pieces (the first byte says how long) become lines and words. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A word, written as for a line, is that word again. */
static void check_word(const char *word, char quote)
{
	char *text = calloc(strlen(word) * LINE_QUOTE_GROWTH + 3, 1);
	struct orc_error err;
	struct line line;

	if (!text)
		abort();
	text[0] = quote;
	line_quote(text, word, quote);
	text[strlen(text)] = quote;
	/* Without quotes there is neither an empty word nor, at the start of the line, an id. */
	if ((quote || (*word && *word != '@')) &&
		(line_split(&line, text, &err) < 0 || line.count != 1 ||
			strcmp(line.words[0], word) != 0))
		abort();
	if (quote || (*word && *word != '@'))
		line_free(&line);
	free(text);
}

static void check_line(const char *text)
{
	struct orc_error err;
	struct line_end end;
	struct line line;
	size_t i;

	if (strlen(text) > LINE_LENGTH_MAX || strchr(text, '\n'))
		abort();
	if (line_split(&line, text, &err) == 0)
		for (i = 0; i < line.count; i++) {
			check_word(line.words[i], 0);
			check_word(line.words[i], '\'');
			check_word(line.words[i], '"');
		}
	line_free(&line);
	line_split_open(&line, text, &end);
	if (end.start > strlen(text))
		abort();
	line_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t step = size > 0 ? (size_t)data[0] + 1 : 1;
	struct line_reader reader = { 0 };
	size_t done = size > 0, len;
	struct orc_error err;
	char *text, *room;
	int ret;

	for (;;) {
		while ((ret = line_reader_next(&reader, &text, &err)) != 0)
			if (ret > 0)
				check_line(text);
		if (reader.ended)
			break;
		room = line_reader_room(&reader, &len);
		len = len < step ? len : step;
		len = len < size - done ? len : size - done;
		memcpy(room, data + done, len);
		line_reader_add(&reader, len);
		done += len;
	}
	line_reader_free(&reader);
	return 0;
}
