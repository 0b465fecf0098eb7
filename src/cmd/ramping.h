/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An exposure ramp and a camera: options, the camera's choices, each picture measured, the next one set. */
#ifndef CMD_RAMPING_H
#define CMD_RAMPING_H

#include "camera/files.h"
#include "cmd/command.h"
#include "schedule/journal.h"
#include "schedule/ramp.h"

/* For a command's option table. */
enum {
	RAMPING_OPTION_RAMP = 500, /* above the command's own, below the global ones */
	RAMPING_OPTION_SHUTTER,
	RAMPING_OPTION_ISO,
	RAMPING_OPTION_APERTURE,
	RAMPING_OPTION_TARGET,
	RAMPING_OPTION_NIGHT,
	RAMPING_OPTION_SPEED,
};
/* clang-format off */
#define RAMPING_OPTIONS \
	{ "ramp", 0, POPT_ARG_NONE, NULL, RAMPING_OPTION_RAMP, \
		"follow the light from day to night: shutter speed, then ISO", NULL }, \
	{ "ramp-shutter", 0, POPT_ARG_STRING, NULL, RAMPING_OPTION_SHUTTER, \
		"no shutter speeds but these (default: up to 3/4 of --every)", "MIN-MAX" }, \
	{ "ramp-iso", 0, POPT_ARG_STRING, NULL, RAMPING_OPTION_ISO, \
		"no ISO but these (default 100-1600)", "MIN-MAX" }, \
	{ "ramp-aperture", 0, POPT_ARG_STRING, NULL, RAMPING_OPTION_APERTURE, \
		"change the aperture as well, last, within these (default: left alone)", \
		"MIN-MAX" }, \
	{ "ramp-target", 0, POPT_ARG_STRING, NULL, RAMPING_OPTION_TARGET, \
		"how bright a picture is to be by day, against mid-grey (default 0)", "STOPS" }, \
	{ "ramp-night", 0, POPT_ARG_STRING, NULL, RAMPING_OPTION_NIGHT, \
		"and by night, against that (default -1)", "STOPS" }, \
	{ "ramp-speed", 0, POPT_ARG_STRING, NULL, RAMPING_OPTION_SPEED, \
		"change the exposure by so much a minute at most", "STOPS" }
/* clang-format on */

/* Zero-initialise; one thread. */
struct ramping {
	bool wanted; /* by an option */
	struct ramping_limit {
		bool given;
		double darkest, brightest; /* light, as in schedule/ramp.h; ±INFINITY: open */
	} limits[RAMP_SETTINGS];
	double target, speed;
	bool night_given;
	double night;

	struct ramp *ramp; /* from ramping_begin() on */
	struct ramping_scale {
		char *name; /* of the setting; NULL: it stays out of it */
		char **choices;
		double *light;
		size_t count;
	} scales[RAMP_SETTINGS];
	size_t set[RAMP_SETTINGS];  /* what the camera has, as far as is known */
	size_t next[RAMP_SETTINGS]; /* what the next picture is to be taken with */
	bool at_limit;
};

/* Takes an option that is one of RAMPING_OPTIONS; 1 where it is none. ORC_EUSAGE. */
int ramping_option(
	struct ramping *ramping, struct call *call, int option, struct orc_error *err) must_check;
/*
 * Before the first picture: reads what the camera offers, and checks all that can be. Sets nothing:
 * what is outside the limits, or Auto, is set with the first ramping_set(). ORC_EUSAGE: a limit;
 * ORC_EREFUSED: the body is not in M, or lacks the setting. Does nothing where no ramp is wanted.
 */
int ramping_begin(struct ramping *ramping, struct call *call, struct camera *camera, nsec_t every,
	struct orc_error *err) must_check;
/*
 * Sets what the next picture wants, all of it in one go; asks the camera nothing where that is set. To be
 * called when there is time for it, behind ramping_take(), and again before the picture, in case that
 * failed.
 */
int ramping_set(struct ramping *ramping, struct camera *camera, struct orc_error *err) must_check;

struct ramping_picture {
	nsec_t at;                      /* when it was taken, on the elapsed clock */
	int cwd;                        /* that path is relative to */
	const char *path;               /* the picture, if it is here; NULL */
	const struct camera_file *file; /* as the camera has it, for where it is not; NULL */
};

/*
 * Measures a picture, by its file's own thumbnail where it is here, else by the camera's, which is some
 * 10 kB; fills in exposure's brightness and offset, and decides on the next. What exposure
 * has of shutter, aperture and ISO, by EXIF, goes before what was set. On an error (it could not be
 * measured) the next picture is taken as this one was.
 */
int ramping_take(struct ramping *ramping, struct call *call, struct camera *camera,
	const struct ramping_picture *picture, struct journal_exposure *exposure,
	struct orc_error *err) must_check;
void ramping_free(struct ramping *ramping);

#endif
