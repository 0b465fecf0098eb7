/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exposure by PTP's own properties, for bodies that have them. */
#include "simcam/standard.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simcam/camera.h"
#include "simcam/property.h"

static const struct sim_scale apertures[] = {
	{ 350, 3.5 },
	{ 400, 4 },
	{ 450, 4.5 },
	{ 500, 5 },
	{ 560, 5.6 },
	{ 630, 6.3 },
	{ 710, 7.1 },
	{ 800, 8 },
	{ 900, 9 },
	{ 1000, 10 },
	{ 1100, 11 },
	{ 1300, 13 },
	{ 1400, 14 },
	{ 1600, 16 },
	{ 1800, 18 },
	{ 2000, 20 },
	{ 2200, 22 },
}, times[] = {
	{ 2, 1. / 4000 },
	{ 3, 1. / 3200 },
	{ 4, 1. / 2500 },
	{ 5, 1. / 2000 },
	{ 6, 1. / 1600 },
	{ 8, 1. / 1250 },
	{ 10, 1. / 1000 },
	{ 12, 1. / 800 },
	{ 15, 1. / 640 },
	{ 20, 1. / 500 },
	{ 25, 1. / 400 },
	{ 31, 1. / 320 },
	{ 40, 1. / 250 },
	{ 50, 1. / 200 },
	{ 62, 1. / 160 },
	{ 80, 1. / 125 },
	{ 100, 1. / 100 },
	{ 125, 1. / 80 },
	{ 166, 1. / 60 },
	{ 200, 1. / 50 },
	{ 250, 1. / 40 },
	{ 333, 1. / 30 },
	{ 400, 1. / 25 },
	{ 500, 1. / 20 },
	{ 666, 1. / 15 },
	{ 769, 1. / 13 },
	{ 1000, 1. / 10 },
	{ 1250, 1. / 8 },
	{ 1666, 1. / 6 },
	{ 2000, 1. / 5 },
	{ 2500, 1. / 4 },
	{ 3333, 1. / 3 },
	{ 4000, 0.4 },
	{ 5000, 0.5 },
	{ 6250, 0.625 },
	{ 7692, 1 / 1.3 },
	{ 10000, 1 },
	{ 13000, 1.3 },
	{ 16000, 1.6 },
	{ 20000, 2 },
	{ 25000, 2.5 },
	{ 30000, 3 },
	{ 40000, 4 },
	{ 50000, 5 },
	{ 60000, 6 },
	{ 80000, 8 },
	{ 100000, 10 },
	{ 130000, 13 },
	{ 150000, 15 },
	{ 200000, 20 },
	{ 250000, 25 },
	{ 300000, 30 },
};

bool standard_is_bulb(const struct sim_camera *camera)
{
	return ptp_get(camera, STANDARD_PROGRAM) == PROGRAM_MANUAL &&
		ptp_get(camera, STANDARD_EXPOSURE_TIME) == STANDARD_TIME_BULB;
}

struct sim_exposure standard_meter(const struct sim_camera *camera)
{
	static const enum sim_exposure_mode modes[] = { [PROGRAM_MANUAL] = EXPOSE_MANUAL,
		[PROGRAM_APERTURE] = EXPOSE_APERTURE,
		[PROGRAM_SHUTTER] = EXPOSE_SHUTTER };
	int64_t program = ptp_get(camera, STANDARD_PROGRAM);
	struct sim_dials dials = {
		.mode = program < (int64_t)ARRAY_LENGTH(modes) ? modes[program] : EXPOSE_PROGRAM,
		.aperture = sim_scale_value(apertures, ARRAY_LENGTH(apertures),
			(uint32_t)ptp_get(camera, STANDARD_F_NUMBER), NEUTRAL_APERTURE),
		.seconds = sim_scale_value(times, ARRAY_LENGTH(times),
			(uint32_t)ptp_get(camera, STANDARD_EXPOSURE_TIME), NEUTRAL_SECONDS),
		.iso = (unsigned)ptp_get(camera, STANDARD_ISO),
		.bias = (double)ptp_get(camera, STANDARD_BIAS) / 1000,
		.bulb = standard_is_bulb(camera),
		.apertures = apertures,
		.num_apertures = ARRAY_LENGTH(apertures),
		.speeds = times,
		.num_speeds = ARRAY_LENGTH(times),
	};

