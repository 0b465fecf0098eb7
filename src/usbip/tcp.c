/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connecting over TCP: the addresses of a host race, the socket is told to notice a dead link. */
#include "usbip/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "usbip/resolve.h"

/* RFC 8305, "connection attempt delay". */
#define ATTEMPT_MSEC 250
/* More addresses than that no host has; the rest is not tried. */
#define MAX_ATTEMPTS 8
/* Unacknowledged data makes the kernel give up then; a little more than keepalive's 2 + 4 s. */
#define USER_TIMEOUT_MSEC 7000

static void set_option(int fd, int level, int option, int value)
{
	/* A missing option costs time, not truth: nothing to report. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

static void tune(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 2);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
#endif
#ifdef TCP_USER_TIMEOUT
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MSEC);
#endif
}

/* The attempts under way; they race, the first to connect wins. */
struct race {
	struct addrinfo *order[MAX_ATTEMPTS];
	struct pollfd fds[MAX_ATTEMPTS];
	size_t count, started, running;
	uint16_t local_port; /* in network order; 0: any */
	int last_errno;
};

/* IPv6 and IPv4 take turns, each in the resolver's order, starting with its first. */
static void interleave(struct race *race, struct addrinfo *list)
{
	int wanted = list->ai_family;
	struct addrinfo *next[2] = { list, list };

	while (race->count < MAX_ATTEMPTS) {
		bool same = wanted == list->ai_family;
		struct addrinfo **p = &next[same ? 0 : 1];

		while (*p && ((*p)->ai_family == list->ai_family) != same)
			*p = (*p)->ai_next;
		if (*p) {
			race->order[race->count++] = *p;
			*p = (*p)->ai_next;
		} else if (!next[0] && !next[1]) {
			return;
		}
		wanted = same ? AF_UNSPEC : list->ai_family;
	}
}

static bool bind_to_port(int fd, int family, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = port };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = port };

	/* What is left of the earlier connection must not be in the way. */
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (family == AF_INET6)
		return bind(fd, (struct sockaddr *)&in6, sizeof(in6)) == 0;
	return bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0;
}

int usbip_tcp_start(const struct sockaddr *to, socklen_t len, uint16_t port)
{
	int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	tune(fd);
	if ((port == 0 || bind_to_port(fd, to->sa_family, port)) &&
		(connect(fd, to, len) == 0 || errno == EINPROGRESS))
		return fd;
	cleanup_close_fd(&fd);
	return -1;
}

static void start_one(struct race *race)
{
	const struct addrinfo *ai = race->order[race->started];
	struct pollfd *pfd = &race->fds[race->started++];
	int fd = -1;

	if (race->local_port)
		fd = usbip_tcp_start(ai->ai_addr, ai->ai_addrlen, race->local_port);
	if (fd < 0)
		fd = usbip_tcp_start(ai->ai_addr, ai->ai_addrlen, 0);
	*pfd = (struct pollfd){ .fd = fd, .events = POLLOUT };
	if (fd < 0)
		race->last_errno = errno;
	else
		race->running++;
}

/* The descriptor of an attempt that succeeded, or -1; failed ones are closed. */
static int collect(struct race *race)
{
	for (size_t i = 0; i < race->started; i++) {
		struct pollfd *pfd = &race->fds[i];
		int error = 0;
		socklen_t len = sizeof(error);

		if (pfd->fd < 0 || !pfd->revents)
			continue;
		if (getsockopt(pfd->fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0)
			return steal_fd(&pfd->fd);
		race->last_errno = error;
		close(steal_fd(&pfd->fd));
		race->running--;
	}
	return -1;
}

static int run_race(struct race *race, struct deadline deadline)
{
	int fd = -1;

	while (fd < 0) {
		struct deadline wait = deadline;

		while (race->started < race->count && race->running == 0)
			start_one(race);
		if (race->running == 0)
			break;
		if (race->started < race->count)
			wait = deadline_min(wait, deadline_after_msec(ATTEMPT_MSEC));
		if (poll(race->fds, (nfds_t)race->started, deadline_left_msec(wait)) < 0 &&
			errno != EINTR)
			race->last_errno = errno;
		fd = collect(race);
		if (fd >= 0)
			break;
		if (deadline_passed(deadline)) {
			race->last_errno = ETIMEDOUT;
			break;
		}
		if (race->started < race->count && deadline_passed(wait))
			start_one(race);
	}
	for (size_t i = 0; i < race->started; i++)
		if (race->fds[i].fd >= 0)
			close(race->fds[i].fd);
	return fd;
}

static const struct {
	int errnum;
	const char *why, *hint;
} connect_hints[] = {
	{ ECONNREFUSED, "nothing listens there", "is usbipd running on that host?" },
	{ ETIMEDOUT, "no answer", "is the host up, and does its firewall let the port through?" },
	{ EHOSTUNREACH, "no route to the host", "is it up, and on a network that is reachable?" },
	{ ENETUNREACH, "no route to its network", "is this machine connected?" },
};

static int cannot_connect(struct orc_error *err, const struct usbip_address *address, int errnum)
{
	struct usbip_address server = *address;
	char text[USBIP_ADDRESS_TEXT_SIZE];

	server.busid[0] = '\0';
	usbip_address_format(&server, text, sizeof(text));
	orc_fail_errno(err, ORC_ENOCAMERA, errnum);
	orc_what(err, "cannot connect to %.150s", text);
	for (size_t i = 0; err && i < ARRAY_LENGTH(connect_hints); i++) {
		if (connect_hints[i].errnum != errnum)
			continue;
		orc_fail(err, ORC_ENOCAMERA, "%s on port %s", connect_hints[i].why, address->port);
		err->errnum = errnum;
		orc_what(err, "cannot connect to %.150s", text);
		orc_hint(err, "%s", connect_hints[i].hint);
	}
	return ORC_ENOCAMERA;
}

int usbip_tcp_connect(int *fd, const struct usbip_address *address, uint16_t local_port,
	struct deadline deadline, struct orc_error *err)
{
	struct race race = { .last_errno = ETIMEDOUT, .local_port = htons(local_port) };
	struct addrinfo *list;
	int r;

	*fd = -1;
	r = usbip_resolve(address, deadline, &list, err);
	if (r < 0)
		return r;
	interleave(&race, list);
	*fd = run_race(&race, deadline);
	freeaddrinfo(list);
	return *fd >= 0 ? 0 : cannot_connect(err, address, race.last_errno);
}
