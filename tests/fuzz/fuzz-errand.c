/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what a process in a sandbox asks of its caller: nothing is done outside of what was named. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/grant.h"
#include "session/errand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path of plain names below `out/`, of which the last may have the dot of a temporary one. */
static void expect_inside(const char *path)
{
	const char *p;

	if (strncmp(path, "out/", 4) != 0)
		abort();
	for (p = path; *p; p++)
		if (p[0] == '/' && p[1] == '.' && (strchr(p + 1, '/') || p[2] == '.'))
			abort();
	if (strpbrk(path, "\n\r\033"))
		abort();
}

static void judge(const struct errand *errand)
{
	const struct grant grant = { .pattern = "out/%F/shot-%n.%C", .pictures = true };
	const struct files_request *file = &errand->file;

	/* The folder is none, so that nothing is fresh, and no more than names decides. */
	if (errand->kind != ERRAND_FILE || !grant_allows(&grant, -1, file))
		return;
	if (file->act == FILES_OPEN && file->flags & O_DIRECTORY)
		return;
	if (file->act == FILES_MKDIR || file->act == FILES_TIDY) {
		if (strcmp(file->path, "out") != 0 &&
			(file->act != FILES_TIDY || strcmp(file->path, ".") != 0))
			expect_inside(file->path);
		return;
	}
	expect_inside(file->path);
	if (file->to)
		expect_inside(file->to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)data, .iov_len = size };
	union {
		struct cmsghdr header;
		char buf[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_level = SOL_SOCKET,
			      .cmsg_type = SCM_RIGHTS,
			      .cmsg_len = CMSG_LEN(sizeof(int)) } };
	struct msghdr header = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	char buf[ERRAND_SIZE];
	struct errand errand;
	int ends[2], reply;

	if (size == 0 || size > ERRAND_SIZE ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return 0;
	memcpy(CMSG_DATA(&control.header), &ends[0], sizeof(int));
	if (sendmsg(ends[0], &header, MSG_DONTWAIT) == (ssize_t)size &&
		errand_take(ends[1], &errand, buf, &reply)) {
		judge(&errand);
		close(reply);
	}
	close(ends[0]);
	close(ends[1]);
	return 0;
}