	return sim_meter(&dials, sim_light(camera, clock_now_nsec()));
}

void standard_describe(struct sim_camera *camera, struct studio_job *job)
{
	static const uint8_t programs[] = { 2, 1, 2, 3, 4 }; /* of EXIF */
	static const uint8_t metering[] = { 0, 1, 2, 5, 3 };
	struct picture_settings *settings = &job->settings;
	int64_t program = ptp_get(camera, STANDARD_PROGRAM);
	int64_t meter = ptp_get(camera, STANDARD_METERING);

	if (sscanf(ptp_get_text(camera, STANDARD_IMAGE_SIZE), "%ux%u", &settings->width,
		    &settings->height) != 2)
		settings->width = settings->height = 0;
	settings->quality = PICTURE_QUALITY_FINE;
	settings->make = camera->body->manufacturer;
	settings->serial = camera->serial;
	settings->firmware = camera->body->version;
	settings->exposure_program =
		program < (int64_t)ARRAY_LENGTH(programs) ? programs[program] : 2;
	settings->metering = meter < (int64_t)ARRAY_LENGTH(metering) ? metering[meter] : 0;
	settings->white_balance_manual = ptp_get(camera, STANDARD_WHITE_BALANCE) != 2;
	settings->exposure_bias =
		settings->bulb ? 0 : (double)ptp_get(camera, STANDARD_BIAS) / 1000;
	job->want_jpeg = true;
}

void standard_read_clock(const struct sim_camera *camera, struct ptp_value *value)
{
	time_t now = time(NULL) + (time_t)camera->clock_offset;
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(value->text, sizeof(value->text), "%Y%m%dT%H%M%S", &tm);
}

enum ptp_response standard_set_clock(struct sim_camera *camera)
{
	struct tm tm = { .tm_isdst = -1 };
	time_t then;

	if (sscanf(ptp_get_text(camera, STANDARD_TIME), "%4d%2d%2dT%2d%2d%2d", &tm.tm_year,
		    &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return PTP_INVALID_PROPERTY_VALUE;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	then = mktime(&tm);
	if (then == (time_t)-1)
		return PTP_INVALID_PROPERTY_VALUE;
	camera->clock_offset = then - time(NULL);
	return PTP_OK;
}

static int64_t nearest_code(const struct sim_scale *scale, size_t count, double value)
{
	for (size_t i = 0; i < count; i++) {
		if (fabs(scale[i].value - value) <= 0.01 * value)
			return scale[i].code;
	}
	return -1;
}

int64_t standard_code_of_time(double seconds)
{
	return nearest_code(times, ARRAY_LENGTH(times), seconds);
}

int standard_turn(struct sim_camera *camera, const char *dial, double number)
{
	int64_t code = (int64_t)number;
	uint16_t property;

	if (!strcmp(dial, "mode")) {
		/* The dial itself, which no host turns. */
		ptp_set(camera, STANDARD_PROGRAM, code);
		if (camera->body->property_changed)
			camera->body->property_changed(camera, STANDARD_PROGRAM);
		return 0;
	}
	if (!strcmp(dial, "iso")) {
		property = STANDARD_ISO;
	} else if (!strcmp(dial, "aperture")) {
		property = STANDARD_F_NUMBER;
		code = nearest_code(apertures, ARRAY_LENGTH(apertures), number);
	} else if (!strcmp(dial, "shutterspeed")) {
		property = STANDARD_EXPOSURE_TIME;
		code = standard_code_of_time(number);
	} else {
		return ORC_EUSAGE;
	}
	switch (ptp_change(camera, property, code)) {
	case PTP_OK:
		return 0;
	case PTP_INVALID_PROPERTY_VALUE:
		return ORC_EUSAGE;
	default:
		return ORC_EREFUSED;
	}
}
