/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The relay of slow-link: takes bytes in on one side, and delivers them later on the other. */
#include "relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE   65536
#define PACKET_SIZE 1448 /* what a rate is portioned in */
/* Bytes under way in one direction: a network with a delay holds a lot, a slow one little. */
#define QUEUE_FAST (8 * 1024 * 1024)
#define QUEUE_SLOW (128 * 1024)

struct chunk {
	struct chunk *next;
	nsec_t due_nsec;
	size_t len, sent;
	enum action then; /* once it is delivered */
	uint8_t bytes[];
};

struct direction {
	int from, to;
	struct chunk *first, **end;
	size_t queued;
	nsec_t free_at_nsec; /* when the link has taken in what came before */
	bool read_ended, write_ended;
};

struct pair {
	struct pair *next;
	struct direction direction[2];
	struct messages messages;
	struct tally tally;
	bool stalled, dead;
};

/* The action that is due behind this byte or message, if any. */
static enum action trigger_pull(struct proxy *proxy, struct pair *pair, bool bytes_only)
{
	const struct tally *tally = proxy->every ? &pair->tally : &proxy->tally;
	size_t i;

	for (i = 0; i < proxy->trigger_count; i++) {
		struct trigger *trigger = &proxy->triggers[i];
		uint64_t have;

		if (bytes_only != (trigger->kind == MESSAGE_KINDS))
			continue;
		if (!bytes_only)
			have = tally->messages[trigger->kind];
		else if (trigger->way == BOTH)
			have = tally->bytes[UP] + tally->bytes[DOWN];
		else
			have = tally->bytes[trigger->way];
		if (have != trigger->count || (trigger->fired && !proxy->every))
			continue;
		trigger->fired = true;
		return trigger->action;
	}
	return ACTION_NONE;
}

/* Bytes until the next trigger that counts bytes of this way. */
static size_t bytes_to_trigger(
	const struct proxy *proxy, const struct pair *pair, int way, size_t len)
{
	const struct tally *tally = proxy->every ? &pair->tally : &proxy->tally;
	size_t i;

	for (i = 0; i < proxy->trigger_count; i++) {
		const struct trigger *trigger = &proxy->triggers[i];
		uint64_t have = tally->bytes[way];

		if (trigger->kind != MESSAGE_KINDS || (trigger->way != BOTH && trigger->way != way))
			continue;
		if (trigger->way == BOTH)
			have = tally->bytes[UP] + tally->bytes[DOWN];
		if (trigger->count > have && trigger->count - have < len)
			len = (size_t)(trigger->count - have);
	}
	return len;
}

static void enqueue(struct proxy *proxy, struct direction *direction, const uint8_t *bytes,
	size_t len, enum action then)
{
	struct chunk *chunk = malloc(sizeof(*chunk) + len);
	nsec_t now = clock_now_nsec();

	if (!chunk)
		die("cannot queue", "out of memory");
	if (direction->free_at_nsec < now)
		direction->free_at_nsec = now;
	if (proxy->rate)
		direction->free_at_nsec += (nsec_t)((uint64_t)len * 8 * NSEC_PER_SEC / proxy->rate);
	*chunk = (struct chunk){ .len = len, .then = then };
	chunk->due_nsec = direction->free_at_nsec + proxy->delay_nsec;
	if (len > 0)
		memcpy(chunk->bytes, bytes, len);
	*direction->end = chunk;
	direction->end = &chunk->next;
	direction->queued += len;
}

/* Cuts what came into pieces: at packets where there is a rate, and where something is due. */
static void take_in(
	struct proxy *proxy, struct pair *pair, int way, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		size_t n = proxy->rate && len > PACKET_SIZE ? PACKET_SIZE : len;
		enum action then = ACTION_NONE;
		bool ended[MESSAGE_KINDS];
		enum message_kind kind;

		n = bytes_to_trigger(proxy, pair, way, n);
		n = messages_pass(&pair->messages, way, bytes, n, ended);
		pair->tally.bytes[way] += n;
		proxy->tally.bytes[way] += n;
		for (kind = 0; kind < MESSAGE_KINDS; kind++) {
			if (!ended[kind])
				continue;
			pair->tally.messages[kind]++;
			proxy->tally.messages[kind]++;
			if (!then)
				then = trigger_pull(proxy, pair, false);
		}
		if (!then)
			then = trigger_pull(proxy, pair, true);
		enqueue(proxy, &pair->direction[way], bytes, n, then);
		bytes += n;
		len -= n;
	}
}

static bool wants_input(const struct proxy *proxy, const struct direction *direction)
{
	return !direction->read_ended &&
		direction->queued < (proxy->rate ? QUEUE_SLOW : QUEUE_FAST);
}

static void read_side(struct proxy *proxy, struct pair *pair, int way)
{
	struct direction *direction = &pair->direction[way];
	static uint8_t buf[READ_SIZE];
	ssize_t n = recv(direction->from, buf, sizeof(buf), MSG_DONTWAIT);

	if (n > 0) {
		take_in(proxy, pair, way, buf, (size_t)n);
	} else if (n == 0) {
		direction->read_ended = true;
		enqueue(proxy, direction, NULL, 0, ACTION_SHUTDOWN);
	} else if (errno != EAGAIN && errno != EINTR) {
		pair->dead = true;
	}
}

/* For a test that waits for it. */
static void tell(const char *what)
{
	puts(what);
	fflush(stdout);
}

