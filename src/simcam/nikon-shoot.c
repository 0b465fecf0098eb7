/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The release of a Nikon body: to the card or to memory, focus before it, bursts, bulb. */
#include <stdio.h>

#include "base/log.h"
#include "simcam/nikon.h"

#define FOCUS_TIME (200 * NSEC_PER_MSEC) /* about; divided by --speed */
#define TIMER_TIME (10 * NSEC_PER_SEC)

enum { AF_NONE = 0xffffffff, AF_FIRST = 0xfffffffe };

/* CompressionSetting: bit 2 is a raw file; what is left of it the JPEG's compression. */
enum { COMPRESSION_RAW = 4, COMPRESSION_NORMAL = 1 };

static bool wants_raw(const struct sim_camera *camera)
{
	return ptp_get(camera, STANDARD_COMPRESSION) & COMPRESSION_RAW;
}

static bool wants_jpeg(const struct sim_camera *camera)
{
	return ptp_get(camera, STANDARD_COMPRESSION) != COMPRESSION_RAW;
}

uint64_t nikon_expected_size(const struct sim_camera *camera)
{
	return (wants_raw(camera) ? 32u << 20 : 0) + (wants_jpeg(camera) ? 12u << 20 : 0);
}

void nikon_describe(struct sim_camera *camera, struct studio_job *job)
{
	static const unsigned qualities[] = { 70, PICTURE_QUALITY_NORMAL, PICTURE_QUALITY_FINE };
	struct picture_settings *settings = &job->settings;
	int64_t compression = ptp_get(camera, STANDARD_COMPRESSION);

	standard_describe(camera, job);
	settings->make = "NIKON CORPORATION";
	settings->lens = "24.0-85.0 mm f/3.5-4.5";
	settings->focal_length = settings->focal_min = 24;
	settings->focal_max = 85;
	job->want_raw = wants_raw(camera);
	job->want_jpeg = wants_jpeg(camera);
	settings->quality = qualities[(job->want_raw ? compression + 1 : compression) % 3];
	snprintf(job->artist, sizeof(job->artist), "%s", ptp_get_text(camera, NIKON_ARTIST));
	snprintf(job->copyright, sizeof(job->copyright), "%s",
		ptp_get_text(camera, NIKON_COPYRIGHT));
}

static void release(struct sim_camera *camera)
{
	struct nikon *nikon = nikon_of(camera);
	bool timer = ptp_get(camera, STANDARD_DRIVE) == NIKON_DRIVE_TIMER;

	nikon->left--;
	camera->shutter.held = standard_is_bulb(camera) && !nikon->terminated;
	sim_shutter_release(camera, timer ? TIMER_TIME : 0, nikon->destination);
}

static bool manual_focus(const struct sim_camera *camera)
{
	return ptp_get(camera, NIKON_AF_MODE) == NIKON_AF_MODE_MANUAL ||
		ptp_get(camera, STANDARD_FOCUS_MODE) == NIKON_FOCUS_MANUAL;
}

static enum ptp_response has_room(struct sim_camera *camera, unsigned destination)
{
	if (!(destination & SHOT_TO_CARD))
		return PTP_OK;
	return sim_shutter_room(camera, nikon_expected_size(camera));
}

/* The next of a burst, or of the button's presses, as soon as there is room. */
void nikon_go_on(struct sim_camera *camera)
{
	struct nikon *nikon = nikon_of(camera);
	enum ptp_response room;

	if (!nikon->left || nikon->focusing)
		return;
	if (!sim_shutter_free(camera)) {
		/* The memory is full, and only a body that is ready lets a host empty it. */
		if (sim_shutter_idle(camera))
			nikon->left = 0;
		return;
	}
	room = has_room(camera, nikon->destination);
	if (room == PTP_OK)
		release(camera);
	if (room == PTP_OK || room == PTP_DEVICE_BUSY)
		return;
	nikon->left = 0;
	nikon_tell(camera, EVENT_STORE_FULL, NIKON_STORAGE);
}

static void focus_done(struct sim_camera *camera)
{
	struct nikon *nikon = nikon_of(camera);

	if (!nikon->focusing)
		return;
	nikon->focusing = false;
	sim_lens_move(camera, 0);
	nikon_go_on(camera);
}

static void focus(struct sim_camera *camera)
{
	nikon_of(camera)->focusing = true;
	sim_after(camera, FOCUS_TIME, focus_done);
}

static bool is_burst(const struct sim_camera *camera)
{
	int64_t drive = ptp_get(camera, STANDARD_DRIVE);

	return (drive == DRIVE_BURST || drive == NIKON_DRIVE_LOW) && !standard_is_bulb(camera);
}

