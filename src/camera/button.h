/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter button, pressed and released from afar; inside this room. */
#ifndef CAMERA_BUTTON_H
#define CAMERA_BUTTON_H

#include "camera/private.h"
#include "camera/watch.h"

/* The setting that is an EOS's own button, as ptp2 calls it. */
#define EOS_BUTTON "eosremoterelease"

/* How a body's button is worked; NULL where there is no way. */
struct button_way {
	const char *setting;
	const char *half_press, *half_release; /* NULL: cannot */
	const char *full_press, *full_release;
	const char *
		focused_press; /* full, where it is pressed half and in focus; NULL: not in steps */
};

/* Finds out by the settings that the body has. Also has the driver prepare it for capture. */
const struct button_way *button_find(struct camera *camera);
/* Autofocus and metering, waited for at most some seconds. Results are codes of libgphoto2; GP_ERROR
 * with the camera's message set where it found no focus. */
int button_half_press(struct camera *camera, const struct button_way *way);
int button_half_release(struct camera *camera, const struct button_way *way);
/* Would holding the button expose so long? A body in another mode takes a picture of its own time. */
bool button_is_bulb(struct camera *camera, const struct button_way *way);
/*
 * Presses it full; `watch` sees the release. May answer that the body is busy, or refuses, even where it has
 * released.
 */
int button_press(struct camera *camera, const struct button_way *way, const struct watch *watch);
/* Lets go of it when the time has come, or at once where the press failed, whose result it is then. */
int button_hold(
	struct camera *camera, const struct button_way *way, struct deadline until, int pressed);
/*
 * A release in steps, which the driver's own makes all in one call. button_take() finds out whether the body
 * can, and begins; false: it cannot, and there is nothing to end. button_ready() does all that comes before the
 * release and, with focus, waits for it; a body that is busy is asked again. button_release() is then one question
 * for events and the release itself, which may answer that the body is busy, even where it has released;
 * button_end() lets go of the button, released or not, and asks a body again that is busy where it has.
 */
struct button_press {
	const struct button_way *way;
	CameraWidget *widget;
	bool focus; /* pressed half, with focus */
};
bool button_take(struct camera *camera, struct button_press *press);
int button_ready(struct camera *camera, struct button_press *press, bool focus);
int button_release(struct camera *camera, const struct button_press *press);
int button_end(struct camera *camera, struct button_press *press, bool released);
/* An EOS M, and what shares its firmware: pressed half from afar it does nothing. */
bool button_has_one_stroke(const struct camera *camera);

/*
 * Releases what the driver may have left pressed: half, or all of it, for which a body that is busy is asked
 * again. A failure is camera_shoot_end()'s to mend.
 */
void button_let_go(struct camera *camera, bool pressed_full);

#endif
