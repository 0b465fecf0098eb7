/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An EOS body's own button and dials, under the user's hand. */
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "simcam/eos.h"

enum { BOTH_STROKES = 3 };

static double iso_of(uint32_t code)
{
	return eos_iso(code);
}

/* Dials by the numbers that are printed on them. */
static const struct dial {
	const char *name;
	uint16_t code;
	double (*value)(uint32_t code); /* NULL: the code itself */
} dials[] = {
	{ "iso", EOS_ISO, iso_of },
	{ "aperture", EOS_APERTURE, eos_aperture },
	{ "shutterspeed", EOS_SHUTTER, eos_seconds },
	{ "mode", EOS_MODE, NULL },
	{ "drive", EOS_DRIVE, NULL },
	{ "focusmode", EOS_FOCUS_MODE, NULL },
};

/* The choice of a property that comes to the number; false where the dial has none. */
static bool find_code(const struct eos *eos, const struct dial *dial, double number, uint32_t *code)
{
	const uint32_t *list;
	size_t count = eos_choices(eos, eos_property(eos, dial->code), &list);

	for (size_t i = 0; i < count; i++) {
		double value = dial->value ? dial->value(list[i]) : list[i];

		if (fabs(value - number) <= 0.01 * number) {
			*code = list[i];
			return true;
		}
	}
	return false;
}

int eos_turn(struct sim_camera *camera, const char *name, double number)
{
	uint8_t data[12];
	uint32_t code;

	for (size_t i = 0; i < ARRAY_LENGTH(dials); i++) {
		if (strcmp(dials[i].name, name) != 0)
			continue;
		if (!find_code(eos_of(camera), &dials[i], number, &code)) {
			if (dials[i].value)
				return ORC_EUSAGE;
			/* The lens's own switch has a position that no host can choose: manual. */
			eos_set(camera, dials[i].code, (uint32_t)number);
			return 0;
		}
		put_le32(data, sizeof(data));
		put_le32(data + 4, dials[i].code);
		put_le32(data + 8, code);
		return eos_set_from_host(camera, data, sizeof(data)) == PTP_OK ? 0 : ORC_EREFUSED;
	}
	return ORC_EUSAGE;
}

void eos_hold(struct sim_camera *camera, bool down)
{
	struct ptp_transaction t = { .params = { BOTH_STROKES }, .num_params = 1 };
	enum ptp_response ret = down ? eos_release_on(camera, &t) : eos_release_off(camera, &t);

	if (ret == PTP_STORE_FULL)
		eos_tell_value(camera, EOS_AVAILABLE_SHOTS);
}
