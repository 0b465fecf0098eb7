/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shutter button, pressed and released from afar; inside this room. */
#ifndef CAMERA_BUTTON_H
#define CAMERA_BUTTON_H

#include "camera/private.h"

/* How a body's button is worked; NULL where there is no way. */
struct button_way {
	const char *setting;
	const char *half_press, *half_release; /* NULL: cannot */
	const char *full_press, *full_release;
};

/* Finds out by the settings that the body has. Also has the driver prepare it for capture. */
const struct button_way *button_find(struct camera *camera);
/* Autofocus and metering, waited for at most some seconds. Results are codes of libgphoto2; GP_ERROR
 * with the camera's message set where it found no focus. */
int button_half_press(struct camera *camera, const struct button_way *way);
int button_half_release(struct camera *camera, const struct button_way *way);
/* Would holding the button expose so long? A body in another mode takes a picture of its own time. */
bool button_is_bulb(struct camera *camera, const struct button_way *way);
/* Keeps the shutter open for a time, counted from one command to the other. */
int button_hold(struct camera *camera, const struct button_way *way, nsec_t nsec);
/* Releases a half press that the driver may have left; a failure is camera_shoot_end()'s to mend. */
void button_let_go(struct camera *camera);

#endif
