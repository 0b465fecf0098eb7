/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: what a link allows for. */
#include "cmd/doctor.h"

/* Below that part of a transaction's time, what is left beside the round trip is noise. */
#define NOISE 0.05

double doctor_rate(nsec_t round_trip_nsec, uint64_t bytes, nsec_t nsec)
{
	double left = (double)(nsec - round_trip_nsec);

	if (left < NOISE * (double)nsec || left <= 0)
		return 0;
	return (double)bytes * (double)NSEC_PER_SEC / left;
}

static double round_trips_nsec(const struct doctor_speed *speed)
{
	return speed->transactions * (double)speed->round_trip_nsec;
}

static double bytes_nsec(const struct doctor_speed *speed)
{
	if (speed->bytes_per_sec <= 0)
		return 0;
	return speed->frame_bytes / speed->bytes_per_sec * (double)NSEC_PER_SEC;
}

double doctor_frames_per_sec(const struct doctor_speed *speed)
{
	double nsec = round_trips_nsec(speed) + bytes_nsec(speed);

	return nsec > 0 ? (double)NSEC_PER_SEC / nsec : 0;
}

bool doctor_waits_for_round_trips(const struct doctor_speed *speed)
{
	return round_trips_nsec(speed) > bytes_nsec(speed);
}
