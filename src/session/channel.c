/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages, and descriptors along with them, over a Unix socket. */
#include "session/channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char buf[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
};

static void close_descriptors(struct channel *channel)
{
	size_t i;

	for (i = 0; i < channel->fd_count; i++)
		if (channel->fds[i] >= 0)
			close(channel->fds[i]);
	channel->fd_count = 0;
}

void channel_close(struct channel *channel)
{
	close_descriptors(channel);
	if (channel->fd >= 0)
		close(channel->fd);
	free(channel->buf);
	*channel = (struct channel){ .fd = -1 };
}

static void attach_descriptors(
	struct msghdr *header, union control *control, const int *fds, size_t count)
{
	struct cmsghdr *part;

	memset(control, 0, sizeof(*control));
	header->msg_control = control->buf;
	header->msg_controllen = CMSG_SPACE(count * sizeof(int));
	part = CMSG_FIRSTHDR(header);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(part), fds, count * sizeof(int));
}

static int fail_send(struct orc_error *err)
{
	int errnum = errno;

	orc_fail_errno(err, errnum == EBADF ? ORC_EREFUSED : ORC_ELOST, errnum);
	return orc_what(err,
		errnum == EBADF ? "cannot hand over a descriptor"
				: "cannot speak to the process that holds the camera");
}

int channel_send(struct channel *channel, const struct message *message, const int *fds,
	size_t count, bool now, struct orc_error *err)
{
	cleanup_free uint8_t *data = NULL;
	union control control;
	size_t len, sent = 0;
	ssize_t n;

	if (message_build(message, &data, &len) < 0)
		return orc_fail(err, ORC_EUSAGE, "arguments and environment are longer than %u MiB",
			MESSAGE_MAX_LEN >> 20);
	while (sent < len) {
		struct iovec iov = { .iov_base = data + sent, .iov_len = len - sent };
		struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };

		if (sent == 0 && count > 0)
			attach_descriptors(&header, &control, fds, count);
		n = sendmsg(channel->fd, &header, MSG_NOSIGNAL | (now ? MSG_DONTWAIT : 0));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_send(err);
		sent += (size_t)n;
	}
	return 0;
}

static void take_descriptors(struct channel *channel, struct msghdr *header)
{
	struct cmsghdr *part;
	int fd;
	size_t i, count;

	for (part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < count; i++) {
			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
			if (channel->fd_count < MESSAGE_FDS)
				channel->fds[channel->fd_count++] = fd;
			else
				close(fd);
		}
	}
}

/* Reads until `wanted` bytes are there. */
static int fill(struct channel *channel, size_t wanted)
{
	union control control;
	ssize_t n;

	if (channel->size < wanted) {
		channel->buf = orc_must(realloc(channel->buf, wanted));
		channel->size = wanted;
	}
	while (channel->len < wanted) {
		struct iovec iov = { channel->buf + channel->len, wanted - channel->len };
		struct msghdr header = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control.buf,
			.msg_controllen = sizeof(control.buf),
		};

		n = recvmsg(channel->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return ORC_EAGAIN;
		if (n <= 0)
			return ORC_ELOST;
		take_descriptors(channel, &header);
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
