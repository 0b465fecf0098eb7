/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages and descriptors over a socket: in pieces, too many, and after the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/channel.h"

static size_t open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void connect_both(struct channel *a, struct channel *b)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	*a = (struct channel){ .fd = ends[0] };
	*b = (struct channel){ .fd = ends[1] };
}

static const char *texts[] = { "the end" };
static const struct message said = {
	.type = MESSAGE_EXIT,
	.numbers = { 3 },
	.texts = texts,
	.text_count = 1,
};

static void assert_said(struct channel *channel)
{
	struct message message;

	assert_int_equal(channel_receive(channel, &message), 0);
	assert_int_equal(message.type, MESSAGE_EXIT);
	assert_int_equal(message.numbers[0], 3);
	assert_string_equal(message.texts[0], "the end");
	message_free(&message);
}

static bool is_same_file(int a, int b)
{
	struct stat of_a, of_b;

	return fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
		of_a.st_ino == of_b.st_ino;
}

static void descriptors_come_along(void **state)
{
	size_t before = open_descriptors();
	struct channel a, b;
	struct orc_error err = { 0 };
	int pipes[2], got;

	(void)state;
	connect_both(&a, &b);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(channel_send(&a, &said, pipes, 2, deadline_never(), &err), 0);
	assert_said(&b);
	got = channel_steal(&b, 1);
	assert_true(is_same_file(got, pipes[1]));
	assert_true(fcntl(got, F_GETFD) & FD_CLOEXEC);
	/* It is the caller's now, and there is one only. */
	assert_int_equal(channel_steal(&b, 1), -1);
	assert_int_equal(channel_steal(&b, 2), -1);
	close(got);
	channel_close(&a);
	channel_close(&b);
	close(pipes[0]);
	close(pipes[1]);
	assert_int_equal(open_descriptors(), before);
}

