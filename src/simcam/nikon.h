/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nikon's extension of PTP: what the files nikon*.c share. */
#ifndef SIMCAM_NIKON_H
#define SIMCAM_NIKON_H

#include "simcam/camera.h"
#include "simcam/standard.h"

/* Property codes that the simulator itself works with. */
enum nikon_code {
	NIKON_ARTIST = 0xd072,
	NIKON_COPYRIGHT = 0xd073,
	NIKON_EXPOSURE_TIME = 0xd100, /* numerator and denominator, 16 bits each */
	NIKON_RECORDING_MEDIA = 0xd10b,
	NIKON_AF_MODE = 0xd161,
	NIKON_LIVE_VIEW_STATUS = 0xd1a2,
	NIKON_LIVE_VIEW_ZOOM = 0xd1a3,
	NIKON_LIVE_VIEW_PROHIBITED = 0xd1a4,
	NIKON_SHOTS_LEFT = 0xd1f1,
};

enum { NIKON_MEDIA_CARD, NIKON_MEDIA_SDRAM };
/* Positions of the release mode dial beyond the standard's two. */
enum { NIKON_DRIVE_LOW = 0x8010, NIKON_DRIVE_TIMER = 0x8011 };
enum { NIKON_FOCUS_MANUAL = 1, NIKON_AF_MODE_MANUAL = 4 };
/* Why there is no live view. */
enum {
	NIKON_NO_VIEW_MEMORY = 1 << 12, /* a picture waits to be fetched */
	NIKON_NO_VIEW_SHOOTING = 1 << 15,
	NIKON_NO_VIEW_BULB = 1 << 21,
};

enum nikon_event {
	NIKON_ADDED_IN_SDRAM = 0xc101,
	NIKON_COMPLETE_IN_SDRAM = 0xc102,
};

enum nikon_response {
	NIKON_INVALID_STATUS = 0xa004,
	NIKON_SHUTTER_BULB = 0xa008,
	NIKON_NOT_LIVE_VIEW = 0xa00b,
	NIKON_LENS_AT_END = 0xa00c,
	NIKON_STEP_TOO_SMALL = 0xa00e,
	NIKON_BULB_BUSY = 0xa200,
};

#define NIKON_STORAGE     0x00010001u
#define NIKON_FIRST_SDRAM 0xffff0001u
#define NIKON_SDRAM_MASK  0xffff0000u
#define NIKON_EVENTS_MAX  256

struct nikon {
	bool host_mode;       /* ChangeCameraMode: the host has what the dial decides */
	int64_t dial_program; /* where the mode dial stands */
	struct nikon_told {
		uint16_t code;
		uint32_t param;
	} events[NIKON_EVENTS_MAX];
	size_t num_events;
	uint16_t result; /* of what the next DeviceReady tells; 0: OK */
	bool live_view;
	nsec_t busy_until; /* mirror and lens move */
	bool focusing;     /* AfDrive, or what precedes a release */
	bool terminated;   /* TerminateCapture came before the shutter had opened */
	unsigned destination;
	unsigned left;          /* pictures of the burst under way, and the button's presses */
	uint32_t sdram_handles; /* given so far */
};

static inline struct nikon *nikon_of(const struct sim_camera *camera)
{
	return camera->state;
}

/* nikon-events.c */
void nikon_tell(struct sim_camera *camera, uint16_t code, uint32_t param);
enum ptp_response nikon_get_event(struct sim_camera *camera, struct ptp_transaction *t);

/* nikon-properties.c */
const struct ptp_property *nikon_property_now(
	const struct sim_camera *camera, const struct ptp_property *property);
void nikon_property_read(const struct sim_camera *camera, uint16_t code, struct ptp_value *value);
enum ptp_response nikon_property_changed(struct sim_camera *camera, uint16_t code);
enum ptp_response nikon_get_vendor_codes(struct sim_camera *camera, struct ptp_transaction *t);
int nikon_turn(struct sim_camera *camera, const char *dial, double number);
/* The mode dial has its say again, or the host has. */
void nikon_set_program(struct sim_camera *camera, int64_t program);

/* nikon-shoot.c */
enum ptp_response nikon_capture_sdram(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_af_capture_sdram(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_capture_media(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_initiate_capture(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_terminate(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_af(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_af_cancel(struct sim_camera *camera, struct ptp_transaction *t);
void nikon_describe(struct sim_camera *camera, struct studio_job *job);
void nikon_go_on(struct sim_camera *camera); /* a burst, or the presses, once there is room */
void nikon_file_stored(struct sim_camera *camera, const struct card_object *object);
void nikon_file_waits(struct sim_camera *camera, struct card_object *object);
void nikon_shot_done(struct sim_camera *camera);
void nikon_press(struct sim_camera *camera, unsigned count);
uint64_t nikon_expected_size(const struct sim_camera *camera);

/* nikon-view.c */
enum ptp_response nikon_start_view(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_end_view(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_view_image(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_drive_lens(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_af_area(struct sim_camera *camera, struct ptp_transaction *t);
uint32_t nikon_view_prohibited(const struct sim_camera *camera);
void nikon_view_over(struct sim_camera *camera);
void nikon_frame_begin(struct sim_buffer *out);

/* nikon.c */
enum ptp_response nikon_device_ready(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_set_mode(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_get_object(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response nikon_delete_sdram(struct sim_camera *camera, struct ptp_transaction *t);
bool nikon_ready(const struct sim_camera *camera);
/* The mirror or the lens moves for so long. */
void nikon_busy(struct sim_camera *camera, nsec_t nsec);
int nikon_start(struct sim_camera *camera, struct orc_error *err);
void nikon_stop(struct sim_camera *camera);
void nikon_session_closed(struct sim_camera *camera);
void nikon_object_removed(struct sim_camera *camera, uint32_t handle);

#endif
