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

/* Tables read by their rows. */
/* clang-format off */
/* The full scales: exposure times as PTP has them and as the fraction of a second that is printed on
 * cameras; apertures. */
#define STANDARD_TIMES(X) \
	X(2, 1, 4000) X(3, 1, 3200) X(4, 1, 2500) X(5, 1, 2000) X(6, 1, 1600) X(8, 1, 1250) \
	X(10, 1, 1000) X(12, 1, 800) X(15, 1, 640) X(20, 1, 500) X(25, 1, 400) X(31, 1, 320) \
	X(40, 1, 250) X(50, 1, 200) X(62, 1, 160) X(80, 1, 125) X(100, 1, 100) X(125, 1, 80) \
	X(166, 1, 60) X(200, 1, 50) X(250, 1, 40) X(333, 1, 30) X(400, 1, 25) X(500, 1, 20) \
	X(666, 1, 15) X(769, 1, 13) X(1000, 1, 10) X(1250, 1, 8) X(1666, 1, 6) X(2000, 1, 5) \
	X(2500, 1, 4) X(3333, 1, 3) X(4000, 10, 25) X(5000, 1, 2) X(6250, 10, 16) \
	X(7692, 10, 13) X(10000, 1, 1) X(13000, 13, 10) X(16000, 16, 10) X(20000, 2, 1) \
	X(25000, 25, 10) X(30000, 3, 1) X(40000, 4, 1) X(50000, 5, 1) X(60000, 6, 1) \
	X(80000, 8, 1) X(100000, 10, 1) X(130000, 13, 1) X(150000, 15, 1) X(200000, 20, 1) \
	X(250000, 25, 1) X(300000, 30, 1)
#define STANDARD_F_NUMBERS(X) \
	X(350) X(400) X(450) X(500) X(560) X(630) X(710) X(800) X(900) X(1000) X(1100) \
	X(1300) X(1400) X(1600) X(1800) X(2000) X(2200)
/* clang-format on */

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
