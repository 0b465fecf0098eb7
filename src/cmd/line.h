/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of commands: taken out of a stream of bytes, and split into words as a shell does. */
#ifndef CMD_LINE_H
#define CMD_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Bytes, without the end of the line: room for hundreds of file names; more is no command. */
#define LINE_LENGTH_MAX 65535

/*
 * Lines out of bytes, sans I/O: ask line_reader_next() until it returns 0; where the reader has not
 * ended, put bytes into line_reader_room() and tell line_reader_add() how many they are.
 * Zero-initialise; one line at a time is in memory.
 */
struct line_reader {
	char *buf;
	size_t start, used;
	bool skipping; /* through a line that is too long, to its end */
	bool ended;    /* there will be no more bytes */
};

/* Room for *size bytes, at least one; what line_reader_next() returned is gone. */
char *line_reader_room(struct line_reader *reader, size_t *size);
/* len bytes were put there; 0: there are no more. */
void line_reader_add(struct line_reader *reader, size_t len);
/*
 * 1 and a line, without its \n or \r\n, good until the next line_reader_room(); 0: it needs more
 * bytes, or has ended. ORC_EUSAGE: a line that is too long or holds a NUL was left out; go on. A
 * last line needs no end.
 */
int line_reader_next(struct line_reader *reader, char **text, struct orc_error *err) must_check;
/* Forgets what has come of a line; what was read behind it as well. */
void line_reader_drop(struct line_reader *reader);
void line_reader_free(struct line_reader *reader);

struct line {
	const char *id; /* of `@ID COMMAND…`; NULL: none */
	char **words;   /* ends with NULL */
	size_t count;
	char *buf; /* where id and words are */
};

/* The word at the end of a line that is still being written. */
struct line_end {
	size_t start; /* where it begins in the text; the text's length where none has begun */
	char quote;   /* what is open: ' or ", \ for a backslash with nothing behind it, or 0 */
};

/*
 * Blanks separate words. '…' is taken as it is; in "…" a backslash stands before " \ $ and `, and
 * elsewhere before anything. # begins a comment where a word could begin. Nothing is expanded. An
 * empty line has no words. ORC_EUSAGE: a quote is not closed, or nothing follows @; line has what
 * came before it all the same. line_free() in every case.
 */
int line_split(struct line *line, const char *text, struct orc_error *err) must_check;
/*
 * The same for text up to a cursor: the last word is the one under it, perhaps empty. No words: the
 * cursor is in the id, or in a comment.
 */
void line_split_open(struct line *line, const char *text, struct line_end *end);
void line_free(struct line *line);
/* Appends text to buf as it is to be written inside quote (as line_end has it); buf has room. */
#define LINE_QUOTE_GROWTH 4 /* bytes that one can become */
void line_quote(char *buf, const char *text, char quote);

#endif
