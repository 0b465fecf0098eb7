/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modes and locks of an EOS body, and its life cycle. */
#include "simcam/eos.h"

#include <stdlib.h>
#include <string.h>

#include "simcam/dataset.h"

enum ptp_response eos_nothing(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)camera;
	(void)t;
	return PTP_OK;
}

enum ptp_response eos_set_remote_mode(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);

	eos->remote_mode = t->params[0];
	if (!eos->remote_mode) { /* the user has the camera again */
		eos_let_go(camera);
		eos_end_view(camera);
	}
	return PTP_OK;
}

enum ptp_response eos_get_remote_mode(struct sim_camera *camera, struct ptp_transaction *t)
{
	t->reply[0] = eos_of(camera)->remote_mode;
	t->num_reply = 1;
	return PTP_OK;
}

enum ptp_response eos_set_event_mode(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);
	bool begins = !eos->event_mode && t->params[0];

	eos->event_mode = t->params[0];
	if (!eos->event_mode)
		sim_buffer_clear(&eos->events);
	if (begins)
		eos_tell_everything(camera);
	return PTP_OK;
}

enum ptp_response eos_set_ui_lock(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	eos_of(camera)->ui_locked = true;
	return PTP_OK;
}

enum ptp_response eos_reset_ui_lock(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	eos_of(camera)->ui_locked = false;
	return PTP_OK;
}

/* Free clusters, bytes a cluster, and whether it is news. */
enum ptp_response eos_host_capacity(struct sim_camera *camera, struct ptp_transaction *t)
{
	eos_of(camera)->host_capacity = t->params[0];
	eos_update_space(camera);
	return PTP_OK;
}

enum ptp_response eos_set_property(struct sim_camera *camera, struct ptp_transaction *t)
{
	return eos_set_from_host(camera, t->data.data, t->data.len);
}

enum ptp_response eos_request_property(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct eos_property *property = NULL;

	if (t->params[0] <= 0xffff)
		property = eos_property(eos_of(camera), (uint16_t)t->params[0]);
	if (!property || property->kind == EOS_NO_VALUE)
		return PTP_GENERAL_ERROR; /* as bodies say it */
	eos_tell_value(camera, property->code);
	return PTP_OK;
}

enum ptp_response eos_get_device_info_ex(struct sim_camera *camera, struct ptp_transaction *t)
{
	static const uint32_t events[] = { 0xc181, 0xc182, 0xc183, 0xc184, 0xc185, 0xc186, 0xc187,
		0xc188, 0xc189, 0xc18a, 0xc18b, 0xc18d, 0xc18e, 0xc18f, 0xc190, 0xc191, 0xc1a0,
		0xc1a1 };
	static const uint32_t others[] = { 0, 1, 2, 4, 8 };
	const struct eos *eos = eos_of(camera);
	struct sim_buffer body = { 0 };

	sim_buffer_array32(&body, events, ARRAY_LENGTH(events));
	sim_buffer_u32(&body, (uint32_t)eos->num_properties);
	for (size_t i = 0; i < eos->num_properties; i++)
		sim_buffer_u32(&body, eos->properties[i].code);
	sim_buffer_array32(&body, others, ARRAY_LENGTH(others));
	sim_buffer_u32(&t->data, (uint32_t)body.len + 4);
	sim_buffer_append(&t->data, body.data, body.len);
	sim_buffer_free(&body);
	return PTP_OK;
}

/* The body tells of its battery in steps, in PTP's own property and in one of Canon's. */
static void set_battery(struct sim_camera *camera)
{
	static const struct {
		uint8_t percent;
		uint32_t code;
	} levels[] = { { 100, 2 }, { 75, 4 }, { 50, 1 }, { 25, 5 }, { 0, 0 } }, *level = levels;

	if (camera->options->battery < 0)
		return;
	while (camera->options->battery < level->percent)
		level++;
	ptp_set(camera, STANDARD_BATTERY, level->percent);
	eos_set(camera, EOS_BATTERY, level->code);
}

void eos_start(struct sim_camera *camera, const struct eos_property *properties, size_t count)
{
	struct eos *eos = orc_must(calloc(1, sizeof(*eos)));

	camera->state = eos;
	eos_properties_init(eos, properties, count);
	if (camera->options->serial || camera->options->number > 0)
		eos_set_text(eos, EOS_SERIAL, camera->serial);
	set_battery(camera);
	eos_set(camera, EOS_AUTO_POWER_OFF, (uint32_t)camera->options->auto_power_off);
	eos_update_space(camera);
}

void eos_stop(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos_properties_free(eos);
	sim_buffer_free(&eos->events);
	free(eos);
	camera->state = NULL;
}

/*
 * What an EOS keeps when its host is gone: every setting. What it drops: the session with its modes
 * and events, live view, the button, the destination (the card again), pictures not transferred.
 */
void eos_session_closed(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	eos->event_mode = 0;
	sim_buffer_clear(&eos->events);
	eos_let_go(camera);
	eos->remote_mode = 0;
	eos->ui_locked = false;
	eos->host_capacity = 0;
	eos_end_view(camera);
	eos_set(camera, EOS_DESTINATION, EOS_TO_CARD);
	card_drop_memory(&camera->card);
	eos_update_space(camera);
	/* Presses that found the memory full have room now. */
	eos_go_on(camera);
}

void eos_switched_off(struct sim_camera *camera)
{
	eos_of(camera)->presses = 0;
	eos_session_closed(camera);
}

bool eos_remote(struct sim_camera *camera)
{
	return eos_of(camera)->remote_mode != 0;
}

void eos_object_removed(struct sim_camera *camera, uint32_t handle)
{
	eos_tell_word(camera, EOS_OBJECT_REMOVED, handle);
	eos_update_space(camera);
}
