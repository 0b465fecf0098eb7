/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A strict PTP responder: sessions, transactions, dispatch over a body's table of operations. */
#include "simcam/ptp.h"

#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "simcam/body.h"
#include "simcam/camera.h"
#include "simcam/dataset.h"

enum { OPEN_SESSION = 0x1002 };

static void put_header(struct sim_buffer *out, uint16_t type, uint16_t code, uint32_t id)
{
	sim_buffer_u32(out, 0);
	sim_buffer_u16(out, type);
	sim_buffer_u16(out, code);
	sim_buffer_u32(out, id);
}

static void send_container(struct ptp *ptp, struct sim_buffer *out)
{
	put_le32(out->data, (uint32_t)out->len);
	if (!sim_fault_send(ptp->camera, out))
		sim_usb_send(&ptp->camera->usb, out);
}

static void respond(struct ptp *ptp, uint16_t code)
{
	const struct ptp_transaction *t = &ptp->now;
	struct sim_buffer out = { 0 };
	bool tells = code == PTP_OK || code == PTP_SESSION_ALREADY_OPEN;

	put_header(&out, PTP_RESPONSE, code, t->id);
	for (size_t i = 0; tells && i < t->num_reply; i++)
		sim_buffer_u32(&out, t->reply[i]);
	send_container(ptp, &out);
}

/* The header goes in front of the data where that is: it may be a long file. */
static void send_data(struct ptp *ptp)
{
	struct ptp_transaction *t = &ptp->now;
	struct sim_buffer header = { 0 }, out = t->data;

	t->data = (struct sim_buffer){ 0 };
	put_header(&header, PTP_DATA, t->code, t->id);
	sim_buffer_grow(&out, header.len);
	memmove(out.data + header.len, out.data, out.len - header.len);
	memcpy(out.data, header.data, header.len);
	sim_buffer_free(&header);
	send_container(ptp, &out);
}

void ptp_finish(struct ptp *ptp, enum ptp_response response)
{
	struct ptp_transaction *t = &ptp->now;

	log_debug("ptp: %04x #%u -> %04x, %zu bytes", t->code, t->id, response, t->data.len);
	ptp->phase = PTP_IDLE;
	if (ptp->operation && (ptp->operation->flags & PTP_GETS) && response == PTP_OK) {
		send_data(ptp);
	}
	sim_buffer_free(&t->data);
	ptp->operation = NULL;
	respond(ptp, (uint16_t)response);
}

static void run(struct ptp *ptp)
{
	enum ptp_response response;

	ptp->phase = PTP_RUNNING;
	response = ptp->operation->run(ptp->camera, &ptp->now);
	if (response != PTP_LATER)
		ptp_finish(ptp, response);
}

static uint32_t next_id(uint32_t id)
{
	return id >= 0xfffffffe ? 1 : id + 1;
}

/* Whether the operation may run at all; the order of the checks is the camera's. */
static enum ptp_response admit(struct ptp *ptp)
{
	const struct ptp_operation *operation = ptp->operation;
	const struct ptp_transaction *t = &ptp->now;

	if (!ptp->session && !(operation && (operation->flags & PTP_SESSIONLESS)))
		return PTP_SESSION_NOT_OPEN;
	if (ptp->session && t->code != OPEN_SESSION) {
		if (t->id != next_id(ptp->last_id))
			return PTP_INVALID_TRANSACTION_ID;
		ptp->last_id = t->id;
	}
	if (!operation || !operation->run)
		return PTP_OPERATION_NOT_SUPPORTED;
	if (t->num_params < operation->min_params)
		return PTP_INVALID_PARAMETER;
	if ((operation->flags & PTP_REMOTE) && !ptp->camera->body->remote(ptp->camera))
		return (enum ptp_response)ptp->camera->body->not_remote;
	if ((operation->flags & PTP_WHEN_READY) && !ptp->camera->body->ready(ptp->camera))
		return PTP_DEVICE_BUSY;
	return PTP_OK;
}

