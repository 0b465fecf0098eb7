/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the sun rises and sets. */
#ifndef SCHEDULE_SUN_H
#define SCHEDULE_SUN_H

#include "base/clock.h"

/* Degrees, north and east positive. */
struct place {
	double latitude;
	double longitude;
};

/* Altitude of the sun's centre, in degrees. Sunrise and sunset: its upper edge is on a sea horizon, refraction included. */
#define SUN_HORIZON (-0.833)
/* Dawn and dusk, of civil twilight. */
#define SUN_CIVIL (-6.0)

enum sun_state {
	SUN_RISES,      /* above and below on that day */
	SUN_STAYS_UP,   /* polar day, as far as that altitude goes */
	SUN_STAYS_DOWN, /* polar night */
};

/* Wall times, nanoseconds since 1970. */
struct sun_day {
	enum sun_state state;
	nsec_t noon;      /* when the sun is highest */
	nsec_t rise, set; /* before and after noon; only with SUN_RISES, otherwise equal to noon */
};

/*
 * The day whose noon (the sun's) is nearest to `noon`: give the moment at which clocks there show 12:00.
 * By the equations of NOAA's solar calculator (Meeus, Astronomical Algorithms, chapter 25, short form),
 * each moment worked out with the sun's place at that moment: within a minute or two of almanacs up to
 * latitudes of 72 degrees, between the years 1900 and 2100; less near the poles, where the sun's path is
 * flat and refraction decides. Pure.
 */
void sun_day(const struct place *place, nsec_t noon, double altitude, struct sun_day *day);

#endif
