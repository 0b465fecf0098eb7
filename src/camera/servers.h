/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers asked side by side for what they share; inside this room. */
#ifndef CAMERA_SERVERS_H
#define CAMERA_SERVERS_H

#include <pthread.h>

#include "usbip/client.h"

/* A server that is down delays nobody: they are asked side by side, for so long. */
#define SERVER_MSEC 2000

/* One server, asked in a thread of its own. Zero-initialised: not asked. */
struct server_question {
	struct usbip_address server;
	/* The answer, after server_answer(). */
	int result;
	struct orc_error err;
	struct usbip_device_info *devices;
	size_t count;
	/* Private. */
	struct deadline deadline;
	pthread_t thread;
	bool asked; /* there is a thread */
};

/* Asks q->server, and does not wait. q stays where it is until the answer was taken. */
void server_ask(struct server_question *q, struct deadline deadline);
/* Waits for the answer; 0 or why there is none. A question that was not asked has its result already. */
int server_answer(struct server_question *q);
/* Frees the answer. */
void server_question_free(struct server_question *q);

#endif
