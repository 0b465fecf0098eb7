/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the simulated camera looks at: a drawn landscape that moves, or given pictures. */
#ifndef SIMCAM_SCENE_H
#define SIMCAM_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "simcam/buffer.h"

/* Live view frames are of this size, as the EOS 1200D sends them; all pictures are 3:2. */
#define SCENE_WIDTH  1056u
#define SCENE_HEIGHT 704u

/*
 * The machine-readable frame counter: one row of 66 cells along the top edge and one along the
 * bottom edge of the picture. A cell is 1/66 of the width and 1/44 of the height (16x16 pixels of a
 * live view frame: two whole JPEG blocks, so it survives any quality and a decode at 1/8 scale,
 * where it is 2x2 pixels). White is 1, black is 0, whatever the exposure. From the left:
 *
 *   cell  0        mid-grey margin
 *   cells 1..8     11100010, the start mark
 *   cells 9..40    the low 32 bits of the frame index, most significant first
 *   cells 41..56   CRC-16 (polynomial 0x1021, start 0xffff, most significant bit first) over the
 *                  four bytes of the index and a fifth: 0 in the top row, 1 in the bottom row
 *   cells 57..64   00011101, the end mark
 *   cell  65       mid-grey margin
 *
 * A frame is torn where both rows are good and differ. tests/tools/frame-counter.c reads it.
 */
#define SCENE_STRIP_CELLS  66u
#define SCENE_STRIP_ROWS   44u
#define SCENE_STRIP_HEIGHT (SCENE_HEIGHT / SCENE_STRIP_ROWS)

enum scene_strip {
	SCENE_STRIP_DEFAULT, /* on the drawn scene only */
	SCENE_STRIP_ON,
	SCENE_STRIP_OFF,
};

struct scene_options {
	/*
	 * NULL: the drawn scene. A JPEG file: that picture, scaled and cropped to 3:2. A folder: its
	 * JPEG files, one a frame, in name order and round again; one that is 1056x704 already is
	 * sent byte for byte while exposure and strip are neutral. An MJPEG file: its frames byte for
	 * byte, one a frame, round again, whatever the exposure; it gets no strip.
	 */
	const char *source;
	uint64_t seed; /* the same seed, index, time and exposure make the same bytes */
	unsigned fps;  /* shown in the picture; 0: not shown */
	double detail; /* grain that makes frames larger: 0 about 90 kB, 1 about 200 kB, up to 4 */
	enum scene_strip strip;
};

/* How the scene is lit for one picture; zero-initialised is the neutral exposure. */
struct scene_exposure {
	double stops;          /* +1: twice the light; highlights roll off softly */
	double blur;           /* out of focus: a radius in pixels of a live view frame; 0 sharp */
	unsigned zoom;         /* live view enlarged so many times; 0 is 1 */
	double zoom_x, zoom_y; /* from where on, fractions of the width and height */
	double noise; /* sensor noise: 0 none, 1 as at ISO 100, doubles about every two stops of ISO */
};

struct scene;

/*
 * Reads the source; what is drawn is drawn when it is first asked for. ORC_EFILE: the source cannot be
 * read or holds no JPEG; err says which file and why. ORC_EUSAGE: detail is out of range.
 */
int scene_new(struct scene **scene, const struct scene_options *options,
	struct orc_error *err) must_check;
void scene_destroy(struct scene *scene);

/*
 * Replaces *jpeg's content with one live view frame. t is the time the scene shows (nanoseconds
 * from an arbitrary start, 0 or more): it alone moves the picture, index is only written into it.
 * Frames may be asked for in any order. Costs about 5 ms of processor time, more on the first frame
 * and where the exposure changes. Any thread may call; calls are serialised by a lock of the
 * scene's own. picture_jpeg() and picture_raw() do not take that lock: a still may be made on a
 * worker while live view goes on. ORC_EFILE where a file of a folder has become unreadable.
 */
int scene_frame(struct scene *scene, uint64_t index, nsec_t t,
	const struct scene_exposure *exposure, struct sim_buffer *jpeg,
	struct orc_error *err) must_check;

#endif
