/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader of MJPEG: how old is each frame once it is read, or how many come a second. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * frame-reader age FPS FRAMES: reads the frames of a simulated camera with --live-view-loop from
 * stdin, FPS of them a second, and prints for each, after the first few, the milliseconds from its
 * exposure to its last byte being here. It is up to a fifth of that time late, differently each time,
 * so that it meets the camera in every phase of a frame.
 *
 * frame-reader rate: reads as they come, and prints frames a second from the first few to the last, and
 * their number.
 *
 * Both read what there is of up to 64 KiB, as most programs do, and nothing while they hold a
 * whole frame. Exit status 1 where a frame has no stamp or too few came.
 */
#define SKIP 2
#define ROOM (16u << 20)

static uint8_t held[ROOM];
static size_t held_len;

static int64_t now_nsec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void sleep_until(int64_t nsec)
{
	const struct timespec at = { nsec / 1000000000, nsec % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

/*
 * The length of the whole frame at the start of what is held, 0 where it is not whole yet. *at is where
 * to go on looking, 0 for a new frame: a marker or, in the scan, any byte.
 */
static size_t whole_frame(size_t *at, bool *in_scan)
{
	if (!*at) {
		*at = 2;
		*in_scan = false;
	}
	while (*at + 4 <= held_len && !*in_scan) {
		*in_scan = held[*at + 1] == 0xda;
		*at += 2u + (held[*at + 2] << 8 | held[*at + 3]);
	}
	while (*in_scan && *at + 2 <= held_len) {
		uint8_t *found = memchr(held + *at, 0xff, held_len - 1 - *at);

		if (!found) {
			*at = held_len - 1;
			break;
		}
		*at = (size_t)(found - held) + 1;
		if (found[1] == 0xd9)
			return *at + 1;
	}
	return 0;
}

/* Until a whole frame is held: its length, or 0 at the end of the stream. */
static size_t read_frame(void)
{
	size_t at = 0, len;
	bool in_scan = false;
	ssize_t n;

	while (!(len = whole_frame(&at, &in_scan))) {
		if (held_len + 65536 > ROOM)
			return 0;
		n = read(STDIN_FILENO, held + held_len, 65536);
		if (n <= 0)
			return 0;
		held_len += (size_t)n;
	}
	return len;
}

static void drop_frame(size_t len)
{
	held_len -= len;
	memmove(held, held + len, held_len);
}

static int print_ages(double fps, long frames)
{
	int64_t period = (int64_t)(1e9 / fps), due = now_nsec(), made, read_at;
	size_t len;
	long i;

	for (i = 0; i < frames + SKIP; i++) {
		len = read_frame();
		read_at = now_nsec();
		if (!len || sscanf((char *)held + 6, "simcam frame %*u made %" SCNd64, &made) != 1)
			return 1;
		if (i >= SKIP)
			printf("%.3f\n", (double)(read_at - made) / 1e6);
		drop_frame(len);
		due = due + period > read_at ? due + period : read_at + period;
		sleep_until(due + (int64_t)(fmod((double)i * 0.618034, 1) * 0.2 * (double)period));
	}
	return 0;
}

static int print_rate(void)
{
	int64_t first = 0, last = 0;
	size_t len;
	long frames;

	for (frames = 0; (len = read_frame()); frames++) {
		last = now_nsec();
		if (frames == SKIP)
			first = last;
		drop_frame(len);
	}
	if (frames < SKIP + 2)
		return 1;
	printf("%.3f %ld\n", (double)(frames - SKIP - 1) * 1e9 / (double)(last - first), frames);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "age") && atof(argv[2]) > 0)
		return print_ages(atof(argv[2]), atol(argv[3]));
	if (argc == 2 && !strcmp(argv[1], "rate"))
		return print_rate();
	fputs("frame-reader age FPS FRAMES | rate\n", stderr);
	return 2;
}
