/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in aligned columns. */
#include "cmd/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

size_t text_width(const char *text)
{
	wchar_t wide[256];
	size_t len;
	int width;

	/* Not in this locale's encoding, or too long to matter: a column a byte. */
	len = mbstowcs(wide, text, ARRAY_LENGTH(wide));
	if (len == (size_t)-1 || len >= ARRAY_LENGTH(wide))
		return strlen(text);
	width = wcswidth(wide, len);
	return width < 0 ? strlen(text) : (size_t)width;
}

/* What a camera says of itself is no order to the terminal. */
void table_add(struct table *table, const char *text)
{
	char *cell = orc_must(strdup(text ? text : ""));

	for (char *p = cell; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = '?';
	table->cells = orc_must(realloc(table->cells, (table->count + 1) * sizeof(*table->cells)));
	table->cells[table->count++] = cell;
}

void table_print(const struct table *table, struct io *io)
{
	size_t width[TABLE_COLUMNS] = { 0 };
	size_t i, column, own, pad;

	for (i = 0; i < table->count; i++) {
		own = text_width(table->cells[i]);
		if (own > width[i % table->columns])
			width[i % table->columns] = own;
	}
	for (i = 0; i < table->count; i++) {
		column = i % table->columns;
		pad = width[column] - text_width(table->cells[i]);
		if (table->right[column])
			io_printf(io, "%*s%s", (int)pad, "", table->cells[i]);
		else
			io_printf(io, "%s", table->cells[i]);
		if (column + 1 == table->columns)
			io_printf(io, "\n");
		else
			io_printf(io, "%*s", (int)(table->right[column] ? 2 : pad + 2), "");
	}
}

void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	*table = (struct table){ 0 };
}
