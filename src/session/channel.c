/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages, and descriptors along with them, over a Unix socket. */
#include "session/channel.h"

#include "session/passing.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void close_descriptors(struct channel *channel)
{
	size_t i;

	for (i = 0; i < channel->fd_count; i++)
		if (channel->fds[i] >= 0)
			close(channel->fds[i]);
	channel->fd_count = 0;
	channel->short_of_fds = false;
}

void channel_close(struct channel *channel)
{
	close_descriptors(channel);
	if (channel->fd >= 0)
		close(channel->fd);
	free(channel->buf);
	*channel = (struct channel){ .fd = -1 };
}

static bool would_block(int errnum)
{
	return errnum == EAGAIN || errnum == EWOULDBLOCK;
}

/* False: it has not come to that before the deadline. */
static bool wait_writable(const struct channel *channel, struct deadline deadline)
{
	struct pollfd wait = { .fd = channel->fd, .events = POLLOUT };

	while (!deadline_passed(deadline))
		if (poll(&wait, 1, deadline_left_msec(deadline)) > 0)
			return true;
	return false;
}

static int fail_send(struct orc_error *err, int errnum)
{
	enum orc_err code = would_block(errnum) ? ORC_ETIMEOUT : ORC_ELOST;

	orc_fail_errno(err, errnum == EBADF ? ORC_EREFUSED : code, errnum);
	return orc_what(err,
		errnum == EBADF ? "cannot hand over a descriptor"
				: "cannot speak to the process that holds the camera");
}

int channel_send(struct channel *channel, const struct message *message, const int *fds,
	size_t count, struct deadline deadline, struct orc_error *err)
{
	cleanup_free uint8_t *data = NULL;
	union passing passing;
	size_t len, sent = 0;
	ssize_t n;
	int ret, errnum;

	ret = message_build(message, &data, &len);
	if (ret == ORC_ENOMEM)
		return orc_fail(err, ret, "out of memory");
	if (ret < 0)
		return orc_fail(err, ret, "arguments and environment are longer than %u MiB",
			MESSAGE_MAX_LEN >> 20);
	while (sent < len) {
		struct iovec iov = { .iov_base = data + sent, .iov_len = len - sent };
		struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };

		if (sent == 0)
			passing_put(&header, &passing, fds, count);
		n = sendmsg(channel->fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
		errnum = n < 0 ? errno : 0;
		if (errnum == EINTR || (would_block(errnum) && wait_writable(channel, deadline)))
			continue;
		if (errnum)
			return fail_send(err, errnum);
		sent += (size_t)n;
	}
	return 0;
}

/* Reads until `wanted` bytes are there. */
static int fill(struct channel *channel, size_t wanted)
{
	union passing passing;
	ssize_t n;

	if (channel->size < wanted) {
		uint8_t *buf = realloc(channel->buf, wanted);

		if (!buf)
			return ORC_ENOMEM;
		channel->buf = buf;
		channel->size = wanted;
	}
	while (channel->len < wanted) {
		struct iovec iov = { channel->buf + channel->len, wanted - channel->len };
		struct msghdr header = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = passing.buf,
			.msg_controllen = sizeof(passing.buf),
		};

		n = recvmsg(channel->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && would_block(errno))
			return ORC_EAGAIN;
		/* The other end is there still, and is to learn it. */
		if (n < 0 && (errno == ENOMEM || errno == ENOBUFS))
			return ORC_ENOMEM;
		if (n <= 0)
			return ORC_ELOST;
		if (header.msg_flags & MSG_CTRUNC)
			channel->short_of_fds = true;
		channel->fd_count += passing_take(
			&header, channel->fds + channel->fd_count, MESSAGE_FDS - channel->fd_count);
		channel->len += (size_t)n;
	}
	return 0;
}

int channel_receive(struct channel *channel, struct message *message)
{
	int ret;

	if (!channel->whole) {
		if (channel->len == 0)
			close_descriptors(channel);
		ret = fill(channel, MESSAGE_HEADER_LEN);
		if (ret == 0)
			ret = message_len(channel->buf, &channel->whole);
		if (ret < 0)
			return ret;
	}
	ret = fill(channel, channel->whole);
	if (ret < 0)
		return ret;
	ret = message_parse(message, channel->buf, channel->whole);
	channel->len = channel->whole = 0;
	return ret;
}

int channel_steal(struct channel *channel, size_t i)
{
	return i < channel->fd_count ? steal_fd(&channel->fds[i]) : -1;
}
