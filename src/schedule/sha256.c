/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256, for the journal's checksums. */
#include "schedule/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/files.h"

#define BLOCK 64

/* FIPS 180-4, 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
	0x428a2f98,
	0x71374491,
	0xb5c0fbcf,
	0xe9b5dba5,
	0x3956c25b,
	0x59f111f1,
	0x923f82a4,
	0xab1c5ed5,
	0xd807aa98,
	0x12835b01,
	0x243185be,
	0x550c7dc3,
	0x72be5d74,
	0x80deb1fe,
	0x9bdc06a7,
	0xc19bf174,
	0xe49b69c1,
	0xefbe4786,
	0x0fc19dc6,
	0x240ca1cc,
	0x2de92c6f,
	0x4a7484aa,
	0x5cb0a9dc,
	0x76f988da,
	0x983e5152,
	0xa831c66d,
	0xb00327c8,
	0xbf597fc7,
	0xc6e00bf3,
	0xd5a79147,
	0x06ca6351,
	0x14292967,
	0x27b70a85,
	0x2e1b2138,
	0x4d2c6dfc,
	0x53380d13,
	0x650a7354,
	0x766a0abb,
	0x81c2c92e,
	0x92722c85,
	0xa2bfe8a1,
	0xa81a664b,
	0xc24b8b70,
	0xc76c51a3,
	0xd192e819,
	0xd6990624,
	0xf40e3585,
	0x106aa070,
	0x19a4c116,
	0x1e376c08,
	0x2748774c,
	0x34b0bcb5,
	0x391c0cb3,
	0x4ed8aa4a,
	0x5b9cca4f,
	0x682e6ff3,
	0x748f82ee,
	0x78a5636f,
	0x84c87814,
	0x8cc70208,
	0x90befffa,
	0xa4506ceb,
	0xbef9a3f7,
	0xc67178f2,
};

static inline uint32_t rotate(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

static void add_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], s[8];
	unsigned i;

	for (i = 0; i < 16; i++)
		w[i] = get_be32(block + i * 4);
	for (; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
			(rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
			(rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(s, state, sizeof(s));
	for (i = 0; i < 64; i++) {
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		uint32_t first = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
			choice + constants[i] + w[i];
		uint32_t second =
			(rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + majority;

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += first;
		s[0] = first + second;
	}
	for (i = 0; i < 8; i++)
		state[i] += s[i];
}

void sha256_init(struct sha256 *sha)
{
	/* 5.3.3: the same of the square roots of the first eight. */
	static const uint32_t initial[8] = {
		0x6a09e667,
		0xbb67ae85,
		0x3c6ef372,
		0xa54ff53a,
		0x510e527f,
		0x9b05688c,
		0x1f83d9ab,
		0x5be0cd19,
	};

	*sha = (struct sha256){ 0 };
	memcpy(sha->state, initial, sizeof(initial));
}

void sha256_add(struct sha256 *sha, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len > 0) {
		size_t used = (size_t)(sha->bytes % BLOCK);
		size_t part = BLOCK - used < len ? BLOCK - used : len;

		if (used == 0 && part == BLOCK) {
			add_block(sha->state, p);
		} else {
			memcpy(sha->block + used, p, part);
			if (used + part == BLOCK)
				add_block(sha->state, sha->block);
		}
		sha->bytes += part;
		p += part;
		len -= part;
	}
}

const char *sha256_text(struct sha256 *sha, char text[static SHA256_TEXT_SIZE])
{
	static const uint8_t padding[BLOCK] = { 0x80 };
	uint64_t bits = sha->bytes * 8;
	size_t used = (size_t)(sha->bytes % BLOCK), i;
	uint8_t length[8];

	put_be32(length, (uint32_t)(bits >> 32));
	put_be32(length + 4, (uint32_t)bits);
	sha256_add(sha, padding, (used < BLOCK - 8 ? BLOCK - 8 : 2 * BLOCK - 8) - used);
	sha256_add(sha, length, sizeof(length));
	for (i = 0; i < 8; i++)
		snprintf(text + i * 8, 9, "%08x", (unsigned)sha->state[i]);
	return text;
}

int sha256_file(int cwd, const char *path, char text[static SHA256_TEXT_SIZE], uint64_t *size,
	struct orc_error *err)
{
	cleanup_close int fd = files_open(cwd, path, O_RDONLY | O_CLOEXEC, 0);
	struct sha256 sha;
	uint8_t buf[65536];
	ssize_t got = -1;

	sha256_init(&sha);
	while (fd >= 0 && (got = read(fd, buf, sizeof(buf))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		sha256_add(&sha, buf, (size_t)got);
	}
	if (got < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot read %s", path);
	}
	if (size)
		*size = sha.bytes;
	sha256_text(&sha, text);
	return 0;
}
