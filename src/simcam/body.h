/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes one camera model: identity, table of operations, life-cycle hooks. */
#ifndef SIMCAM_BODY_H
#define SIMCAM_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "simcam/exposure.h"
#include "simcam/property.h"
#include "simcam/ptp.h"

struct sim_camera;
struct card_object;
struct picture_settings;
struct scene;
struct studio_job;

/* Lists of a DeviceInfo dataset (ISO 15740, 5.5.1). */
struct sim_codes {
	const uint16_t *codes;
	size_t count;
};

#define SIM_CODES(name)                                                                            \
	{                                                                                          \
		name, ARRAY_LENGTH(name)                                                           \
	}

struct sim_body {
	const char *name; /* as --body takes it */
	uint16_t vendor, product;
	const char *manufacturer, *model, *version, *serial;
	uint16_t ptp_version;
	uint32_t extension_id;
	uint16_t extension_version;
	const char *extension_text;             /* NULL: "" */
	const struct ptp_operation *operations; /* in the order of the DeviceInfo */
	size_t num_operations;
	struct sim_codes events, capture_formats, image_formats;
	const struct ptp_property *properties;
	size_t num_properties;
	size_t num_hidden; /* of these, at the end, that the DeviceInfo does not list */
	uint64_t card_size;
	const char *card_folder;    /* "100CANON" */
	uint32_t storage;           /* the card's storage id */
	const char *storage_label;  /* NULL: "" */
	uint16_t storage_access;    /* 0: all, 2: nothing but deleting */
	size_t name_max;            /* letters of a file's name; 0: what the card has room for */
	const char *picture_prefix; /* "IMG_": four digits follow */
	const char *raw_suffix;     /* "CR2"; also where it makes none */
	/* picture_raw(), picture_nef(); NULL where describe never wants a raw file. */
	int (*make_raw)(const struct scene *scene, const struct picture_settings *settings,
		double stops, struct sim_buffer *out, struct orc_error *err);

	int (*start)(struct sim_camera *camera, struct orc_error *err); /* sets camera->state */
	void (*stop)(struct sim_camera *camera);
	/* The session ended, by CloseSession, reset or a client that is gone. */
	void (*session_closed)(struct sim_camera *camera);

	/* Properties, each optional: the row that counts now, in this mode; what is read where that
	 * is not what is kept; what follows of a host's or the user's change. */
	const struct ptp_property *(*property_now)(
		const struct sim_camera *camera, const struct ptp_property *property);
	void (*property_read)(
		const struct sim_camera *camera, uint16_t code, struct ptp_value *value);
	enum ptp_response (*property_changed)(struct sim_camera *camera, uint16_t code);

	/* What it would expose now. */
	struct sim_exposure (*meter)(const struct sim_camera *camera);
	/* Size, formats and texts of the picture just exposed; the rest of its settings is there. */
	void (*describe)(struct sim_camera *camera, struct studio_job *job);
	void (*bulb_opened)(struct sim_camera *camera); /* optional */
	void (*exposed)(struct sim_camera *camera);     /* the mirror is back */
	/* A file is on the card, or waits in memory for its transfer; at last all of a shot. */
	void (*file_stored)(struct sim_camera *camera, const struct card_object *object);
	void (*file_waits)(struct sim_camera *camera, struct card_object *object);
	void (*shot_done)(struct sim_camera *camera);
	/* What stands before a live view frame's JPEG, and what is filled in when all is there; the
	 * latter is optional. NULL: no live view. */
	void (*frame_begin)(struct sim_buffer *out);
	void (*frame_end)(uint8_t *data, size_t len);
	uint16_t no_frame; /* the answer where a frame could not be made */

	/* Whether PTP_REMOTE operations are allowed now, and what they are told otherwise. */
	bool (*remote)(struct sim_camera *camera);
	uint16_t not_remote;
	/* Whether PTP_WHEN_READY operations are taken now; optional. Else DeviceBusy. */
	bool (*ready)(const struct sim_camera *camera);
	/* Nobody uses it any more, the user neither: the card stays, and the settings. */
	void (*switched_off)(struct sim_camera *camera);
	/* The user's hand: the body's own button pressed so many times, held or let go, a dial turned to
	 * a number (ORC_EUSAGE: it has no such dial or number; ORC_EREFUSED). Each is optional. */
	void (*press)(struct sim_camera *camera, unsigned count);
	void (*hold)(struct sim_camera *camera, bool down);
	int (*turn)(struct sim_camera *camera, const char *dial, double number);
	/* The host's doing, each optional: an object was deleted, a file has come. */
	void (*object_removed)(struct sim_camera *camera, uint32_t handle);
	void (*object_sent)(struct sim_camera *camera);
};

extern const struct sim_body body_eos1200d, body_d750, body_plain;

#endif
