/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One simulated camera: its USB side, responder, card, studio and timers. */
#ifndef SIMCAM_CAMERA_H
#define SIMCAM_CAMERA_H

#include "base/clock.h"
#include "base/err.h"
#include "simcam/body.h"
#include "simcam/card.h"
#include "simcam/control.h"
#include "simcam/exposure.h"
#include "simcam/lens.h"
#include "simcam/light.h"
#include "simcam/loop.h"
#include "simcam/property.h"
#include "simcam/ptp.h"
#include "simcam/shutter.h"
#include "simcam/studio.h"
#include "simcam/usb.h"
#include "simcam/view.h"

struct sim_options {
	const char *body;      /* NULL: eos1200d */
	const char *listen;    /* NULL: 127.0.0.1:3240 */
	const char *card;      /* a folder of the host; NULL: a temporary one */
	const char *scene;     /* NULL: drawn */
	const char *serial;    /* NULL: the body's own */
	const char *card_size; /* NULL: the body's own */
	const char *control;   /* a FIFO; NULL: none */
	double speed;          /* every time the camera takes is divided by it */
	int fps;               /* of the live view */
	int seed;
	const struct live_loop *loop; /* what the live view shows; NULL: the scene */
	struct sim_faults faults;
	unsigned int number; /* of several, from 0: busid 1-1, 1-2, … */
	struct light light;  /* that the scene is in */
	bool log_releases;   /* tell when each shutter was released, and where the focus is */
	int battery;         /* per cent; negative: as the body has it */
	int auto_power_off;  /* what the body's menu is set to, seconds; 0: never */
	bool disk;           /* the USB connection is set to mass storage: no camera to be seen */
};

#define SIM_TIMERS 20

struct sim_timer {
	nsec_t at_nsec;
	void (*fire)(struct sim_camera *camera); /* NULL: free */
};

struct sim_camera {
	struct sim_usb usb;
	struct ptp ptp;
	const struct sim_body *body;
	const struct sim_options *options;
	struct sim_faults faults;
	char serial[40];
	struct card card;
	struct scene *scene;
	struct studio *stills, *frames; /* a picture takes long: frames have their own worker */
	struct sim_timer timers[SIM_TIMERS];
	struct ptp_properties properties;
	struct sim_shutter shutter;
	struct sim_view view;
	int32_t focus;        /* where the lens stands: 0 is sharp, less is nearer */
	int64_t clock_offset; /* of the camera's clock, seconds */
	nsec_t start_nsec;    /* when it was switched on: frames and the scene count from here */
	struct upload {       /* between SendObjectInfo and SendObject */
		uint32_t parent;
		uint16_t format;
		uint64_t size;
		char name[CARD_NAME_SIZE];
		bool pending;
	} upload;
	int job_fd; /* an eventfd: a job of either studio is done */
	struct sim_control control;
	int ready_fd; /* readable when one of the two is */
	void *state;  /* the body's */
};

/* ORC_EUSAGE for an option, ORC_EFILE for a card or scene that cannot be used. */
int sim_camera_new(struct sim_camera **camera, const struct sim_options *options,
	struct orc_error *err) must_check;
void sim_camera_destroy(struct sim_camera *camera);

/* Calls fire after so much of the camera's time (divided by --speed); a pending timer with the same
 * function is moved. */
void sim_after(struct sim_camera *camera, nsec_t nsec, void (*fire)(struct sim_camera *camera));
/* The same at a point of real time. */
void sim_at(struct sim_camera *camera, nsec_t at, void (*fire)(struct sim_camera *camera));
void sim_never(struct sim_camera *camera, void (*fire)(struct sim_camera *camera));
bool sim_pending(const struct sim_camera *camera, void (*fire)(struct sim_camera *camera));

/* objects.c: the standard operations on the card, for every body's table. */
enum ptp_response ptp_get_device_info(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_storage_ids(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_storage_info(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_num_objects(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_object_handles(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_object_info(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_object(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_thumb(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_get_partial_object(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_delete_object(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_send_object_info(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_send_object(struct sim_camera *camera, struct ptp_transaction *t);

#endif
