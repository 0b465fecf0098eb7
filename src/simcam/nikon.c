/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Nikon body's readiness, who decides on its mode, the pictures in its memory, and its life cycle. */
#include "simcam/nikon.h"

#include <stdlib.h>

/* Nothing else is taken while it exposes, focuses, or moves mirror or lens. */
bool nikon_ready(const struct sim_camera *camera)
{
	const struct nikon *nikon = nikon_of(camera);

	return !camera->shutter.exposing && !nikon->focusing && !nikon->left &&
		clock_now_nsec() >= nikon->busy_until;
}

void nikon_busy(struct sim_camera *camera, nsec_t nsec)
{
	nikon_of(camera)->busy_until =
		clock_now_nsec() + (nsec_t)((double)nsec / camera->options->speed);
}

/* What came of the last operation is told once, when it is over. */
enum ptp_response nikon_device_ready(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct nikon *nikon = nikon_of(camera);
	uint16_t result = nikon->result;

	(void)t;
	if (camera->shutter.bulb)
		return (enum ptp_response)NIKON_BULB_BUSY;
	if (!nikon_ready(camera))
		return PTP_DEVICE_BUSY;
	nikon->result = 0;
	return result ? (enum ptp_response)result : PTP_OK;
}

/* 1: the host decides on the exposure program, 0: the dial. */
enum ptp_response nikon_set_mode(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct nikon *nikon = nikon_of(camera);

	if (t->params[0] > 1)
		return PTP_INVALID_PARAMETER;
	if (nikon->host_mode != t->params[0]) /* who may set it */
		nikon_tell(camera, EVENT_PROPERTY_CHANGED, STANDARD_PROGRAM);
	nikon->host_mode = t->params[0];
	if (!nikon->host_mode)
		nikon_set_program(camera, nikon->dial_program);
	return PTP_OK;
}

/* A picture in memory is gone once it was fetched. */
enum ptp_response nikon_get_object(struct sim_camera *camera, struct ptp_transaction *t)
{
	enum ptp_response ret = ptp_get_object(camera, t);
	struct card_object *object = card_find(&camera->card, t->params[0]);

	if (ret == PTP_OK && object->in_memory && card_remove(&camera->card, object, NULL) < 0)
		return PTP_GENERAL_ERROR;
	return ret;
}

/* One, or all of them: 0. */
enum ptp_response nikon_delete_sdram(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct card_object *object = card_find(&camera->card, t->params[0]);

	if (!t->params[0]) {
		card_drop_memory(&camera->card);
		return PTP_OK;
	}
	if (!object || !object->in_memory)
		return PTP_INVALID_OBJECT_HANDLE;
	return card_remove(&camera->card, object, NULL) < 0 ? PTP_GENERAL_ERROR : PTP_OK;
}

int nikon_start(struct sim_camera *camera, struct orc_error *err)
{
	struct nikon *nikon = orc_must(calloc(1, sizeof(*nikon)));

	(void)err;
	camera->state = nikon;
	nikon->dial_program = ptp_get(camera, STANDARD_PROGRAM);
	return 0;
}

void nikon_stop(struct sim_camera *camera)
{
	free(camera->state);
	camera->state = NULL;
}

/* Settings stay; the dials count again, what the host should have got is lost. */
void nikon_session_closed(struct sim_camera *camera)
{
	struct nikon *nikon = nikon_of(camera);

	nikon->left = 0;
	nikon->focusing = false;
	nikon->terminated = false;
	nikon->result = 0;
	sim_shutter_host_gone(camera);
	nikon_view_over(camera);
	card_drop_memory(&camera->card);
	ptp_set(camera, NIKON_RECORDING_MEDIA, NIKON_MEDIA_CARD);
	nikon->host_mode = false;
	nikon_set_program(camera, nikon->dial_program);
	nikon->num_events = 0;
}

void nikon_object_removed(struct sim_camera *camera, uint32_t handle)
{
	nikon_tell(camera, EVENT_OBJECT_REMOVED, handle);
}
