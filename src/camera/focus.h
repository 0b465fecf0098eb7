/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Focus: automatic, by steps of the lens, and the part of the picture that is looked at. */
#ifndef CAMERA_FOCUS_H
#define CAMERA_FOCUS_H

#include "camera/camera.h"

/*
 * Each body has its own settings for this (a table in focus.c). ORC_EREFUSED, with what the body has
 * instead as the hint, where it has none. Steps, zoom and point work on the live view with nearly
 * every body: it is switched on where it is off, and stays on until camera_focus_end().
 */

enum focus_result {
	FOCUS_LOCKED,   /* the body says so */
	FOCUS_NOT_TOLD, /* no complaint, no word either: a lens set to manual, or an older body */
};

/* Focuses once, waited for at most some seconds. ORC_EREFUSED: it finds no focus. */
int camera_focus_auto(
	struct camera *camera, enum focus_result *result, struct orc_error *err) must_check;

/*
 * One step of the lens: size 1 (fine), 2 or 3 (coarse) away from the camera, -1 to -3 nearer to it.
 * How far that is depends on body and lens. ORC_EUSAGE for another size; ORC_EREFUSED where the body
 * says that the lens is at its end; most do not say.
 */
int camera_focus_step(struct camera *camera, int size, struct orc_error *err) must_check;
/* A lens needs about so long for a step; a body refuses the next one before. */
#define CAMERA_FOCUS_STEP_MSEC 50

/* The live view enlarged: an EOS takes 1, 5 and 10; other bodies name their choices in the hint. */
int camera_focus_zoom(struct camera *camera, const char *value, struct orc_error *err) must_check;
/* What is enlarged, or focused on: in the body's own coordinates, from the top left. */
int camera_focus_point(
	struct camera *camera, unsigned x, unsigned y, struct orc_error *err) must_check;

/* Live view off where it is on for this alone; camera_close() does it as well. */
void camera_focus_end(struct camera *camera);

#endif
