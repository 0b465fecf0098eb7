/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory card, a folder of the host; and the pictures that only the camera's memory holds. */
#ifndef SIMCAM_CARD_H
#define SIMCAM_CARD_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/err.h"
#include "simcam/buffer.h"

#define CARD_NAME_SIZE 64
/* Longer files are not taken in: one is in memory as a whole while it is sent. */
#define CARD_FILE_MAX  ((uint64_t)1 << 30)
#define CARD_PATH_SIZE 4096

/* Object formats (ISO 15740, 6.2; Canon's own from 0xb000 on). */
enum card_format {
	CARD_UNDEFINED = 0x3000,
	CARD_FOLDER = 0x3001,
	CARD_JPEG = 0x3801,
	CARD_AVI = 0x300a,
	CARD_CR2 = 0xb103,
};

struct card_object {
	uint32_t handle, parent; /* parent 0: the root of the card */
	uint16_t format;
	char name[CARD_NAME_SIZE];
	uint64_t size;
	time_t mtime;
	uint32_t width, height; /* 0: not a picture */
	bool fetched;           /* a host has taken the mark of what is new away */
	bool in_memory;         /* not on the card: bytes has it, until it was transferred */
	struct sim_buffer bytes;
};

struct card {
	char root[CARD_PATH_SIZE];
	bool temporary; /* removed with the camera */
	uint64_t size;
	const char *folder_name;      /* where pictures go: "100CANON" */
	struct card_object **objects; /* in the order of their coming */
	size_t num_objects;
	uint32_t folder;     /* handle of the folder above */
	unsigned int number; /* of the last picture: IMG_nnnn */
};

/* Opens or makes root (NULL: a temporary folder), with DCIM/folder_name in it, and takes in what is
 * there. size is the capacity that the camera tells. */
int card_open(struct card *card, const char *root, const char *folder_name, uint64_t size,
	struct orc_error *err) must_check;
void card_close(struct card *card);

uint64_t card_free_space(const struct card *card);
/* NULL: no such handle. The pointer is good until the object is removed. */
struct card_object *card_find(const struct card *card, uint32_t handle);
struct card_object *card_find_name(const struct card *card, uint32_t parent, const char *name);

/* The number for the next picture, 1 to 9999, kept across restarts. */
unsigned int card_next_number(struct card *card);
/* The handle that a file added next will have. */
uint32_t card_next_handle(const struct card *card, uint32_t parent, const char *name);
/* Writes a file; the object comes back in *object. ORC_EFILE when the host cannot. */
int card_add_file(struct card *card, uint32_t parent, const char *name, const uint8_t *data,
	size_t len, struct card_object **object, struct orc_error *err) must_check;
int card_add_folder(struct card *card, uint32_t parent, const char *name,
	struct card_object **object, struct orc_error *err) must_check;
/* Sees that there is the folder for pictures: a host may have deleted it, or somebody at the box. ORC_EFILE. */
int card_make_folder(struct card *card, struct orc_error *err) must_check;
/* A picture that waits for its transfer; the bytes are taken over. */
struct card_object *card_add_memory(struct card *card, const char *name, struct sim_buffer *bytes);
/* Forgets all that is in memory only. */
void card_drop_memory(struct card *card);
size_t card_count_memory(const struct card *card);
/* Deletes the file, or an empty folder, unless it is gone already, and frees the object. */
int card_remove(struct card *card, struct card_object *object, struct orc_error *err) must_check;

/* At most len bytes from offset, appended. */
int card_read(const struct card *card, const struct card_object *object, uint64_t offset,
	size_t len, struct sim_buffer *out, struct orc_error *err) must_check;
/* The thumbnail inside of a picture, appended; ORC_EREFUSED where there is none. */
int card_thumbnail(const struct card *card, const struct card_object *object,
	struct sim_buffer *out) must_check;

#endif
