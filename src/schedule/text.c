/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and XML as text, whatever the locale says. */
#include "schedule/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define DIGITS_MAX 15 /* what a double holds */
#define FIXED_MAX  1e15

bool text_number(const char **text, double *value)
{
	const char *p = *text;
	bool negative = *p == '-';
	double unit = 1;
	int digits = 0;

	if (*p == '-' || *p == '+')
		p++;
	*value = 0;
	for (; *p >= '0' && *p <= '9'; p++, digits++)
		*value = *value * 10 + (*p - '0');
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, digits++) {
			*value = *value * 10 + (*p - '0');
			unit *= 10;
		}
	if (digits == 0 || digits > DIGITS_MAX)
		return false;
	*value = (negative ? -*value : *value) / unit;
	*text = p;
	return true;
}

const char *text_fixed(double value, int decimals, char buf[static TEXT_FIXED_SIZE])
{
	int64_t unit = 1, whole, part;
	int i;

	for (i = 0; i < decimals; i++)
		unit *= 10;
	if (isnan(value))
		value = 0;
	value = fmax(-FIXED_MAX, fmin(FIXED_MAX, value));
	whole = (int64_t)fabs(value);
	part = llround((fabs(value) - (double)whole) * (double)unit);
	if (part >= unit) {
		part -= unit;
		whole++;
	}
	snprintf(
		buf, TEXT_FIXED_SIZE, "%s%" PRId64, value < 0 && (whole || part) ? "-" : "", whole);
	if (decimals > 0)
		snprintf(buf + strlen(buf), TEXT_FIXED_SIZE - strlen(buf), ".%0*" PRId64, decimals,
			part);
	return buf;
}

void text_xml(FILE *file, const char *text)
{
	static const struct {
		char character;
		const char *entity;
	} escapes[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
		{ '\'', "&apos;" },
	};
	size_t i;

	for (; *text; text++) {
		for (i = 0; i < ARRAY_LENGTH(escapes); i++)
			if (*text == escapes[i].character)
				break;
		if (i < ARRAY_LENGTH(escapes))
			fputs(escapes[i].entity, file);
		else if ((unsigned char)*text < 0x20 && *text != '\n' && *text != '\t')
			fputc('?', file);
		else if (strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
			strncmp(text, "\xef\xbf\xbf", 3) == 0) {
			fputc('?', file);
			text += 2;
		} else {
			fputc(*text, file);
		}
	}
}
