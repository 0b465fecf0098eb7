/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines come out of bytes whole, and split into words as a shell splits them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/line.h"

/* The words of a line joined by |, the id before them. */
static const char *joined(const struct line *line, char *buf, size_t size)
{
	size_t used = 0, i;

	buf[0] = '\0';
	if (line->id)
		used = (size_t)snprintf(buf, size, "@%s", line->id);
	for (i = 0; i < line->count; i++)
		used += (size_t)snprintf(buf + used, size - used, "|%s", line->words[i]);
	return buf;
}

static const struct {
	const char *text, *words;
	int ret;
} splits[] = {
	{ "", "", 0 },
	{ " \t ", "", 0 },
	{ "# comment", "", 0 },
	{ "info", "|info", 0 },
	{ "  info\t--json  ", "|info|--json", 0 },
	{ "info # what it is", "|info", 0 },
	{ "get a#b", "|get|a#b", 0 },
	{ "get '#'", "|get|#", 0 },
	{ "config artist='J. Doe'", "|config|artist=J. Doe", 0 },
	{ "config 'artist=\"x\\n\"'", "|config|artist=\"x\\n\"", 0 },
	{ "config \"a=\\\"b\\\" \\$c \\`d \\\\ \\n\"", "|config|a=\"b\" $c `d \\ \\n", 0 },
	{ "a\\ b \\'c\\\" \\\\", "|a b|'c\"|\\", 0 },
	{ "'it'\"'\"'s'", "|it's", 0 },
	{ "'' \"\" x''", "|||x", 0 },
	{ "config artist=Jürgen", "|config|artist=Jürgen", 0 },
	{ "*.JPG ~ $HOME", "|*.JPG|~|$HOME", 0 },
	{ "@7 info", "@7|info", 0 },
	{ " @a-b/c\tconfig get iso", "@a-b/c|config|get|iso", 0 },
	{ "@7", "@7", 0 },
	{ "@7 # only asks whether we are there", "@7", 0 },
	{ "info @7", "|info|@7", 0 },
	{ "@ info", "@|info", ORC_EUSAGE },
	{ "@7 config 'artist=x", "@7|config|artist=x", ORC_EUSAGE },
	{ "\"a", "|a", ORC_EUSAGE },
	{ "a\\", "|a", ORC_EUSAGE },
	{ "'a\\", "|a\\", ORC_EUSAGE },
};

static void words_are_split_as_a_shell_splits_them(void **state)
{
	struct orc_error err;
	char buf[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(splits); i++) {
		struct line line;

		assert_int_equal(line_split(&line, splits[i].text, &err), splits[i].ret);
		assert_string_equal(joined(&line, buf, sizeof(buf)), splits[i].words);
		assert_null(line.words[line.count]);
		line_free(&line);
	}
}

static const struct {
	const char *text, *words;
	size_t start;
	char quote;
} ends[] = {
	{ "", "|", 0, 0 },
	{ "con", "|con", 0, 0 },
	{ "config ", "|config|", 7, 0 },
	{ "config i", "|config|i", 7, 0 },
	{ "config 'a b", "|config|a b", 7, '\'' },
	{ "config \"a b", "|config|a b", 7, '"' },
	{ "get a\\", "|get|a", 4, '\\' },
	{ "get 'a b'", "|get|a b", 4, 0 },
	{ "@7 ", "@7|", 3, 0 },
	{ "@7", "@7", 2, 0 },
	{ "info # x", "", 8, 0 },
};

static void an_unfinished_line_ends_in_the_word_under_the_cursor(void **state)
{
	char buf[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(ends); i++) {
		struct line_end end;
		struct line line;

		line_split_open(&line, ends[i].text, &end);
		assert_string_equal(joined(&line, buf, sizeof(buf)), ends[i].words);
		assert_int_equal(end.start, ends[i].start);
		assert_int_equal(end.quote, ends[i].quote);
		line_free(&line);
	}
}

