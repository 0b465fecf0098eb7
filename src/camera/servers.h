/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers asked side by side for what they share; inside this room. */
#ifndef CAMERA_SERVERS_H
#define CAMERA_SERVERS_H

#include <pthread.h>

#include "usbip/client.h"

/* One server, asked in a thread of its own. */
struct server_question {
	struct usbip_address server;
	const char *text; /* what the user calls it, the asker's; NULL: nothing */
	/* Negative before it is asked: it is not, and this is the answer. */
	int result;
	struct orc_error err;
	/* The answer, after server_answer(). */
	struct usbip_device_info *devices;
	size_t count;
	/* Private. */
	struct deadline deadline;
	pthread_t thread;
	bool asked; /* there is a thread */
};

/* Zero-initialised: none. */
struct servers {
	struct server_question *questions;
	size_t count;
};

/* Makes room for so many, whose addresses are for the caller to fill in. */
void servers_init(struct servers *servers, size_t count);
void servers_free(struct servers *servers);
/* Asks them all, and does not wait. Each has so long, or what a server of its kind gets where it is 0. */
void servers_ask(struct servers *servers, int64_t msec);
/* Waits for one's answer; 0 or why there is none. Each has to be taken before servers_free(). */
int server_answer(struct server_question *q);

#endif
