/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lens: where its focus ring stands. */
#ifndef SIMCAM_LENS_H
#define SIMCAM_LENS_H

#include <stdbool.h>
#include <stdint.h>

struct sim_camera;

/* To a position of the ring: 0 is sharp, less is nearer; it ends somewhere. */
void sim_lens_move(struct sim_camera *camera, int32_t position);
/* By the host, and so much; false: it came to its end. */
bool sim_lens_drive(struct sim_camera *camera, int32_t by);
/* How far from sharp: a radius in pixels of a live view frame. */
double sim_lens_blur(const struct sim_camera *camera);

#endif
