/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader of a video device that shows a simulated camera: which frame is it, and when did it come. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * video-reader read DEVICE WIDTH HEIGHT COUNT: reads frames whose first plane is luma, and prints the
 * counter of each in a line of its own, at once; "none" where it has none.
 *
 * video-reader stamp: copies lines from stdin, each with the nanoseconds of CLOCK_MONOTONIC behind it
 * at which it came: where the reader is on another machine than the camera.
 *
 * The counter is the strip that simcam/scene.h describes, read here from its middle line.
 */
enum { CELLS = 66, ROWS = 44 };

static bool read_counter(const uint8_t *luma, unsigned width, unsigned height, uint32_t *counter)
{
	const uint8_t *line = luma + (size_t)(height / (2 * ROWS)) * width;
	uint64_t bits = 0;
	unsigned cell;

	for (cell = 1; cell < CELLS - 1; cell++)
		bits = bits << 1 | (line[(2 * cell + 1) * width / (2 * CELLS)] >= 128);
	*counter = (uint32_t)(bits >> 24);
	return bits >> 56 == 0xe2 && (bits & 0xff) == 0x1d;
}

static int read_device(const char *path, unsigned width, unsigned height, long count)
{
	size_t size = (size_t)width * height * 2;
	uint8_t *frame = malloc(size);
	int fd = open(path, O_RDONLY);
	uint32_t counter;
	ssize_t n;

	if (fd < 0 || !frame) {
		perror(path);
		free(frame);
		return 1;
	}
	while (count-- > 0) {
		n = read(fd, frame, size);
		if (n < (ssize_t)(width * height)) {
			fprintf(stderr, "%s: %zd bytes\n", path, n);
			break;
		}
		if (read_counter(frame, width, height, &counter))
			printf("%" PRIu32 "\n", counter);
		else
			puts("none");
		fflush(stdout);
	}
	close(fd);
	free(frame);
	return count >= 0;
}

static int stamp_lines(void)
{
	struct timespec now;
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		line[strcspn(line, "\n")] = '\0';
		printf("%s %lld%09ld\n", line, (long long)now.tv_sec, now.tv_nsec);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 6 && strcmp(argv[1], "read") == 0)
		return read_device(
			argv[2], (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]), atol(argv[5]));
	if (argc == 2 && strcmp(argv[1], "stamp") == 0)
		return stamp_lines();
	fputs("video-reader read DEVICE WIDTH HEIGHT COUNT | stamp\n", stderr);
	return 2;
}
