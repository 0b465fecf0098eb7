/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libgphoto2's configuration widgets, made into settings and back. */
#ifndef CAMERA_WIDGET_H
#define CAMERA_WIDGET_H

#include <gphoto2/gphoto2-widget.h>

#include "camera/choice.h"

/* Fills setting (zero-initialised or not: it is overwritten) from a widget that is no container. */
void widget_read(CameraWidget *widget, const char *path, struct setting *setting);
/* Every widget below root that is no container, in order, with paths as gphoto2 prints them; of several with one
 * path the first, which is the one that is found by it. */
void widget_flatten(CameraWidget *root, struct setting **settings, size_t *count);
/* The widget of a name or of a path in a whole tree; NULL where there is none. */
CameraWidget *widget_find(CameraWidget *root, const char *name);
/* Puts a checked value in; a code of libgphoto2. */
int widget_write(CameraWidget *widget, const struct choice_value *value);
bool widget_is_container(CameraWidget *widget);

#endif
