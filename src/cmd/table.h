/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in aligned columns. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/io.h"

#define TABLE_COLUMNS 8

/* Zero-initialise, set columns; cells are copied. */
struct table {
	size_t columns;
	bool right[TABLE_COLUMNS]; /* numbers stand at the right of their column */
	char **cells;
	size_t count;
};

void table_add(struct table *table, const char *text);
/* Writes all rows, two blanks between columns and none at the end of a line. */
void table_print(const struct table *table, struct io *io);
void table_free(struct table *table);
#define cleanup_table cleanup(table_free)

/* Columns that a text takes on a terminal. */
size_t text_width(const char *text);

#endif
