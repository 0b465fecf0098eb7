/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several commands print, line by line, each line with the name of its camera. */
#include "cmd/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd/json.h"

/* A line that is longer comes in parts; a camera's summary has some kilobytes. */
#define LINE_MAX_LEN (1u << 20)
#define READ_LEN     4096

/* A pipe, and what of a line has come out of it. */
struct source {
	const char *name;
	int fd; /* -1: at its end */
	bool out;
	char *line;
	size_t len, size;
};

struct relay {
	struct io *io;
	bool json;
	struct source *sources;
	size_t count;
	int stop; /* an eventfd */
	atomic_bool broken;
	pthread_mutex_t lock; /* one line at a time */
};

struct relay *relay_new(struct io *io, bool json)
{
	struct relay *relay = orc_must(calloc(1, sizeof(*relay)));

	relay->io = io;
	relay->json = json;
	relay->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&relay->lock, NULL);
	return relay;
}

void relay_destroy(struct relay *relay)
{
	size_t i;

	if (!relay)
		return;
	for (i = 0; i < relay->count; i++) {
		if (relay->sources[i].fd >= 0)
			close(relay->sources[i].fd);
		free(relay->sources[i].line);
	}
	free(relay->sources);
	if (relay->stop >= 0)
		close(relay->stop);
	pthread_mutex_destroy(&relay->lock);
	free(relay);
}

static int add(struct relay *relay, const char *name, bool out, int *end, struct orc_error *err)
{
	int ends[2];

	if (relay->stop < 0 || pipe2(ends, O_CLOEXEC) < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "cannot make a pipe");
	}
	/* Our end alone: whoever writes may have to wait. */
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	relay->sources =
		orc_must(reallocarray(relay->sources, relay->count + 1, sizeof(*relay->sources)));
	relay->sources[relay->count++] = (struct source){ .name = name, .fd = ends[0], .out = out };
	*end = ends[1];
	return 0;
}

int relay_add(struct relay *relay, const char *name, int *out, int *err_fd, struct orc_error *err)
{
	int ret = add(relay, name, true, out, err);

	if (ret < 0)
		return ret;
	ret = add(relay, name, false, err_fd, err);
	if (ret < 0)
		close(*out);
	return ret;
}

/* With "camera" before its own keys, and in place of one of that name; false: it is no object. */
static bool print_object(struct relay *relay, const struct source *source)
{
	cleanup_json struct json_object *object = NULL, *named = NULL;

	if (source->line[0] != '{')
		return false;
	object = json_tokener_parse(source->line);
	if (!json_object_is_type(object, json_type_object))
		return false;
	named = json_new();
	json_put_string(named, "camera", source->name);
	json_object_object_foreach(object, key, value)
	{
		if (strcmp(key, "camera") != 0)
			json_object_object_add(named, key, json_object_get(value));
	}
	json_print(relay->io, named);
	return true;
}

static void print_line(struct relay *relay, struct source *source)
{
	struct io *io = relay->io;

	source->line[source->len] = '\0';
	pthread_mutex_lock(&relay->lock);
	if (!source->out)
		io_complain(io, "%s: %s\n", source->name, source->line);
	else if (!relay->json || !print_object(relay, source))
		io_printf(io, "%s: %s\n", source->name, source->line);
	if (io->out_errnum)
		relay->broken = true;
	pthread_mutex_unlock(&relay->lock);
	source->len = 0;
}

static void take(struct relay *relay, struct source *source, const char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (source->len + 1 >= source->size) {
			source->size = source->size ? 2 * source->size : 256;
			source->line = orc_must(realloc(source->line, source->size));
		}
		if (buf[i] != '\n')
			source->line[source->len++] = buf[i];
		if (buf[i] == '\n' || source->len >= LINE_MAX_LEN)
			print_line(relay, source);
	}
}

/* All that is there now. */
static void drain(struct relay *relay, struct source *source)
{
	char buf[READ_LEN];
	ssize_t len;

	while (source->fd >= 0) {
		len = read(source->fd, buf, sizeof(buf));
		if (len > 0) {
			take(relay, source, buf, (size_t)len);
			continue;
		}
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN)
			return;
		close(source->fd);
		source->fd = -1;
	}
}

void relay_run(struct relay *relay)
{
	struct pollfd *fds = orc_must(calloc(relay->count + 1, sizeof(*fds)));
	bool stopped = false;
	size_t i;

	while (!stopped) {
		for (i = 0; i < relay->count; i++)
			/* -1 is passed over. */
			fds[i] = (struct pollfd){ .fd = relay->sources[i].fd, .events = POLLIN };
		fds[i] = (struct pollfd){ .fd = relay->stop, .events = POLLIN };
		if (poll(fds, (nfds_t)relay->count + 1, -1) < 0)
			continue;
		/* What was written before the end is there by now. */
		stopped = fds[relay->count].revents != 0;
		for (i = 0; i < relay->count; i++)
			drain(relay, &relay->sources[i]);
	}
	for (i = 0; i < relay->count; i++)
		if (relay->sources[i].len > 0)
			print_line(relay, &relay->sources[i]);
	free(fds);
}

void relay_stop(struct relay *relay)
{
	const uint64_t one = 1;

	if (write(relay->stop, &one, sizeof(one)) < 0)
		return; /* it is full: stopped already */
}

bool relay_is_broken(struct relay *relay)
{
	return relay->broken;
}

void relay_say(struct relay *relay, bool out, const char *format, ...)
{
	cleanup_free char *text = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		orc_must(text = NULL);
	va_end(ap);
	pthread_mutex_lock(&relay->lock);
	if (out)
		io_printf(relay->io, "%s\n", text);
	else
		io_note(relay->io, "%s\n", text);
	pthread_mutex_unlock(&relay->lock);
}
