/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slow reader gets whole frames and the newest one; nobody waits for a reader that has gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/stream.h"

#define FRAME_SIZE 1000000 /* more than a pipe or a socket holds */

static uint8_t frame[FRAME_SIZE];

/* Every byte of a frame but a JPEG's first two is its number: a torn one shows. */
static int put_frame(struct stream *stream, uint8_t number)
{
	struct orc_error err;

	memset(frame, number, sizeof(frame));
	frame[0] = 0xff;
	frame[1] = 0xd8;
	return stream_put(stream, frame, sizeof(frame), &err);
}

static uint8_t read_frame(int fd)
{
	static uint8_t got[FRAME_SIZE];
	size_t done = 0;
	ssize_t n;

	while (done < sizeof(got)) {
		n = read(fd, got + done, sizeof(got) - done);
		assert_true(n > 0);
		done += (size_t)n;
	}
	assert_memory_equal(got, "\xff\xd8", 2);
	assert_int_equal(memcmp(got + 2, got + 3, sizeof(got) - 3), 0);
	return got[2];
}

static void make_pipe(int fds[2])
{
	assert_int_equal(pipe(fds), 0);
}

/* Writing end in fds[1], as pipe() has it. */
static void make_socket(int fds[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
}

static void wait_begun(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&wait, 1, 10000), 1);
}

/* A stream and its two ends; -1: there is none, or it was closed. */
struct line {
	int reader, writer;
	struct stream *stream;
	struct stream_counts counts;
	struct orc_error err;
};

static void start(struct line *line, int reader, int writer)
{
	*line = (struct line){ .reader = reader, .writer = writer };
	assert_true(writer >= 0);
	assert_int_equal(stream_start(&line->stream, writer, &line->err), 0);
}

static void start_between(struct line *line, void (*make)(int fds[2]))
{
	int fds[2];

	make(fds);
	start(line, fds[0], fds[1]);
}

/* With a frame that has been begun. */
static void start_frame(struct line *line, void (*make)(int fds[2]))
{
	start_between(line, make);
	assert_int_equal(put_frame(line->stream, 1), 0);
	wait_begun(line->reader);
}

static void close_reader(struct line *line)
{
	close(line->reader);
	line->reader = -1;
}

static int stop(struct line *line, struct deadline deadline)
{
	return stream_stop(line->stream, true, deadline, &line->counts, &line->err);
}

static void close_both(struct line *line)
{
	if (line->reader >= 0)
		close(line->reader);
	close(line->writer);
}

/* How many of four frames come, the last of them the newest, where the reader begins with the first there. */
static void check_newest(void (*make)(int fds[2]), unsigned int expected)
{
	struct line line;

	start_frame(&line, make);
	assert_int_equal(put_frame(line.stream, 2), 0);
	assert_int_equal(put_frame(line.stream, 3), 0);
	assert_int_equal(put_frame(line.stream, 4), 0);
	if (expected > 1)
		assert_int_equal(read_frame(line.reader), 1);
	assert_int_equal(read_frame(line.reader), 4);
	assert_int_equal(stop(&line, deadline_after_msec(10000)), 0);
	assert_int_equal(line.counts.frames, expected);
	assert_int_equal(line.counts.dropped, 4 - expected);
	assert_int_equal(line.counts.accepted, expected);
	assert_int_equal(line.counts.bytes, expected * FRAME_SIZE);
	close_both(&line);
}

static void a_reader_of_a_pipe_gets_what_is_newest_when_it_reads(void **state)
{
	(void)state;
	check_newest(make_pipe, 1);
}

static void a_slow_reader_of_a_socket_gets_the_newest(void **state)
{
	(void)state;
	check_newest(make_socket, 2);
}

/* As those of video, whose frames are no JPEGs. */
static void a_frame_begins_with_its_own_bytes_and_no_others(void **state)
{
	uint8_t video[20000] = "FRAME\n", got[sizeof(video)];
	struct line line;
	int i;

	(void)state;
	start_between(&line, make_pipe);
	for (i = 0; i < 3; i++) {
		assert_int_equal(stream_put(line.stream, video, sizeof(video), &line.err), 0);
		for (size_t done = 0; done < sizeof(got);) {
			ssize_t n = read(line.reader, got + done, sizeof(got) - done);

			assert_true(n > 0);
			done += (size_t)n;
		}
		assert_memory_equal(got, video, sizeof(video));
	}
	assert_int_equal(stop(&line, deadline_never()), 0);
	close_both(&line);
}

