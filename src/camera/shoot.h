/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures and live view frames. */
#ifndef CAMERA_SHOOT_H
#define CAMERA_SHOOT_H

#include "camera/camera.h"
#include "camera/files.h"

/*
 * When what happened, on the monotonic clock; 0: it did not. On USB the release is seen in the
 * transfers themselves (watch.h); elsewhere `sent` and `answered` enclose the driver's whole call.
 */
struct shoot_times {
	nsec_t asked_nsec;    /* camera_shoot() was called */
	nsec_t focused_nsec;  /* the last answer before the release: it may be released */
	nsec_t sent_nsec;     /* the transaction that releases the shutter */
	nsec_t answered_nsec; /* and its response */
	nsec_t first_nsec;    /* the first file is known */
};

struct shoot_options {
	nsec_t bulb_nsec; /* > 0: hold the shutter so long; body must be in bulb */
	/* Do not wait for files: they go to the card, unless somebody listens as LISTENER_AS_SET. */
	bool trigger_only;
	bool to_card;    /* capture to the memory card, otherwise where the body is set to */
	bool half_press; /* press half first (autofocus and metering), then fully */
	bool keep_focus; /* an EOS does not focus; others must be set to manual focus */
	/*
	 * Several cameras at once: called when this one has focused and only the release is left to
	 * do; returns when the others are as far. Negative (enum orc_err): it is not released, and
	 * camera_shoot() returns that. Not called where the shot fails before. On an EOS one question
	 * for events and then the release follow; the driver of others may do more. May be NULL.
	 */
	int (*gate)(void *data);
	void *gate_data;
	struct shoot_times *times; /* filled in as far as it gets; may be NULL */
};

/*
 * One shot. On success *files are all the files it made (RAW and JPEG), to be freed with
 * camera_files_free(); empty with trigger_only. On an error after the release, the files known so
 * far are returned as well, so that they can be named.
 */
int camera_shoot(struct camera *camera, const struct shoot_options *options,
	struct camera_file **files, size_t *count, struct orc_error *err) must_check;
/* Is it set to RAW and JPEG of each picture? False where it does not say. */
bool camera_makes_pairs(struct camera *camera);
/* Half press alone: focus and meter, then release. */
int camera_half_press(struct camera *camera, struct orc_error *err) must_check;

/*
 * One of those who look at live view: each frame of the camera is shown to all of them. Zero-
 * initialised. It may outlive the camera: with the next one it starts anew.
 */
struct camera_view {
	uint64_t camera;   /* which one it has joined; 0: none */
	uint64_t sequence; /* of the frame it saw last */
	void *held;        /* that frame */
};

/* A live view frame; data is valid until the next call with the same view. */
struct camera_frame {
	const uint8_t *data;
	size_t len;
	nsec_t arrived_nsec; /* when the last byte had come */
};

/*
 * The next frame, waited for at most `deadline`; starts live view by itself. One that another view
 * has had already, but not this one, is returned at once. A frame that is not a whole JPEG (SOI to
 * EOI, see jpeg/frame.h) is dropped and the next one taken; *damaged counts.
 */
int camera_preview(struct camera *camera, struct camera_view *view, struct camera_frame *frame,
	struct deadline deadline, uint64_t *damaged, struct orc_error *err) must_check;
/* Is live view on, whoever looks at it? */
bool camera_is_live(const struct camera *camera);
/*
 * The view is over. Live view ends with the last one; camera_close() ends it as well. The camera may
 * be NULL: then only what the view holds is freed.
 */
int camera_preview_stop(
	struct camera *camera, struct camera_view *view, struct orc_error *err) must_check;

#endif
