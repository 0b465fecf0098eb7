/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an exposure ramp was asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ramping.h"
#include "schedule/text.h"

/* "100", "1/4000", "f/2.8", "20s"; an empty one is open. */
static bool parse_end(enum ramp_setting setting, const char *text, double open, double *light)
{
	*light = *text ? ramp_light(setting, text) : open;
	return !isnan(*light);
}

/* MIN-MAX, either of which may be left out. Which of two numbers lets in more light is the setting's. */
static int take_limit(struct ramping *ramping, const struct call *call, enum ramp_setting setting,
	struct orc_error *err)
{
	struct ramping_limit *limit = &ramping->limits[setting];
	const char *text = call->value->arg, *dash = strchr(text, '-');
	cleanup_free char *first = dash ? orc_must(strndup(text, (size_t)(dash - text))) : NULL;
	bool down = setting == RAMP_APERTURE;
	double low, high;

	if (!dash || (!*first && !dash[1]) ||
		!parse_end(setting, first, down ? INFINITY : -INFINITY, &low) ||
		!parse_end(setting, dash + 1, down ? -INFINITY : INFINITY, &high))
		return call_misused(call, err, "%s %s: MIN-MAX is needed, as in %s",
			call->value->name, text,
			setting == RAMP_SHUTTER ? "1/4000-20"
				: down          ? "2.8-8"
						: "100-3200");
	*limit = (struct ramping_limit){ true, fmin(low, high), fmax(low, high) };
	return 0;
}

static int take_stops(
	const struct call *call, double least, double most, double *stops, struct orc_error *err)
{
	const char *text = call->value->arg;
	const char *at = text + (*text == '+');

	if (!text_number(&at, stops) || *at || !(*stops >= least && *stops <= most))
		return call_misused(call, err, "%s %s: stops are needed, %g to %g",
			call->value->name, text, least, most);
	return 0;
}

int ramping_option(struct ramping *ramping, struct call *call, int option, struct orc_error *err)
{
	if (option < RAMPING_OPTION_RAMP || option > RAMPING_OPTION_SPEED)
		return 1;
	/* Who gives it a limit wants it. */
	ramping->wanted = true;
	switch (option) {
	case RAMPING_OPTION_SHUTTER:
		return take_limit(ramping, call, RAMP_SHUTTER, err);
	case RAMPING_OPTION_ISO:
		return take_limit(ramping, call, RAMP_ISO, err);
	case RAMPING_OPTION_APERTURE:
		return take_limit(ramping, call, RAMP_APERTURE, err);
	case RAMPING_OPTION_TARGET:
		return take_stops(call, -3, 2, &ramping->target, err);
	case RAMPING_OPTION_NIGHT:
		ramping->night_given = true;
		return take_stops(call, -5, 2, &ramping->night, err);
	case RAMPING_OPTION_SPEED:
		return take_stops(call, 0.01, 100, &ramping->speed, err);
	default:
		return 0;
	}
}
