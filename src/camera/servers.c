/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers asked side by side for what they share. */
#include "camera/servers.h"

#include <stdlib.h>

static void *ask(void *data)
{
	struct server_question *q = data;

	q->result = usbip_client_list(&q->server, q->deadline, &q->devices, &q->count, &q->err);
	return NULL;
}

void server_ask(struct server_question *q, struct deadline deadline)
{
	q->deadline = deadline;
	q->asked = pthread_create(&q->thread, NULL, ask, q) == 0;
	if (!q->asked)
		ask(q);
}

int server_answer(struct server_question *q)
{
	if (q->asked)
		pthread_join(q->thread, NULL);
	q->asked = false;
	return q->result;
}

void server_question_free(struct server_question *q)
{
	free(q->devices);
	*q = (struct server_question){ 0 };
}
