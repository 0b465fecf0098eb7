/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The standard PTP operations on what the card holds (ISO 15740, chapter 10). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "simcam/camera.h"
#include "simcam/dataset.h"

#define ALL          0xffffffffu
#define MAX_PART     (16 * 1024 * 1024) /* of one GetPartialObject */
#define ASSOC_FOLDER 1

enum ptp_response ptp_get_device_info(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct sim_body *body = camera->body;
	struct sim_buffer *out = &t->data;

	sim_buffer_u16(out, body->ptp_version);
	sim_buffer_u32(out, body->extension_id);
	sim_buffer_u16(out, body->extension_version);
	sim_buffer_string(out, body->extension_text ? body->extension_text : "");
	sim_buffer_u16(out, 0); /* functional mode */
	sim_buffer_u32(out, (uint32_t)body->num_operations);
	for (size_t i = 0; i < body->num_operations; i++)
		sim_buffer_u16(out, body->operations[i].code);
	sim_buffer_array16(out, body->events.codes, body->events.count);
	sim_buffer_u32(out, (uint32_t)(body->num_properties - body->num_hidden));
	for (size_t i = 0; i < body->num_properties - body->num_hidden; i++)
		sim_buffer_u16(out, body->properties[i].code);
	sim_buffer_array16(out, body->capture_formats.codes, body->capture_formats.count);
	sim_buffer_array16(out, body->image_formats.codes, body->image_formats.count);
	sim_buffer_string(out, body->manufacturer);
	sim_buffer_string(out, body->model);
	sim_buffer_string(out, body->version);
	sim_buffer_string(out, camera->serial);
	return PTP_OK;
}

enum ptp_response ptp_get_storage_ids(struct sim_camera *camera, struct ptp_transaction *t)
{
	sim_buffer_array32(&t->data, &camera->body->storage, 1);
	return PTP_OK;
}

enum ptp_response ptp_get_storage_info(struct sim_camera *camera, struct ptp_transaction *t)
{
	if (t->params[0] != camera->body->storage)
		return PTP_INVALID_STORAGE_ID;
	sim_buffer_u16(&t->data, 4); /* removable RAM */
	sim_buffer_u16(&t->data, 3); /* DCF */
	sim_buffer_u16(&t->data, camera->body->storage_access);
	sim_buffer_u64(&t->data, camera->card.size);
	sim_buffer_u64(&t->data, card_free_space(&camera->card));
	sim_buffer_u32(&t->data, ALL); /* free space in images: not told */
	sim_buffer_string(&t->data, "SD");
	sim_buffer_string(&t->data, camera->body->storage_label ? camera->body->storage_label : "");
	return PTP_OK;
}

static bool is_folder(const struct sim_camera *camera, uint32_t handle)
{
	const struct card_object *object = card_find(&camera->card, handle);

	return object && object->format == CARD_FOLDER;
}

/* Storage, format and parent as GetNumObjects and GetObjectHandles take them. */
static enum ptp_response check_selection(
	const struct sim_camera *camera, const struct ptp_transaction *t)
{
	if (t->params[0] != ALL && t->params[0] != camera->body->storage)
		return PTP_INVALID_STORAGE_ID;
	if (t->params[2] && t->params[2] != ALL && !is_folder(camera, t->params[2]))
		return PTP_INVALID_PARENT;
	return PTP_OK;
}

static bool selected(const struct card_object *object, const struct ptp_transaction *t)
{
	uint32_t parent = t->params[2];

	if (object->in_memory || (t->params[1] && object->format != t->params[1]))
		return false;
	return !parent || object->parent == (parent == ALL ? 0 : parent);
}

enum ptp_response ptp_get_num_objects(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct card *card = &camera->card;

	for (size_t i = 0; i < card->num_objects; i++)
		t->reply[0] += selected(card->objects[i], t);
	t->num_reply = 1;
	return check_selection(camera, t);
}

enum ptp_response ptp_get_object_handles(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct card *card = &camera->card;
	uint32_t count = 0;

	for (size_t i = 0; i < card->num_objects; i++)
		count += selected(card->objects[i], t);
	sim_buffer_u32(&t->data, count);
	for (size_t i = 0; i < card->num_objects; i++) {
		if (selected(card->objects[i], t))
			sim_buffer_u32(&t->data, card->objects[i]->handle);
	}
	return check_selection(camera, t);
}

