/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an owner and its callers say to each other, as bytes; no I/O. */
#ifndef SESSION_MESSAGE_H
#define SESSION_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A message is a header of eight bytes, type and length of what follows (both 32 bits, big-endian),
 * and that: numbers of 32 bits first, then texts, each ended by a NUL. Both ends are of the same
 * program, which the first text of a call makes sure of.
 *
 *              from      numbers                texts
 *     CALL     caller    umask (*), argc, envc  version, the camera's key, arguments, environment
 *     SIGNAL   caller    number
 *     READY    owner                            all is done but the release of the shutter
 *     GO       caller    when, in two halves    CLOCK_MONOTONIC, nanoseconds
 *     RELEASED owner     when, in two halves    the last release of the shutter, likewise
 *     STARTED  owner     its process
 *     MOVED    owner                            key: ask the owner of that one
 *     REFUSED  owner                            why
 *     EXIT     owner     exit status            the error's line; empty: none
 *     EXHAUSTED owner                           out of memory: the call is not, or no longer, run
 *     ADMITTED owner                            the caller is let in: the first thing that is said
 *
 * (*) and MESSAGE_CALL_SEVERAL: the caller has other cameras do the same, and waits for a READY;
 * MESSAGE_CALL_SANDBOX: it wants an owner that is in one, or none; MESSAGE_CALL_LINE: it is a shell.
 *
 * Along with the first byte of a CALL go five descriptors (SCM_RIGHTS): stdin, stdout, stderr, the
 * working directory, and one that errands come out of (errand.h). A caller sends the first CALL once it is
 * ADMITTED, for an owner that is stopped would keep those open, and the next when it has the last one's EXIT; closing its side says that there is none, and the owner answers that by
 * closing, once the camera is closed where nobody else wants it. Closing it earlier cancels the command.
 */
enum message_type {
	MESSAGE_CALL = 1,
	MESSAGE_SIGNAL,
	MESSAGE_READY,
	MESSAGE_GO,
	MESSAGE_STARTED,
	MESSAGE_MOVED,
	MESSAGE_REFUSED,
	MESSAGE_EXIT,
	MESSAGE_RELEASED,
	MESSAGE_EXHAUSTED,
	MESSAGE_ADMITTED,
};

#define MESSAGE_HEADER_LEN 8
/* The kernel takes no more than this for arguments and environment by default. */
#define MESSAGE_MAX_LEN      (2u << 20)
#define MESSAGE_FDS          5
#define MESSAGE_NUMBERS      3
#define MESSAGE_CALL_SEVERAL (UINT32_C(1) << 16)
#define MESSAGE_CALL_SANDBOX (UINT32_C(1) << 17)
#define MESSAGE_CALL_LINE    (UINT32_C(1) << 18)

struct message {
	enum message_type type;
	uint32_t numbers[MESSAGE_NUMBERS];
	const char **texts; /* on the heap; point into what was parsed, or to the caller's */
	size_t text_count;
};

void message_free(struct message *message);

/* How many bytes a message has by its header: ORC_EPROTO for a type or a length that cannot be. */
int message_len(const uint8_t header[MESSAGE_HEADER_LEN], size_t *len) must_check;
/*
 * A whole message. ORC_EPROTO where it is not one, ORC_ENOMEM: then nothing is to be freed. The counts of
 * a CALL are checked: they add up to the texts.
 */
int message_parse(struct message *message, const uint8_t *data, size_t len) must_check;
/* Of a GO or a RELEASED: nanoseconds, and its two halves. */
int64_t message_time(const struct message *message);
void message_put_time(struct message *message, int64_t nsec);
/* Of a message without numbers and texts this is all; it allocates nothing. */
void message_put_header(uint8_t header[MESSAGE_HEADER_LEN], enum message_type type, size_t rest);
/* On the heap, *len bytes. ORC_EUSAGE: longer than MESSAGE_MAX_LEN; ORC_ENOMEM. */
int message_build(const struct message *message, uint8_t **data, size_t *len) must_check;

#endif
