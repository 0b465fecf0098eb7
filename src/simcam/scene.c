/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the simulated camera looks at: life cycle, and live view frames. */
#include "simcam/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simcam/blur.h"
#include "simcam/jpeg-write.h"
#include "simcam/scene-parts.h"
#include "simcam/strip.h"

#define LIVE_QUALITY 82
/* The sky moves slowly: half a second is a step of one pixel. */
#define SKY_STEP_NSEC (NSEC_PER_SEC / 2)
#define DETAIL_MAX    4.0

struct planes planes_new(unsigned width, unsigned rows)
{
	size_t size = (size_t)width * rows;
	uint8_t *all = orc_must(malloc(2 * size));

	return (struct planes){ width, rows, all, all + size, all + size + size / 2 };
}

void planes_free(struct planes *planes)
{
	free(planes->y);
}

double scene_noise(unsigned iso)
{
	return iso ? sqrt(iso / 100.0) : 0;
}

double scene_sigma(const struct scene *scene, double noise)
{
	double shown = 0.6 * noise, grain = 7 * scene->detail;

	return sqrt(shown * shown + grain * grain);
}

static struct canvas live_canvas(struct colour *px)
{
	return (struct canvas){
		.scale = 1,
		.cols = SCENE_WIDTH,
		.rows = SCENE_HEIGHT,
		.stride = SCENE_WIDTH,
		.px = px,
	};
}

static struct colour *colours_new(void)
{
	return orc_must(calloc((size_t)SCENE_WIDTH * SCENE_HEIGHT, sizeof(struct colour)));
}

/* What would take longest of a camera's start, and in vain where nobody looks; the lock is held. */
static void prepare(struct scene *scene)
{
	struct canvas canvas;

	if (scene->current)
		return;
	scene->current = colours_new();
	scene->patch = colours_new();
	scene->base = planes_new(SCENE_WIDTH, SCENE_HEIGHT);
	scene->frame = planes_new(SCENE_WIDTH, SCENE_HEIGHT);
	tone_init(&scene->tone, 0);
	scene->sky_step = -1;
	scene->base_stale = true;
	if (scene->source)
		return;
	landscape_make(scene->landscape);
	scene->still = colours_new();
	canvas = live_canvas(scene->still);
	landscape_paint_sky(scene->landscape, &canvas, 0);
	landscape_paint_ground(scene->landscape, &canvas);
	memcpy(scene->current, scene->still,
		(size_t)SCENE_WIDTH * SCENE_HEIGHT * sizeof(*scene->still));
}

int scene_new(struct scene **out, const struct scene_options *options, struct orc_error *err)
{
	struct scene *scene;
	int rc;

	/* Written so that a NaN is refused as well. */
	if (!(options->detail >= 0 && options->detail <= DETAIL_MAX))
		return orc_fail(err, ORC_EUSAGE, "detail is 0 to %g", DETAIL_MAX);
	scene = orc_must(calloc(1, sizeof(*scene)));
	scene->seed = options->seed;
	scene->fps = options->fps;
	scene->detail = options->detail;
	scene->quality = LIVE_QUALITY;
	scene->strip = options->strip == SCENE_STRIP_DEFAULT ? !options->source
							     : options->strip == SCENE_STRIP_ON;
	pthread_mutex_init(&scene->lock, NULL);
	if (options->source) {
		rc = source_new(&scene->source, options->source, err);
		if (rc) {
			scene_destroy(scene);
			return rc;
		}
	} else {
		scene->landscape = orc_must(calloc(1, sizeof(*scene->landscape)));
		scene->landscape->seed = scene->seed;
	}
	*out = scene;
	return 0;
}

void scene_destroy(struct scene *scene)
{
	if (!scene)
		return;
	source_destroy(scene->source);
	sim_buffer_free(&scene->given);
	planes_free(&scene->base);
	planes_free(&scene->frame);
	free(scene->landscape);
	free(scene->still);
	free(scene->current);
	free(scene->patch);
	pthread_mutex_destroy(&scene->lock);
	free(scene);
}

/* Paints the sky of a moment into `current`; the ground stays, column by column. */
static void renew_sky(struct scene *scene, nsec_t t)
{
	struct canvas canvas = live_canvas(scene->current);
	int64_t now = t / SKY_STEP_NSEC;
	int skyline[SCENE_WIDTH], x, y;

	if (now == scene->sky_step)
		return;
	for (x = 0; x < canvas.cols; x++)
		skyline[x] = landscape_skyline(scene->landscape, &canvas, x);
	canvas.rows = LANDSCAPE_SKY_BOTTOM;
	landscape_paint_sky(scene->landscape, &canvas, now * SKY_STEP_NSEC);
	for (y = 0; y < canvas.rows; y++) {
		const struct colour *still = scene->still + (size_t)y * SCENE_WIDTH;
		struct colour *row = canvas_row(&canvas, y);

		for (x = 0; x < canvas.cols; x++)
			if (y >= skyline[x] || landscape_is_tower(x, y))
				row[x] = still[x];
	}
	scene->sky_step = now;
	if (!scene->base_stale)
		tone_apply(&scene->tone, &canvas, &scene->base, 0, 0);
}

