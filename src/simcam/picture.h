/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Still pictures of the simulated camera: JPEG with EXIF, Canon CR2, Nikon NEF. */
#ifndef SIMCAM_PICTURE_H
#define SIMCAM_PICTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "simcam/scene.h"

enum picture_size {
	PICTURE_SIZE_L,
	PICTURE_SIZE_M,
	PICTURE_SIZE_S1,
	PICTURE_SIZE_S2,
	PICTURE_SIZE_S3,
	PICTURE_SIZES,
};

/* Width and height in pixels, as the EOS 1200D makes them. */
struct picture_dimensions {
	unsigned width, height;
};
extern const struct picture_dimensions picture_sizes[PICTURE_SIZES];

/* libjpeg qualities that give files about as large as the body's. */
#define PICTURE_QUALITY_FINE   93u
#define PICTURE_QUALITY_NORMAL 80u

/*
 * What is written into a picture. Texts are borrowed; NULL or empty is left out. Numbers of
 * enumerations are those of the EXIF 2.3 standard.
 */
struct picture_settings {
	unsigned width,
		height;   /* of the JPEG, about 3:2, at most 6016 wide; raw is always 5184x3456 */
	unsigned quality; /* libjpeg's 1..100 */
	double shutter_seconds; /* > 0; for bulb how long it was open */
	double aperture;        /* f-number; 0: no lens, left out */
	unsigned iso;
	bool bulb;
	time_t taken;         /* the camera's clock, broken down as UTC: a camera knows no zone */
	unsigned subsec;      /* hundredths of a second, 0..99 */
	const char *make;     /* "Canon": then with Canon's MakerNote */
	const char *model;    /* "Canon EOS 1200D" */
	const char *firmware; /* "1.0.0" */
	const char *serial;   /* body serial number, digits */
	const char *owner;
	const char *artist;
	const char *copyright;
	const char *lens; /* "EF-S18-55mm f/3.5-5.6 IS II" */
	const char *lens_serial;
	double focal_length; /* mm; 0: left out */
	double focal_min, focal_max;
	unsigned exposure_program; /* EXIF: 1 manual, 2 program, 3 aperture, 4 shutter priority */
	unsigned metering;         /* EXIF: 5 evaluative, 6 partial, 2 centre-weighted */
	bool white_balance_manual;
	bool flash;
	double exposure_bias; /* in stops */
	unsigned orientation; /* EXIF 1..8; 0 counts as 1 */
	uint32_t shutter_count;
	uint32_t image_number; /* 1000042 for folder 100, file 0042 */
	uint64_t index;        /* written into the picture, as in scene_frame() */
	double blur;           /* as in scene_exposure */
	nsec_t t;              /* the moment the scene shows, as in scene_frame() */
};

/*
 * Replaces *out's content with a JPEG of the scene, with EXIF (Canon MakerNote included) and a
 * 160x120 thumbnail. stops as in scene_exposure; the noise follows from the ISO. 5184x3456 takes
 * under a second of processor time and a few MB beside *out. Takes no lock of the scene: any number
 * of threads may make pictures of one scene, also while scene_frame() runs; the scene must live.
 * ORC_EUSAGE: a size that is not 3:2 or too large. ORC_EFILE: a file of the scene is unreadable.
 */
int picture_jpeg(const struct scene *scene, const struct picture_settings *settings, double stops,
	struct sim_buffer *out, struct orc_error *err) must_check;

/*
 * The same as a CR2: TIFF with a reduced JPEG, EXIF, thumbnail, a small RGB image and 5344x3516
 * Bayer samples of 14 bits in two-component lossless JPEG. About 20 MB, and 60 MB while it works.
 */
int picture_raw(const struct scene *scene, const struct picture_settings *settings, double stops,
	struct sim_buffer *out, struct orc_error *err) must_check;

/* The same samples as a NEF: a TIFF with 5184x3456 of them, 16 bits each, uncompressed: 36 MB. */
int picture_nef(const struct scene *scene, const struct picture_settings *settings, double stops,
	struct sim_buffer *out, struct orc_error *err) must_check;

/*
 * Points *thumbnail at the JPEG thumbnail inside a JPEG's EXIF or a CR2 (or any TIFF with an IFD1).
 * The bytes belong to data. ORC_EREFUSED where there is none or the file is damaged.
 */
int picture_thumbnail(const uint8_t *data, size_t len, const uint8_t **thumbnail,
	size_t *thumbnail_len) must_check;

#endif