static void what_is_quoted_is_read_back(void **state)
{
	static const char text[] = "it's \"two\" \\ $x `y` #z\tä";
	static const char *const starts[] = { "", "'", "\"" };
	char buf[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(starts); i++) {
		struct orc_error err;
		struct line line;

		snprintf(buf, sizeof(buf), "%s", starts[i]);
		line_quote(buf, text, starts[i][0]);
		strcat(buf, starts[i]);
		assert_int_equal(line_split(&line, buf, &err), 0);
		assert_int_equal(line.count, 1);
		assert_string_equal(line.words[0], text);
		line_free(&line);
	}
}

/* Feeds len bytes, at most `step` at a time; the lines are joined by |, one left out is !. */
static void feed(const char *bytes, size_t len, size_t step, char *lines, size_t size)
{
	struct line_reader reader = { 0 };
	struct orc_error err;
	size_t used = 0, done = 0;
	char *text;
	int ret;

	lines[0] = '\0';
	for (;;) {
		char *room;
		size_t room_len;

		while ((ret = line_reader_next(&reader, &text, &err)) != 0)
			used += (size_t)snprintf(
				lines + used, size - used, "%.40s|", ret > 0 ? text : "!");
		if (reader.ended)
			break;
		room = line_reader_room(&reader, &room_len);
		assert_true(room_len > 0);
		room_len = room_len < step ? room_len : step;
		room_len = room_len < len - done ? room_len : len - done;
		memcpy(room, bytes + done, room_len);
		line_reader_add(&reader, room_len);
		done += room_len;
	}
	assert_int_equal(done, len);
	line_reader_free(&reader);
}

static void lines_come_whole_however_the_bytes_come(void **state)
{
	static const char bytes[] = "one\r\n\ntwo\nth\rree\r\n\0x\nlast";
	const char *const expected = "one||two|th\rree|!|last|";
	char lines[256];
	size_t step;

	(void)state;
	for (step = 1; step < sizeof(bytes); step++) {
		feed(bytes, sizeof(bytes) - 1, step, lines, sizeof(lines));
		assert_string_equal(lines, expected);
	}
	feed("", 0, 1, lines, sizeof(lines));
	assert_string_equal(lines, "");
}

static void a_line_too_long_is_left_out_and_the_next_one_read(void **state)
{
	static const struct {
		size_t len;
		const char *end, *lines;
	} cases[] = {
		{ LINE_LENGTH_MAX, "\nb\n", "x|b|" },
		{ LINE_LENGTH_MAX, "\r\nb\n", "x|b|" },
		{ LINE_LENGTH_MAX + 1, "\nb\n", "!|b|" },
		{ LINE_LENGTH_MAX + 2, "\nb\n", "!|b|" },
		{ LINE_LENGTH_MAX + 3, "\nb\n", "!|b|" },
		{ 3 * LINE_LENGTH_MAX, "\nb", "!|b|" },
		{ 3 * LINE_LENGTH_MAX, "", "!|" },
	};
	char *bytes = malloc(3 * LINE_LENGTH_MAX + 8), lines[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(cases); i++) {
		memset(bytes, ' ', cases[i].len);
		bytes[0] = 'x';
		strcpy(bytes + cases[i].len, cases[i].end);
		feed(bytes, cases[i].len + strlen(cases[i].end), 40000, lines, sizeof(lines));
		if (lines[0] == 'x') {
			/* Forty columns of it were taken. */
			assert_int_equal(lines[40], '|');
			lines[39] = 'x';
			memmove(lines, lines + 39, strlen(lines + 39) + 1);
		}
		assert_string_equal(lines, cases[i].lines);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_as_a_shell_splits_them),
		cmocka_unit_test(an_unfinished_line_ends_in_the_word_under_the_cursor),
		cmocka_unit_test(what_is_quoted_is_read_back),
		cmocka_unit_test(lines_come_whole_however_the_bytes_come),
		cmocka_unit_test(a_line_too_long_is_left_out_and_the_next_one_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
