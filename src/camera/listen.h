/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events taken from libgphoto2, and given to all who listen; inside this room. */
#ifndef CAMERA_LISTEN_H
#define CAMERA_LISTEN_H

#include <gphoto2/gphoto2-camera.h>

#include "camera/event.h"
#include "camera/private.h"

/* Who listens to one camera; shared by it and them, freed with the last. */
struct camera_hub *camera_hub_new(void);
void camera_hub_leave(struct camera_hub *hub);

bool camera_is_listened_to(struct camera *camera);
/* Does anybody listen who wants the pictures to go there? */
bool camera_is_listened_for(struct camera *camera, enum camera_listener_target target);

/*
 * gp_camera_wait_for_event(), for everybody: nobody else calls that. own: a file is the caller's to
 * care for. A code of libgphoto2; *data as libgphoto2 gives it, to be free()d.
 */
int camera_take_event(
	struct camera *camera, int timeout_msec, bool own, CameraEventType *type, void **data);
/*
 * Those that wait, until there is none for so long, or the deadline has passed. A code of libgphoto2.
 */
int camera_take_all(struct camera *camera, int listen_msec, struct deadline deadline);
/*
 * Before the driver does something that forgets what is waiting: listeners get it first. `always`: it is
 * taken where there are none, too.
 */
int camera_take_waiting(struct camera *camera, bool always);

#endif
