/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One byte there and back over TCP: the round trip that everything else is measured against. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * ping-pong listen ADDRESS: says "listening on ADDRESS:PORT" and sends back what comes, one client
 * after the other. ping-pong ADDRESS:PORT N: the median of N round trips, in milliseconds.
 */
static void no_delay(int fd)
{
	const int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static int serve(const char *host)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0), peer;
	char byte;

	if (inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
		bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, 4) < 0 ||
		getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return perror("ping-pong"), 1;
	printf("listening on %s:%u\n", host, ntohs(address.sin_port));
	fflush(stdout);
	while ((peer = accept(fd, NULL, NULL)) >= 0) {
		no_delay(peer);
		while (read(peer, &byte, 1) == 1 && write(peer, &byte, 1) == 1)
			;
		close(peer);
	}
	return 1;
}

static double now_msec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int measure(char *where, int count)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	char *port = strchr(where, ':'), byte = 0;
	double *times = calloc((size_t)count, sizeof(*times));
	int fd = socket(AF_INET, SOCK_STREAM, 0), i;

	if (!port || !times)
		return 2;
	*port = '\0';
	address.sin_port = htons((uint16_t)atoi(port + 1));
	if (inet_pton(AF_INET, where, &address.sin_addr) != 1 ||
		connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return perror("ping-pong"), 1;
	no_delay(fd);
	for (i = 0; i < count; i++) {
		double start = now_msec();

		if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
			return perror("ping-pong"), 1;
		times[i] = now_msec() - start;
	}
	qsort(times, (size_t)count, sizeof(*times), by_value);
	printf("%.3f\n", times[count / 2]);
	free(times);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "listen"))
		return serve(argv[2]);
	if (argc == 3 && atoi(argv[2]) > 0)
		return measure(argv[1], atoi(argv[2]));
	fputs("ping-pong listen ADDRESS | ADDRESS:PORT N\n", stderr);
	return 2;
}
