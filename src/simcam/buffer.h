/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing array of bytes: what a picture is written into. */
#ifndef SIMCAM_BUFFER_H
#define SIMCAM_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/*
 * data holds len bytes and has room for cap. Zero-initialised is empty and legal. Running out of
 * memory ends the program (orc_must), so that nothing here can fail. A buffer belongs to one thread
 * at a time; pointers into data are valid until the next reserve or append.
 */
struct sim_buffer {
	uint8_t *data;
	size_t len;
	size_t cap;
};

/* Makes room for `more` bytes after len. */
void sim_buffer_reserve(struct sim_buffer *buffer, size_t more);
/* Appends; data NULL appends zeros. */
void sim_buffer_append(struct sim_buffer *buffer, const void *data, size_t len);
/* Forgets the content, keeps the memory. */
void sim_buffer_clear(struct sim_buffer *buffer);
/* Gives the memory back; the buffer is empty and usable afterwards. */
void sim_buffer_free(struct sim_buffer *buffer);

#define cleanup_buffer cleanup(sim_buffer_free)

#endif
