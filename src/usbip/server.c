/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A USB/IP server: listens, and turns one poll() loop over its clients and its devices. */
#include "usbip/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "usbip/server-internal.h"

/* A client that vanished without a word is noticed after 5 s + 4 * 2 s. */
#define KEEPALIVE_IDLE_SEC     5
#define KEEPALIVE_INTERVAL_SEC 2
#define KEEPALIVE_PROBES       4
#define UNACKED_MSEC           13000
/* No descriptor left for a new client: how long until the next try. */
#define ACCEPT_AGAIN_MSEC 200

/* "ADDR:PORT" or "[ADDR]:PORT", taken apart in place; false if it is neither. */
static bool split_address(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = text;
	if (text[0] == '[') {
		if (colon == text || colon[-1] != ']')
			return false;
		colon[-1] = '\0';
		*host = text + 1;
	} else if (strchr(text, ':')) {
		return false;
	}
	return **host && **port && strspn(*port, "0123456789") == strlen(*port) &&
		strlen(*port) <= 5 && atoi(*port) <= 65535;
}

static int listen_at(const struct addrinfo *ai, struct orc_error *err)
{
	cleanup_close int fd = -1;
	int on = 1;

	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) < 0 || listen(fd, SOMAXCONN) < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	return steal_fd(&fd);
}

static void name_address(
	const struct sockaddr_storage *address, socklen_t len, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN + 16] = "?", port[8] = "?";

	getnameinfo((const struct sockaddr *)address, len, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

static int open_listener(
	struct usbip_server *server, const char *listen_text, struct orc_error *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	cleanup_free char *text = strdup(listen_text);
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	struct addrinfo *found;
	char *host, *port;
	int rc;

	if (!text)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	if (!split_address(text, &host, &port)) {
		orc_fail(err, ORC_EUSAGE, "not of the form ADDRESS:PORT");
		orc_what(err, "cannot listen on %s", listen_text);
		return orc_hint(err, "an IPv6 address stands in brackets; port 0 takes a free one");
	}
	rc = getaddrinfo(host, port, &hints, &found);
	if (rc != 0) {
		orc_fail(err, ORC_EUSAGE, "%s", gai_strerror(rc));
		orc_what(err, "cannot listen on %s", listen_text);
		return ORC_EUSAGE;
	}
	server->fd = listen_at(found, err);
	freeaddrinfo(found);
	if (server->fd < 0) {
		rc = server->fd;
		server->fd = -1;
		orc_what(err, "cannot listen on %s", listen_text);
		return rc;
	}
	memset(&bound, 0, sizeof(bound));
	getsockname(server->fd, (struct sockaddr *)&bound, &len);
	name_address(&bound, len, server->address, sizeof(server->address));
	return 0;
}

int usbip_server_new(struct usbip_server **server, const struct usbip_server_options *options,
	struct orc_error *err)
{
	struct usbip_server *made = calloc(1, sizeof(*made));
	int rc;

	if (!made)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	made->fd = -1;
	made->quiet = options->quiet;
	made->plain_list = options->plain_list;
	made->devices_end = &made->devices;
	rc = open_listener(made, options->listen, err);
	if (rc < 0) {
		usbip_server_destroy(made);
		return rc;
	}
	*server = made;
	return 0;
}

void usbip_server_destroy(struct usbip_server *server)
{
	struct usbip_connection *connection;

	if (!server)
		return;
	while ((connection = server->connections)) {
		server->connections = connection->next;
		server_connection_destroy(connection);
	}
	if (server->fd >= 0)
		close(server->fd);
	free(server);
}

const char *usbip_server_address(const struct usbip_server *server)
{
	return server->address;
}

void usbip_server_add(struct usbip_server *server, struct usb_device *device)
{
	device->next = NULL;
	*server->devices_end = device;
	server->devices_end = &device->next;
	server->device_count++;
}

struct usb_device *server_find(const struct usbip_server *server, const char *busid)
{
	struct usb_device *device;

	for (device = server->devices; device; device = device->next)
		if (!device->unplugged && strcmp(device->info.busid, busid) == 0)
			return device;
	return NULL;
}

bool server_is_imported(const struct usbip_server *server, const struct usb_device *device)
{
	const struct usbip_connection *connection;

	for (connection = server->connections; connection; connection = connection->next)
		if (connection->device == device)
			return true;
	return false;
}

static void tune(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_SEC },
		{ IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SEC },
		{ IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKED_MSEC },
	};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(options); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			sizeof(options[i].value));
}

