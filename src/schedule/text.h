/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and XML as text, whatever the locale says. */
#ifndef SCHEDULE_TEXT_H
#define SCHEDULE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Reads a plain decimal ("-33.87", ".5", "8"), moves *text behind it. False: there is none. */
bool text_number(const char **text, double *value);

#define TEXT_FIXED_SIZE 48
/* value with so many decimals (0 to 9) and a point; held to ±1e15; NAN is 0. Returns buf. */
const char *text_fixed(double value, int decimals, char buf[static TEXT_FIXED_SIZE]);

/* Writes text with XML's five characters escaped, and '?' for what XML forbids: text is UTF-8. */
void text_xml(FILE *file, const char *text);

#endif