static void act(struct pair *pair, struct direction *direction, enum action action)
{
	static const struct linger at_once = { .l_onoff = 1 };

	switch (action) {
	case ACTION_NONE:
		return;
	case ACTION_CUT:
		tell("cut");
		setsockopt(direction->from, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		setsockopt(direction->to, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		pair->dead = true;
		return;
	case ACTION_STALL:
		tell("stalled");
		pair->stalled = true;
		return;
	case ACTION_SHUTDOWN:
		shutdown(direction->to, SHUT_WR);
		direction->write_ended = true;
		pair->dead = pair->direction[UP].write_ended && pair->direction[DOWN].write_ended;
		return;
	}
}

static void deliver(struct proxy *proxy, struct pair *pair, int way)
{
	struct direction *direction = &pair->direction[way];
	struct chunk *chunk;

	while ((chunk = direction->first) && !pair->dead && !pair->stalled && !proxy->stalled) {
		enum action then;

		if (chunk->due_nsec > clock_now_nsec())
			return;
		while (chunk->sent < chunk->len) {
			ssize_t n = send(direction->to, chunk->bytes + chunk->sent,
				chunk->len - chunk->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

			if (n < 0 && errno == EINTR)
				continue;
			if (n < 0 && errno == EAGAIN)
				return;
			if (n < 0) {
				pair->dead = true;
				return;
			}
			chunk->sent += (size_t)n;
			direction->queued -= (size_t)n;
			proxy->delivered[way] += (uint64_t)n;
		}
		then = chunk->then;
		direction->first = chunk->next;
		if (!direction->first)
			direction->end = &direction->first;
		free(chunk);
		act(pair, direction, then);
	}
}

static void pair_free(struct pair *pair)
{
	int way;

	for (way = UP; way <= DOWN; way++) {
		struct chunk *chunk;

		while ((chunk = pair->direction[way].first)) {
			pair->direction[way].first = chunk->next;
			free(chunk);
		}
	}
	close(pair->direction[UP].from);
	close(pair->direction[UP].to);
	free(pair);
}

void relay_accept(struct proxy *proxy)
{
	int client = accept4(proxy->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct pair *pair;
	int server, on = 1;

	if (client < 0)
		return;
	server = socket(proxy->to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (server < 0 || proxy->pair_count >= RELAY_MAX_PAIRS ||
		(connect(server, (struct sockaddr *)&proxy->to, proxy->to_len) < 0 &&
			errno != EINPROGRESS)) {
		close(client);
		if (server >= 0)
			close(server);
		return;
	}
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	pair = calloc(1, sizeof(*pair));
	if (!pair)
		die("cannot accept", "out of memory");
	pair->direction[UP] = (struct direction){ .from = client, .to = server };
	pair->direction[DOWN] = (struct direction){ .from = server, .to = client };
	pair->direction[UP].end = &pair->direction[UP].first;
	pair->direction[DOWN].end = &pair->direction[DOWN].first;
	pair->next = proxy->pairs;
	proxy->pairs = pair;
	proxy->pair_count++;
	proxy->connections++;
}

static void sweep(struct proxy *proxy)
{
	struct pair **at = &proxy->pairs, *pair;

	while ((pair = *at)) {
		if (!pair->dead) {
			at = &pair->next;
			continue;
		}
		*at = pair->next;
		proxy->pair_count--;
		pair_free(pair);
	}
}

void relay_deliver(struct proxy *proxy)
{
	struct pair *pair;

	for (pair = proxy->pairs; pair; pair = pair->next) {
		deliver(proxy, pair, UP);
		deliver(proxy, pair, DOWN);
	}
	sweep(proxy);
}

void relay_cut_all(struct proxy *proxy)
{
	struct pair *pair;

	for (pair = proxy->pairs; pair; pair = pair->next)
		act(pair, &pair->direction[UP], ACTION_CUT);
	sweep(proxy);
}

static void fill_pair(const struct proxy *proxy, const struct pair *pair, struct pollfd polls[2],
	struct deadline *wake)
{
	int way;

	polls[0] = (struct pollfd){ .fd = pair->direction[UP].from };
	polls[1] = (struct pollfd){ .fd = pair->direction[UP].to };
	for (way = UP; way <= DOWN; way++) {
		const struct direction *direction = &pair->direction[way];

		if (wants_input(proxy, direction))
			polls[way].events |= POLLIN;
		if (!direction->first || pair->stalled || proxy->stalled)
			continue;
		/* Due, and not delivered: the receiver takes no more now. */
		if (direction->first->due_nsec <= clock_now_nsec())
			polls[!way].events |= POLLOUT;
		else
			*wake = deadline_min(
				*wake, (struct deadline){ direction->first->due_nsec });
	}
	/* A descriptor with nothing to wait for would still report a hang-up, again and again. */
	if (!polls[0].events)
		polls[0].fd = -1;
	if (!polls[1].events)
		polls[1].fd = -1;
}

size_t relay_fill_polls(const struct proxy *proxy, struct pollfd *polls, struct deadline *wake)
{
	const struct pair *pair;
	size_t n = 0;

	for (pair = proxy->pairs; pair; pair = pair->next, n += 2)
		fill_pair(proxy, pair, polls + n, wake);
	return n;
}

void relay_take_in(struct proxy *proxy, const struct pollfd *polls)
{
	struct pair *pair;
	int way;

	for (pair = proxy->pairs; pair; pair = pair->next, polls += 2)
		for (way = UP; way <= DOWN; way++)
			if (polls[way].revents & (POLLIN | POLLHUP | POLLERR))
				read_side(proxy, pair, way);
}

void relay_free(struct proxy *proxy)
{
	relay_cut_all(proxy);
	close(proxy->listener);
}
