/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line on a terminal that tells how far a transfer has come. */
#include "cmd/progress.h"

#include <stdio.h>
#include <string.h>

#include "cmd/io.h"

#define BAR_WIDTH 24

static const struct {
	uint64_t bytes;
	const char *name;
} units[] = {
	{ UINT64_C(1000000000000), "TB" },
	{ 1000000000, "GB" },
	{ 1000000, "MB" },
	{ 1000, "kB" },
};

const char *format_bytes(uint64_t bytes, char *buf, unsigned size)
{
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(units); i++)
		if (bytes >= units[i].bytes) {
			snprintf(buf, size, "%.1f %s", (double)bytes / (double)units[i].bytes,
				units[i].name);
			return buf;
		}
	snprintf(buf, size, "%u B", (unsigned)bytes);
	return buf;
}

void progress_start(struct progress *progress, struct io *io, const char *label, uint64_t base)
{
	*progress = (struct progress){ .started_nsec = clock_now_nsec(), .base = base };
	snprintf(progress->label, sizeof(progress->label), "%s", label);
	if (io->err_tty && !io->quiet)
		progress->io = io;
}

void progress_update(void *data, uint64_t done, uint64_t total)
{
	struct progress *progress = data;
	nsec_t now = clock_now_nsec();
	double seconds = (double)(now - progress->started_nsec) / (double)NSEC_PER_SEC;
	char sum[FORMAT_BYTES_SIZE], speed[FORMAT_BYTES_SIZE], left[24] = "";
	char bar[BAR_WIDTH + 1];
	size_t filled;
	double rate;

	if (!progress->io || total == 0)
		return;
	if (done < total && now - progress->drawn_nsec < NSEC_PER_SEC / 10)
		return;
	progress->drawn_nsec = now;
	progress->on_screen = true;
	if (done > total)
		done = total;
	filled = (size_t)(BAR_WIDTH * (double)done / (double)total);
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', filled);
	bar[BAR_WIDTH] = '\0';
	rate = seconds > 0 && done > progress->base ? (double)(done - progress->base) / seconds : 0;
	if (rate > 0 && seconds > 0.5)
		snprintf(left, sizeof(left), "  %.0f s left", (double)(total - done) / rate);
	io_redraw(progress->io, "%s  [%s] %3.0f%%  %s  %s/s%s", progress->label, bar,
		100 * (double)done / (double)total, format_bytes(total, sum, sizeof(sum)),
		format_bytes((uint64_t)rate, speed, sizeof(speed)), left);
}

void progress_stop(struct progress *progress)
{
	if (progress->io && progress->on_screen)
		io_redraw(progress->io, "%s", "");
	*progress = (struct progress){ 0 };
}
