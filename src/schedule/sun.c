/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the sun rises and sets. */
#include "schedule/sun.h"

#include <math.h>

#define DAY    86400.0
#define RADIAN (M_PI / 180)

/* 1 January 2000, 12:00 UTC, from which Julian centuries count, in seconds since 1970. */
#define J2000 946728000.0

struct sun_position {
	double declination; /* radians */
	double equation;    /* of time: sundial less clock, seconds */
};

/* Julian centuries make small coefficients; the names are those of NOAA's sheet. */
static struct sun_position position_at(double seconds)
{
	double t = (seconds - J2000) / (DAY * 36525);
	double longitude = fmod(280.46646 + t * (36000.76983 + t * 0.0003032), 360) * RADIAN;
	double anomaly = (357.52911 + t * (35999.05029 - 0.0001537 * t)) * RADIAN;
	double eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
	double center = sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
		sin(2 * anomaly) * (0.019993 - 0.000101 * t) + sin(3 * anomaly) * 0.000289;
	double node = (125.04 - 1934.136 * t) * RADIAN;
	double apparent = longitude + (center - 0.00569 - 0.00478 * sin(node)) * RADIAN;
	double obliquity =
		23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60;
	double tilt = (obliquity + 0.00256 * cos(node)) * RADIAN;
	double y = tan(tilt / 2) * tan(tilt / 2);
	double equation = y * sin(2 * longitude) - 2 * eccentricity * sin(anomaly) +
		4 * eccentricity * y * sin(anomaly) * cos(2 * longitude) -
		0.5 * y * y * sin(4 * longitude) -
		1.25 * eccentricity * eccentricity * sin(2 * anomaly);

	return (struct sun_position){
		.declination = asin(sin(tilt) * sin(apparent)),
		.equation = equation / RADIAN * 4 * 60,
	};
}

/* The sun's highest point nearest to `near`. */
static double find_noon(double longitude, double near)
{
	double noon = near;
	int i;

	for (i = 0; i < 3; i++) {
		double of_day = DAY / 2 - longitude * 240 - position_at(noon).equation;

		noon = of_day + DAY * round((near - of_day) / DAY);
	}
	return noon;
}

/*
 * When the sun is at that altitude before (side -1) or after noon. Where it stays above, its lowest
 * point, and false.
 */
static bool find_crossing(
	const struct place *place, double noon, double altitude, int side, double *when)
{
	double latitude = place->latitude * RADIAN, angle = 0;
	double equation = position_at(noon).equation;
	double cosine = 0;
	int i;

	*when = noon;
	for (i = 0; i < 6; i++) {
		struct sun_position sun = position_at(*when);

		cosine = (sin(altitude * RADIAN) - sin(latitude) * sin(sun.declination)) /
			(cos(latitude) * cos(sun.declination));
		angle = acos(fmin(1, fmax(-1, cosine))) / RADIAN;
		/* The equation of time moves a little between noon and then. */
		*when = noon + side * angle * 240 - (sun.equation - equation);
	}
	return cosine >= -1;
}

void sun_day(const struct place *place, nsec_t noon, double altitude, struct sun_day *day)
{
	double highest = find_noon(place->longitude, (double)noon / (double)NSEC_PER_SEC);
	double declination = position_at(highest).declination;
	double rise, set;
	bool rises, sets;

	day->noon = (nsec_t)highest * NSEC_PER_SEC;
	day->rise = day->set = day->noon;
	if (90 - fabs(place->latitude - declination / RADIAN) < altitude) {
		day->state = SUN_STAYS_DOWN;
		return;
	}
	rises = find_crossing(place, highest, altitude, -1, &rise);
	sets = find_crossing(place, highest, altitude, 1, &set);
	if (!rises && !sets) {
		day->state = SUN_STAYS_UP;
		return;
	}
	/* The day on which polar day begins or ends has one of both; the other is at midnight. */
	day->state = SUN_RISES;
	day->rise = (nsec_t)rise * NSEC_PER_SEC;
	day->set = (nsec_t)set * NSEC_PER_SEC;
}
