/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The properties of a Nikon body that follow from its mode, from each other, or from the moment. */
#include <string.h>

#include "simcam/dataset.h"
#include "simcam/nikon.h"

/* Tables read by their rows. */
/* clang-format off */
/* The exposure time twice: in tenths of a millisecond, and as a fraction. */
static const struct {
	uint32_t time, fraction;
} pairs[] = {
#define PAIR(time, above, below) { time, (above) << 16 | (below) }
	PAIR(2, 1u, 4000), PAIR(3, 1u, 3200), PAIR(4, 1u, 2500), PAIR(5, 1u, 2000), PAIR(6, 1u, 1600),
	PAIR(8, 1u, 1250), PAIR(10, 1u, 1000), PAIR(12, 1u, 800), PAIR(15, 1u, 640), PAIR(20, 1u, 500),
	PAIR(25, 1u, 400), PAIR(31, 1u, 320), PAIR(40, 1u, 250), PAIR(50, 1u, 200), PAIR(62, 1u, 160),
	PAIR(80, 1u, 125), PAIR(100, 1u, 100), PAIR(125, 1u, 80), PAIR(166, 1u, 60), PAIR(200, 1u, 50),
	PAIR(250, 1u, 40), PAIR(333, 1u, 30), PAIR(400, 1u, 25), PAIR(500, 1u, 20), PAIR(666, 1u, 15),
	PAIR(769, 1u, 13), PAIR(1000, 1u, 10), PAIR(1250, 1u, 8), PAIR(1666, 1u, 6), PAIR(2000, 1u, 5),
	PAIR(2500, 1u, 4), PAIR(3333, 1u, 3), PAIR(4000, 10u, 25), PAIR(5000, 1u, 2),
	PAIR(6250, 10u, 16), PAIR(7692, 10u, 13), PAIR(10000, 1u, 1), PAIR(13000, 13u, 10),
	PAIR(16000, 16u, 10), PAIR(20000, 2u, 1), PAIR(25000, 25u, 10), PAIR(30000, 3u, 1),
	PAIR(40000, 4u, 1), PAIR(50000, 5u, 1), PAIR(60000, 6u, 1), PAIR(80000, 8u, 1),
	PAIR(100000, 10u, 1), PAIR(130000, 13u, 1), PAIR(150000, 15u, 1), PAIR(200000, 20u, 1),
	PAIR(250000, 25u, 1), PAIR(300000, 30u, 1),
	{ STANDARD_TIME_BULB, STANDARD_TIME_BULB }, /* in M alone: the last */
#undef PAIR
};

/* What the dial's positions M and S offer of them. */
static const int64_t times[] = {
	2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 31, 40, 50, 62, 80, 100, 125, 166, 200, 250, 333, 400, 500,
	666, 769, 1000, 1250, 1666, 2000, 2500, 3333, 4000, 5000, 6250, 7692, 10000, 13000, 16000, 20000,
	25000, 30000, 40000, 50000, 60000, 80000, 100000, 130000, 150000, 200000, 250000, 300000,
	STANDARD_TIME_BULB,
};
static const int64_t fractions[] = {
	0x10fa0, 0x10c80, 0x109c4, 0x107d0, 0x10640, 0x104e2, 0x103e8, 0x10320, 0x10280, 0x101f4, 0x10190,
	0x10140, 0x100fa, 0x100c8, 0x100a0, 0x1007d, 0x10064, 0x10050, 0x1003c, 0x10032, 0x10028, 0x1001e,
	0x10019, 0x10014, 0x1000f, 0x1000d, 0x1000a, 0x10008, 0x10006, 0x10005, 0x10004, 0x10003, 0xa0019,
	0x10002, 0xa0010, 0xa000d, 0x10001, 0xd000a, 0x10000a, 0x20001, 0x19000a, 0x30001, 0x40001,
	0x50001, 0x60001, 0x80001, 0xa0001, 0xd0001, 0xf0001, 0x140001, 0x190001, 0x1e0001,
	STANDARD_TIME_BULB,
};
static const int64_t f_numbers[] = {
	350, 400, 450, 500, 560, 630, 710, 800, 900, 1000, 1100, 1300, 1400, 1600, 1800, 2000, 2200,
};
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

	for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
		if ((is_fraction ? pairs[i].fraction : pairs[i].time) != value)
			continue;
		if (is_fraction && ptp_set(camera, STANDARD_EXPOSURE_TIME, pairs[i].time))
			tell_changed(camera, STANDARD_EXPOSURE_TIME);
		else if (!is_fraction && ptp_set(camera, NIKON_EXPOSURE_TIME, pairs[i].fraction))
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

	tell_changed(camera, code);
	switch (code) {
	case STANDARD_TIME:
		return standard_set_clock(camera);
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
