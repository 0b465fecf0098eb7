/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question to a device; inside this room. */
#ifndef V4L2_REQUEST_H
#define V4L2_REQUEST_H

#include <errno.h>
#include <sys/ioctl.h>

/* An ioctl's number has 32 bits; how it is passed: int is POSIX's way, and musl's. */
#ifdef __GLIBC__
#define IOCTL_NUMBER unsigned long
#else
#define IOCTL_NUMBER int
#endif

/* ioctl(), again where a signal came in between. */
static inline int v4l2_request(int fd, unsigned int number, void *data)
{
	int ret;

	do
		ret = ioctl(fd, (IOCTL_NUMBER)number, data);
	while (ret < 0 && errno == EINTR);
	return ret;
}

#endif
