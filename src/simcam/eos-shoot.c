/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter button of an EOS body: focus, exposure, bulb, and the files that come of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

/* What the body takes, about; each divided by --speed. */
#define FOCUS_TIME   (200 * NSEC_PER_MSEC)
#define SHUTTER_LAG  (80 * NSEC_PER_MSEC)
#define MIRROR_BACK  (120 * NSEC_PER_MSEC)
#define DEVELOP_JPEG (300 * NSEC_PER_MSEC)
#define DEVELOP_RAW  (400 * NSEC_PER_MSEC)
#define CARD_WRITE   (350 * NSEC_PER_MSEC) /* a file */
#define MAX_SHOTS    6                     /* that fit the body's buffer */
#define MAX_MEMORY   12                    /* files that wait for their transfer */

enum { HALF = 1, FULL = 2 };
enum { DRIVE_CONTINUOUS = 1, DRIVE_TIMER_CONTINUOUS = 7, DRIVE_TIMER_10 = 0x10, DRIVE_TIMER_2 };
enum { FOCUS_MANUAL = 3 };
/* Bytes of the focus record where the points in focus are named, one bit each; 4 is the middle. */
enum { FOCUS_BITS = 92, FOCUS_MIDDLE = 0x10 };

static void expose(struct sim_camera *camera);
static void deliver(struct sim_camera *camera);
static void answer_presses(struct sim_camera *camera);

static void show_focus(struct sim_camera *camera, bool focused)
{
	struct eos *eos = eos_of(camera);
	const struct eos_property *property = eos_property(eos, EOS_FOCUS_INFO);

	eos->focused = focused;
	if (!property)
		return;
	eos->values[property - eos->properties].bytes.data[FOCUS_BITS] = focused ? FOCUS_MIDDLE : 0;
	eos_tell_value(camera, EOS_FOCUS_INFO);
}

static void focus_done(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos_move_lens(camera, 0);
	show_focus(camera, true);
	if (eos->full_pressed && !eos->exposing)
		expose(camera);
	answer_presses(camera);
}

enum ptp_response eos_af(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (eos_of(camera)->exposing)
		return PTP_DEVICE_BUSY;
	sim_after(camera, FOCUS_TIME, focus_done);
	return PTP_OK;
}

enum ptp_response eos_af_cancel(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	sim_never(camera, focus_done);
	return PTP_OK;
}

static void tell_idle(struct sim_camera *camera)
{
	const struct eos *eos = eos_of(camera);

	if (!eos->exposing && !eos->shots)
		eos_tell_word(camera, EOS_STATUS_CHANGED, 0);
}

static void fill_settings(struct sim_camera *camera, struct studio_job *job,
	const struct eos_exposure *exposure, double seconds)
{
	static const uint8_t programs[] = { 2, 4, 3, 1, 1 }; /* P, Tv, Av, M, bulb */
	static const uint8_t metering[] = { 0, 0, 0, 5, 6, 2 };
	static const uint8_t sizes[16] = { [1] = PICTURE_SIZE_M,
		[0xd] = PICTURE_SIZE_S1,
		[0xe] = PICTURE_SIZE_S2,
		[0xf] = PICTURE_SIZE_S3 };
	const struct eos *eos = eos_of(camera);
	struct picture_settings *settings = &job->settings;
	uint32_t format = eos_get(eos, EOS_FORMAT), mode = eos_get(eos, EOS_MODE);
	uint32_t jpeg = (format >> 8 & 15) == 4 ? format & 0xff : format >> 8;
	uint32_t meter = eos_get(eos, EOS_METERING);
	const struct picture_dimensions *size = &picture_sizes[sizes[jpeg >> 4 & 15]];

	job->want_raw = (format >> 8 & 15) == 4 || (format & 15) == 4;
	job->want_jpeg = !job->want_raw || (format & 0xff);
	*settings = (struct picture_settings){ .width = size->width,
		.height = size->height,
		.quality = (jpeg & 15) == 2 ? PICTURE_QUALITY_NORMAL : PICTURE_QUALITY_FINE,
		.shutter_seconds = seconds,
		.aperture = exposure->aperture,
		.iso = exposure->iso,
		.bulb = exposure->bulb,
		.model = camera->body->model,
		.firmware = "1.0.0",
		.serial = eos_get_text(eos, EOS_SERIAL),
		.lens = eos_get_text(eos, EOS_LENS_NAME),
		.focal_length = 35,
		.focal_min = 18,
		.focal_max = 55,
		.exposure_program = mode < ARRAY_LENGTH(programs) ? programs[mode] : 2,
		.metering = meter < ARRAY_LENGTH(metering) ? metering[meter] : 0,
		.white_balance_manual = eos_get(eos, EOS_WHITE_BALANCE) != 0,
		.shutter_count = eos_get(eos, EOS_SHUTTER_COUNT) };
	snprintf(job->artist, sizeof(job->artist), "%s", eos_get_text(eos, EOS_ARTIST));
	snprintf(job->copyright, sizeof(job->copyright), "%s", eos_get_text(eos, EOS_COPYRIGHT));
	snprintf(job->owner, sizeof(job->owner), "%s", eos_get_text(eos, EOS_OWNER));
}

