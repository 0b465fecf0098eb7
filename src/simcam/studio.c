/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A worker thread that makes pictures and live view frames, so that the camera goes on answering. */
#include "simcam/studio.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

struct studio {
	pthread_t thread;
	struct scene *scene;
	int done_fd;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t work;
	struct studio_job *todo, *done; /* oldest first */
	bool stopping;
};

static void append(struct studio_job **queue, struct studio_job *job)
{
	while (*queue)
		queue = &(*queue)->next;
	job->next = NULL;
	*queue = job;
}

static void make(struct studio *studio, struct studio_job *job)
{
	if (job->kind == STUDIO_FRAME) {
		job->failed = scene_frame(studio->scene, job->frame, job->at_nsec, &job->exposure,
			&job->jpeg, &job->err);
		return;
	}
	job->settings.artist = job->artist;
	job->settings.copyright = job->copyright;
	job->settings.owner = job->owner;
	if (job->want_jpeg)
		job->failed = picture_jpeg(
			studio->scene, &job->settings, job->exposure.stops, &job->jpeg, &job->err);
	if (!job->failed && job->want_raw)
		job->failed = job->make_raw(
			studio->scene, &job->settings, job->exposure.stops, &job->raw, &job->err);
}

static void tell(int fd)
{
	const uint64_t one = 1;

	/* An eventfd refuses only when its counter is full, and then it is readable already. */
	if (write(fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_error("cannot tell that a picture is done");
}

static void *work(void *data)
{
	struct studio *studio = data;

	pthread_mutex_lock(&studio->lock);
	for (;;) {
		struct studio_job *job;

		while (!studio->todo && !studio->stopping)
			pthread_cond_wait(&studio->work, &studio->lock);
		if (studio->stopping)
			break;
		job = studio->todo;
		studio->todo = job->next;
		pthread_mutex_unlock(&studio->lock);
		make(studio, job);
		pthread_mutex_lock(&studio->lock);
		append(&studio->done, job);
		tell(studio->done_fd);
	}
	pthread_mutex_unlock(&studio->lock);
	return NULL;
}

int studio_new(struct studio **studio, struct scene *scene, int done_fd, struct orc_error *err)
{
	struct studio *made = orc_must(calloc(1, sizeof(*made)));
	int failed;

	made->scene = scene;
	made->done_fd = done_fd;
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->work, NULL);
	failed = pthread_create(&made->thread, NULL, work, made);
	if (failed) {
		free(made);
		return orc_fail_errno(err, ORC_ENOMEM, failed);
	}
	*studio = made;
	return 0;
}

static void free_jobs(struct studio_job *job)
{
	while (job) {
		struct studio_job *next = job->next;

		studio_job_free(job);
		job = next;
	}
}

void studio_destroy(struct studio *studio)
{
	if (!studio)
		return;
	pthread_mutex_lock(&studio->lock);
	studio->stopping = true;
	pthread_cond_signal(&studio->work);
	pthread_mutex_unlock(&studio->lock);
	pthread_join(studio->thread, NULL);
	free_jobs(studio->todo);
	free_jobs(studio->done);
	pthread_cond_destroy(&studio->work);
	pthread_mutex_destroy(&studio->lock);
	free(studio);
}

void studio_submit(struct studio *studio, struct studio_job *job)
{
	pthread_mutex_lock(&studio->lock);
	append(&studio->todo, job);
	pthread_cond_signal(&studio->work);
	pthread_mutex_unlock(&studio->lock);
}

struct studio_job *studio_take(struct studio *studio)
{
	struct studio_job *job;

	pthread_mutex_lock(&studio->lock);
	job = studio->done;
	if (job)
		studio->done = job->next;
	pthread_mutex_unlock(&studio->lock);
	return job;
}

void studio_job_free(struct studio_job *job)
{
	if (!job)
		return;
	sim_buffer_free(&job->jpeg);
	sim_buffer_free(&job->raw);
	free(job);
}
