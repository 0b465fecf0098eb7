/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256, for the journal's checksums. */
#ifndef SCHEDULE_SHA256_H
#define SCHEDULE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * FIPS 180-4. Own code: none of the libraries that opencamrc stands on has a hash, and sha256sum, by
 * which a user checks the pictures against the journal, is on every machine.
 */
#define SHA256_TEXT_SIZE 65 /* hexadecimal, and its NUL */

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;
	uint8_t block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t len);
/* Ends it; returns text. */
const char *sha256_text(struct sha256 *sha, char text[static SHA256_TEXT_SIZE]);
/* Of a whole file, from its start on; ORC_EFILE. */
int sha256_file(int cwd, const char *path, char text[static SHA256_TEXT_SIZE], uint64_t *size,
	struct orc_error *err) must_check;

#endif
