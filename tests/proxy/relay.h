/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The relay of slow-link: takes bytes in on one side, and delivers them later on the other. */
#ifndef PROXY_RELAY_H
#define PROXY_RELAY_H

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "messages.h"

#define RELAY_MAX_PAIRS 64

enum { UP, DOWN, BOTH };

enum action { ACTION_NONE, ACTION_CUT, ACTION_STALL, ACTION_SHUTDOWN };

struct trigger {
	enum action action;     /* NONE: not set */
	uint64_t count;         /* bytes or messages */
	int way;                /* of bytes: UP, DOWN, BOTH */
	enum message_kind kind; /* MESSAGE_KINDS: bytes are counted */
	bool fired;
};

#define MAX_TRIGGERS 4

struct tally {
	uint64_t bytes[2];
	uint64_t messages[MESSAGE_KINDS];
};

struct pair; /* a client's connection and its twin to the server */

struct proxy {
	int listener;
	struct sockaddr_storage to;
	socklen_t to_len;
	nsec_t delay_nsec;
	uint64_t rate; /* bits a second; 0: any */
	struct trigger triggers[MAX_TRIGGERS];
	size_t trigger_count;
	bool every, stalled;
	struct pair *pairs;
	size_t pair_count;
	struct tally tally;
	uint64_t delivered[2], connections;
};

/* Zero-initialised, with a listener, where to connect to, and what the options ask for. */

/* Takes a client, if one is there. */
void relay_accept(struct proxy *proxy);
/* Cuts every connection, at once. */
void relay_cut_all(struct proxy *proxy);
/* Delivers what is due, and lets go of connections that are done. */
void relay_deliver(struct proxy *proxy);
/* What to wait for: two entries a pair, their number returned; and when the next bytes are due. */
size_t relay_fill_polls(const struct proxy *proxy, struct pollfd *polls, struct deadline *wake);
/* Takes in what poll() found, in the entries as they were filled. */
void relay_take_in(struct proxy *proxy, const struct pollfd *polls);
void relay_free(struct proxy *proxy);

/* A line on stdout, for a test that waits for it. */
void say(const char *line);
_Noreturn void die(const char *what, const char *why);

#endif
