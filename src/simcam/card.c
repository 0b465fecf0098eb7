/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory card: objects and handles over a folder of the host. */
#include "simcam/card.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "simcam/card-internal.h"

/*
 * Handles look like Canon's: DCIM is the root's only folder, each folder has a block of 0x100000
 * below, a picture's handle is made of its number. So handles stay the same after a restart.
 */
#define HANDLE_DCIM    0x91800000u
#define HANDLE_FOLDERS 0x91900000u
#define HANDLE_BLOCK   0x00100000u
/* Other files get handles from here on within their folder's block. */
#define HANDLE_OTHERS 0x000a0000u
/* A card is scanned at most so deep, and so many objects: a mistaken --card / must not hang. */
#define MAX_DEPTH   8
#define MAX_OBJECTS 20000
#define MAX_FOLDERS 1000

static const struct {
	const char *suffix;
	uint16_t format;
	uint32_t digit; /* last digit of a picture's handle */
} formats[] = {
	{ ".jpg", CARD_JPEG, 1 },
	{ ".jpeg", CARD_JPEG, 2 },
	{ ".cr2", CARD_CR2, 3 },
	{ ".nef", CARD_UNDEFINED, 3 },
	{ ".avi", CARD_AVI, 4 },
	{ "", CARD_UNDEFINED, 15 },
};

static size_t format_row(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t i = 0;

	while (i + 1 < ARRAY_LENGTH(formats) && !(dot && !strcasecmp(dot, formats[i].suffix)))
		i++;
	return i;
}

/* IMG_0042.JPG gives 42 (four characters and four digits: DCF, 3.2.3); 0: not named like a picture. */
static unsigned int picture_number(const char *name)
{
	unsigned int number = 0;

	if (strnlen(name, 9) < 9)
		return 0;
	for (int i = 4; i < 8; i++) {
		if (!isdigit((unsigned char)name[i]))
			return 0;
		number = number * 10 + (unsigned int)(name[i] - '0');
	}
	return name[8] == '.' ? number : 0;
}

struct card_object *card_find(const struct card *card, uint32_t handle)
{
	/* 0 is what has no parent. */
	for (size_t i = 0; handle && i < card->num_objects; i++) {
		if (card->objects[i]->handle == handle)
			return card->objects[i];
	}
	return NULL;
}

struct card_object *card_find_name(const struct card *card, uint32_t parent, const char *name)
{
	for (size_t i = 0; i < card->num_objects; i++) {
		struct card_object *object = card->objects[i];

		if (!object->in_memory && object->parent == parent &&
			!strcasecmp(object->name, name))
			return object;
	}
	return NULL;
}

int card_path(const struct card *card, const struct card_object *object, char *path, size_t size)
{
	char above[CARD_PATH_SIZE];
	const struct card_object *parent = card_find(card, object->parent);

	if (parent) {
		if (card_path(card, parent, above, sizeof(above)) < 0)
			return ORC_EFILE;
	} else if (object->parent) {
		errno = ENOENT;
		return ORC_EFILE;
	} else {
		memcpy(above, card->root, sizeof(above));
	}
	if (snprintf(path, size, "%s/%s", above, object->name) < (int)size)
		return 0;
	errno = ENAMETOOLONG;
	return ORC_EFILE;
}

static uint32_t new_handle(const struct card *card, uint32_t parent, const char *name, bool folder)
{
	uint32_t handle;

	if (!parent && !strcasecmp(name, "DCIM") && !card_find(card, HANDLE_DCIM))
		return HANDLE_DCIM;
	if (folder) {
		for (handle = HANDLE_FOLDERS; card_find(card, handle);)
			handle += HANDLE_BLOCK;
		return handle;
	}
	if (picture_number(name)) {
		handle = parent + picture_number(name) * 16 + formats[format_row(name)].digit;
		if (!card_find(card, handle))
			return handle;
	}
	for (handle = parent + HANDLE_OTHERS; card_find(card, handle);)
		handle++;
	return handle;
}

uint32_t card_next_handle(const struct card *card, uint32_t parent, const char *name)
{
	return new_handle(card, parent, name, false);
}

static struct card_object *append(struct card *card, uint32_t parent, const char *name, bool folder)
{
	struct card_object *object = orc_must(calloc(1, sizeof(*object)));

