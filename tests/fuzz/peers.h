/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection: ours, to be read and closed by what is fuzzed, and the other end. */
#ifndef FUZZ_PEERS_H
#define FUZZ_PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct peers {
	int ours, other;
	bool left;
};

/* Two sockets take longer to be made than to be used: they are kept until the other end leaves. */
static int peers_kept[2] = { -1, -1 };

static inline void peers_drain(int fd)
{
	static uint8_t told[1 << 18];

	while (recv(fd, told, sizeof(told), MSG_DONTWAIT) > 0)
		;
}

static inline struct peers peers_new(void)
{
	struct peers peers;

	if (peers_kept[0] < 0 &&
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, peers_kept) < 0)
		abort();
	peers = (struct peers){ dup(peers_kept[0]), peers_kept[1], false };
	if (peers.ours < 0)
		abort();
	return peers;
}

/* The other end says this. */
static inline void peers_say(const struct peers *peers, const uint8_t *data, size_t size)
{
	if (size > 0 && send(peers->other, data, size, MSG_NOSIGNAL) < 0)
		abort();
}

/* And goes; without this it is silent from then on. */
static inline void peers_leave(struct peers *peers)
{
	shutdown(peers->other, SHUT_WR);
	peers->left = true;
}

static inline void peers_free(const struct peers *peers)
{
	if (peers->left) {
		close(peers_kept[0]);
		close(peers_kept[1]);
		peers_kept[0] = peers_kept[1] = -1;
		return;
	}
	peers_drain(peers_kept[0]);
	peers_drain(peers_kept[1]);
}

#endif
