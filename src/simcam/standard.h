/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exposure by PTP's own properties, for bodies that have them. */
#ifndef SIMCAM_STANDARD_H
#define SIMCAM_STANDARD_H

#include <time.h>

#include "simcam/exposure.h"
#include "simcam/ptp.h"

/* Property codes and events of ISO 15740, 13.3.5 and 12.5. */
enum standard_code {
	STANDARD_BATTERY = 0x5001,
	STANDARD_IMAGE_SIZE = 0x5003,
	STANDARD_COMPRESSION = 0x5004,
	STANDARD_WHITE_BALANCE = 0x5005,
	STANDARD_F_NUMBER = 0x5007,
	STANDARD_FOCUS_MODE = 0x500a,
	STANDARD_METERING = 0x500b,
	STANDARD_EXPOSURE_TIME = 0x500d,
	STANDARD_PROGRAM = 0x500e,
	STANDARD_ISO = 0x500f,
	STANDARD_BIAS = 0x5010,
	STANDARD_TIME = 0x5011,
	STANDARD_DRIVE = 0x5013,
	STANDARD_BURST = 0x5018,
	STANDARD_ARTIST = 0x501e,
	STANDARD_COPYRIGHT = 0x501f,
};

enum standard_event {
	EVENT_OBJECT_ADDED = 0x4002,
	EVENT_OBJECT_REMOVED = 0x4003,
	EVENT_PROPERTY_CHANGED = 0x4006,
	EVENT_STORE_FULL = 0x400a,
	EVENT_CAPTURE_COMPLETE = 0x400d,
};

enum { PROGRAM_MANUAL = 1, PROGRAM_AUTO, PROGRAM_APERTURE, PROGRAM_SHUTTER };
enum { DRIVE_SINGLE = 1, DRIVE_BURST = 2 };
#define STANDARD_TIME_BULB 0xffffffff

struct studio_job;
struct ptp_value;

/* Apertures in hundredths, exposure times in tenths of a millisecond, ISO, bias in thousandths. */
struct sim_exposure standard_meter(const struct sim_camera *camera);
bool standard_is_bulb(const struct sim_camera *camera);
/* Size, bias, mode, artist; the make is the body's. */
void standard_describe(struct sim_camera *camera, struct studio_job *job);
/* The body's property_read and property_changed, for the clock: "20260131T120000". */
void standard_read_clock(const struct sim_camera *camera, struct ptp_value *value);
enum ptp_response standard_set_clock(struct sim_camera *camera);
/* The code of a dial's nominal value: 1/250 is 40; -1 where there is none. */
int64_t standard_code_of_time(double seconds);
/* A dial by its printed number: ORC_EUSAGE, ORC_EREFUSED. */
int standard_turn(struct sim_camera *camera, const char *dial, double number);

#endif