static void fill_time(const struct sim_camera *camera, struct studio_job *job)
{
	struct eos *eos = eos_of(camera);
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	job->settings.taken = (time_t)(timegm(&tm) + eos->clock_offset);
	job->settings.subsec = (unsigned)(now.tv_nsec / 10000000);
	job->settings.t = clock_now_nsec() - eos->fps_start;
	job->settings.index = ++eos->pictures;
}

/* Numbers that the card has already, put there by the host's user, are passed over. */
static unsigned int free_number(struct sim_camera *camera)
{
	struct card *card = &camera->card;
	unsigned int number = 0;
	char jpeg[16], raw[16];

	for (int tries = 0; tries < 9999; tries++) {
		number = card_next_number(card);
		snprintf(jpeg, sizeof(jpeg), "IMG_%04u.JPG", number % 10000);
		snprintf(raw, sizeof(raw), "IMG_%04u.CR2", number % 10000);
		if (!card_find_name(card, card->folder, jpeg) &&
			!card_find_name(card, card->folder, raw))
			break;
	}
	return number;
}

static nsec_t develop_time(const struct eos_shot *shot)
{
	int files = shot->wants_jpeg + shot->wants_raw;

	return (shot->wants_jpeg ? DEVELOP_JPEG : 0) + (shot->wants_raw ? DEVELOP_RAW : 0) +
		(shot->destination & EOS_TO_CARD ? files * CARD_WRITE : 0);
}

static void developed(struct sim_camera *camera)
{
	struct eos_shot *shot = eos_of(camera)->shots;

	while (shot && shot->processed)
		shot = shot->next;
	if (!shot)
		return;
	shot->processed = true;
	if (shot->next)
		sim_after(camera, develop_time(shot->next), developed);
	deliver(camera);
}

/* Whether the body has room for another picture, in its buffer and where that is to go. */
static enum ptp_response has_room(const struct sim_camera *camera)
{
	const struct eos *eos = eos_of(camera);
	size_t shots = 0;

	for (const struct eos_shot *shot = eos->shots; shot; shot = shot->next)
		shots++;
	if (eos->exposing || shots >= MAX_SHOTS || card_count_memory(&camera->card) >= MAX_MEMORY)
		return PTP_DEVICE_BUSY;
	return eos_get(eos, EOS_AVAILABLE_SHOTS) ? PTP_OK : PTP_STORE_FULL;
}

/* The button is still down: the next of a burst, as soon as there is room. */
void eos_go_on(struct sim_camera *camera)
{
	const struct eos *eos = eos_of(camera);

	if (eos->full_pressed && eos_get(eos, EOS_DRIVE) == DRIVE_CONTINUOUS &&
		!eos_meter(eos).bulb && has_room(camera) == PTP_OK)
		expose(camera);
	answer_presses(camera);
}

static void mirror_back(struct sim_camera *camera)
{
	eos_of(camera)->exposing = false;
	eos_go_on(camera);
	tell_idle(camera);
}

/* The light as it was half-way, for it may have changed while the shutter was open. */
static void take_light(const struct sim_camera *camera, struct eos_exposure *exposure)
{
	const struct eos *eos = eos_of(camera);
	nsec_t open = clock_now_nsec() - eos->exposure_start;
	double light = eos_light(eos, eos->exposure_start + open / 2);

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
			(long long)eos_of(camera)->exposure_start, light, settings->shutter_seconds,
			settings->aperture, settings->iso, job->exposure.stops);
}

