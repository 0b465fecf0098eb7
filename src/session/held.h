/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera that is held for several commands, each of which has it in turn. */
#ifndef SESSION_HELD_H
#define SESSION_HELD_H

#include "camera/camera.h"
#include "session/place.h"

struct held;

/* `key` is what its callers call it (camera_address_key()); another is found when it is opened. */
struct held *held_new(const char *key);
/* Closes the camera, and leaves the seat. Nobody may use it or wait for it. NULL is allowed. */
void held_destroy(struct held *held);

/* Who wants the camera, and how. */
struct held_request {
	const char *name; /* one more key by which it is known from now on */
	bool first; /* the command has not had it yet: it is not to find out that it went away */
	/*
	 * How to open it, and whom libgphoto2's questions go to: `cancelled` is needed, `claim` and
	 * `between` are not used.
	 */
	struct camera_options options;
	struct deadline deadline;    /* of waiting for the turn, or for another owner that leaves */
	void (*waiting)(void *data); /* it takes longer than a moment; once; may be NULL */
	void *waiting_data;
};

/*
 * The camera for the caller alone, until held_give(): waits for its turn, opens the camera where it is
 * not open, or anew where it is lost. ORC_EBUSY: it is in use, here till the deadline, or elsewhere;
 * then `elsewhere` is the key of the owner that can be asked, otherwise empty. Or as camera_open().
 */
int held_take(struct held *held, const struct held_request *request, struct camera **camera,
	char elsewhere[PLACE_KEY_SIZE], struct orc_error *err) must_check;
/*
 * Who holds the camera, where this owner has none? Asks its server which one it is, and leaves it alone: 0,
 * and `elsewhere` is the key of the owner that can be asked, empty where there is none. Or as camera_open().
 */
int held_seek(struct held *held, const struct held_request *request, char elsewhere[PLACE_KEY_SIZE],
	struct orc_error *err) must_check;
/*
 * The camera, where it is open and well, for putting it in order: waits for its turn whatever happens.
 * NULL: there is none, and nothing to be given back.
 */
struct camera *held_take_open(struct held *held) must_check;
/* A camera whose link is broken counts as lost. */
void held_give(struct held *held);
/* Gives it, and has it closed before the next one takes it. */
void held_give_lost(struct held *held);
/* Does anybody wait for it? */
bool held_is_wanted(struct held *held);

/* Its owner's: the socket to accept callers on, -1 where there is none yet. */
int held_listener(const struct held *held);
/* Is the link still there, after a time in which nobody asked? Closes a camera that is gone. */
void held_look_after(struct held *held);

#endif