static void put_time(struct sim_buffer *out, time_t when)
{
	struct tm tm;
	char text[32];

	localtime_r(&when, &tm);
	strftime(text, sizeof(text), "%Y%m%dT%H%M%S", &tm);
	sim_buffer_string(out, text);
}

enum ptp_response ptp_get_object_info(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct card_object *object = card_find(&camera->card, t->params[0]);
	struct sim_buffer thumb = { 0 }, *out = &t->data;
	bool has_thumb;

	if (!object)
		return PTP_INVALID_OBJECT_HANDLE;
	has_thumb = card_thumbnail(&camera->card, object, &thumb) == 0;
	sim_buffer_u32(out, object->in_memory ? 0 : camera->body->storage);
	sim_buffer_u16(out, object->format);
	sim_buffer_u16(out, 0); /* not protected */
	sim_buffer_u32(out, object->size > 0xffffffff ? 0xffffffff : (uint32_t)object->size);
	sim_buffer_u16(out, has_thumb ? 0x3808 : 0); /* JFIF */
	sim_buffer_u32(out, (uint32_t)thumb.len);
	sim_buffer_u32(out, has_thumb ? 160 : 0);
	sim_buffer_u32(out, has_thumb ? 120 : 0);
	sim_buffer_u32(out, object->width);
	sim_buffer_u32(out, object->height);
	sim_buffer_u32(out, object->width ? 24 : 0);
	sim_buffer_u32(out, object->parent);
	sim_buffer_u16(out, object->format == CARD_FOLDER ? ASSOC_FOLDER : 0);
	sim_buffer_u32(out, 0);
	sim_buffer_u32(out, 0); /* sequence number */
	sim_buffer_string(out, object->name);
	put_time(out, object->mtime);
	put_time(out, object->mtime);
	sim_buffer_string(out, "");
	sim_buffer_free(&thumb);
	return PTP_OK;
}

static enum ptp_response read_object(
	struct sim_camera *camera, struct ptp_transaction *t, uint64_t offset, uint64_t len)
{
	const struct card_object *object = card_find(&camera->card, t->params[0]);
	struct orc_error err = { 0 };

	if (!object || object->format == CARD_FOLDER)
		return PTP_INVALID_OBJECT_HANDLE;
	if (card_read(&camera->card, object, offset, (size_t)len, &t->data, &err) < 0) {
		log_warning("%s: %s", object->name, err.why);
		return PTP_ACCESS_DENIED;
	}
	return PTP_OK;
}

enum ptp_response ptp_get_object(struct sim_camera *camera, struct ptp_transaction *t)
{
	return read_object(camera, t, 0, CARD_FILE_MAX);
}

/* Handle, offset, bytes. A part that begins behind the end is a bad parameter. */
enum ptp_response ptp_get_partial_object(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct card_object *object = card_find(&camera->card, t->params[0]);
	enum ptp_response ret;

	if (object && t->params[1] >= object->size && object->size)
		return PTP_INVALID_PARAMETER;
	ret = read_object(
		camera, t, t->params[1], t->params[2] > MAX_PART ? MAX_PART : t->params[2]);
	t->reply[0] = (uint32_t)t->data.len;
	t->num_reply = 1;
	return ret;
}

enum ptp_response ptp_get_thumb(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct card_object *object = card_find(&camera->card, t->params[0]);

	if (!object)
		return PTP_INVALID_OBJECT_HANDLE;
	return card_thumbnail(&camera->card, object, &t->data) < 0 ? PTP_NO_THUMBNAIL : PTP_OK;
}

static enum ptp_response delete_one(struct sim_camera *camera, struct card_object *object)
{
	struct orc_error err = { 0 };
	uint32_t handle = object->handle;

	if (card_remove(&camera->card, object, &err) < 0) {
		log_warning("cannot delete: %s", err.why);
		return PTP_OBJECT_WRITE_PROTECTED;
	}
	if (camera->body->object_removed)
		camera->body->object_removed(camera, handle);
	return PTP_OK;
}

