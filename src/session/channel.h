/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages, and descriptors along with them, over a Unix socket. */
#ifndef SESSION_CHANNEL_H
#define SESSION_CHANNEL_H

#include "base/clock.h"
#include "session/message.h"

/* Zero-initialise with the socket's descriptor, which belongs to the channel from then on. */
struct channel {
	int fd;
	uint8_t *buf;
	size_t len, size, whole; /* bytes there, room, of the message that is coming */
	int fds[MESSAGE_FDS];    /* that came; fd_count of them */
	size_t fd_count;
	bool short_of_fds; /* this process may have no more: not all that came could be taken */
};

void channel_close(struct channel *channel);

/*
 * Sends it, with `count` descriptors, which stay the caller's. Waits while the other end does not
 * read, until the deadline: then ORC_ETIMEOUT, and the channel is of no more use. ORC_ELOST: the other end
 * is gone; ORC_EUSAGE: too long; ORC_EREFUSED: a descriptor is none; ORC_ENOMEM.
 */
int channel_send(struct channel *channel, const struct message *message, const int *fds,
	size_t count, struct deadline deadline, struct orc_error *err) must_check;

/*
 * Takes what has come, without waiting: 0 with a message that is good until the next call, to be
 * freed; ORC_EAGAIN; ORC_ELOST at the end; ORC_EPROTO for what is no message; ORC_ENOMEM.
 */
int channel_receive(struct channel *channel, struct message *message) must_check;
/* Descriptor i that came last, which is the caller's from now on; -1: there is none. */
int channel_steal(struct channel *channel, size_t i);

#endif
