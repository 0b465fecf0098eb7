/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Canon's own operations on objects: directories in one go, transfers from the camera's memory. */
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "simcam/dataset.h"
#include "simcam/eos.h"

#define ALL           0xffffffffu
#define ENTRY_SIZE    56
#define ATTRIBUTE_NEW 0x20 /* no host has fetched it */
#define IS_FOLDER     0x10

static void put_entry(struct sim_buffer *out, const struct card_object *object)
{
	uint8_t *entry = sim_buffer_grow(out, ENTRY_SIZE);

	put_le32(entry, ENTRY_SIZE);
	put_le32(entry + 4, object->handle);
	put_le32(entry + 8, EOS_STORAGE);
	put_le16(entry + 12, object->format);
	put_le32(entry + 20,
		object->format == CARD_FOLDER ? IS_FOLDER
			: object->fetched     ? 0
					      : ATTRIBUTE_NEW);
	put_le32(entry + 24, (uint32_t)object->size);
	put_le32(entry + 28, object->parent);
	put_le32(entry + 32, object->handle & ~15u);
	memcpy(entry + 36, object->name, strnlen(object->name, 15));
	put_le32(entry + 52, (uint32_t)object->mtime);
}

/* Storage, folder (all bits: the root), and a mask that no body is known to mind. */
enum ptp_response eos_get_object_info_ex(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct card *card = &camera->card;
	uint32_t parent = t->params[1] == ALL ? 0 : t->params[1];
	uint32_t count = 0;

	if (t->params[0] != EOS_STORAGE)
		return PTP_INVALID_STORAGE_ID;
	if (parent && !card_find(card, parent))
		return PTP_INVALID_OBJECT_HANDLE;
	sim_buffer_u32(&t->data, 0);
	for (size_t i = 0; i < card->num_objects; i++) {
		if (!card->objects[i]->in_memory && card->objects[i]->parent == parent) {
			put_entry(&t->data, card->objects[i]);
			count++;
		}
	}
	put_le32(t->data.data, count);
	return PTP_OK;
}

/* Handle, attributes: hosts use it to take the mark of what is new away. */
enum ptp_response eos_set_object_attributes(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct card_object *object = card_find(&camera->card, t->params[0]);

	if (!object)
		return PTP_INVALID_OBJECT_HANDLE;
	object->fetched = !(t->params[1] & ATTRIBUTE_NEW);
	return PTP_OK;
}

/* The host has it, or does not want it: the memory is free for another picture. */
enum ptp_response eos_transfer_complete(struct sim_camera *camera, struct ptp_transaction *t)
{
	struct card_object *object = card_find(&camera->card, t->params[0]);

	if (!object)
		return PTP_INVALID_OBJECT_HANDLE;
	if (object->in_memory && card_remove(&camera->card, object, NULL) < 0)
		return PTP_GENERAL_ERROR;
	eos_go_on(camera);
	return PTP_OK;
}
