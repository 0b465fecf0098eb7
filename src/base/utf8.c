/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text of any bytes made UTF-8. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

/* Bytes of the UTF-8 sequence at p, or 0; no surrogates, nothing beyond U+10FFFF, nothing overlong. */
static size_t utf8_len(const unsigned char *p)
{
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] < 0xe0)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] < 0xf5)
		len = 4;
	else
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90))
		return 0;
	return len;
}

char *utf8_clean(const char *text, size_t max)
{
	size_t size = strnlen(text, max), done = 0, len;
	char *copy = orc_must(strndup(text, size));

	while (done < size) {
		len = utf8_len((const unsigned char *)copy + done);
		if (len == 0) {
			copy[done] = '?';
			len = 1;
		}
		done += len;
	}
	return copy;
}

void utf8_disarm(char *text)
{
	unsigned char *p = (unsigned char *)text;
	size_t len;

	for (; *p; p += len) {
		len = utf8_len(p);
		if (len == 2 && p[0] == 0xc2 && p[1] < 0xa0)
			p[0] = p[1] = '?';
		else if (len == 1 &&
			((p[0] < 0x20 && p[0] != '\n' && p[0] != '\t') || p[0] == 0x7f))
			p[0] = '?';
		else if (len == 0 && p[0] < 0xa0)
			p[0] = '?';
		/* Another byte is a letter of another character set. */
		if (len == 0)
			len = 1;
	}
}