/* The shutter closes: from here on the picture is the studio's. */
static void expose_end(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	struct eos_exposure exposure = eos_meter(eos);
	struct studio_job *job = orc_must(calloc(1, sizeof(*job)));
	struct eos_shot *shot = orc_must(calloc(1, sizeof(*shot))), **last = &eos->shots;
	double seconds = exposure.seconds;

	if (exposure.bulb) {
		seconds = (double)(clock_now_nsec() - eos->exposure_start) / (double)NSEC_PER_SEC *
			camera->options->speed;
		if (seconds < 0.001)
			seconds = 0.001;
	}
	take_light(camera, &exposure);
	job->kind = STUDIO_STILL;
	eos_set(camera, EOS_SHUTTER_COUNT, eos_get(eos, EOS_SHUTTER_COUNT) + 1);
	fill_settings(camera, job, &exposure, seconds);
	fill_time(camera, job);
	job->settings.exposure_bias = exposure.bulb ? 0 : eos_bias(eos);
	job->settings.image_number = 1000000 + free_number(camera) % 10000;
	job->exposure.stops = exposure.stops;
	tell_light(camera, job, exposure.light);
	job->settings.blur = eos_blur(eos);
	*shot = (struct eos_shot){ .wants_jpeg = job->want_jpeg,
		.wants_raw = job->want_raw,
		.destination = eos->destination };
	while (*last)
		last = &(*last)->next;
	*last = shot;
	job->owner_data = shot;
	studio_submit(camera->stills, job);
	if (!sim_pending(camera, developed))
		sim_after(camera, develop_time(shot), developed);
	eos->bulb = false;
	sim_after(camera, MIRROR_BACK, mirror_back);
}

static void bulb_second(struct sim_camera *camera)
{
	const struct eos *eos = eos_of(camera);
	double seconds = (double)(clock_now_nsec() - eos->exposure_start) / (double)NSEC_PER_SEC;

	eos_tell_word(camera, EOS_BULB_TIME, (uint32_t)(seconds * camera->options->speed + 0.5));
	sim_after(camera, NSEC_PER_SEC, bulb_second);
}

static void bulb_close(struct sim_camera *camera)
{
	sim_never(camera, bulb_second);
	expose_end(camera);
}

static void expose_begin(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	struct eos_exposure exposure = eos_meter(eos);

	eos->exposure_start = clock_now_nsec();
	if (!eos->light_start)
		eos->light_start = eos->exposure_start;
	if (camera->options->log_releases)
		log_info("%s: shutter released at %lld ns, open at %lld ns, focus at %d",
			camera->usb.device.info.busid, (long long)eos->released,
			(long long)eos->exposure_start, (int)eos->focus_position);
	eos->bulb = exposure.bulb;
	if (!exposure.bulb) {
		sim_after(camera, (nsec_t)(exposure.seconds * (double)NSEC_PER_SEC), expose_end);
		return;
	}
	if (!eos->full_pressed) /* let go within the shutter lag */
		expose_end(camera);
	else
		sim_after(camera, NSEC_PER_SEC, bulb_second);
}

static void expose(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	uint32_t drive = eos_get(eos, EOS_DRIVE);
	nsec_t delay = SHUTTER_LAG;

	if (drive == DRIVE_TIMER_10 || drive == DRIVE_TIMER_CONTINUOUS)
		delay += 10 * NSEC_PER_SEC;
	else if (drive == DRIVE_TIMER_2)
		delay += 2 * NSEC_PER_SEC;
	eos->exposing = true;
	eos->released = clock_now_nsec();
	eos->destination = eos_get(eos, EOS_DESTINATION);
	eos_tell_word(camera, EOS_STATUS_CHANGED, 1);
	sim_after(camera, delay, expose_begin);
}

static enum ptp_response may_expose(struct sim_camera *camera)
{
	if (!camera->faults.busy)
		return has_room(camera);
	camera->faults.busy--;
	return PTP_DEVICE_BUSY;
}

static void press_half(struct sim_camera *camera, bool focus)
{
	struct eos *eos = eos_of(camera);

	eos->half_pressed = true;
	if (!focus || eos_get(eos, EOS_FOCUS_MODE) == FOCUS_MANUAL)
		eos->focus_skipped = true;
	else if (!eos->focused)
		sim_after(camera, FOCUS_TIME, focus_done);
}

/* Which stroke (1 half, 2 full, 3 both), and whether to leave the focus as it is. */
enum ptp_response eos_release_on(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);
	bool leave_focus = t->num_params > 1 && t->params[1];
	enum ptp_response ret;

	if (!t->params[0] || t->params[0] > (HALF | FULL))
		return PTP_INVALID_PARAMETER;
	if (t->params[0] & FULL) {
		ret = may_expose(camera);
		if (ret != PTP_OK)
			return ret;
	}
	if (t->params[0] & HALF)
		press_half(camera, !leave_focus);
	if (!(t->params[0] & FULL))
		return PTP_OK;
	eos->full_pressed = true;
	if (!sim_pending(camera, focus_done)) /* else the shutter opens when it is in focus */
		expose(camera);
	return PTP_OK;
}

static void let_half_go(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos->half_pressed = eos->focus_skipped = false;
	sim_never(camera, focus_done);
	if (eos->focused)
		show_focus(camera, false);
}