static struct usbip_connection **connections_end(struct usbip_server *server)
{
	struct usbip_connection **end = &server->connections;

	while (*end)
		end = &(*end)->next;
	return end;
}

static void accept_one(struct usbip_server *server)
{
	struct usbip_connection *connection;
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char peer[sizeof(connection->peer)];
	int fd;

	memset(&from, 0, sizeof(from));
	fd = accept4(server->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			server->accept_again = deadline_after_msec(ACCEPT_AGAIN_MSEC);
		return;
	}
	name_address(&from, len, peer, sizeof(peer));
	if (server->connection_count >= SERVER_MAX_CONNECTIONS) {
		log_debug("%s: turned away: %d clients already", peer, SERVER_MAX_CONNECTIONS);
		close(fd);
		return;
	}
	tune(fd);
	connection = server_connection_new(server, fd, peer);
	if (!connection)
		return;
	/* Oldest first: that a client has left is seen before its next one asks. */
	*connections_end(server) = connection;
	server->connection_count++;
}

/* Who is unplugged, late, or done goes; only here, where no device is in the middle of a call. */
static void sweep(struct usbip_server *server)
{
	struct usbip_connection **at = &server->connections;
	struct usbip_connection *connection;

	while ((connection = *at)) {
		server_connection_flush(connection);
		if (connection->device && connection->device->unplugged)
			connection->dead = true;
		if (deadline_passed(connection->deadline))
			server_connection_cut(connection, "no request in time");
		if (!connection->dead) {
			at = &connection->next;
			continue;
		}
		*at = connection->next;
		server->connection_count--;
		server_connection_destroy(connection);
	}
}

static void run_devices(struct usbip_server *server)
{
	struct usb_device *device;

	for (device = server->devices; device; device = device->next) {
		if (!deadline_passed(device->wake_at))
			continue;
		/* Once for each time asked: a device that does not ask again stays asleep. */
		device->wake_at = deadline_never();
		if (device->ops->wake)
			device->ops->wake(device);
	}
}

/* The poll set, in this order: stop, listener, one a device, one a connection. */
static size_t fill_polls(
	const struct usbip_server *server, int stop_fd, struct pollfd *polls, struct deadline *wake)
{
	const struct usbip_connection *connection;
	const struct usb_device *device;
	bool may_accept = deadline_passed(server->accept_again);
	size_t n = 0;

	*wake = may_accept ? deadline_never() : server->accept_again;
	polls[n++] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
	polls[n++] = (struct pollfd){ .fd = may_accept ? server->fd : -1, .events = POLLIN };
	for (device = server->devices; device; device = device->next) {
		polls[n++] = (struct pollfd){ .fd = device->fd, .events = POLLIN };
		*wake = deadline_min(*wake, device->wake_at);
	}
	for (connection = server->connections; connection; connection = connection->next) {
		polls[n++] = (struct pollfd){
			.fd = connection->fd,
			.events = server_connection_events(connection),
		};
		*wake = deadline_min(*wake, connection->deadline);
	}
	return n;
}

/* Hands out what poll() found; true when it is time to stop. */
static bool dispatch(struct usbip_server *server, const struct pollfd *polls)
{
	struct usbip_connection *connection;
	struct usb_device *device;
	size_t n = 2;

	if (polls[0].revents)
		return true;
	for (device = server->devices; device; device = device->next)
		if (polls[n++].revents && device->ops->readable)
			device->ops->readable(device);
	for (connection = server->connections; connection; connection = connection->next, n++) {
		if (polls[n].revents & POLLIN)
			server_connection_readable(connection);
		else if (polls[n].revents & (POLLERR | POLLHUP))
			connection->dead = true;
	}
	if (polls[1].revents)
		accept_one(server);
	return false;
}

int usbip_server_run(struct usbip_server *server, int stop_fd, struct orc_error *err)
{
	cleanup_free struct pollfd *polls = NULL;

	polls = calloc(2 + server->device_count + SERVER_MAX_CONNECTIONS, sizeof(*polls));
	if (!polls)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	for (;;) {
		struct deadline wake;
		size_t n;

		run_devices(server);
		sweep(server);
		n = fill_polls(server, stop_fd, polls, &wake);
		if (poll(polls, (nfds_t)n, deadline_left_msec(wake)) < 0) {
			if (errno == EINTR)
				continue;
			orc_fail_errno(err, ORC_EREFUSED, errno);
			return orc_what(err, "cannot wait for clients");
		}
		if (dispatch(server, polls))
			return 0;
	}
}
