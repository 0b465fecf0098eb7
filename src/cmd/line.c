/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of commands: taken out of a stream of bytes, and split into words as a shell does. */
#include "cmd/line.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER_SIZE (LINE_LENGTH_MAX + 2) /* \r and \n, of which one becomes the NUL */

char *line_reader_room(struct line_reader *reader, size_t *size)
{
	if (!reader->buf)
		reader->buf = orc_must(malloc(BUFFER_SIZE + 1));
	if (reader->start > 0) {
		memmove(reader->buf, reader->buf + reader->start, reader->used - reader->start);
		reader->used -= reader->start;
		reader->start = 0;
	}
	/* Full, and line_reader_next() found no end in it. */
	if (reader->used == BUFFER_SIZE) {
		reader->skipping = true;
		reader->used = 0;
	}
	*size = BUFFER_SIZE - reader->used;
	return reader->buf + reader->used;
}

void line_reader_add(struct line_reader *reader, size_t len)
{
	reader->used += len;
	if (len == 0)
		reader->ended = true;
}

int line_reader_next(struct line_reader *reader, char **text, struct orc_error *err)
{
	size_t len = reader->used - reader->start;
	char *line, *end;

	if (!reader->buf)
		return 0;
	line = reader->buf + reader->start;
	end = memchr(line, '\n', len);
	if (end) {
		reader->start += (size_t)(end - line) + 1;
	} else {
		if (!reader->ended || (len == 0 && !reader->skipping))
			return 0;
		end = line + len;
		reader->start = reader->used;
	}
	len = (size_t)(end - line);
	if (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	if (reader->skipping || len > LINE_LENGTH_MAX) {
		reader->skipping = false;
		return orc_fail(err, ORC_EUSAGE, "a line of more than %d bytes is no command",
			LINE_LENGTH_MAX);
	}
	if (memchr(line, '\0', len))
		return orc_fail(err, ORC_EUSAGE, "a line with a NUL byte in it is no command");
	*text = line;
	return 1;
}

void line_reader_drop(struct line_reader *reader)
{
	reader->start = reader->used = 0;
	reader->skipping = false;
}

void line_reader_free(struct line_reader *reader)
{
	free(reader->buf);
	*reader = (struct line_reader){ 0 };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * One word from *text to *out, both moved on; *out gets a NUL. Returns the quote that is open at
 * the end of the text, or 0.
 */
static char take_word(const char **text, char **out)
{
	const char *p = *text;
	char *to = *out, quote = 0;

	for (; *p && (quote || !is_blank(*p)); p++) {
		if (quote ? *p == quote : *p == '\'' || *p == '"') {
			quote = quote ? 0 : *p;
			continue;
		}
		if (*p == '\\' && quote != '\'' && (!quote || (p[1] && strchr("\"\\$`", p[1])))) {
			if (!p[1]) {
				quote = '\\';
				p++;
				break;
			}
			p++;
		}
		*to++ = *p;
	}
	*to++ = '\0';
	*text = p;
	*out = to;
	return quote;
}

static void skip_blanks(const char **text)
{
	while (is_blank(**text))
		(*text)++;
}

/* Returns where the text stopped: at its end, or at a comment. */
static const char *split(struct line *line, const char *text, struct line_end *end)
{
	size_t len = strlen(text);
	const char *p = text;
	bool room = true; /* for a word at the end of the text */
	char *out;

	/* A word takes its letters and the blank behind it; one that is missing has an extra byte. */
	line->buf = out = orc_must(malloc(len + 3));
	line->words = orc_must(calloc(len / 2 + 3, sizeof(*line->words)));
	*end = (struct line_end){ .start = len };
	skip_blanks(&p);
	if (*p == '@') {
		line->id = out;
		for (p++; *p && !is_blank(*p); p++)
			*out++ = *p;
		*out++ = '\0';
		room = *p != '\0';
		skip_blanks(&p);
	}
	while (*p && *p != '#') {
		end->start = (size_t)(p - text);
		line->words[line->count++] = out;
		end->quote = take_word(&p, &out);
		room = *p != '\0';
		if (room)
			end->start = len;
		skip_blanks(&p);
	}
	if (room && !*p) {
		*out = '\0';
		line->words[line->count] = out; /* the empty word at the end, not counted */
	}
	return p;
}

int line_split(struct line *line, const char *text, struct orc_error *err)
{
	struct line_end end;

	*line = (struct line){ 0 };
	split(line, text, &end);
	line->words[line->count] = NULL;
	if (end.quote == '\\')
		return orc_fail(err, ORC_EUSAGE, "nothing follows the backslash");
	if (end.quote)
		return orc_fail(err, ORC_EUSAGE, "a quote is not closed: %c", end.quote);
	if (line->id && !*line->id)
		return orc_fail(err, ORC_EUSAGE, "no id follows @");
	return 0;
}

void line_split_open(struct line *line, const char *text, struct line_end *end)
{
	*line = (struct line){ 0 };
	if (*split(line, text, end) == '#') {
		line->words[0] = NULL;
		line->count = 0;
	} else if (line->words[line->count]) {
		line->count++;
	}
}

void line_free(struct line *line)
{
	free(line->words);
	free(line->buf);
	*line = (struct line){ 0 };
}

/* Whether c is taken for itself within quote. */
static bool is_plain(char c, char quote)
{
	if (quote == '\'')
		return c != '\'';
	if (quote == '"')
		return !strchr("\"\\$`", c);
	return !strchr(" \t'\"\\#", c);
}

void line_quote(char *buf, const char *text, char quote)
{
	char *to = buf + strlen(buf);

	for (; *text; text++) {
		if (quote == '\'' && *text == '\'') {
			memcpy(to, "'\\''", 4);
			to += 4;
			continue;
		}
		/* The backslash that is there already serves the first. */
		if (!is_plain(*text, quote) && quote != '\\')
			*to++ = '\\';
		if (quote == '\\')
			quote = 0;
		*to++ = *text;
	}
	*to = '\0';
}
