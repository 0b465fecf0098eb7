/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The properties of an EOS body: values, choices, and what a host may set. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

void eos_properties_init(struct eos *eos, const struct eos_property *properties, size_t count)
{
	eos->properties = properties;
	eos->num_properties = count;
	eos->values = orc_must(calloc(count, sizeof(*eos->values)));
	for (size_t i = 0; i < count; i++) {
		const struct eos_property *property = &properties[i];
		struct eos_value *value = &eos->values[i];

		value->word = property->word;
		if (property->kind == EOS_BLOB)
			sim_buffer_append(&value->bytes, property->bytes, property->size);
		else if (property->kind == EOS_TEXT && property->bytes)
			sim_buffer_append(&value->bytes, property->bytes, strlen(property->bytes));
		if (property->kind == EOS_TEXT) {
			sim_buffer_u8(&value->bytes, 0);
			if (value->bytes.len < property->size)
				sim_buffer_grow(&value->bytes, property->size - value->bytes.len);
		}
	}
}

void eos_properties_free(struct eos *eos)
{
	for (size_t i = 0; i < eos->num_properties; i++)
		sim_buffer_free(&eos->values[i].bytes);
	free(eos->values);
}

const struct eos_property *eos_property(const struct eos *eos, uint16_t code)
{
	for (size_t i = 0; i < eos->num_properties; i++) {
		if (eos->properties[i].code == code)
			return &eos->properties[i];
	}
	return NULL;
}

static struct eos_value *value_of(const struct eos *eos, uint16_t code)
{
	const struct eos_property *property = eos_property(eos, code);

	return property ? &eos->values[property - eos->properties] : NULL;
}

uint32_t eos_get(const struct eos *eos, uint16_t code)
{
	const struct eos_value *value = value_of(eos, code);

	return value ? value->word : 0;
}

const char *eos_get_text(const struct eos *eos, uint16_t code)
{
	const struct eos_value *value = value_of(eos, code);

	return value && value->bytes.len ? (const char *)value->bytes.data : "";
}

void eos_set_text(struct eos *eos, uint16_t code, const char *text)
{
	struct eos_value *value = value_of(eos, code);

	if (!value)
		return;
	sim_buffer_free(&value->bytes);
	sim_buffer_append(&value->bytes, text, strlen(text) + 1);
}

/*
 * A picture format: for each file its kind (1 JPEG, 6 raw), size (0 large, 1 medium, 2 small, 0xe to
 * 0x10 the small ones S1 to S3) and compression (2 normal, 3 fine, 4 raw). Condensed to a nibble
 * each for size and compression, first file first; sizes from 0xe on count one less.
 */
static void put_format_file(struct sim_buffer *out, uint32_t nibbles)
{
	uint32_t size = nibbles >> 4 & 15, compression = nibbles & 15;

	sim_buffer_u32(out, 16);
	sim_buffer_u32(out, compression == 4 ? 6 : 1);
	sim_buffer_u32(out, size >= 0xd ? size + 1 : size);
	sim_buffer_u32(out, compression);
}

static void put_format(struct sim_buffer *out, uint32_t code)
{
	sim_buffer_u32(out, code & 0xff ? 2 : 1);
	put_format_file(out, code >> 8);
	if (code & 0xff)
		put_format_file(out, code & 0xff);
}

/* Negative: not a format. Bit 3 of the kind that some hosts set for raw is kept out. */
static int64_t get_format(const uint8_t *data, size_t len)
{
	struct sim_reader reader = { .data = data, .len = len };
	uint32_t files = sim_read_u32(&reader), code = 0;

	if (files < 1 || files > 2)
		return -1;
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t size, compression;

		code <<= 8;
		if (i >= files)
			continue;
		if (sim_read_u32(&reader) != 16)
			return -1;
		sim_read_u32(&reader);
		size = sim_read_u32(&reader);
		compression = sim_read_u32(&reader);
		if (size > 16 || compression > 15 || reader.bad)
			return -1;
		code |= (size >= 0xe ? size - 1 : size) << 4 | compression;
	}
	return code;
}

/* The clocks run; everything else is as it was set. */
static uint32_t word_now(const struct sim_camera *camera, const struct eos_property *property,
	const struct eos_value *value)
{
	time_t now = time(NULL);
	struct tm tm;

	if (property->code == EOS_UTC_TIME)
		return (uint32_t)(now + camera->clock_offset);
	if (property->code != EOS_CAMERA_TIME)
		return value->word;
	/* Local time as if it were UTC: cameras of this age know no zone. */
	localtime_r(&now, &tm);
	return (uint32_t)(timegm(&tm) + camera->clock_offset);
}

