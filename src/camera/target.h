/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where pictures go, the card or the computer: a setting of the driver's; inside this room. */
#ifndef CAMERA_TARGET_H
#define CAMERA_TARGET_H

#include "camera/private.h"

/* Pictures go to the card from here on, until target_restore(); codes of libgphoto2. */
int target_to_card(struct camera *camera);
/* Puts back what target_to_card() found. */
int target_restore(struct camera *camera);
/* Does the driver's setting send the next one to the computer? False where the body has a setting of its own. */
bool target_is_computer(const struct camera *camera);
/* The user has chosen: nothing is put back. */
void target_forget(struct camera *camera);

/*
 * An EOS is made ready by the first call that reads a setting or takes a frame, and is then told to
 * keep its pictures for the computer: seven transactions, and as good as useless where none is to be
 * taken. Between these two calls it is left as it is; a shot that comes later tells it then. Only
 * the call that does make it ready may stand in between, and no reading of capturetarget.
 */
void target_leave(struct camera *camera);
void target_leave_end(struct camera *camera);

#endif