enum ptp_response ptp_delete_object(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct card *card = &camera->card;
	struct card_object *object = card_find(card, t->params[0]);
	enum ptp_response ret = PTP_OK;

	if (object)
		return delete_one(camera, object);
	if (t->params[0] != ALL)
		return PTP_INVALID_OBJECT_HANDLE;
	for (size_t i = card->num_objects; i--;) {
		const struct card_object *found = card->objects[i];

		if (found->format != CARD_FOLDER &&
			(!t->params[1] || found->format == t->params[1]) &&
			delete_one(camera, card->objects[i]) != PTP_OK)
			ret = PTP_PARTIAL_DELETION;
	}
	return ret;
}

/* A name that the card has as it was sent: no other letter, and none that FAT has not. */
static bool is_name(const struct sim_camera *camera, const char *name)
{
	size_t most = camera->body->name_max;

	if (!*name || *name == '.' || strpbrk(name, "\"*/:<>?\\|") || (most && strlen(name) > most))
		return false;
	while (*name && !iscntrl((unsigned char)*name))
		name++;
	return !*name;
}

/* The dataset of an object to come; false where it is none. */
static bool read_object_info(
	const struct sim_camera *camera, struct sim_reader *reader, struct upload *upload)
{
	sim_read_u32(reader);
	*upload = (struct upload){ .format = sim_read_u16(reader) };
	sim_read_u16(reader);
	upload->size = sim_read_u32(reader);
	sim_read_u16(reader); /* format of the thumbnail */
	for (int i = 0; i < 6; i++)
		sim_read_u32(reader); /* thumbnail and picture, up to the bit depth */
	sim_read_u32(reader);         /* parent, as the host thinks of it */
	sim_read_u16(reader);
	sim_read_u32(reader);
	sim_read_u32(reader);
	sim_read_string(reader, upload->name, sizeof(upload->name));
	return !reader->bad && !reader->changed && is_name(camera, upload->name);
}

/* Storage and parent; the dataset. */
enum ptp_response ptp_send_object_info(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct sim_reader reader = { .data = t->data.data, .len = t->data.len };
	struct upload *upload = &camera->upload;

	if (!read_object_info(camera, &reader, upload))
		return PTP_NO_VALID_OBJECT_INFO;
	if (t->params[0] && t->params[0] != camera->body->storage && t->params[0] != ALL)
		return PTP_INVALID_STORAGE_ID;
	if (camera->body->storage_access)
		return PTP_STORE_READ_ONLY;
	upload->parent = t->params[1] == ALL ? 0 : t->params[1];
	if (upload->parent && !is_folder(camera, upload->parent))
		return PTP_INVALID_PARENT;
	if (card_find_name(&camera->card, upload->parent, upload->name))
		return PTP_ACCESS_DENIED;
	if (upload->size > card_free_space(&camera->card) ||
		upload->size > SIM_MAX_CONTAINER - SIM_CONTAINER_HEADER)
		return PTP_STORE_FULL;
	t->reply[0] = camera->body->storage;
	t->reply[1] = upload->parent;
	t->num_reply = 3;
	if (upload->format == CARD_FOLDER) {
		struct card_object *folder;

		if (card_add_folder(&camera->card, upload->parent, upload->name, &folder, NULL) < 0)
			return PTP_ACCESS_DENIED;
		t->reply[2] = folder->handle;
		return PTP_OK;
	}
	upload->pending = true;
	t->reply[2] = card_next_handle(&camera->card, upload->parent, upload->name);
	return PTP_OK;
}

enum ptp_response ptp_send_object(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct upload *upload = &camera->upload;
	struct card_object *object;
	struct orc_error err = { 0 };

	if (!upload->pending || t->data.len != upload->size)
		return PTP_NO_VALID_OBJECT_INFO;
	upload->pending = false;
	if (card_add_file(&camera->card, upload->parent, upload->name, t->data.data, t->data.len,
		    &object, &err) < 0) {
		log_warning("cannot store %s: %s", upload->name, err.why);
		return PTP_STORE_FULL;
	}
	if (camera->body->object_sent)
		camera->body->object_sent(camera);
	return PTP_OK;
}