/* Repaints, in the frame, the part of the picture that a mover is in. */
static void draw_patch(struct scene *scene, const struct box *box, const struct moment *moment)
{
	struct canvas canvas = live_canvas(scene->patch);
	int left = (int)fmax(0, floor(box->x)) & ~1, top = (int)fmax(0, floor(box->y));
	int right = ((int)fmin(SCENE_WIDTH, ceil(box->x + box->w)) + 1) & ~1;
	int bottom = (int)fmin(SCENE_HEIGHT, ceil(box->y + box->h)), y;

	if (left >= right || top >= bottom)
		return;
	canvas.x0 = left;
	canvas.y0 = top;
	canvas.cols = right - left;
	canvas.rows = bottom - top;
	canvas.stride = (size_t)canvas.cols;
	for (y = 0; y < canvas.rows; y++)
		memcpy(canvas_row(&canvas, y),
			scene->current + (size_t)(top + y) * SCENE_WIDTH + (size_t)left,
			canvas.stride * sizeof(*canvas.px));
	movers_paint(&canvas, moment);
	tone_apply(&scene->tone, &canvas, &scene->frame, (unsigned)left, (unsigned)top);
}

/* Reads picture `index` of the source into `current`. */
static int renew_given(struct scene *scene, uint64_t index, struct orc_error *err)
{
	int64_t now = (int64_t)(index % source_count(scene->source));
	struct source_rows *rows;
	unsigned y;
	int rc;

	if (now == scene->sky_step)
		return 0;
	rc = source_read(scene->source, index, &scene->given, err);
	if (!rc)
		rc = source_rows_open(&rows, &scene->given, SCENE_WIDTH, SCENE_HEIGHT,
			source_name(scene->source, index), err);
	if (rc)
		return rc;
	for (y = 0; y < SCENE_HEIGHT; y++)
		source_rows_next(rows, scene->current + (size_t)y * SCENE_WIDTH);
	source_rows_close(rows);
	scene->sky_step = now;
	scene->base_stale = true;
	return 0;
}

/* Can picture `index` be sent as it is? Then it is in *jpeg. */
static int pass_through(struct scene *scene, uint64_t index, bool neutral, struct sim_buffer *jpeg,
	bool *passed, struct orc_error *err)
{
	int rc;

	*passed = false;
	if (!scene->source || (!source_is_mjpeg(scene->source) && (!neutral || scene->strip)))
		return 0;
	rc = source_read(scene->source, index, jpeg, err);
	*passed = !rc &&
		(source_is_mjpeg(scene->source) || source_jpeg_is(jpeg, SCENE_WIDTH, SCENE_HEIGHT));
	return rc;
}

static void expose(struct scene *scene, const struct scene_exposure *exposure)
{
	struct canvas canvas = live_canvas(scene->current);
	double sigma = scene_sigma(scene, exposure->noise);

	/* Exact comparison: what is asked for changes in steps, and a miss costs only time. */
	if (scene->tone.stops < exposure->stops || scene->tone.stops > exposure->stops) {
		tone_init(&scene->tone, exposure->stops);
		scene->base_stale = true;
	}
	if (scene->grain.sigma < sigma || scene->grain.sigma > sigma)
		grain_init(&scene->grain, sigma, scene->seed);
	if (scene->base_stale)
		tone_apply(&scene->tone, &canvas, &scene->base, 0, 0);
	scene->base_stale = false;
}

/* Part of the frame, drawn over all of it. */
static void enlarge(struct scene *scene, const struct scene_exposure *exposure)
{
	struct planes all = planes_new(SCENE_WIDTH, SCENE_HEIGHT);
	unsigned width = SCENE_WIDTH / exposure->zoom, height = SCENE_HEIGHT / exposure->zoom;
	double left = fmin(exposure->zoom_x * SCENE_WIDTH, SCENE_WIDTH - width - 1),
	       top = fmin(exposure->zoom_y * SCENE_HEIGHT, SCENE_HEIGHT - height - 1);

	memcpy(all.y, scene->frame.y, (size_t)2 * SCENE_WIDTH * SCENE_HEIGHT);
	zoom_planes(&all, &scene->frame, exposure->zoom, (unsigned)left & ~1u, (unsigned)top);
	planes_free(&all);
}

static void draw_and_encode(struct scene *scene, const struct moment *moment,
	const struct scene_exposure *exposure, struct sim_buffer *jpeg)
{
	struct jpeg_writer writer;
	unsigned i;

	memcpy(scene->frame.y, scene->base.y, (size_t)2 * SCENE_WIDTH * SCENE_HEIGHT);
	for (i = 0; !scene->source && i < mover_count; i++) {
		struct box box = movers[i].where(moment);

		draw_patch(scene, &box, moment);
	}
	blur_planes(&scene->frame, (unsigned)(exposure->blur + 0.5));
	if (exposure->zoom > 1)
		enlarge(scene, exposure);
	grain_apply(&scene->grain, &scene->frame, moment->index, 0);
	if (scene->strip)
		strip_draw(&scene->frame, 0, SCENE_HEIGHT, moment->index);
	sim_buffer_clear(jpeg);
	jpeg_writer_start(&writer, jpeg, SCENE_WIDTH, SCENE_HEIGHT, scene->quality, NULL);
	jpeg_writer_band(&writer, &scene->frame);
	jpeg_writer_finish(&writer);
}

int scene_frame(struct scene *scene, uint64_t index, nsec_t t,
	const struct scene_exposure *exposure, struct sim_buffer *jpeg, struct orc_error *err)
{
	const struct moment moment = { t, index, scene->fps };
	bool neutral = exposure->stops == 0 && exposure->noise == 0 && scene->detail == 0 &&
		exposure->blur == 0 && exposure->zoom <= 1;
	bool passed;
	int rc;

	pthread_mutex_lock(&scene->lock);
	rc = pass_through(scene, index, neutral, jpeg, &passed, err);
	if (!rc && !passed)
		prepare(scene);
	if (!rc && !passed && scene->source)
		rc = renew_given(scene, index, err);
	if (!rc && !passed) {
		if (!scene->source)
			renew_sky(scene, t);
		expose(scene, exposure);
		draw_and_encode(scene, &moment, exposure, jpeg);
	}
	pthread_mutex_unlock(&scene->lock);
	return rc;
}