void eos_put_value(
	struct sim_camera *camera, struct sim_buffer *out, const struct eos_property *property)
{
	const struct eos *eos = eos_of(camera);
	const struct eos_value *value = &eos->values[property - eos->properties];

	switch (property->kind) {
	case EOS_WORD:
		sim_buffer_u32(out, word_now(camera, property, value));
		break;
	case EOS_IMAGE_FORMAT:
		put_format(out, value->word);
		break;
	case EOS_TEXT:
	case EOS_BLOB:
		sim_buffer_append(out, value->bytes.data, value->bytes.len);
		break;
	default:
		break;
	}
}

size_t eos_choices(
	const struct eos *eos, const struct eos_property *property, const uint32_t **list)
{
	if (property->code == EOS_SHUTTER)
		return eos_shutter_list(eos_get(eos, EOS_MODE), list);
	*list = property->list;
	return property->num_list;
}

void eos_put_list(
	const struct eos *eos, struct sim_buffer *out, const struct eos_property *property)
{
	const uint32_t *list;
	size_t count = property->form == EOS_FORM_LIST ? eos_choices(eos, property, &list) : 0;

	sim_buffer_u32(
		out, (uint32_t)(property->list_words ? count / property->list_words : count));
	for (size_t i = 0; i < count; i++) {
		if (property->kind == EOS_IMAGE_FORMAT)
			put_format(out, list[i]);
		else
			sim_buffer_u32(out, list[i]);
	}
}

/* Hosts send 8 or 16 bits of a value and leave the rest 0: compared as wide as the choice is. */
static bool same_choice(uint32_t choice, uint32_t sent)
{
	return choice == sent || (choice > 0x7fffffff && (choice & 0xffff) == sent);
}

static enum ptp_response check_word(
	const struct eos *eos, const struct eos_property *property, uint32_t *word)
{
	const uint32_t *list;
	size_t count = eos_choices(eos, property, &list);

	/* Live view off is not among the choices, but how every host ends it. */
	if ((property->flags & EOS_ANY_WORD) || (property->code == EOS_EVF_OUTPUT && !*word))
		return PTP_OK;
	for (size_t i = 0; i < count; i++) {
		if (same_choice(list[i], *word)) {
			*word = list[i];
			return PTP_OK;
		}
	}
	return PTP_INVALID_PROPERTY_VALUE;
}

uint64_t eos_expected_size(const struct eos *eos)
{
	uint32_t format = eos_get(eos, EOS_FORMAT);
	uint64_t size = 0;

	if ((format >> 8 & 15) == 4 || (format & 15) == 4)
		size += 24u << 20;
	if ((format >> 8 & 15) != 4 || (format & 0xff))
		size += 7u << 20;
	return size;
}

void eos_update_space(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	uint64_t free_space = card_free_space(&camera->card);
	uint64_t shots;

	if (eos_get(eos, EOS_DESTINATION) == EOS_TO_HOST)
		shots = eos->host_capacity ? 9999 : 0;
	else
		shots = free_space / eos_expected_size(eos);
	eos_set(camera, EOS_AVAILABLE_SHOTS, shots > 9999 ? 9999 : (uint32_t)shots);
}

void eos_set(struct sim_camera *camera, uint16_t code, uint32_t word)
{
	struct eos_value *value = value_of(eos_of(camera), code);

	if (!value || value->word == word)
		return;
	value->word = word;
	eos_tell_value(camera, code);
}

/* Another mode, by the dial or by the host, brings its own lists and values. */
static void mode_changed(struct sim_camera *camera)
{
	struct eos *eos = eos_of(camera);
	const uint32_t *list;
	size_t count = eos_shutter_list(eos_get(eos, EOS_MODE), &list);

	if (!count)
		eos_set(camera, EOS_SHUTTER, 0);
	else if (count == 1)
		eos_set(camera, EOS_SHUTTER, list[0]);
	else if (!eos_get(eos, EOS_SHUTTER) || eos_get(eos, EOS_SHUTTER) == EOS_SHUTTER_BULB)
		eos_set(camera, EOS_SHUTTER, 0x68);
	eos_tell_list(camera, EOS_SHUTTER);
}

