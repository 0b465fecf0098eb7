/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view of a Nikon body, and the lens that is driven in it. */
#include "base/bytes.h"
#include "simcam/dataset.h"
#include "simcam/nikon.h"

#define MIRROR_UP   (300 * NSEC_PER_MSEC)
#define MIRROR_DOWN (100 * NSEC_PER_MSEC)
#define LENS_STEP   (20 * NSEC_PER_MSEC)

/* Before the JPEG of a frame the D750 tells of sizes and focus points; big-endian, most of it 0. */
enum { FRAME_HEADER = 384, FRAME_WIDTH_AT = 8, FRAME_HEIGHT_AT = 10 };

void nikon_frame_begin(struct sim_buffer *out)
{
	uint8_t *header = sim_buffer_grow(out, FRAME_HEADER);

	put_be16(header + FRAME_WIDTH_AT, SCENE_WIDTH);
	put_be16(header + FRAME_HEIGHT_AT, SCENE_HEIGHT);
}

uint32_t nikon_view_prohibited(const struct sim_camera *camera)
{
	uint32_t why = 0;

	if (card_count_memory(&camera->card))
		why |= NIKON_NO_VIEW_MEMORY;
	if (camera->shutter.exposing)
		why |= NIKON_NO_VIEW_SHOOTING;
	if (ptp_get(camera, STANDARD_PROGRAM) == PROGRAM_SHUTTER &&
		ptp_get(camera, STANDARD_EXPOSURE_TIME) == STANDARD_TIME_BULB)
		why |= NIKON_NO_VIEW_BULB;
	return why;
}

enum ptp_response nikon_start_view(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct nikon *nikon = nikon_of(camera);

	(void)t;
	if (nikon->live_view)
		return PTP_OK;
	if (nikon_view_prohibited(camera))
		return (enum ptp_response)NIKON_INVALID_STATUS;
	nikon->live_view = true;
	nikon_busy(camera, MIRROR_UP);
	sim_view_begin(camera, MIRROR_UP);
	return PTP_OK;
}

void nikon_view_over(struct sim_camera *camera)
{
	struct nikon *nikon = nikon_of(camera);

	if (!nikon->live_view)
		return;
	nikon->live_view = false;
	sim_view_forget(camera);
	sim_view_end(camera);
	ptp_set(camera, NIKON_LIVE_VIEW_ZOOM, 0);
	nikon_busy(camera, MIRROR_DOWN);
}

enum ptp_response nikon_end_view(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	nikon_view_over(camera);
	return PTP_OK;
}

enum ptp_response nikon_view_image(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (!nikon_of(camera)->live_view)
		return (enum ptp_response)NIKON_NOT_LIVE_VIEW;
	if (!nikon_ready(camera) || !sim_view_ready(camera))
		return PTP_DEVICE_BUSY;
	return sim_view_frame(camera);
}

/* Nearer (1) or farther (2), so many steps of the motor. */
enum ptp_response nikon_drive_lens(struct sim_camera *camera, struct ptp_transaction *t)
{
	const uint32_t steps_a_position = 40, most = 32767;
	int32_t by = (int32_t)((t->params[1] + steps_a_position / 2) / steps_a_position);

	if (t->params[0] < 1 || t->params[0] > 2 || !t->params[1] || t->params[1] > most)
		return PTP_INVALID_PARAMETER;
	if (!nikon_of(camera)->live_view)
		return (enum ptp_response)NIKON_NOT_LIVE_VIEW;
	if (!by)
		nikon_of(camera)->result = NIKON_STEP_TOO_SMALL;
	else if (!sim_lens_drive(camera, t->params[0] == 1 ? -by : by))
		nikon_of(camera)->result = NIKON_LENS_AT_END;
	nikon_busy(camera, LENS_STEP);
	return PTP_OK;
}

/* A point of the picture; a body focuses there the next time. */
enum ptp_response nikon_af_area(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	return nikon_of(camera)->live_view ? PTP_OK : (enum ptp_response)NIKON_NOT_LIVE_VIEW;
}
