/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device properties as the PTP standard has them: a table, values, what a host may set. */
#include "simcam/property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simcam/camera.h"
#include "simcam/dataset.h"

void ptp_properties_init(
	struct ptp_properties *properties, const struct ptp_property *table, size_t count)
{
	properties->table = table;
	properties->count = count;
	properties->values = orc_must(calloc(count + 1, sizeof(*properties->values)));
	for (size_t i = 0; i < count; i++) {
		properties->values[i].number = table[i].number;
		snprintf(properties->values[i].text, PTP_TEXT_SIZE, "%s",
			table[i].text ? table[i].text : "");
	}
}

void ptp_properties_free(struct ptp_properties *properties)
{
	free(properties->values);
	*properties = (struct ptp_properties){ 0 };
}

const struct ptp_property *ptp_property(const struct sim_camera *camera, uint32_t code)
{
	const struct ptp_properties *properties = &camera->properties;

	for (size_t i = 0; i < properties->count; i++) {
		if (properties->table[i].code == code)
			return &properties->table[i];
	}
	return NULL;
}

static struct ptp_value *value_of(const struct sim_camera *camera, uint16_t code)
{
	const struct ptp_property *property = ptp_property(camera, code);

	return property ? &camera->properties.values[property - camera->properties.table] : NULL;
}

int64_t ptp_get(const struct sim_camera *camera, uint16_t code)
{
	const struct ptp_value *value = value_of(camera, code);

	return value ? value->number : 0;
}

const char *ptp_get_text(const struct sim_camera *camera, uint16_t code)
{
	const struct ptp_value *value = value_of(camera, code);

	return value ? value->text : "";
}

bool ptp_set(struct sim_camera *camera, uint16_t code, int64_t number)
{
	struct ptp_value *value = value_of(camera, code);

	if (!value || value->number == number)
		return false;
	value->number = number;
	return true;
}

void ptp_set_text(struct sim_camera *camera, uint16_t code, const char *text)
{
	struct ptp_value *value = value_of(camera, code);

	if (value)
		snprintf(value->text, sizeof(value->text), "%s", text);
}

/* The row that counts now: the mode dial may change what is writable, and what there is. */
static const struct ptp_property *row_now(
	const struct sim_camera *camera, const struct ptp_property *property)
{
	return camera->body->property_now ? camera->body->property_now(camera, property) : property;
}

static void put_number(struct sim_buffer *out, uint16_t type, int64_t number)
{
	switch (type) {
	case PTP_INT8:
	case PTP_UINT8:
		sim_buffer_u8(out, (uint8_t)number);
		break;
	case PTP_INT16:
	case PTP_UINT16:
		sim_buffer_u16(out, (uint16_t)number);
		break;
	default:
		sim_buffer_u32(out, (uint32_t)number);
	}
}

static void put_value(const struct sim_camera *camera, struct sim_buffer *out,
	const struct ptp_property *property)
{
	struct ptp_value value = *value_of(camera, property->code);

	if (camera->body->property_read)
		camera->body->property_read(camera, property->code, &value);
	if (property->type == PTP_TEXT)
		sim_buffer_string(out, value.text);
	else
		put_number(out, property->type, value.number);
}

static void put_form(struct sim_buffer *out, const struct ptp_property *row)
{
	sim_buffer_u8(out, row->form);
	if (row->form == PTP_FORM_RANGE) {
		put_number(out, row->type, row->minimum);
		put_number(out, row->type, row->maximum);
		put_number(out, row->type, row->step);
	} else if (row->form == PTP_FORM_LIST) {
		sim_buffer_u16(out, (uint16_t)row->num_list);
		for (size_t i = 0; i < row->num_list; i++) {
			if (row->type == PTP_TEXT)
				sim_buffer_string(out, row->texts[i]);
			else
				put_number(out, row->type, row->list[i]);
		}
	}
}

enum ptp_response ptp_get_property_desc(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct ptp_property *property = ptp_property(camera, t->params[0]), *row;
	struct sim_buffer *out = &t->data;

	if (!property)
		return PTP_PROPERTY_NOT_SUPPORTED;
	row = row_now(camera, property);
	sim_buffer_u16(out, property->code);
	sim_buffer_u16(out, property->type);
	sim_buffer_u8(out, row->writable);
	if (property->type == PTP_TEXT)
		sim_buffer_string(out, property->text ? property->text : "");
	else
		put_number(out, property->type, property->number);
	put_value(camera, out, property);
	put_form(out, row);
	return PTP_OK;
}

enum ptp_response ptp_get_property_value(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct ptp_property *property = ptp_property(camera, t->params[0]);

	if (!property)
		return PTP_PROPERTY_NOT_SUPPORTED;
	put_value(camera, &t->data, property);
	return PTP_OK;
}

static bool fits(const struct ptp_property *row, const struct ptp_value *value)
{
	if (row->form == PTP_FORM_RANGE)
		return value->number >= row->minimum && value->number <= row->maximum &&
			(value->number - row->minimum) % row->step == 0;
	if (row->form != PTP_FORM_LIST)
		return true;
	for (size_t i = 0; i < row->num_list; i++) {
		if (row->type == PTP_TEXT ? !strcmp(row->texts[i], value->text)
					  : row->list[i] == value->number)
			return true;
	}
	return false;
}

static enum ptp_response change(struct sim_camera *camera, const struct ptp_property *property,
	const struct ptp_value *value)
{
	const struct ptp_property *row = row_now(camera, property);
	struct ptp_value *now = value_of(camera, property->code), before = *now;
	enum ptp_response ret = PTP_OK;

	if (!row->writable)
		return PTP_ACCESS_DENIED;
	if (!fits(row, value))
		return PTP_INVALID_PROPERTY_VALUE;
	if (camera->shutter.exposing)
		return PTP_DEVICE_BUSY;
	if (value->number == now->number && !strcmp(value->text, now->text))
		return PTP_OK;
	*now = *value;
	if (camera->body->property_changed)
		ret = camera->body->property_changed(camera, property->code);
	if (ret != PTP_OK)
		*now = before;
	return ret;
}

enum ptp_response ptp_change(struct sim_camera *camera, uint16_t code, int64_t number)
{
	const struct ptp_property *property = ptp_property(camera, code);
	const struct ptp_value value = { .number = number };

	return property ? change(camera, property, &value) : PTP_PROPERTY_NOT_SUPPORTED;
}

static struct ptp_value read_value(struct sim_reader *reader, uint16_t type)
{
	struct ptp_value value = { 0 };

	switch (type) {
	case PTP_INT8:
		value.number = (int8_t)sim_read_u8(reader);
		break;
	case PTP_UINT8:
		value.number = sim_read_u8(reader);
		break;
	case PTP_INT16:
		value.number = (int16_t)sim_read_u16(reader);
		break;
	case PTP_UINT16:
		value.number = sim_read_u16(reader);
		break;
	case PTP_INT32:
		value.number = (int32_t)sim_read_u32(reader);
		break;
	case PTP_UINT32:
		value.number = sim_read_u32(reader);
		break;
	default:
		sim_read_string(reader, value.text, sizeof(value.text));
	}
	return value;
}

enum ptp_response ptp_set_property_value(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct ptp_property *property = ptp_property(camera, t->params[0]);
	struct sim_reader reader = { .data = t->data.data, .len = t->data.len };
	struct ptp_value value;

	if (!property)
		return PTP_PROPERTY_NOT_SUPPORTED;
	value = read_value(&reader, property->type);
	if (reader.bad || reader.at != reader.len)
		return PTP_INVALID_PROPERTY_FORMAT;
	return change(camera, property, &value);
}
