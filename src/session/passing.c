/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that go along with bytes over a Unix socket. */
#include "session/passing.h"

#include <string.h>
#include <unistd.h>

void passing_put(
	struct msghdr *header, union passing *passing, const int *descriptors, size_t count)
{
	struct cmsghdr *part;

	if (count == 0)
		return;
	memset(passing, 0, sizeof(*passing));
	header->msg_control = passing->buf;
	header->msg_controllen = CMSG_SPACE(count * sizeof(int));
	part = CMSG_FIRSTHDR(header);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(part), descriptors, count * sizeof(int));
}

size_t passing_take(struct msghdr *header, int *descriptors, size_t max)
{
	struct cmsghdr *part;
	size_t taken = 0, i, count;
	int fd;

	for (part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < count; i++) {
			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
			if (taken < max)
				descriptors[taken++] = fd;
			else
				close(fd);
		}
	}
	return taken;
}