	object->handle = new_handle(card, parent, name, folder);
	object->parent = parent;
	object->format = folder ? (uint16_t)CARD_FOLDER : formats[format_row(name)].format;
	snprintf(object->name, sizeof(object->name), "%s", name);
	card->objects =
		orc_must(realloc(card->objects, (card->num_objects + 1) * sizeof(*card->objects)));
	card->objects[card->num_objects++] = object;
	return object;
}

static void forget(struct card *card, struct card_object *object)
{
	size_t i = 0;

	while (card->objects[i] != object)
		i++;
	memmove(&card->objects[i], &card->objects[i + 1],
		(card->num_objects - i - 1) * sizeof(*card->objects));
	card->num_objects--;
	sim_buffer_free(&object->bytes);
	free(object);
}

static void take_stat(const struct card *card, struct card_object *object)
{
	char path[CARD_PATH_SIZE];
	struct stat st;

	if (card_path(card, object, path, sizeof(path)) < 0 || stat(path, &st) < 0)
		return;
	object->mtime = st.st_mtime;
	if (S_ISREG(st.st_mode)) {
		object->size = (uint64_t)st.st_size;
		card_measure(card, object);
	}
}

/* Their handles are made for so many and some more. */
static bool takes_folder(const struct card *card)
{
	size_t count = 0;

	for (size_t i = 0; i < card->num_objects; i++)
		count += card->objects[i]->format == CARD_FOLDER;
	return count < MAX_FOLDERS;
}

/* What of the host's folder is on the card. */
static bool takes(const struct card *card, const char *path, const struct stat *st)
{
	if (card->num_objects >= MAX_OBJECTS)
		return false;
	if (S_ISDIR(st->st_mode))
		return takes_folder(card);
	if (S_ISREG(st->st_mode) && (uint64_t)st->st_size > CARD_FILE_MAX)
		log_warning("%s is too long for the card", path);
	return S_ISREG(st->st_mode) && (uint64_t)st->st_size <= CARD_FILE_MAX;
}

static int scan(struct card *card, const char *path, uint32_t parent, int depth)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char below[CARD_PATH_SIZE];
		struct stat st;

		if (name[0] != '.' && strlen(name) < CARD_NAME_SIZE &&
			snprintf(below, sizeof(below), "%s/%s", path, name) < (int)sizeof(below) &&
			!stat(below, &st) && takes(card, below, &st)) {
			struct card_object *object =
				append(card, parent, name, S_ISDIR(st.st_mode));

			take_stat(card, object);
			if (S_ISDIR(st.st_mode) && depth < MAX_DEPTH)
				scan(card, below, object->handle, depth + 1);
		}
		free(entries[i]);
	}
	free(entries);
	return count;
}

/* The counter lives beside the card's own files, as cameras keep theirs in their memory. */
static void load_number(struct card *card)
{
	char path[CARD_PATH_SIZE + 16];
	unsigned int kept;
	FILE *file;

	for (size_t i = 0; i < card->num_objects; i++) {
		unsigned int number = picture_number(card->objects[i]->name);

		if (number > card->number)
			card->number = number;
	}
	snprintf(path, sizeof(path), "%s/.counter", card->root);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fscanf(file, "%u", &kept) == 1 && kept >= 1 && kept <= 9999)
		card->number = kept;
	fclose(file);
}

unsigned int card_next_number(struct card *card)
{
	char path[CARD_PATH_SIZE + 16];
	FILE *file;

	card->number = card->number % 9999 + 1;
	snprintf(path, sizeof(path), "%s/.counter", card->root);
	file = fopen(path, "we");
	if (file) {
		fprintf(file, "%u\n", card->number);
		fclose(file);
	}
	return card->number;
}

static int make_root(struct card *card, const char *root, struct orc_error *err)
{
	const char *tmp = getenv("TMPDIR");

	if (!root) {
		snprintf(card->root, sizeof(card->root), "%s/opencamrc-card-XXXXXX",
			tmp && *tmp ? tmp : "/tmp");
		if (!mkdtemp(card->root))
			return orc_fail_errno(err, ORC_EFILE, errno);
		card->temporary = true;
		return 0;
	}
	if (strlen(root) >= sizeof(card->root) - 256)
		return orc_fail(err, ORC_EFILE, "the path is too long");
	snprintf(card->root, sizeof(card->root), "%s", root);
	if (mkdir(root, 0777) < 0 && errno != EEXIST)
		return orc_fail_errno(err, ORC_EFILE, errno);
	return 0;
}

int card_open(struct card *card, const char *root, const char *folder_name, uint64_t size,
	struct orc_error *err)
{
	int ret;

