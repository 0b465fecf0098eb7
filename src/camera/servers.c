/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers asked side by side for what they share. */
#include "camera/servers.h"

#include <stdlib.h>

/* A server that is down delays nobody: they are asked side by side, for so long. */
#define SERVER_MSEC 2000
/* A small box takes its time to shake hands by ssh. */
#define SSH_SERVER_MSEC 5000

void servers_init(struct servers *servers, size_t count)
{
	servers->questions = orc_must(calloc(count + 1, sizeof(*servers->questions)));
	servers->count = count;
}

void servers_free(struct servers *servers)
{
	size_t i;

	for (i = 0; i < servers->count; i++)
		free(servers->questions[i].devices);
	free(servers->questions);
	*servers = (struct servers){ 0 };
}

static void *ask(void *data)
{
	struct server_question *q = data;

	q->result = usbip_client_list(&q->server, q->deadline, &q->devices, &q->count, &q->err);
	return NULL;
}

void servers_ask(struct servers *servers, int64_t msec)
{
	size_t i;

	for (i = 0; i < servers->count; i++) {
		struct server_question *q = &servers->questions[i];

		if (q->result < 0)
			continue;
		q->deadline = deadline_after_msec(msec ? msec
				: q->server.ssh        ? SSH_SERVER_MSEC
						       : SERVER_MSEC);
		q->asked = pthread_create(&q->thread, NULL, ask, q) == 0;
		if (!q->asked)
			ask(q);
	}
}

int server_answer(struct server_question *q)
{
	if (q->asked)
		pthread_join(q->thread, NULL);
	q->asked = false;
	return q->result;
}
