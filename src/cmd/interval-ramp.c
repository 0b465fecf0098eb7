/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interval whose exposure follows the light. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/outfile.h"
#include "cmd/interval-run.h"
#include "cmd/io.h"
#include "schedule/sidecar.h"

/* More than any of ours has. */
#define SIDECAR_MAX 16384

/* A sidecar that this one's shot has already, from another file of it or an earlier run. */
static bool has_sidecar(int cwd, const char *target, const struct sidecar *sidecar)
{
	char text[SIDECAR_MAX];
	int fd = files_open(cwd, target, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (fd >= 0)
		close(fd);
	return len > 0 && sidecar_is_of(text, (size_t)len, sidecar);
}

static int write_sidecar(int cwd, const char *picture, double offset, struct orc_error *err)
{
	cleanup_outfile struct outfile file = { .fd = -1 };
	cleanup_free char *target = sidecar_path(picture), *text = NULL;
	const char *slash = strrchr(picture, '/');
	const struct sidecar sidecar = { .name = slash ? slash + 1 : picture, .offset = offset };
	size_t len;
	int ret;

	if (outfile_exists(cwd, target)) {
		if (has_sidecar(cwd, target, &sidecar))
			return 0;
		orc_fail(err, ORC_EFILE, "there is such a file, and it is not of this shot");
		return orc_what(err, "cannot write %s", target);
	}
	text = sidecar_text(&sidecar, &len);
	ret = outfile_open(&file, cwd, target, OUTFILE_NEW, false, err);
	if (ret == 0 && io_write_all(file.fd, text, len) < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot write %s", target);
	}
	return ret < 0 ? ret : outfile_commit(&file, 0, err);
}

/* The RAW file of the slot is still to come: then the sidecar comes with it. */
static bool waits_for_raw(const struct interval_run *run, uint64_t slot)
{
	for (size_t i = 0; i < run->left_count; i++)
		if (run->left[i].slot == slot && !fetch_is_jpeg(run->left[i].file.name))
			return true;
	return false;
}

void interval_sidecars(
	struct interval_run *run, uint64_t slot, const struct interval_files *done, double offset)
{
	bool waits;

	if (isnan(offset))
		return;
	waits = waits_for_raw(run, slot);
	for (int raw = 1; raw >= 0; raw--)
		for (size_t i = 0; i < done->count; i++) {
			struct orc_error err = { 0 };

			if (!done->names[i] || fetch_is_jpeg(done->names[i]) == (raw == 1) ||
				(raw == 0 && waits))
				continue;
			if (write_sidecar(run->call->io->cwd, done->names[i], offset, &err) == 0)
				continue;
			interval_hide(run);
			call_report(run->call, &err);
		}
}

void interval_offset(struct interval_run *run, uint64_t slot, double offset)
{
	/* They were put off last. */
	for (size_t i = run->left_count; i > 0 && run->left[i - 1].slot == slot; i--)
		run->left[i - 1].offset = offset;
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
		interval_sidecars(run, slot->number, done, done->exposure.offset);
		interval_offset(run, slot->number, done->exposure.offset);
		ret = ramping_set(ramping, camera, err);
	}
	if (ret == 0)
		return 0;
	interval_hide(run);
	call_report(run->call, err);
	return recovery_is_for(ret) ? ret : 0;
}