static enum ptp_response shoot(struct sim_camera *camera, bool af, unsigned destination)
{
	struct nikon *nikon = nikon_of(camera);
	enum ptp_response room = has_room(camera, destination);

	if (camera->faults.busy) {
		camera->faults.busy--;
		return PTP_DEVICE_BUSY;
	}
	if (!sim_shutter_free(camera))
		return PTP_DEVICE_BUSY;
	if (room != PTP_OK)
		return room;
	/* In live view the lens is driven by AfDrive alone. */
	if (af && nikon->live_view)
		return (enum ptp_response)NIKON_INVALID_STATUS;
	nikon->left = is_burst(camera) ? (unsigned)ptp_get(camera, STANDARD_BURST) : 1;
	nikon->destination = destination;
	nikon->terminated = false;
	nikon->result = 0;
	if (af && !manual_focus(camera))
		focus(camera);
	else
		release(camera);
	return PTP_OK;
}

enum ptp_response nikon_capture_sdram(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (standard_is_bulb(camera))
		return (enum ptp_response)NIKON_SHUTTER_BULB;
	return shoot(camera, t->num_params && t->params[0] == AF_FIRST, SHOT_TO_HOST);
}

enum ptp_response nikon_af_capture_sdram(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (standard_is_bulb(camera))
		return (enum ptp_response)NIKON_SHUTTER_BULB;
	return shoot(camera, true, SHOT_TO_HOST);
}

/* Whether to focus, and where to: card or memory. With bulb it ends by TerminateCapture. */
enum ptp_response nikon_capture_media(struct sim_camera *camera, struct ptp_transaction *t)
{
	bool sdram = t->params[1];

	if ((t->params[0] != AF_NONE && t->params[0] != AF_FIRST) || t->params[1] > 1)
		return PTP_INVALID_PARAMETER;
	return shoot(camera, t->params[0] == AF_FIRST, sdram ? SHOT_TO_HOST : SHOT_TO_CARD);
}

enum ptp_response nikon_initiate_capture(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (t->params[0] && t->params[0] != NIKON_STORAGE)
		return PTP_INVALID_STORAGE_ID;
	if (standard_is_bulb(camera))
		return (enum ptp_response)NIKON_SHUTTER_BULB;
	return shoot(camera, false, SHOT_TO_CARD);
}

enum ptp_response nikon_terminate(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct nikon *nikon = nikon_of(camera);

	(void)t;
	if (!standard_is_bulb(camera) || (!camera->shutter.exposing && !nikon->left))
		return (enum ptp_response)NIKON_INVALID_STATUS;
	nikon->terminated = true;
	sim_shutter_let_go(camera);
	return PTP_OK;
}

enum ptp_response nikon_af(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (manual_focus(camera))
		return (enum ptp_response)NIKON_INVALID_STATUS;
	focus(camera);
	return PTP_OK;
}

enum ptp_response nikon_af_cancel(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (!nikon_of(camera)->left)
		nikon_of(camera)->focusing = false;
	return PTP_OK;
}

void nikon_file_stored(struct sim_camera *camera, const struct card_object *object)
{
	nikon_tell(camera, EVENT_OBJECT_ADDED, object->handle);
}

void nikon_file_waits(struct sim_camera *camera, struct card_object *object)
{
	struct nikon *nikon = nikon_of(camera);

	object->parent = 0; /* by which hosts know what is in memory */
	object->handle = NIKON_FIRST_SDRAM + nikon->sdram_handles++ % 0xff;
	nikon_tell(camera, NIKON_ADDED_IN_SDRAM, object->handle);
}

void nikon_shot_done(struct sim_camera *camera)
{
	nikon_go_on(camera);
	if (sim_shutter_idle(camera) && !nikon_of(camera)->left)
		nikon_tell(camera,
			nikon_of(camera)->destination & SHOT_TO_HOST ? NIKON_COMPLETE_IN_SDRAM
								     : EVENT_CAPTURE_COMPLETE,
			0);
}

/* The body's own button: to where the recording media say. */
void nikon_press(struct sim_camera *camera, unsigned count)
{
	struct nikon *nikon = nikon_of(camera);

	if (!nikon->left && nikon_ready(camera))
		nikon->destination = ptp_get(camera, NIKON_RECORDING_MEDIA) == NIKON_MEDIA_SDRAM
			? SHOT_TO_HOST
			: SHOT_TO_CARD;
	nikon->terminated = true; /* let go at once */
	nikon->left += count;
	if (!camera->shutter.exposing && !nikon->focusing && !manual_focus(camera) &&
		!nikon->live_view)
		focus(camera);
	else
		nikon_go_on(camera);
}
