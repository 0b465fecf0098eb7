/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter button of an EOS body: focus, exposure, bulb, and the files that come of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

#define FOCUS_TIME (200 * NSEC_PER_MSEC) /* about; divided by --speed */

enum { HALF = 1, FULL = 2 };
enum { DRIVE_CONTINUOUS = 1, DRIVE_TIMER_CONTINUOUS = 7, DRIVE_TIMER_10 = 0x10, DRIVE_TIMER_2 };
enum { FOCUS_MANUAL = 3 };
/* Bytes of the focus record where the points in focus are named, one bit each; 4 is the middle. */
enum { FOCUS_BITS = 92, FOCUS_MIDDLE = 0x10 };

static void expose(struct sim_camera *camera);
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
	sim_lens_move(camera, 0);
	show_focus(camera, true);
	if (camera->shutter.held && !camera->shutter.exposing)
		expose(camera);
	answer_presses(camera);
}

/* The host's wish; the body's own button goes on. */
static void stop_focusing(struct sim_camera *camera)
{
	if (!eos_of(camera)->presses)
		sim_never(camera, focus_done);
}

enum ptp_response eos_af(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (camera->shutter.exposing)
		return PTP_DEVICE_BUSY;
	sim_after(camera, FOCUS_TIME, focus_done);
	return PTP_OK;
}

enum ptp_response eos_af_cancel(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	stop_focusing(camera);
	return PTP_OK;
}

static void tell_idle(struct sim_camera *camera)
{
	if (sim_shutter_idle(camera))
		eos_tell_word(camera, EOS_STATUS_CHANGED, 0);
}

void eos_describe(struct sim_camera *camera, struct studio_job *job)
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
	eos_set(camera, EOS_SHUTTER_COUNT, eos_get(eos, EOS_SHUTTER_COUNT) + 1);
	settings->make = "Canon";
	settings->firmware = "1.0.0";
	settings->width = size->width;
	settings->height = size->height;
	settings->quality = (jpeg & 15) == 2 ? PICTURE_QUALITY_NORMAL : PICTURE_QUALITY_FINE;
	settings->serial = eos_get_text(eos, EOS_SERIAL);
	settings->lens = eos_get_text(eos, EOS_LENS_NAME);
	settings->focal_length = 35;
	settings->focal_min = 18;
	settings->focal_max = 55;
	settings->exposure_program = mode < ARRAY_LENGTH(programs) ? programs[mode] : 2;
	settings->metering = meter < ARRAY_LENGTH(metering) ? metering[meter] : 0;
	settings->white_balance_manual = eos_get(eos, EOS_WHITE_BALANCE) != 0;
	settings->shutter_count = eos_get(eos, EOS_SHUTTER_COUNT);
	settings->exposure_bias = settings->bulb ? 0 : eos_bias(eos);
	snprintf(job->artist, sizeof(job->artist), "%s", eos_get_text(eos, EOS_ARTIST));
	snprintf(job->copyright, sizeof(job->copyright), "%s", eos_get_text(eos, EOS_COPYRIGHT));
	snprintf(job->owner, sizeof(job->owner), "%s", eos_get_text(eos, EOS_OWNER));
}

/* Whether the body has room for another picture, in its buffer and where that is to go. */
static enum ptp_response has_room(struct sim_camera *camera)
{
	const struct eos *eos = eos_of(camera);

	if (!sim_shutter_free(camera))
		return PTP_DEVICE_BUSY;
	if (eos_get(eos, EOS_DESTINATION) == EOS_TO_HOST)
		return eos->host_capacity ? PTP_OK : PTP_STORE_FULL;
	return sim_shutter_room(camera, eos_expected_size(eos));
}

/* The button is still down: the next of a burst, as soon as there is room. */
void eos_go_on(struct sim_camera *camera)
{
	const struct eos *eos = eos_of(camera);

	if (camera->shutter.held && eos_get(eos, EOS_DRIVE) == DRIVE_CONTINUOUS &&
		!eos_is_bulb(eos) && !sim_pending(camera, focus_done) && has_room(camera) == PTP_OK)
		expose(camera);
	answer_presses(camera);
}

