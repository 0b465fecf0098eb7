/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text of any bytes made UTF-8: cameras and file names hold any, JSON and XML take nothing else. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/*
 * A copy, for the caller to free, of max bytes at most: each byte that is no part of a whole UTF-8
 * sequence (RFC 3629: nothing overlong, no surrogates, nothing beyond U+10FFFF) is a question mark.
 */
char *utf8_clean(const char *text, size_t max);

/*
 * Control characters become question marks, in place: C0 but line feed and tab, DEL, and C1, bare or as
 * UTF-8. What is left cannot move a terminal's cursor, name its window or answer for its user.
 */
void utf8_disarm(char *text);

#endif
