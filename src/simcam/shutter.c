/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter, from the release on: exposure, buffer, and the files that come of it. */
#include "simcam/shutter.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "simcam/camera.h"

/* What a body takes, about; each divided by --speed. */
#define SHUTTER_LAG  (80 * NSEC_PER_MSEC)
#define MIRROR_BACK  (120 * NSEC_PER_MSEC)
#define DEVELOP_JPEG (300 * NSEC_PER_MSEC)
#define DEVELOP_RAW  (400 * NSEC_PER_MSEC)
#define CARD_WRITE   (350 * NSEC_PER_MSEC) /* a file */
#define MAX_SHOTS    6                     /* that fit the body's buffer */
#define MAX_MEMORY   12                    /* files that wait for their transfer */

static void fill_time(struct sim_camera *camera, struct studio_job *job)
{
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	job->settings.taken = (time_t)(timegm(&tm) + camera->clock_offset);
	job->settings.subsec = (unsigned)(now.tv_nsec / 10000000);
	job->settings.t = clock_now_nsec() - camera->start_nsec;
	job->settings.index = ++camera->shutter.pictures;
}

static void name_picture(const struct sim_camera *camera, unsigned number, const char *suffix,
	char name[CARD_NAME_SIZE])
{
	snprintf(name, CARD_NAME_SIZE, "%s%04u.%s", camera->body->picture_prefix, number % 10000,
		suffix);
}

/* Numbers that the card has already, put there by the host's user, are passed over. */
static unsigned int free_number(struct sim_camera *camera)
{
	struct card *card = &camera->card;
	unsigned int number = 0;
	char jpeg[CARD_NAME_SIZE], raw[CARD_NAME_SIZE];

	for (int tries = 0; tries < 9999; tries++) {
		number = card_next_number(card);
		name_picture(camera, number, "JPG", jpeg);
		name_picture(camera, number, camera->body->raw_suffix, raw);
		if (!card_find_name(card, card->folder, jpeg) &&
			!card_find_name(card, card->folder, raw))
			break;
	}
	return number;
}

static nsec_t develop_time(const struct sim_shot *shot)
{
	int files = shot->wants_jpeg + shot->wants_raw;

	return (shot->wants_jpeg ? DEVELOP_JPEG : 0) + (shot->wants_raw ? DEVELOP_RAW : 0) +
		(shot->destination & SHOT_TO_CARD ? files * CARD_WRITE : 0);
}

static void hand_over(struct sim_camera *camera, const struct sim_shot *shot,
	struct sim_buffer *bytes, const char *suffix)
{
	struct card_object *object;
	struct orc_error err = { 0 };
	char name[CARD_NAME_SIZE];

	name_picture(camera, shot->job->settings.image_number, suffix, name);
	if (shot->destination & SHOT_TO_CARD) {
		if (card_make_folder(&camera->card, &err) < 0 ||
			card_add_file(&camera->card, camera->card.folder, name, bytes->data,
				bytes->len, &object, &err) < 0)
			log_error("cannot write %s to the card: %s", name, err.why);
		else
			camera->body->file_stored(camera, object);
	}
	if (shot->destination & SHOT_TO_HOST) {
		object = card_add_memory(&camera->card, name, bytes);
		camera->body->file_waits(camera, object);
	}
}

/* In the order of the shots, whichever the studio finishes first. */
static void deliver(struct sim_camera *camera)
{
	struct sim_shutter *shutter = &camera->shutter;

	while (shutter->shots && shutter->shots->processed && shutter->shots->job) {
		struct sim_shot *shot = shutter->shots;

		if (shot->job->failed)
			log_error("no picture: %s", shot->job->err.why);
		if (shot->job->raw.len)
			hand_over(camera, shot, &shot->job->raw, camera->body->raw_suffix);
		if (shot->job->jpeg.len)
			hand_over(camera, shot, &shot->job->jpeg, "JPG");
		shutter->shots = shot->next;
		studio_job_free(shot->job);
		free(shot);
		camera->body->shot_done(camera);
	}
}

static void developed(struct sim_camera *camera)
{
	struct sim_shot *shot = camera->shutter.shots;

	while (shot && shot->processed)
		shot = shot->next;
	if (!shot)
		return;
	shot->processed = true;
	if (shot->next)
		sim_after(camera, develop_time(shot->next), developed);
	deliver(camera);
}

bool sim_shutter_free(const struct sim_camera *camera)
{
	size_t shots = 0;

	for (const struct sim_shot *shot = camera->shutter.shots; shot; shot = shot->next)
		shots++;
	return !camera->shutter.exposing && shots < MAX_SHOTS &&
		card_count_memory(&camera->card) < MAX_MEMORY;
}

enum ptp_response sim_shutter_room(struct sim_camera *camera, uint64_t size)
{
	uint64_t space = card_free_space(&camera->card), needed = size;
	struct orc_error err = { 0 };

	if (card_make_folder(&camera->card, &err) < 0) {
		log_error("the card has no folder for pictures: %s", err.why);
		return PTP_STORE_NOT_AVAILABLE;
	}
	for (const struct sim_shot *shot = camera->shutter.shots; shot; shot = shot->next)
		needed += shot->destination & SHOT_TO_CARD ? size : 0;
	if (needed <= space)
		return PTP_OK;
	return needed > size ? PTP_DEVICE_BUSY : PTP_STORE_FULL;
}

