/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line on a terminal that tells how far a transfer has come. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct io;

/* Zero-initialised: draws nothing. */
struct progress {
	struct io *io;  /* NULL: silent */
	char label[64]; /* the file's name */
	uint64_t base;  /* bytes that were there before (resumed) */
	nsec_t started_nsec, drawn_nsec;
	bool on_screen;
};

/* Draws from now on, for one file, if io's err is a terminal and io is not quiet. */
void progress_start(struct progress *progress, struct io *io, const char *label, uint64_t base);
/* As camera_options.progress wants it; draws ten times a second at most. */
void progress_update(void *progress, uint64_t done, uint64_t total);
/* Takes the line off the screen and is silent again. */
void progress_stop(struct progress *progress);

/* "9.1 MB", decimal units as disks have them. Returns buf. */
const char *format_bytes(uint64_t bytes, char *buf, unsigned size);
#define FORMAT_BYTES_SIZE 24

#endif
