/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval whose exposure follows the light. */
#include <math.h>
#include <string.h>

#include "cmd/interval-run.h"

/* A RAW file's sidecar names that, not the JPEG beside it. */
void interval_sidecars(struct interval_run *run, const struct interval_files *done, double offset)
{
	for (int raw = 1; raw >= 0; raw--)
		for (size_t i = 0; i < done->count; i++) {
			struct orc_error err = { 0 };

			if (!done->names[i] || fetch_is_jpeg(done->names[i]) == (raw == 1))
				continue;
			if (ramping_sidecar(&run->options->ramping, run->call->io->cwd,
				    done->names[i], offset, &err) == 0)
				continue;
			interval_hide(run);
			call_report(run->call, &err);
		}
}

/* The smaller of a pair is measured: a JPEG before a RAW, and what is here before what is not. */
static struct ramping_picture choose(const struct interval_run *run, nsec_t at,
	const struct camera_file *files, size_t count, const struct interval_files *done)
{
	struct ramping_picture picture = { .at = at, .cwd = run->call->io->cwd };

	for (size_t i = 0; i < count; i++)
		if (!fetch_in_memory(&files[i]) &&
			(!picture.file || !fetch_is_jpeg(picture.file->name)))
			picture.file = &files[i];
	for (size_t i = 0; i < done->count; i++)
		if (done->names[i] && (!picture.path || !fetch_is_jpeg(picture.path)))
			picture.path = done->names[i];
	return picture;
}

static void remember_offset(struct interval_run *run, uint64_t slot, double offset)
{
	for (size_t i = 0; i < run->left_count; i++)
		if (run->left[i].slot == slot)
			run->left[i].offset = offset;
}

int interval_ramp(struct interval_run *run, struct camera *camera, const struct slot *slot,
	const struct camera_file *files, size_t count, struct interval_files *done, nsec_t late,
	struct orc_error *err)
{
	struct ramping *ramping = &run->options->ramping;
	const struct ramping_picture picture =
		choose(run, slot->planned.elapsed + late, files, count, done);
	int ret;

	if (!ramping->ramp || (!picture.path && !picture.file))
		return 0;
	ret = ramping_take(ramping, run->call, camera, &picture, &done->exposure, err);
	if (ret == 0) {
		interval_sidecars(run, done, done->exposure.offset);
		remember_offset(run, slot->number, done->exposure.offset);
		ret = ramping_set(ramping, camera, err);
	}
	if (ret == 0)
		return 0;
	interval_hide(run);
	call_report(run->call, err);
	return recovery_is_for(ret) ? ret : 0;
}
