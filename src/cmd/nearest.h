/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The word that a mistyped one was meant to be. */
#ifndef CMD_NEAREST_H
#define CMD_NEAREST_H

#include <stddef.h>

/* A search for the word nearest to `word`; zero-initialise the rest. */
struct nearest {
	const char *word;
	const char *best; /* NULL: nothing comes near */
	size_t distance;  /* of best */
};

/* Looks at one candidate; the pointer is kept. */
void nearest_try(struct nearest *nearest, const char *candidate);
/* Insertions, deletions, replacements and swaps of neighbours between two words. */
size_t nearest_distance(const char *a, const char *b);

#endif
