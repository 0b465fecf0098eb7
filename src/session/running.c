/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command under way in the process that holds the camera. */
#include "session/running.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "session/errand.h"

void wake_up(int fd)
{
	const uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) < 0)
		return; /* it is full: awake already */
}

int job_signal(void *job)
{
	struct running *running = job;
	int number;

	pthread_mutex_lock(&running->mutex);
	number = running->signal;
	pthread_mutex_unlock(&running->mutex);
	return number;
}

void running_put_signal(struct running *running, int number)
{
	pthread_mutex_lock(&running->mutex);
	running->signal = number;
	pthread_cond_broadcast(&running->changed);
	pthread_mutex_unlock(&running->mutex);
}

int job_gate(void *job)
{
	struct running *running = job;
	nsec_t go;
	int ret;

	if (!running->job.several)
		return 0;
	pthread_mutex_lock(&running->mutex);
	running->ready = true;
	running->ready_told = false;
	running->go_nsec = 0;
	wake_up(running->wake);
	while (!running->go_nsec && !running->signal)
		pthread_cond_wait(&running->changed, &running->mutex);
	go = running->go_nsec;
	ret = running->signal ? ORC_ESIGNAL : 0;
	running->ready = false;
	pthread_mutex_unlock(&running->mutex);
	if (ret == 0)
		clock_sleep_until((struct deadline){ .at_nsec = go });
	return ret;
}

void job_released(struct job *job, nsec_t at_nsec)
{
	struct running *running = (struct running *)job;

	if (!job->several)
		return;
	pthread_mutex_lock(&running->mutex);
	running->released_nsec = at_nsec;
	pthread_mutex_unlock(&running->mutex);
	wake_up(running->wake);
}

void running_put_go(struct running *running, nsec_t when)
{
	pthread_mutex_lock(&running->mutex);
	running->go_nsec = when;
	pthread_cond_broadcast(&running->changed);
	pthread_mutex_unlock(&running->mutex);
}

static void *run_job(void *data)
{
	struct running *running = data;
	int fd = running->wake;

	/* A umask of its own; where that is not allowed the owner's is as good as any. */
	if (unshare(CLONE_FS) == 0) {
		umask(running->mask);
		/* Where --ssh is looked for; all else goes by the descriptor. */
		if (running->homeless && !running->confined && fchdir(running->job.cwd) < 0)
			log_debug("session: the caller's folder: %s", strerror(errno));
	}
	if (running->confined)
		errand_begin(running->job.cwd, running->job.errands);
	running->run(&running->job);
	if (running->confined)
		errand_end(running->job.cwd);
	pthread_mutex_lock(&running->mutex);
	running->done = true;
	pthread_mutex_unlock(&running->mutex);
	wake_up(fd);
	return NULL;
}

void running_free(struct running *running)
{
	struct job *job = &running->job;
	int *const fds[] = { &job->in, &job->out, &job->err, &job->cwd, &job->errands };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(fds); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	pthread_cond_destroy(&running->changed);
	pthread_mutex_destroy(&running->mutex);
	message_free(&running->message);
	free(running->bytes);
	free(running->environment);
	free(running->argv);
	free(running);
}

/* NULL-terminated, on the heap, or NULL; the texts are the message's. */
static const char **slice(const struct message *message, size_t first, size_t count)
{
	const char **texts = calloc(count + 1, sizeof(*texts));

	if (texts)
		memcpy(texts, message->texts + first, count * sizeof(*texts));
	return texts;
}

int running_new(struct running **made, const struct job *job, struct channel *channel,
	struct message *message)
{
	struct running *running = calloc(1, sizeof(*running));
	size_t argc = message->numbers[1], envc = message->numbers[2];
	int ret = 0;

	if (!running)
		return ORC_ENOMEM;
	running->message = *message;
	*message = (struct message){ 0 };
	/* The texts stay where they are: the channel begins a new buffer. */
	running->bytes = steal_pointer(&channel->buf);
	channel->size = 0;
	running->mask = running->message.numbers[0] & 0777;
	pthread_mutex_init(&running->mutex, NULL);
	pthread_cond_init(&running->changed, NULL);
	running->argv = slice(&running->message, 2, argc);
	running->environment = (char **)(uintptr_t)slice(&running->message, 2 + argc, envc);
	running->job = (struct job){
		.owner = job->owner,
		.held = job->held,
		.in = channel_steal(channel, 0),
		.out = channel_steal(channel, 1),
		.err = channel_steal(channel, 2),
		.cwd = channel_steal(channel, 3),
		.errands = channel_steal(channel, 4),
		.pid = job->pid,
		.argc = (int)argc,
		.argv = running->argv,
		.environment = running->environment,
		.key = running->message.texts[1],
		.several = running->message.numbers[0] & MESSAGE_CALL_SEVERAL,
		.line = running->message.numbers[0] & MESSAGE_CALL_LINE,
	};
	if (!running->argv || !running->environment)
		ret = ORC_ENOMEM;
	else if (running->job.errands < 0 || argc == 0)
		ret = ORC_EPROTO;
	if (ret < 0)
		running_free(steal_pointer(&running));
	*made = running;
	return ret;
}

int running_start(struct running *running)
{
	return pthread_create(&running->thread, NULL, run_job, running);
}
