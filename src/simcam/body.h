/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes one camera model: identity, table of operations, life-cycle hooks. */
#ifndef SIMCAM_BODY_H
#define SIMCAM_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "simcam/ptp.h"

struct sim_camera;
struct studio_job;

/* Lists of a DeviceInfo dataset (ISO 15740, 5.5.1). */
struct sim_codes {
	const uint16_t *codes;
	size_t count;
};

struct sim_body {
	const char *name; /* as --body takes it */
	uint16_t vendor, product;
	const char *manufacturer, *model, *version, *serial;
	uint16_t ptp_version;
	uint32_t extension_id;
	uint16_t extension_version;
	const struct ptp_operation *operations; /* in the order of the DeviceInfo */
	size_t num_operations;
	struct sim_codes events, properties, capture_formats, image_formats;
	uint64_t card_size;
	const char *card_folder; /* "100CANON" */

	int (*start)(struct sim_camera *camera, struct orc_error *err); /* sets camera->state */
	void (*stop)(struct sim_camera *camera);
	/* The session ended, by CloseSession, reset or a client that is gone. */
	void (*session_closed)(struct sim_camera *camera);
	/* The transaction under way was cancelled: its answer is not wanted any more. Optional. */
	void (*cancelled)(struct sim_camera *camera);
	/* A picture or frame is done. */
	void (*job_done)(struct sim_camera *camera, struct studio_job *job);
	/* Whether PTP_REMOTE operations are allowed now, and what they are told otherwise. */
	bool (*remote)(struct sim_camera *camera);
	uint16_t not_remote;
	/* A line of the control FIFO, in words: ORC_EUSAGE where it is not understood, ORC_EREFUSED. */
	int (*control)(struct sim_camera *camera, const char *const *words, size_t count);
	/* An object was deleted or has come by the host's doing. */
	void (*object_removed)(struct sim_camera *camera, uint32_t handle);
};

extern const struct sim_body body_eos1200d;

#endif
