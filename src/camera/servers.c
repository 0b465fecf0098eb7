/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers asked side by side for what they share. */
#include "camera/servers.h"

#include <stdlib.h>

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

void servers_ask(struct servers *servers, struct deadline deadline)
{
	size_t i;

	for (i = 0; i < servers->count; i++) {
		struct server_question *q = &servers->questions[i];

		if (q->result < 0)
			continue;
		q->deadline = deadline;
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