static void follow(struct sim_camera *camera, uint16_t code)
{
	struct eos *eos = eos_of(camera);

	switch (code) {
	case EOS_MODE:
		mode_changed(camera);
		break;
	case EOS_FORMAT:
		eos_set(camera, EOS_FORMAT_SD, eos_get(eos, EOS_FORMAT));
		eos_update_space(camera);
		break;
	case EOS_FORMAT_SD:
		eos_set(camera, EOS_FORMAT, eos_get(eos, EOS_FORMAT_SD));
		eos_update_space(camera);
		break;
	case EOS_DESTINATION:
		eos->host_capacity = 0; /* to be told again */
		eos_update_space(camera);
		break;
	case EOS_EVF_OUTPUT:
		eos_view_switched(camera);
		break;
	default:
		break;
	}
}

static enum ptp_response set_word(
	struct sim_camera *camera, const struct eos_property *property, uint32_t word)
{
	struct eos *eos = eos_of(camera);
	enum ptp_response ret = check_word(eos, property, &word);
	time_t now = time(NULL);
	struct tm tm;

	if (ret != PTP_OK)
		return ret;
	if (property->code == EOS_UTC_TIME || property->code == EOS_CAMERA_TIME) {
		localtime_r(&now, &tm);
		camera->clock_offset =
			(int64_t)word - (property->code == EOS_UTC_TIME ? now : timegm(&tm));
		eos_tell_value(camera, property->code);
		return PTP_OK;
	}
	eos_set(camera, property->code, word);
	follow(camera, property->code);
	return PTP_OK;
}

static enum ptp_response set_text(struct sim_camera *camera, const struct eos_property *property,
	const uint8_t *data, size_t len)
{
	struct eos_value *value = value_of(eos_of(camera), property->code);
	size_t room = property->size > 1 ? property->size : 64,
	       text = strnlen((const char *)data, len);

	if (text == len || text >= room)
		return PTP_INVALID_PROPERTY_VALUE;
	sim_buffer_clear(&value->bytes);
	sim_buffer_append(&value->bytes, data, text + 1);
	if (property->size > 1 && value->bytes.len < property->size)
		sim_buffer_grow(&value->bytes, property->size - value->bytes.len);
	eos_tell_value(camera, property->code);
	return PTP_OK;
}

static enum ptp_response set_blob(struct sim_camera *camera, const struct eos_property *property,
	const uint8_t *data, size_t len)
{
	struct eos_value *value = value_of(eos_of(camera), property->code);

	/* The first word is the blob's own length. */
	if (len != property->size || len < 4 || get_le32(data) != len)
		return PTP_INVALID_PROPERTY_VALUE;
	sim_buffer_clear(&value->bytes);
	sim_buffer_append(&value->bytes, data, len);
	eos_tell_value(camera, property->code);
	return PTP_OK;
}

enum ptp_response eos_set_from_host(struct sim_camera *camera, const uint8_t *data, size_t len)
{
	struct eos *eos = eos_of(camera);
	const struct eos_property *property;
	int64_t format;

	/* A text may be shorter than a word: libgphoto2 sends it with its NUL and no more. */
	if (len < 9 || get_le32(data) != len || get_le32(data + 4) > 0xffff)
		return PTP_INVALID_PROPERTY_FORMAT;
	property = eos_property(eos, (uint16_t)get_le32(data + 4));
	if (!property)
		return PTP_PROPERTY_NOT_SUPPORTED;
	if (!(property->flags & EOS_WRITABLE))
		return PTP_ACCESS_DENIED;
	if (camera->shutter.exposing)
		return PTP_DEVICE_BUSY;
	switch (property->kind) {
	case EOS_WORD:
		return len == 12 ? set_word(camera, property, get_le32(data + 8))
				 : PTP_INVALID_PROPERTY_FORMAT;
	case EOS_TEXT:
		return set_text(camera, property, data + 8, len - 8);
	case EOS_BLOB:
		return set_blob(camera, property, data + 8, len - 8);
	case EOS_IMAGE_FORMAT:
		format = get_format(data + 8, len - 8);
		return format < 0 ? PTP_INVALID_PROPERTY_VALUE
				  : set_word(camera, property, (uint32_t)format);
	default:
		return PTP_ACCESS_DENIED;
	}
}
