/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drawn scene: a landscape with a clock tower, a test chart and things that move. */
#ifndef SIMCAM_LANDSCAPE_H
#define SIMCAM_LANDSCAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "simcam/canvas.h"

/* Sky above this line of the scene changes with the time; below it only the movers do. */
#define LANDSCAPE_SKY_BOTTOM 340

#define LANDSCAPE_NOISE  512
#define LANDSCAPE_RIDGES 3
/* The ridges are known at so many points a scene unit. */
#define LANDSCAPE_RIDGE_POINTS 4

/* What is made once from the seed, when it is needed first; constant afterwards. Starts as zeros and the seed. */
struct landscape {
	uint64_t seed;
	bool made;
	uint8_t noise[LANDSCAPE_NOISE][LANDSCAPE_NOISE];     /* fractal, wraps at its edges */
	uint8_t grain[LANDSCAPE_NOISE][LANDSCAPE_NOISE];     /* white */
	uint8_t cloud[LANDSCAPE_NOISE / 2][LANDSCAPE_NOISE]; /* how dense */
	uint8_t shade[LANDSCAPE_NOISE / 2][LANDSCAPE_NOISE]; /* how bright */
	float ridge[LANDSCAPE_RIDGES][1056 * LANDSCAPE_RIDGE_POINTS + 8];
};

/* The moment to be painted. */
struct moment {
	nsec_t t;
	uint64_t index;
	unsigned fps; /* 0: not shown */
};

/* It is there from now on; of several threads one makes it. */
void landscape_make(struct landscape *landscape);
/* Sky, sun and clouds; the canvas's rows below LANDSCAPE_SKY_BOTTOM are left alone. */
void landscape_paint_sky(const struct landscape *landscape, struct canvas *canvas, nsec_t t);
/* Everything that stands still, over the sky. */
void landscape_paint_ground(const struct landscape *landscape, struct canvas *canvas);
/* Where the ground begins in the picture's column x, in pixels. */
int landscape_skyline(const struct landscape *landscape, const struct canvas *canvas, int x);

/* Is this point, in scene units, of the tower, which stands before the sky? */
bool landscape_is_tower(int x, int y);

/*
 * The things that move, painted over all else. Each says where it is at a moment, so that a live
 * view frame repaints these patches alone.
 */
struct mover {
	struct box (*where)(const struct moment *moment);
	void (*paint)(struct canvas *canvas, const struct moment *moment);
};
extern const struct mover movers[];
extern const unsigned mover_count;

void movers_paint(struct canvas *canvas, const struct moment *moment);

#endif