enum ptp_response eos_release_off(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);

	if (!t->params[0] || t->params[0] > (HALF | FULL))
		return PTP_INVALID_PARAMETER;
	if (t->params[0] & FULL) {
		eos->full_pressed = false;
		if (eos->bulb)
			bulb_close(camera);
	}
	if (t->params[0] & HALF)
		let_half_go(camera);
	return PTP_OK;
}

/* A press that finds no room on the card is lost, and the display says so. */
static void answer_presses(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	enum ptp_response room;

	if (!eos->presses || eos->exposing || sim_pending(camera, focus_done))
		return;
	room = has_room(camera);
	if (room == PTP_STORE_FULL) {
		log_info("%s: the card is full", camera->usb.device.info.busid);
		eos->presses = 0;
		eos_tell_value(camera, EOS_AVAILABLE_SHOTS);
	} else if (room == PTP_OK) {
		eos->presses--;
		expose(camera);
	}
	if (!eos->presses)
		let_half_go(camera);
}

void eos_press(struct sim_camera *camera, unsigned count)
{
	struct eos *eos = eos_of(camera);

	eos->presses += count;
	if (!eos->half_pressed)
		press_half(camera, true);
	answer_presses(camera);
}

/* The older way: one picture, at once. */
enum ptp_response eos_release(struct sim_camera *camera, struct ptp_transaction *t)
{
	enum ptp_response ret = may_expose(camera);

	t->reply[0] = 1;
	t->num_reply = 1;
	if (ret == PTP_OK)
		expose(camera);
	return ret;
}

enum ptp_response eos_bulb_start(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);
	enum ptp_response ret;

	(void)t;
	if (!eos_meter(eos).bulb)
		return PTP_GENERAL_ERROR;
	ret = may_expose(camera);
	if (ret != PTP_OK)
		return ret;
	eos->full_pressed = true;
	expose(camera);
	return PTP_OK;
}

enum ptp_response eos_bulb_end(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);

	(void)t;
	if (!eos->full_pressed && !eos->bulb)
		return PTP_GENERAL_ERROR;
	eos->full_pressed = false;
	if (eos->bulb)
		bulb_close(camera);
	return PTP_OK;
}

static void hand_over(struct sim_camera *camera, const struct eos_shot *shot,
	struct sim_buffer *bytes, const char *suffix)
{
	struct card_object *object;
	struct orc_error err = { 0 };
	char name[24];

	snprintf(name, sizeof(name), "IMG_%04u.%s", shot->job->settings.image_number % 10000,
		suffix);
	if (shot->destination & EOS_TO_CARD) {
		if (card_add_file(&camera->card, camera->card.folder, name, bytes->data, bytes->len,
			    &object, &err) < 0)
			log_error("cannot write %s to the card: %s", name, err.why);
		else
			eos_tell_added(camera, object);
	}
	if (shot->destination & EOS_TO_HOST) {
		object = card_add_memory(&camera->card, name, bytes);
		eos_tell_transfer(camera, object);
	}
}

/* In the order of the shots, whichever the studio finishes first. */
static void deliver(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	while (eos->shots && eos->shots->processed && eos->shots->job) {
		struct eos_shot *shot = eos->shots;

		if (shot->job->failed)
			log_error("no picture: %s", shot->job->err.why);
		if (shot->job->raw.len)
			hand_over(camera, shot, &shot->job->raw, "CR2");
		if (shot->job->jpeg.len)
			hand_over(camera, shot, &shot->job->jpeg, "JPG");
		eos->shots = shot->next;
		studio_job_free(shot->job);
		free(shot);
		eos_update_space(camera);
		eos_go_on(camera);
		tell_idle(camera);
	}
}

void eos_still_done(struct sim_camera *camera, struct studio_job *job)
{
	struct eos_shot *shot = job->owner_data;

	shot->job = job;
	deliver(camera);
}

/* The host is gone: what it should have got is lost, what goes to the card gets there. */
void eos_let_go(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos->full_pressed = eos->half_pressed = eos->focus_skipped = false;
	eos->destination &= ~(uint32_t)EOS_TO_HOST;
	sim_never(camera, focus_done);
	if (eos->bulb)
		bulb_close(camera);
	if (eos->focused)
		show_focus(camera, false);
	for (struct eos_shot *shot = eos->shots; shot; shot = shot->next)
		shot->destination &= ~(uint32_t)EOS_TO_HOST;
}

void eos_shots_free(struct eos *eos)
{
	while (eos->shots) {
		struct eos_shot *shot = eos->shots;

		eos->shots = shot->next;
		studio_job_free(shot->job);
		free(shot);
	}
}
