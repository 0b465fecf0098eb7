/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exposure by PTP's own properties, for bodies that have them. */
#include "simcam/standard.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simcam/camera.h"
#include "simcam/property.h"

/* clang-format off */
#define TIME(time, above, below) { time, (double)(above) / (below) },
#define F_NUMBER(number)         { number, (number) / 100. },
/* clang-format on */
static const struct sim_scale apertures[] = { STANDARD_F_NUMBERS(F_NUMBER) };
static const struct sim_scale times[] = { STANDARD_TIMES(TIME) };

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
		.mode = program >= 0 && program < (int64_t)ARRAY_LENGTH(modes) ? modes[program]
									       : EXPOSE_PROGRAM,
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
		program >= 0 && program < (int64_t)ARRAY_LENGTH(programs) ? programs[program] : 2;
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
