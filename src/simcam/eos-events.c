/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event stream of an EOS body: records that wait for GetEvent. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

/* A host that asks for events and never fetches them: the stream is cut, as the body's memory is. */
#define MAX_EVENTS        (1024 * 1024)
#define REQUEST_GET_EVENT 0xc101

/* Starts a record; record_end() fills its length in. Nothing is kept for a host without event mode:
 * then it returns false. */
static bool record_start(struct sim_camera *camera, enum eos_event event, size_t *at)
{
	struct eos *eos = eos_of(camera);

	if (!eos->event_mode || eos->events.len > MAX_EVENTS)
		return false;
	*at = eos->events.len;
	sim_buffer_u32(&eos->events, 0);
	sim_buffer_u32(&eos->events, event);
	return true;
}

static void record_end(struct sim_camera *camera, size_t at)
{
	struct eos *eos = eos_of(camera);

	put_le32(eos->events.data + at, (uint32_t)(eos->events.len - at));
	if (!at)
		ptp_event(&camera->ptp, REQUEST_GET_EVENT, 0);
}

void eos_tell_value(struct sim_camera *camera, uint16_t code)
{
	struct eos *eos = eos_of(camera);
	size_t at;

	if (!record_start(camera, EOS_VALUE_CHANGED, &at))
		return;
	sim_buffer_u32(&eos->events, code);
	eos_put_value(camera, &eos->events, eos_property(eos, code));
	record_end(camera, at);
}

void eos_tell_list(struct sim_camera *camera, uint16_t code)
{
	struct eos *eos = eos_of(camera);
	const struct eos_property *property = eos_property(eos, code);
	size_t at;

	if (!record_start(camera, EOS_LIST_CHANGED, &at))
		return;
	sim_buffer_u32(&eos->events, code);
	sim_buffer_u32(&eos->events, property->form);
	eos_put_list(eos, &eos->events, property);
	record_end(camera, at);
}

void eos_tell_everything(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);

	for (size_t i = 0; i < eos->num_properties; i++) {
		const struct eos_property *property = &eos->properties[i];

		if (property->kind != EOS_NO_VALUE && !(property->flags & EOS_ON_REQUEST))
			eos_tell_value(camera, property->code);
	}
	eos_tell_word(camera, EOS_CATALOGUE_CHECKED, EOS_STORAGE);
	for (size_t i = 0; i < eos->num_properties; i++) {
		if (eos->properties[i].form != EOS_FORM_NONE)
			eos_tell_list(camera, eos->properties[i].code);
	}
}

void eos_tell_word(struct sim_camera *camera, enum eos_event event, uint32_t word)
{
	size_t at;

	if (!record_start(camera, event, &at))
		return;
	sim_buffer_u32(&eos_of(camera)->events, word);
	record_end(camera, at);
}

/* A name in a fixed field, NUL-padded. */
static void put_name(struct sim_buffer *out, const char *name)
{
	char field[16] = "";

	memcpy(field, name, strnlen(name, sizeof(field) - 1));
	sim_buffer_append(out, field, sizeof(field));
}

void eos_tell_added(struct sim_camera *camera, const struct card_object *object)
{
	struct sim_buffer *out = &eos_of(camera)->events;
	size_t at;

	if (!record_start(camera, EOS_OBJECT_ADDED, &at))
		return;
	sim_buffer_u32(out, object->handle);
	sim_buffer_u32(out, EOS_STORAGE);
	sim_buffer_u16(out, object->format);
	sim_buffer_grow(out, 6);
	sim_buffer_u32(out, 0x20); /* flags: a new picture */
	sim_buffer_u32(out, (uint32_t)object->size);
	sim_buffer_u32(out, object->parent);
	sim_buffer_u32(out, object->handle & ~15u);
	put_name(out, object->name);
	sim_buffer_u32(out, (uint32_t)object->mtime);
	record_end(camera, at);
}

void eos_tell_transfer(struct sim_camera *camera, struct card_object *object)
{
	struct sim_buffer *out = &eos_of(camera)->events;
	size_t at;

	if (!record_start(camera, EOS_REQUEST_TRANSFER, &at))
		return;
	sim_buffer_u32(out, object->handle);
	sim_buffer_u16(out, object->format);
	sim_buffer_grow(out, 6);
	sim_buffer_u32(out, (uint32_t)object->size);
	sim_buffer_u32(out, 0);
	put_name(out, object->name);
	record_end(camera, at);
}

enum ptp_response eos_get_event(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct eos *eos = eos_of(camera);

	if (!eos->event_mode)
		return (enum ptp_response)EOS_REFUSED;
	sim_buffer_append(&t->data, eos->events.data, eos->events.len);
	sim_buffer_clear(&eos->events);
	sim_buffer_u32(&t->data, 8); /* the end mark: a record of its own header */
	sim_buffer_u32(&t->data, 0);
	return PTP_OK;
}