static void a_pipe_is_left_with_the_size_it_had(void **state)
{
	struct line line;
	int fds[2], size;

	(void)state;
	make_pipe(fds);
	size = fcntl(fds[1], F_GETPIPE_SZ);
	start(&line, fds[0], fds[1]);
	assert_int_equal(put_frame(line.stream, 1), 0);
	wait_begun(line.reader);
	assert_true(fcntl(line.writer, F_GETPIPE_SZ) < size);
	assert_int_equal(read_frame(line.reader), 1);
	assert_int_equal(stop(&line, deadline_never()), 0);
	assert_int_equal(fcntl(line.writer, F_GETPIPE_SZ), size);
	close_both(&line);
}

static void a_frame_that_fits_the_pipe_is_left_to_a_late_reader(void **state)
{
	uint8_t small[10000] = { 0xff, 0xd8 }, got[10001];
	struct line line;

	(void)state;
	start_between(&line, make_pipe);
	assert_int_equal(stream_put(line.stream, small, sizeof(small), &line.err), 0);
	wait_begun(line.reader);
	assert_int_equal(stop(&line, (struct deadline){ 0 }), 0);
	assert_int_equal(line.counts.frames, 1);
	assert_int_equal(read(line.reader, got, sizeof(got)), sizeof(small));
	assert_memory_equal(got, small, sizeof(small));
	close_both(&line);
}

static void a_reader_that_has_gone_is_noticed_without_a_frame(void **state)
{
	struct line line;
	int tries;

	(void)state;
	start_between(&line, make_pipe);
	close_reader(&line);
	for (tries = 0; tries < 1000 && stream_check(line.stream, &line.err) == 0; tries++)
		poll(NULL, 0, 10);
	assert_int_equal(stream_check(line.stream, &line.err), ORC_EPIPE);
	assert_int_equal(put_frame(line.stream, 1), ORC_EPIPE);
	assert_int_equal(stop(&line, deadline_never()), ORC_EPIPE);
	close_both(&line);
}

static void a_reader_that_goes_in_mid_frame_ends_it(void **state)
{
	struct line line;

	(void)state;
	start_frame(&line, make_pipe);
	close_reader(&line);
	assert_int_equal(stop(&line, deadline_never()), ORC_EPIPE);
	assert_int_equal(line.counts.frames, 0);
	close_both(&line);
}

static void a_reader_that_does_not_read_is_left_in_time(void **state)
{
	struct line line;

	(void)state;
	start_frame(&line, make_pipe);
	assert_int_equal(stop(&line, deadline_after_msec(50)), ORC_ETIMEOUT);
	close_both(&line);
}

static void a_file_gets_every_frame(void **state)
{
	char path[] = "/tmp/test-stream.XXXXXX";
	struct line line;
	uint8_t number;

	(void)state;
	start(&line, -1, mkstemp(path));
	unlink(path);
	for (number = 1; number <= 40; number++)
		assert_int_equal(put_frame(line.stream, number), 0);
	/* A writer that comes too late is one that had no processor. */
	assert_int_equal(stop(&line, (struct deadline){ 0 }), 0);
	assert_int_equal(line.counts.frames, 40);
	assert_int_equal(line.counts.dropped, 0);
	assert_int_equal(lseek(line.writer, 0, SEEK_SET), 0);
	for (number = 1; number <= 40; number++)
		assert_int_equal(read_frame(line.writer), number);
	close_both(&line);
}

static void a_full_disk_is_told(void **state)
{
	struct line line;

	(void)state;
	start(&line, -1, open("/dev/full", O_WRONLY));
	assert_int_equal(put_frame(line.stream, 1), 0);
	assert_int_equal(stop(&line, deadline_never()), ORC_EFILE);
	assert_string_equal(line.err.why, "No space left on device");
	close_both(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_of_a_pipe_gets_what_is_newest_when_it_reads),
		cmocka_unit_test(a_frame_begins_with_its_own_bytes_and_no_others),
		cmocka_unit_test(a_pipe_is_left_with_the_size_it_had),
		cmocka_unit_test(a_frame_that_fits_the_pipe_is_left_to_a_late_reader),
		cmocka_unit_test(a_slow_reader_of_a_socket_gets_the_newest),
		cmocka_unit_test(a_reader_that_has_gone_is_noticed_without_a_frame),
		cmocka_unit_test(a_reader_that_goes_in_mid_frame_ends_it),
		cmocka_unit_test(a_reader_that_does_not_read_is_left_in_time),
		cmocka_unit_test(a_file_gets_every_frame),
		cmocka_unit_test(a_full_disk_is_told),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