static void what_nobody_took_is_closed(void **state)
{
	size_t before = open_descriptors();
	struct channel a, b;
	struct orc_error err = { 0 };
	int fds[MESSAGE_FDS], i;

	(void)state;
	connect_both(&a, &b);
	for (i = 0; i < MESSAGE_FDS; i++)
		fds[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (i = 0; i < 20; i++) {
		assert_int_equal(
			channel_send(&a, &said, fds, MESSAGE_FDS, deadline_never(), &err), 0);
		assert_said(&b);
	}
	assert_int_equal(open_descriptors(), before + 2 + 2 * MESSAGE_FDS);
	channel_close(&a);
	channel_close(&b);
	for (i = 0; i < MESSAGE_FDS; i++)
		close(fds[i]);
	assert_int_equal(open_descriptors(), before);
}

/* A program that is not ours can send as many as the kernel takes, at every byte. */
static void send_with(int fd, const void *data, size_t len, size_t count)
{
	union {
		struct cmsghdr header;
		char buf[CMSG_SPACE(200 * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr header = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *part = CMSG_FIRSTHDR(&header);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	size_t i;

	assert_true(null >= 0);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(count * sizeof(int));
	for (i = 0; i < count; i++)
		memcpy(CMSG_DATA(part) + i * sizeof(int), &null, sizeof(int));
	assert_int_equal(sendmsg(fd, &header, 0), (ssize_t)len);
	close(null);
}

static void surplus_descriptors_are_closed(void **state)
{
	size_t before = open_descriptors(), len, i;
	struct channel a, b;
	struct message message;
	uint8_t *data;

	(void)state;
	connect_both(&a, &b);
	assert_int_equal(message_build(&said, &data, &len), 0);
	send_with(a.fd, data, len, 200);
	assert_said(&b);
	assert_int_equal(open_descriptors(), before + 2 + MESSAGE_FDS);
	for (i = 0; i < len; i++) {
		send_with(a.fd, data + i, 1, 7);
		assert_int_equal(channel_receive(&b, &message), i + 1 < len ? ORC_EAGAIN : 0);
	}
	message_free(&message);
	assert_int_equal(open_descriptors(), before + 2 + MESSAGE_FDS);
	free(data);
	channel_close(&a);
	channel_close(&b);
	assert_int_equal(open_descriptors(), before);
}

static void messages_come_in_any_pieces(void **state)
{
	struct channel a, b;
	struct message message;
	uint8_t *data, *both;
	size_t len, cut;

	(void)state;
	connect_both(&a, &b);
	assert_int_equal(message_build(&said, &data, &len), 0);
	assert_int_equal(channel_receive(&b, &message), ORC_EAGAIN);
	for (cut = 1; cut < len; cut++) {
		assert_int_equal(write(a.fd, data, cut), (ssize_t)cut);
		assert_int_equal(channel_receive(&b, &message), ORC_EAGAIN);
		assert_int_equal(write(a.fd, data + cut, len - cut), (ssize_t)(len - cut));
		assert_said(&b);
	}
	/* Two in one piece are two. */
	both = malloc(2 * len);
	memcpy(both, data, len);
	memcpy(both + len, data, len);
	assert_int_equal(write(a.fd, both, 2 * len), (ssize_t)(2 * len));
	assert_said(&b);
	assert_said(&b);
	assert_int_equal(channel_receive(&b, &message), ORC_EAGAIN);
	free(both);
	free(data);
	channel_close(&a);
	/* The end, which stays the end. */
	assert_int_equal(channel_receive(&b, &message), ORC_ELOST);
	assert_int_equal(channel_receive(&b, &message), ORC_ELOST);
	channel_close(&b);
}

static void an_end_in_the_middle_is_a_loss(void **state)
{
	struct channel a, b;
	struct message message;

	(void)state;
	connect_both(&a, &b);
	assert_int_equal(write(a.fd, "\0\0\0\6\0\0\0\4usb", 11), 11);
	assert_int_equal(channel_receive(&b, &message), ORC_EAGAIN);
	channel_close(&a);
	assert_int_equal(channel_receive(&b, &message), ORC_ELOST);
	channel_close(&b);
}

static void what_is_no_message_is_said(void **state)
{
	struct channel a, b;
	struct message message;

	(void)state;
	connect_both(&a, &b);
	assert_int_equal(write(a.fd, "GET / HTTP/1.1\r\n\r\n", 18), 18);
	assert_int_equal(channel_receive(&b, &message), ORC_EPROTO);
	channel_close(&a);
	channel_close(&b);
}

/* An other end that does not read costs no more than its buffer. */
static void now_does_not_wait(void **state)
{
	struct channel a, b;
	struct orc_error err = { 0 };
	int i, ret = 0;

	(void)state;
	connect_both(&a, &b);
	for (i = 0; i < 100000 && ret == 0; i++)
		ret = channel_send(&a, &said, NULL, 0, deadline_after_msec(0), &err);
	assert_int_equal(ret, ORC_ETIMEOUT);
	assert_int_equal(
		channel_send(&a, &said, NULL, 0, deadline_after_msec(50), &err), ORC_ETIMEOUT);
	channel_close(&b);
	assert_int_equal(channel_send(&a, &said, NULL, 0, deadline_never(), &err), ORC_ELOST);
	channel_close(&a);
}

static void a_descriptor_that_is_none_is_told(void **state)
{
	const int fds[] = { 0, -1 };
	struct channel a, b;
	struct orc_error err = { 0 };

	(void)state;
	connect_both(&a, &b);
	assert_int_equal(channel_send(&a, &said, fds, 2, deadline_never(), &err), ORC_EREFUSED);
	channel_close(&a);
	channel_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_come_along),
		cmocka_unit_test(what_nobody_took_is_closed),
		cmocka_unit_test(surplus_descriptors_are_closed),
		cmocka_unit_test(messages_come_in_any_pieces),
		cmocka_unit_test(an_end_in_the_middle_is_a_loss),
		cmocka_unit_test(what_is_no_message_is_said),
		cmocka_unit_test(now_does_not_wait),
		cmocka_unit_test(a_descriptor_that_is_none_is_told),
	};

	return cmocka_run_group_tests_name("a channel of a session", tests, NULL, NULL);
}
