/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view of an EOS body, and what it does to the lens. */
#include "base/bytes.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

#define WARM_UP (300 * NSEC_PER_MSEC) /* mirror, shutter, first frame */
enum { BLOB_JPEG = 1 };

/* The answer's data: one blob, which begins with its length. */
void eos_frame_begin(struct sim_buffer *out)
{
	sim_buffer_u32(out, 0);
	sim_buffer_u32(out, BLOB_JPEG);
}

void eos_frame_end(uint8_t *data, size_t len)
{
	put_le32(data, (uint32_t)len);
}

enum ptp_response eos_view(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	if (!(eos_get(eos_of(camera), EOS_EVF_OUTPUT) & EOS_EVF_TO_PC))
		return (enum ptp_response)EOS_REFUSED;
	if (camera->shutter.exposing)
		return PTP_DEVICE_BUSY;
	if (!sim_view_ready(camera))
		return (enum ptp_response)EOS_NOT_READY;
	return sim_view_frame(camera);
}

void eos_view_switched(struct sim_camera *camera)
{
	if (eos_get(eos_of(camera), EOS_EVF_OUTPUT) & EOS_EVF_TO_PC)
		sim_view_begin(camera, WARM_UP);
	else
		sim_view_end(camera);
}

void eos_end_view(struct sim_camera *camera)
{
	eos_set(camera, EOS_EVF_OUTPUT, 0);
	eos_view_switched(camera);
}

/* 1 to 3 near, 0x8001 to 0x8003 far: small, middle and large steps. */
enum ptp_response eos_drive_lens(struct sim_camera *camera, struct ptp_transaction *t)
{
	static const int32_t steps[] = { 0, 1, 8, 64 };
	uint32_t step = t->params[0] & 0x7fff;

	if (!step || step >= ARRAY_LENGTH(steps))
		return PTP_INVALID_PARAMETER;
	if (!(eos_get(eos_of(camera), EOS_EVF_OUTPUT) & EOS_EVF_TO_PC))
		return (enum ptp_response)EOS_REFUSED;
	sim_lens_drive(camera, t->params[0] & 0x8000 ? steps[step] : -steps[step]);
	return PTP_OK;
}

enum ptp_response eos_zoom(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (t->params[0] != 1 && t->params[0] != 5 && t->params[0] != 10)
		return PTP_INVALID_PARAMETER;
	if (!(eos_get(eos_of(camera), EOS_EVF_OUTPUT) & EOS_EVF_TO_PC))
		return (enum ptp_response)EOS_REFUSED;
	camera->view.zoom = t->params[0];
	return PTP_OK;
}

enum ptp_response eos_zoom_position(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (t->params[0] >= EOS_SENSOR_WIDTH || t->params[1] >= EOS_SENSOR_HEIGHT)
		return PTP_INVALID_PARAMETER;
	camera->view.zoom_x = (double)t->params[0] / EOS_SENSOR_WIDTH;
	camera->view.zoom_y = (double)t->params[1] / EOS_SENSOR_HEIGHT;
	return PTP_OK;
}
