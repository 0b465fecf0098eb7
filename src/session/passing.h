/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that go along with bytes over a Unix socket. */
#ifndef SESSION_PASSING_H
#define SESSION_PASSING_H

#include "session/message.h"

#include <sys/socket.h>

/* Room for the most descriptors that go at once; as it is declared, nothing need be set. */
union passing {
	struct cmsghdr header;
	char buf[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
};

/* `count` of them, at most MESSAGE_FDS, go with what the header sends; none is no error. */
void passing_put(
	struct msghdr *header, union passing *passing, const int *descriptors, size_t count);

/*
 * Those that came with what the header received, at most `max`, in the order in which they were
 * sent: the caller's from now on. Returns how many; what is more than that is closed.
 */
size_t passing_take(struct msghdr *header, int *descriptors, size_t max);

#endif
