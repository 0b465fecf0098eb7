/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An XMP sidecar with an exposure offset, from which deflicker tools take over. */
#ifndef SCHEDULE_SIDECAR_H
#define SCHEDULE_SIDECAR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Adobe's crs:Exposure2012 is what Lightroom, Camera Raw and LRTimelapse read from IMG_0001.xmp beside
 * a raw file; darktable takes it from there when it imports the picture.
 */
struct sidecar {
	const char *name; /* of the picture, without folder; any bytes */
	double offset;    /* stops, positive is brighter; held to Camera Raw's own ±5 */
};

/*
 * The sidecar's name for a picture: its ending replaced by .xmp ("a/b.CR2" becomes "a/b.xmp"). In the
 * heap.
 */
char *sidecar_path(const char *picture);
/* The sidecar's text, in the heap; *len without its NUL. Bytes of the name that are no UTF-8 become '?'. */
char *sidecar_text(const struct sidecar *sidecar, size_t *len);
/*
 * Is the text a sidecar of this offset, as it was written, for this picture or another one whose name differs
 * by its ending alone?
 */
bool sidecar_is_of(const char *text, size_t len, const struct sidecar *sidecar);

#endif