bool sim_shutter_idle(const struct sim_camera *camera)
{
	return !camera->shutter.exposing && !camera->shutter.shots;
}

static void mirror_back(struct sim_camera *camera)
{
	camera->shutter.exposing = false;
	camera->body->exposed(camera);
}

/* The light as it was half-way, for it may have changed while the shutter was open. */
static void take_light(const struct sim_camera *camera, struct sim_exposure *exposure)
{
	nsec_t open = clock_now_nsec() - camera->shutter.opened;
	double light = sim_light(camera, camera->shutter.opened + open / 2);

	exposure->stops += light - exposure->light;
	exposure->light = light;
}

/* What a test of exposure goes by. */
static void tell_light(const struct sim_camera *camera, const struct studio_job *job, double light)
{
	const struct picture_settings *settings = &job->settings;

	if (camera->options->light.given)
		log_info("%s: picture %llu at %lld ns: light EV %.4f, %.6f s f/%.1f ISO %u, "
			 "%+.4f stops",
			camera->usb.device.info.busid, (unsigned long long)settings->index,
			(long long)camera->shutter.opened, light, settings->shutter_seconds,
			settings->aperture, settings->iso, job->exposure.stops);
}

/* The shutter closes: from here on the picture is the studio's. */
static void expose_end(struct sim_camera *camera)
{
	struct sim_shutter *shutter = &camera->shutter;
	struct sim_exposure exposure = camera->body->meter(camera);
	struct studio_job *job = orc_must(calloc(1, sizeof(*job)));
	struct sim_shot *shot = orc_must(calloc(1, sizeof(*shot))), **last = &shutter->shots;

	if (exposure.bulb) {
		exposure.seconds = (double)(clock_now_nsec() - shutter->opened) /
			(double)NSEC_PER_SEC * camera->options->speed;
		if (exposure.seconds < 0.001)
			exposure.seconds = 0.001;
	}
	take_light(camera, &exposure);
	job->kind = STUDIO_STILL;
	job->exposure.stops = exposure.stops;
	job->settings = (struct picture_settings){ .shutter_seconds = exposure.seconds,
		.aperture = exposure.aperture,
		.iso = exposure.iso,
		.bulb = exposure.bulb,
		.model = camera->body->model,
		.blur = sim_lens_blur(camera) };
	job->make_raw = camera->body->make_raw;
	camera->body->describe(camera, job);
	fill_time(camera, job);
	job->settings.image_number = 1000000 + free_number(camera) % 10000;
	tell_light(camera, job, exposure.light);
	*shot = (struct sim_shot){ .wants_jpeg = job->want_jpeg,
		.wants_raw = job->want_raw,
		.destination = shutter->destination };
	while (*last)
		last = &(*last)->next;
	*last = shot;
	job->owner_data = shot;
	studio_submit(camera->stills, job);
	if (!sim_pending(camera, developed))
		sim_after(camera, develop_time(shot), developed);
	shutter->bulb = false;
	sim_after(camera, MIRROR_BACK, mirror_back);
}

static void expose_begin(struct sim_camera *camera)
{
	struct sim_shutter *shutter = &camera->shutter;
	struct sim_exposure exposure = camera->body->meter(camera);

	shutter->opened = clock_now_nsec();
	if (!shutter->light_start)
		shutter->light_start = shutter->opened;
	if (camera->options->log_releases)
		log_info("%s: shutter released at %lld ns, open at %lld ns, focus at %d",
			camera->usb.device.info.busid, (long long)shutter->released,
			(long long)shutter->opened, (int)camera->focus);
	shutter->bulb = exposure.bulb;
	if (!exposure.bulb)
		sim_after(camera, (nsec_t)(exposure.seconds * (double)NSEC_PER_SEC), expose_end);
	else if (!shutter->held) /* let go within the shutter lag */
		expose_end(camera);
	else if (camera->body->bulb_opened)
		camera->body->bulb_opened(camera);
}

void sim_shutter_release(struct sim_camera *camera, nsec_t delay, unsigned destination)
{
	struct sim_shutter *shutter = &camera->shutter;

	shutter->exposing = true;
	shutter->released = clock_now_nsec();
	shutter->destination = destination;
	sim_after(camera, SHUTTER_LAG + delay, expose_begin);
}

void sim_shutter_let_go(struct sim_camera *camera)
{
	camera->shutter.held = false;
	if (camera->shutter.bulb)
		expose_end(camera);
}

void sim_shutter_host_gone(struct sim_camera *camera)
{
	struct sim_shutter *shutter = &camera->shutter;

	shutter->destination &= ~(unsigned)SHOT_TO_HOST;
	sim_shutter_let_go(camera);
	for (struct sim_shot *shot = shutter->shots; shot; shot = shot->next)
		shot->destination &= ~(unsigned)SHOT_TO_HOST;
}

void sim_shutter_done(struct sim_camera *camera, struct studio_job *job)
{
	struct sim_shot *shot = job->owner_data;

	shot->job = job;
	deliver(camera);
}

void sim_shutter_stop(struct sim_camera *camera)
{
	struct sim_shutter *shutter = &camera->shutter;

	while (shutter->shots) {
		struct sim_shot *shot = shutter->shots;

		shutter->shots = shot->next;
		studio_job_free(shot->job);
		free(shot);
	}
}