	*card = (struct card){ .size = size, .folder_name = folder_name };
	ret = make_root(card, root, err);
	if (ret < 0)
		return ret;
	if (scan(card, card->root, 0, 0) < 0)
		return orc_fail_errno(err, ORC_EFILE, errno);
	ret = card_make_folder(card, err);
	if (ret < 0)
		return ret;
	load_number(card);
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void card_close(struct card *card)
{
	while (card->num_objects)
		forget(card, card->objects[card->num_objects - 1]);
	free(card->objects);
	if (card->temporary && nftw(card->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS) < 0)
		log_warning("cannot remove %s: %s", card->root, strerror(errno));
	*card = (struct card){ 0 };
}

uint64_t card_free_space(const struct card *card)
{
	uint64_t used = 0;

	for (size_t i = 0; i < card->num_objects; i++) {
		if (!card->objects[i]->in_memory)
			used += (card->objects[i]->size + 32767) / 32768 * 32768;
	}
	return used < card->size ? card->size - used : 0;
}

static int write_all(int fd, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);

		if (done < 0)
			return -1;
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

int card_add_file(struct card *card, uint32_t parent, const char *name, const uint8_t *data,
	size_t len, struct card_object **object, struct orc_error *err)
{
	struct card_object *added = append(card, parent, name, false);
	char path[CARD_PATH_SIZE];
	cleanup_close int fd = -1;

	if (card_path(card, added, path, sizeof(path)) < 0)
		goto fail;
	/* Names were free when they were chosen; what has come since is not touched. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		goto fail;
	if (write_all(fd, data, len) < 0) {
		unlink(path);
		goto fail;
	}
	take_stat(card, added);
	*object = added;
	return 0;
fail:
	forget(card, added);
	return orc_fail_errno(err, ORC_EFILE, errno);
}

/* One that has come meanwhile will do. */
static int make_directory(const struct card *card, const struct card_object *object)
{
	char path[CARD_PATH_SIZE];
	struct stat st;

	if (card_path(card, object, path, sizeof(path)) < 0)
		return -1;
	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno != EEXIST || stat(path, &st) < 0)
		return -1;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode) ? 0 : -1;
}

int card_add_folder(struct card *card, uint32_t parent, const char *name,
	struct card_object **object, struct orc_error *err)
{
	struct card_object *added;

	if (!takes_folder(card))
		return orc_fail_errno(err, ORC_EFILE, ENOSPC);
	added = append(card, parent, name, true);
	if (make_directory(card, added) < 0) {
		forget(card, added);
		return orc_fail_errno(err, ORC_EFILE, errno);
	}
	take_stat(card, added);
	*object = added;
	return 0;
}

static int make_folder(struct card *card, uint32_t parent, const char *name,
	struct card_object **folder, struct orc_error *err)
{
	*folder = card_find_name(card, parent, name);
	if (!*folder)
		return card_add_folder(card, parent, name, folder, err);
	return make_directory(card, *folder) < 0 ? orc_fail_errno(err, ORC_EFILE, errno) : 0;
}

int card_make_folder(struct card *card, struct orc_error *err)
{
	struct card_object *folder;
	int ret = make_folder(card, 0, "DCIM", &folder, err);

	if (!ret)
		ret = make_folder(card, folder->handle, card->folder_name, &folder, err);
	if (!ret)
		card->folder = folder->handle;
	return ret;
}

struct card_object *card_add_memory(struct card *card, const char *name, struct sim_buffer *bytes)
{
	struct card_object *object = append(card, card->folder, name, false);

	object->in_memory = true;
	object->bytes = *bytes;
	object->size = bytes->len;
	object->mtime = time(NULL);
	*bytes = (struct sim_buffer){ 0 };
	card_measure(card, object);
	return object;
}

void card_drop_memory(struct card *card)
{
	for (size_t i = card->num_objects; i--;) {
		if (card->objects[i]->in_memory)
			forget(card, card->objects[i]);
	}
}

size_t card_count_memory(const struct card *card)
{
	size_t count = 0;

	for (size_t i = 0; i < card->num_objects; i++)
		count += card->objects[i]->in_memory;
	return count;
}

int card_remove(struct card *card, struct card_object *object, struct orc_error *err)
{
	char path[CARD_PATH_SIZE];

	if (!object->in_memory &&
		(card_path(card, object, path, sizeof(path)) < 0 || remove(path) < 0) &&
		errno != ENOENT)
		return orc_fail_errno(err, ORC_EFILE, errno);
	forget(card, object);
	return 0;
}
