/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user wrote against what a setting takes: values and names, without a camera. */
#ifndef CAMERA_CHOICE_H
#define CAMERA_CHOICE_H

#include "camera/settings.h"

/* A value that was checked, in the form that libgphoto2 wants. */
struct choice_value {
	const char
		*text; /* radio, menu, text: points into the setting, or is what the user wrote */
	float number;  /* range */
	int integer;   /* toggle, date, button */
};

/*
 * Radio and menu: the choice itself, else the same in another case, "@N", or the same number
 * ("1/250" and "0.004", "f/5.6" and "5.6"). Toggle: on, off, 1, 0, 2, yes, no, true, false. Date: "now",
 * seconds since 1970, or YYYY-MM-DD[ HH:MM[:SS]] in local time. Range: a number within it.
 * ORC_EUSAGE with the choices as the hint; ORC_EREFUSED where the setting is read-only.
 */
int choice_check(const struct setting *setting, const char *text, struct choice_value *value,
	struct orc_error *err) must_check;

/* The number in a value of a camera: "1/250", "f/5.6", "0.3s", "2\"", "1,3"; false where there is none. */
bool choice_number(const char *text, double *number);

/*
 * Writes "did you mean iso, isoauto?" for the names nearest to one that there is not; an empty text
 * where none is near. Returns buf.
 */
const char *choice_nearest(
	const char *const *names, size_t count, const char *name, char *buf, size_t size);

#endif
