/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval whose exposure follows the light. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/outfile.h"
#include "cmd/interval-run.h"
#include "cmd/io.h"
#include "schedule/sidecar.h"

/* `beside`, the picture that the shot's sidecar names by now, becomes this one where that is written. */
static int write_sidecar(
	int cwd, const char *picture, double offset, char **beside, struct orc_error *err)
{
	cleanup_outfile struct outfile file = { .fd = -1 };
	cleanup_free char *target = sidecar_path(picture), *text = NULL;
	cleanup_free char *other = *beside ? sidecar_path(*beside) : NULL;
	const char *slash = strrchr(picture, '/');
	const struct sidecar sidecar = { .name = slash ? slash + 1 : picture, .offset = offset };
	bool there = outfile_exists(cwd, target), ours = other && strcmp(other, target) == 0;
	size_t len;
	int ret;

	if (there && ours && (fetch_is_jpeg(picture) || !fetch_is_jpeg(*beside)))
		return 0;
	if (there && !ours) {
		orc_fail(err, ORC_EFILE, "there is such a file, and it is not of this shot");
		return orc_what(err, "cannot write %s", target);
	}
	text = sidecar_text(&sidecar, &len);
	ret = outfile_open(&file, cwd, target, ours ? OUTFILE_REPLACE : OUTFILE_NEW, false, err);
	if (ret == 0 && io_write_all(file.fd, text, len) < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot write %s", target);
	}
	if (ret == 0)
		ret = outfile_commit(&file, 0, err);
	if (ret < 0)
		return ret;
	free(*beside);
	*beside = orc_must(strdup(picture));
	return 0;
}

void interval_sidecars(struct interval_run *run, struct interval_files *done, double offset)
{
	if (isnan(offset))
		return;
	for (int raw = 1; raw >= 0; raw--)
		for (size_t i = 0; i < done->count; i++) {
			struct orc_error err = { 0 };

			if (!done->names[i] || fetch_is_jpeg(done->names[i]) == (raw == 1))
				continue;
			if (write_sidecar(run->call->io->cwd, done->names[i], offset, &done->beside,
				    &err) == 0)
				continue;
			interval_hide(run);
			call_report(run->call, &err);
		}
}

void interval_share_sidecar(
	struct interval_run *run, uint64_t slot, double offset, const char *beside)
{
	for (size_t i = 0; i < run->left_count; i++) {
		struct interval_left *left = &run->left[i];

		if (left->slot != slot)
			continue;
		if (!isnan(offset))
			left->offset = offset;
		if (!beside)
			continue;
		free(left->beside);
		left->beside = orc_must(strdup(beside));
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
		interval_share_sidecar(run, slot->number, done->exposure.offset, done->beside);
		ret = ramping_set(ramping, camera, err);
	}
	if (ret == 0)
		return 0;
	interval_hide(run);
	call_report(run->call, err);
	return recovery_is_for(ret) ? ret : 0;
}
