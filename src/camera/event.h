/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the camera tells of its own accord: pictures of its own button, settings turned on the body. */
#ifndef CAMERA_EVENT_H
#define CAMERA_EVENT_H

#include "camera/camera.h"
#include "camera/files.h"

enum camera_event_type {
	CAMERA_EVENT_FILE,     /* file, own */
	CAMERA_EVENT_FOLDER,   /* file: a new folder on the card */
	CAMERA_EVENT_COMPLETE, /* the body has finished all that it was taking */
	CAMERA_EVENT_PROPERTY, /* name and value where the driver knows them; else name is a code */
	CAMERA_EVENT_CARD_FULL, /* no room for another picture where it is to go */
	CAMERA_EVENT_OTHER,     /* text, as the driver puts it */
};

struct camera_event {
	enum camera_event_type type;
	struct camera_file
		file;       /* a folder of "/": in the camera's memory, for this session only */
	bool own;           /* a picture that some capture takes care of */
	char *name, *value; /* of the setting; NULL where not told */
	char *text;
};

void camera_event_free(struct camera_event *event); /* what it holds */

/* Where pictures of the body's own button go while somebody listens. */
enum camera_listener_target {
	LISTENER_CARD,   /* the card, unless another listener wants the next */
	LISTENER_AS_SET, /* where capturetarget says; with an EOS the computer, if nothing is said */
	LISTENER_TO_CARD, /* the card */
};

/*
 * Several may listen to one camera: an event that anybody takes, a capture included, is given to all
 * of them. A listener outlives the camera: after it was closed and opened again the next call joins
 * the new one, and what had been heard is still there. At most 1024 events wait; beyond that the
 * oldest that tells of no file is dropped first.
 */
struct camera_listener;
struct camera_listener *camera_listener_new(enum camera_listener_target target);
/* Any time, whoever has the camera. NULL is allowed. */
void camera_listener_destroy(struct camera_listener *listener);

/*
 * The next event, to be freed with camera_event_free(). ORC_EAGAIN: the camera has nothing to tell, or
 * the deadline has passed; the caller rests before it asks again. Each question costs an EOS
 * two round trips. What a body tells of all its settings when it is opened is passed over, but
 * for files.
 */
int camera_event_next(struct camera *camera, struct camera_listener *listener,
	struct deadline deadline, struct camera_event *event, struct orc_error *err) must_check;
/* The next of those that were heard already; false where there is none. Needs no camera. */
bool camera_listener_take(struct camera_listener *listener, struct camera_event *event);
/* True once the above is over: from here on nothing is missed. */
bool camera_listener_ready(const struct camera_listener *listener);

#endif