void eos_exposed(struct sim_camera *camera)
{
	eos_go_on(camera);
	tell_idle(camera);
}

static void bulb_second(struct sim_camera *camera)
{
	double seconds = (double)(clock_now_nsec() - camera->shutter.opened) / (double)NSEC_PER_SEC;

	if (!camera->shutter.bulb)
		return;
	eos_tell_word(camera, EOS_BULB_TIME, (uint32_t)(seconds * camera->options->speed + 0.5));
	sim_after(camera, NSEC_PER_SEC, bulb_second);
}

void eos_bulb_opened(struct sim_camera *camera)
{
	sim_after(camera, NSEC_PER_SEC, bulb_second);
}

static void expose(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	uint32_t drive = eos_get(eos, EOS_DRIVE);
	nsec_t delay = 0;

	if (drive == DRIVE_TIMER_10 || drive == DRIVE_TIMER_CONTINUOUS)
		delay = 10 * NSEC_PER_SEC;
	else if (drive == DRIVE_TIMER_2)
		delay = 2 * NSEC_PER_SEC;
	eos_tell_word(camera, EOS_STATUS_CHANGED, 1);
	sim_shutter_release(camera, delay, eos_get(eos, EOS_DESTINATION));
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
	if (focus && eos_get(eos, EOS_FOCUS_MODE) != FOCUS_MANUAL && !eos->focused)
		sim_after(camera, FOCUS_TIME, focus_done);
}

/* Which stroke (1 half, 2 full, 3 both), and whether to leave the focus as it is. */
enum ptp_response eos_release_on(struct sim_camera *camera, struct ptp_transaction *t)
{
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
	camera->shutter.held = true;
	if (!sim_pending(camera, focus_done)) /* else the shutter opens when it is in focus */
		expose(camera);
	return PTP_OK;
}

static void let_half_go(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos->half_pressed = false;
	stop_focusing(camera);
	if (eos->focused)
		show_focus(camera, false);
}

enum ptp_response eos_release_off(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (!t->params[0] || t->params[0] > (HALF | FULL))
		return PTP_INVALID_PARAMETER;
	if (t->params[0] & FULL)
		sim_shutter_let_go(camera);
	if (t->params[0] & HALF)
		let_half_go(camera);
	return PTP_OK;
}

/* A press that finds no room on the card is lost, and the display says so. */
static void answer_presses(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	enum ptp_response room;

	if (!eos->presses || camera->shutter.exposing || sim_pending(camera, focus_done))
		return;
	room = has_room(camera);
	if (room == PTP_OK) {
		eos->presses--;
		expose(camera);
	} else if (room != PTP_DEVICE_BUSY) {
		log_info("%s: the card takes no picture", camera->usb.device.info.busid);
		eos->presses = 0;
		eos_tell_value(camera, EOS_AVAILABLE_SHOTS);
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
	enum ptp_response ret;

	(void)t;
	if (!eos_is_bulb(eos_of(camera)))
		return PTP_GENERAL_ERROR;
	ret = may_expose(camera);
	if (ret != PTP_OK)
		return ret;
	camera->shutter.held = true;
	expose(camera);
	return PTP_OK;
}

enum ptp_response eos_bulb_end(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (!camera->shutter.held && !camera->shutter.bulb)
		return PTP_GENERAL_ERROR;
	sim_shutter_let_go(camera);
	return PTP_OK;
}

void eos_shot_done(struct sim_camera *camera)
{
	eos_update_space(camera);
	eos_go_on(camera);
	tell_idle(camera);
}

void eos_let_go(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos->half_pressed = false;
	stop_focusing(camera);
	sim_shutter_host_gone(camera);
	if (eos->focused)
		show_focus(camera, false);
}
