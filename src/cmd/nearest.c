/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The word that a mistyped one was meant to be. */
#include "cmd/nearest.h"

#include <string.h>

#define WORD_MAX 63 /* no command or option is longer; what is longer is no slip of the finger */

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b)
{
	size_t row[3][WORD_MAX + 1];
	size_t *above2 = row[0], *above = row[1], *now = row[2];
	size_t a_len = strlen(a), b_len = strlen(b);
	size_t i, j;

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return a_len + b_len;
	for (j = 0; j <= b_len; j++)
		now[j] = j;
	for (i = 1; i <= a_len; i++) {
		size_t *recycled = above2;

		above2 = above;
		above = now;
		now = recycled;
		now[0] = i;
		for (j = 1; j <= b_len; j++) {
			size_t replace = above[j - 1] + (a[i - 1] != b[j - 1]);

			now[j] = min(replace, min(above[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = min(now[j], above2[j - 2] + 1);
		}
	}
	return now[b_len];
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t len = strlen(nearest->word);
	size_t distance = nearest_distance(nearest->word, candidate);

	/* A beginning of three letters or more is as good as one slip. */
	if (len >= 3 && strncmp(nearest->word, candidate, len) == 0)
		distance = min(distance, 1);
	if (distance > 1 + len / 4)
		return;
	if (nearest->best && distance >= nearest->distance)
		return;
	nearest->best = candidate;
	nearest->distance = distance;
}
