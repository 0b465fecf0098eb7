/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The properties of a Nikon body that follow from its mode, from each other, or from the moment. */
#include <string.h>

#include "simcam/dataset.h"
#include "simcam/nikon.h"

/* Tables read by their rows. */
/* clang-format off */
/*
 * What the dial's positions M and S offer, bulb in M alone: the exposure time twice, in tenths of a
 * millisecond and as a fraction, row by row.
 */
#define TIME(time, above, below)     time,
#define FRACTION(time, above, below) (above) << 16 | (below),
#define F_NUMBER(number)             number,
static const int64_t times[] = { STANDARD_TIMES(TIME) STANDARD_TIME_BULB };
static const int64_t fractions[] = { STANDARD_TIMES(FRACTION) STANDARD_TIME_BULB };
static const int64_t f_numbers[] = { STANDARD_F_NUMBERS(F_NUMBER) };
static const int64_t programs[] = { PROGRAM_MANUAL, PROGRAM_AUTO, PROGRAM_APERTURE, PROGRAM_SHUTTER };

/* Rows that replace those of the body where the program, or the host's mode, says so. */
#define LIST(name, less) .form = PTP_FORM_LIST, .list = name, .num_list = ARRAY_LENGTH(name) - (less)
static const struct {
	bool manual, aperture, shutter, host;
	struct ptp_property row;
} in_modes[] = {
	{ .manual = true, .row = { STANDARD_EXPOSURE_TIME, PTP_UINT32, .writable = true, LIST(times, 0) } },
	{ .shutter = true, .row = { STANDARD_EXPOSURE_TIME, PTP_UINT32, .writable = true, LIST(times, 1) } },
	{ .manual = true, .row = { NIKON_EXPOSURE_TIME, PTP_UINT32, .writable = true, LIST(fractions, 0) } },
	{ .shutter = true, .row = { NIKON_EXPOSURE_TIME, PTP_UINT32, .writable = true, LIST(fractions, 1) } },
	{ .manual = true, .aperture = true,
		.row = { STANDARD_F_NUMBER, PTP_UINT16, .writable = true, LIST(f_numbers, 0) } },
	{ .host = true, .row = { STANDARD_PROGRAM, PTP_UINT16, .writable = true, LIST(programs, 0) } },
};
/* clang-format on */

const struct ptp_property *nikon_property_now(
	const struct sim_camera *camera, const struct ptp_property *property)
{
	int64_t program = ptp_get(camera, STANDARD_PROGRAM);

	for (size_t i = 0; i < ARRAY_LENGTH(in_modes); i++) {
		if (in_modes[i].row.code != property->code)
			continue;
		if ((in_modes[i].manual && program == PROGRAM_MANUAL) ||
			(in_modes[i].aperture && program == PROGRAM_APERTURE) ||
			(in_modes[i].shutter && program == PROGRAM_SHUTTER) ||
			(in_modes[i].host && nikon_of(camera)->host_mode))
			return &in_modes[i].row;
	}
	return property;
}

void nikon_property_read(const struct sim_camera *camera, uint16_t code, struct ptp_value *value)
{
	uint64_t shots;

	switch (code) {
	case STANDARD_TIME:
		standard_read_clock(camera, value);
		break;
	case NIKON_LIVE_VIEW_STATUS:
		value->number = nikon_of(camera)->live_view;
		break;
	case NIKON_LIVE_VIEW_PROHIBITED:
		value->number = nikon_view_prohibited(camera);
		break;
	case NIKON_SHOTS_LEFT:
		shots = card_free_space(&camera->card) / nikon_expected_size(camera);
		value->number = shots > 9999 ? 9999 : (int64_t)shots;
		break;
	default:
		break;
	}
}

static void tell_changed(struct sim_camera *camera, uint16_t code)
{
	nikon_tell(camera, EVENT_PROPERTY_CHANGED, code);
}

static void pair_times(struct sim_camera *camera, uint16_t code)
{
	bool is_fraction = code == NIKON_EXPOSURE_TIME;
	int64_t value = ptp_get(camera, code);

	for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
		if ((is_fraction ? fractions : times)[i] != value)
			continue;
		if (is_fraction && ptp_set(camera, STANDARD_EXPOSURE_TIME, times[i]))
			tell_changed(camera, STANDARD_EXPOSURE_TIME);
		else if (!is_fraction && ptp_set(camera, NIKON_EXPOSURE_TIME, fractions[i]))
			tell_changed(camera, NIKON_EXPOSURE_TIME);
		return;
	}
}

void nikon_set_program(struct sim_camera *camera, int64_t program)
{
	if (ptp_set(camera, STANDARD_PROGRAM, program))
		nikon_property_changed(camera, STANDARD_PROGRAM);
}

enum ptp_response nikon_property_changed(struct sim_camera *camera, uint16_t code)
{
	const int64_t fallback = 166; /* 1/60 s */
	enum ptp_response ret;

	if (code == STANDARD_TIME) {
		ret = standard_set_clock(camera);
		if (ret != PTP_OK)
			return ret;
	}
	tell_changed(camera, code);
	switch (code) {
	case STANDARD_EXPOSURE_TIME:
	case NIKON_EXPOSURE_TIME:
		pair_times(camera, code);
		break;
	case STANDARD_PROGRAM:
		/* What may be set has changed. */
		tell_changed(camera, STANDARD_EXPOSURE_TIME);
		tell_changed(camera, NIKON_EXPOSURE_TIME);
		tell_changed(camera, STANDARD_F_NUMBER);
		/* Bulb is M's alone. */
		if (ptp_get(camera, code) != PROGRAM_MANUAL &&
			ptp_get(camera, STANDARD_EXPOSURE_TIME) == STANDARD_TIME_BULB &&
			ptp_set(camera, STANDARD_EXPOSURE_TIME, fallback))
			return nikon_property_changed(camera, STANDARD_EXPOSURE_TIME);
		break;
	default:
		break;
	}
	return PTP_OK;
}

/* What the DeviceInfo does not list. */
enum ptp_response nikon_get_vendor_codes(struct sim_camera *camera, struct ptp_transaction *t)
{
	const struct sim_body *body = camera->body;

	sim_buffer_u32(&t->data, (uint32_t)body->num_hidden);
	for (size_t i = body->num_properties - body->num_hidden; i < body->num_properties; i++)
		sim_buffer_u16(&t->data, body->properties[i].code);
	return PTP_OK;
}

int nikon_turn(struct sim_camera *camera, const char *dial, double number)
{
	static const struct {
		const char *name;
		uint16_t code;
	} dials[] = { { "drive", STANDARD_DRIVE }, { "focusmode", STANDARD_FOCUS_MODE } };

	if (!strcmp(dial, "mode")) {
		nikon_of(camera)->dial_program = (int64_t)number;
		if (!nikon_of(camera)->host_mode)
			nikon_set_program(camera, (int64_t)number);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(dials); i++) {
		if (strcmp(dials[i].name, dial) != 0)
			continue;
		if (ptp_set(camera, dials[i].code, (int64_t)number))
			tell_changed(camera, dials[i].code);
		return 0;
	}
	return standard_turn(camera, dial, number);
}
