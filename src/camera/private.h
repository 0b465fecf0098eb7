/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share: an open camera, and how libgphoto2's codes become errors. */
#ifndef CAMERA_PRIVATE_H
#define CAMERA_PRIVATE_H

#include <gphoto2/gphoto2-abilities-list.h>
#include <gphoto2/gphoto2-camera.h>
#include <gphoto2/gphoto2-context.h>

#include "camera/camera.h"
#include "camera/shoot.h"

/* CameraAbilities' usb_vendor, of bodies that need something of their own; 0 where one is only known to speak PTP. */
enum { VENDOR_CANON = 0x04a9, VENDOR_NIKON = 0x04b0 };

/* How long a body may answer "busy" before that is taken for an error. */
#define CAMERA_BUSY_MSEC 3000

/* What a camera has to answer in at least where it is known to need long. */
#define CAMERA_LONG_MSEC 20000

struct camera {
	Camera *gp;
	GPContext *context;
	struct camera_options options; /* the address's texts are not kept */
	CameraAbilities abilities;
	char *port;        /* as the caller may name it */
	char message[192]; /* the driver's last complaint; empty: none */
	bool opened;       /* gp_camera_init() has succeeded */
	bool broken;       /* a transfer failed: what comes next may hang */
	bool cancelled;    /* the caller wanted to stop: stays set until the operation ends */
	bool no_cancel;    /* cleaning up: must go on whatever the caller wants */

	bool button_down; /* the shutter button is held: must be released */
	bool shooting;    /* within camera_shoot() */
	bool to_memory;   /* its pictures go to the memory: on the card they are others' */
	bool heedless;    /* it was told that, and they were on the card */
	const struct shot_files *full; /* the shot that has all of its own: more is others'; NULL */
	char *target_before;           /* capturetarget to be put back; NULL: untouched */
	bool ready;                    /* the driver has made the body ready to be controlled */
	bool leaving;                  /* between target_leave() and target_leave_end() */

	uint64_t number;            /* no other camera of this process has or had it */
	bool live;                  /* live view was started by us */
	unsigned views;             /* who look at it */
	uint64_t sequence;          /* frames taken */
	char *output_before;        /* what is put back when it ends; NULL: nothing */
	const char *output_setting; /* of which setting */
	struct camera_hub *hub;     /* who listens to events */
	bool event_settled;         /* what it tells of itself once it is opened has been taken */
	bool at_work;               /* the body said that it exposes, and not yet that it is done */
	bool event_aimed;           /* where the body's own pictures go has been told, as follows */
	bool event_card, event_moved;

	struct shown *shown;           /* the frame last taken; NULL: none yet */
	bool fresh;                    /* it is whole, and live view goes on */
	struct camera_view focus_view; /* live view, where it was switched on for the lens */
	bool focus_told; /* the body said that it has focused, since this was cleared */
};

/* Asks the caller whether to stop. */
bool camera_cancelled(struct camera *camera);
/*
 * Lets others use the camera, where the caller allows it: between two steps of what takes long. A
 * code of libgphoto2; negative: the camera is no more.
 */
int camera_between(struct camera *camera);
/*
 * How long the camera may be silent before it answers, for its port: the driver means 20 s, in which a
 * stream stands still. 0: as its driver has it, for those other than ptp2 know their cameras.
 */
int camera_silence_msec(const struct camera *camera, int64_t msec);
/*
 * Forgets the driver's complaint and the wish to stop: before each operation. From then on the camera
 * has --timeout for the beginning of each answer.
 */
void camera_begin(struct camera *camera);
/* The same for what may take a body long in one piece: a big card's list, a release. */
void camera_begin_long(struct camera *camera);
/*
 * Fills err from a code of libgphoto2 and what the driver said; returns the enum orc_err. `what`
 * of the operation is the caller's to add.
 */
int camera_fail(struct camera *camera, int result, struct orc_error *err);
/* The camera has forgotten us: no repetition mends that. */
bool camera_session_is_over(struct camera *camera, int result);
/* ORC_ESIGNAL, "stopped". */
int camera_fail_cancelled(struct orc_error *err);
/* The code alone, and the library's code in our words; for camera_fail() and its test. */
enum orc_err camera_error_code(int result, bool opened);
const char *camera_error_text(int result);

/* The result of a call that may be repeated while the body says that it is busy. */
struct camera_retry {
	struct deadline deadline;
	int64_t wait_msec;
};
struct camera_retry camera_retry_start(struct deadline deadline);
/* True after a pause when `result` means busy and there is time left. */
bool camera_retry_again(struct camera *camera, struct camera_retry *retry, int result);
/* Sleeps until the deadline; false when the caller wants to stop. */
bool camera_sleep_until(struct camera *camera, struct deadline deadline);

/* The context whose callbacks fill in the struct above. */
GPContext *camera_context_new(struct camera *camera);

/* Ends live view and releases what is pressed; used by camera_close(). */
void camera_preview_end(struct camera *camera);
void camera_preview_free(struct camera *camera);
void camera_shoot_end(struct camera *camera);

/* A Canon that is released as an EOS is. */
bool camera_is_eos(const struct camera *camera);
/* Known by its USB class alone, and without an extension of its maker's. */
bool camera_is_plain(struct camera *camera);

/* Values of one setting by name, without ceremony: a text on the heap, or NULL. */
char *camera_setting_value(struct camera *camera, const char *name);
/* Sets a choice, a text or a toggle ("0", "1"); a code of libgphoto2. */
int camera_setting_put(struct camera *camera, const char *name, const char *value);
/* The same in two steps, the second of which asks nothing first. Zero-initialised; empty after a failure. */
struct setting_ready {
	CameraWidget *widget;
	const char *name; /* a constant, or the caller's */
};
int camera_setting_ready(
	struct camera *camera, const char *name, const char *value, struct setting_ready *ready);
int camera_setting_send(struct camera *camera, const struct setting_ready *ready);
/* The same, but a body that is busy is not asked again. */
int camera_setting_send_once(struct camera *camera, const struct setting_ready *ready);
void camera_setting_ready_free(struct setting_ready *ready);

#endif
