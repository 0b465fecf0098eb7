/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera: find it, open it, close it. */
#ifndef CAMERA_CAMERA_H
#define CAMERA_CAMERA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

/*
 * src/camera/ is the only room that calls libgphoto2; its codes do not leave it. It prints nothing
 * and parses no options. A struct camera is used by one thread at a time. Errors arrive in
 * `struct orc_error` with what failed, on what, why and what to do.
 */

/* How to find a camera. Zero-initialised: the default remote, a local camera, or the only one that
 * is found on the network. */
struct camera_address {
	const char *remote; /* as -r has it, an alias of the config too; NULL: local */
	const char *port;   /* a libgphoto2 port ("usb:001,004", "ptpip:HOST"); NULL: any */
	const char *model;  /* libgphoto2's model name; NULL: detect */
	const char *ssh;    /* the command for an ssh:// remote; NULL: as configured */
};

/* A link without progress for so long is lost, where nothing else is said. */
#define CAMERA_TIMEOUT_MSEC 5000

/* What was said, or that where nothing was (0). */
static inline int64_t camera_timeout_msec(int64_t said)
{
	return said > 0 ? said : CAMERA_TIMEOUT_MSEC;
}

struct camera_options {
	struct camera_address address;
	int64_t timeout_msec; /* instead of CAMERA_TIMEOUT_MSEC; 0: that */
	/* Asked while libgphoto2 works: true ends the operation with ORC_ESIGNAL. May be NULL. */
	bool (*cancelled)(void *data);
	void *cancelled_data;
	/* Download and upload progress in bytes; may be NULL. */
	void (*progress)(void *data, uint64_t done, uint64_t total);
	void *progress_data;
	/*
	 * Asked while a camera is opened, once it is known which one it is and before it is touched. The
	 * key is as camera_address_key() would say it, with the server in numbers, and the name the
	 * same with the server as it was named. A negative value ends it: that is what
	 * camera_open() returns then. May be NULL.
	 */
	int (*claim)(void *data, const char *key, const char *name, struct orc_error *err);
	void *claim_data;
	/*
	 * Called in the middle of what takes long (between two parts of a file): others may use the
	 * camera until it returns. False: the camera is no more, the operation ends with ORC_ELOST.
	 * May be NULL.
	 */
	bool (*between)(void *data);
	void *between_data;
};

struct camera;

/* Connects, takes the camera over. ORC_ENOCAMERA, ORC_EBUSY (holder named where known), ORC_ELOST. */
int camera_open(struct camera **camera, const struct camera_options *options,
	struct orc_error *err) must_check;
/* Leaves the camera as it was found: live view off, buttons released. NULL is allowed. */
void camera_close(struct camera *camera);

/*
 * Whom its questions go to from now on, and how long each answer may take to begin: cancelled, progress,
 * between and timeout_msec; the rest stays as it is, and so does what its link is allowed.
 */
void camera_set_options(struct camera *camera, const struct camera_options *options);
/* Has a transfer failed, so that what comes next may hang? */
bool camera_is_broken(const struct camera *camera);
/*
 * After an error: has the camera cancel what it was about, as PTP's USB class has it, and asks whether
 * it answers again: 0, and it is as before. Otherwise, where the link lives, its port is reset;
 * then it has to be closed, and opened anew. Live view stays as the camera left it.
 */
int camera_reset(struct camera *camera, struct deadline deadline, struct orc_error *err) must_check;
/* Asks it for something that costs next to nothing: 0, or why it does not answer. */
int camera_is_there(struct camera *camera) must_check;

/*
 * The name of an address, by which processes find each other: the port as libgphoto2 would say it
 * ("usbip:router/1-1", "usb:001,004"), "usbip:router" where no bus id is given, "local" where nothing
 * is. Aliases and the default remote are resolved. ORC_EUSAGE.
 */
#define CAMERA_KEY_SIZE 420
int camera_address_key(const struct camera_address *address, char key[CAMERA_KEY_SIZE],
	struct orc_error *err) must_check;

/* One line of `list`. All texts are heap-allocated or NULL. */
struct camera_entry {
	char *model;
	char *port; /* the address to use: "usb:001,004", "usbip:router/1-1" */
	char *name; /* of a configured machine's: what -r takes, in the user's own words; or NULL */
	char *serial; /* NULL where it cannot be told without opening, or is in use */
	bool in_use;
	bool remote;
	bool found; /* on a server that nobody has named: it announces itself */
};

/*
 * Local cameras, and those of the address's remote, or of every configured remote where none is
 * given, or of those that announce themselves on the network where none is configured; these are not
 * opened. A remote that does not answer is reported in err while the others are listed: then
 * ORC_EPARTIAL, or ORC_ENOCAMERA when a remote was named and it is the one. `serials`: open those
 * not in use to ask for the serial.
 */
int camera_list(const struct camera_options *options, bool serials, struct camera_entry **entries,
	size_t *count, struct orc_error *err) must_check;
void camera_entries_free(struct camera_entry *entries, size_t count);
/* ORC_ENOCAMERA, and what to do about a list without an entry. */
int camera_list_empty(const struct camera_options *options, struct orc_error *err);

/* What `info` shows. Texts are heap-allocated, NULL where the camera does not say. */
struct camera_storage {
	char *label, *folder, *description;
	uint64_t capacity_bytes, free_bytes; /* 0 where not told */
	uint64_t free_images;                /* 0 where not told */
	bool read_only;
};

struct camera_info {
	char *model, *manufacturer, *version, *serial, *port, *lens, *battery;
	char *summary; /* libgphoto2's own text */
	bool can_capture, can_preview, can_trigger, can_configure, can_delete, can_put;
	struct camera_storage *storages;
	size_t storage_count;
	bool storages_told; /* false: there may be others, the camera would not say */
};

int camera_info_get(
	struct camera *camera, struct camera_info *info, struct orc_error *err) must_check;
/* The storages alone, which is short work. ORC_EREFUSED: the driver cannot tell. */
int camera_info_storages(
	struct camera *camera, struct camera_info *info, struct orc_error *err) must_check;
void camera_info_free(struct camera_info *info);

/* As libgphoto2 names it. */
const char *camera_model(const struct camera *camera);

#endif