static int take_command(struct ptp *ptp, const uint8_t *data, size_t len)
{
	const struct sim_body *body = ptp->camera->body;
	struct ptp_transaction *t = &ptp->now;
	enum sim_fault_verdict fault;
	size_t params = len - SIM_CONTAINER_HEADER;

	if (params % 4 || params / 4 > PTP_MAX_PARAMS)
		return -1;
	/* The host has not even fetched the last response. */
	if (ptp->phase == PTP_RUNNING || sim_usb_sending(&ptp->camera->usb))
		return -1;
	fault = sim_fault_command(ptp->camera);
	if (fault == FAULT_SWALLOWED || fault == FAULT_REFUSED)
		return fault == FAULT_REFUSED ? -1 : 0;
	sim_buffer_free(&t->data);
	*t = (struct ptp_transaction){
		.code = get_le16(data + 6), .id = get_le32(data + 8), .num_params = params / 4
	};
	for (size_t i = 0; i < t->num_params; i++)
		t->params[i] = get_le32(data + SIM_CONTAINER_HEADER + 4 * i);
	ptp->operation = NULL;
	for (size_t i = 0; i < body->num_operations; i++) {
		if (body->operations[i].code == t->code)
			ptp->operation = &body->operations[i];
	}
	log_debug("ptp: %04x #%u (%x %x %x)", t->code, t->id, t->params[0], t->params[1],
		t->params[2]);
	ptp->data_unasked = !ptp->operation || !ptp->operation->run;
	ptp->refused = admit(ptp);
	if (fault == FAULT_IS_BUSY && ptp->refused == PTP_OK)
		ptp->refused = PTP_DEVICE_BUSY;
	if (ptp->operation && (ptp->operation->flags & PTP_SENDS)) {
		ptp->phase = PTP_WANTS_DATA;
		return 0;
	}
	if (ptp->refused != PTP_OK)
		ptp_finish(ptp, ptp->refused);
	else
		run(ptp);
	return 0;
}

static int take_data(struct ptp *ptp, const uint8_t *data, size_t len)
{
	struct ptp_transaction *t = &ptp->now;

	if (get_le16(data + 6) != t->code || get_le32(data + 8) != t->id)
		return -1;
	if (ptp->phase == PTP_IDLE && ptp->data_unasked) {
		ptp->data_unasked = false;
		return 0;
	}
	if (ptp->phase != PTP_WANTS_DATA)
		return -1;
	if (ptp->refused != PTP_OK) {
		ptp_finish(ptp, ptp->refused);
		return 0;
	}
	sim_buffer_append(&t->data, data + SIM_CONTAINER_HEADER, len - SIM_CONTAINER_HEADER);
	run(ptp);
	return 0;
}

int ptp_container(struct ptp *ptp, const uint8_t *data, size_t len)
{
	int err = -1;

	switch (get_le16(data + 4)) {
	case PTP_COMMAND:
		if (ptp->phase != PTP_WANTS_DATA)
			err = take_command(ptp, data, len);
		break;
	case PTP_DATA:
		err = take_data(ptp, data, len);
		break;
	default:
		break;
	}
	if (err < 0)
		ptp_cancel(ptp);
	return err;
}

void ptp_cancel(struct ptp *ptp)
{
	sim_fault_forget(ptp->camera);
	sim_buffer_free(&ptp->now.data);
	ptp->phase = PTP_IDLE;
	ptp->data_unasked = false;
	ptp->operation = NULL;
	sim_view_forget(ptp->camera);
}

void ptp_end_session(struct ptp *ptp)
{
	if (ptp->session)
		ptp->camera->body->session_closed(ptp->camera);
	ptp->camera->upload.pending = false;
	ptp->session = 0;
	ptp->last_id = 0;
}

void ptp_reset(struct ptp *ptp)
{
	ptp_cancel(ptp);
	ptp_end_session(ptp);
}

void ptp_event(struct ptp *ptp, uint16_t code, uint32_t param)
{
	struct sim_buffer out = { 0 };

	if (!ptp->session)
		return;
	put_header(&out, PTP_EVENT, code, ptp->last_id);
	sim_buffer_u32(&out, param);
	put_le32(out.data, (uint32_t)out.len);
	sim_usb_send_event(&ptp->camera->usb, &out);
}

enum ptp_response ptp_open_session(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct ptp *ptp = &camera->ptp;

	if (ptp->session) {
		t->reply[t->num_reply++] = ptp->session;
		return PTP_SESSION_ALREADY_OPEN;
	}
	if (!t->params[0])
		return PTP_INVALID_PARAMETER;
	ptp->session = t->params[0];
	ptp->last_id = 0;
	return PTP_OK;
}

enum ptp_response ptp_close_session(struct sim_camera *camera, struct ptp_transaction *t)
{
	(void)t;
	ptp_end_session(&camera->ptp);
	return PTP_OK;
}
