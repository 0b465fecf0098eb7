/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How bright it is where the simulated camera stands: always the same, or a sunset. */
#include "simcam/light.h"

#include <stdlib.h>
#include <string.h>

/* A sensor's worth: from starlight to the sun itself. */
#define EV_MIN (-10.0)
#define EV_MAX 24.0

static int parse_duration(struct light *light, const char *text, struct orc_error *err)
{
	char *end;
	long pictures = strtol(text, &end, 10);

	if (end != text && strcmp(end, "pictures") == 0) {
		light->by_pictures = true;
		light->duration = pictures;
	} else if (duration_parse(text, &light->duration) < 0) {
		light->duration = 0;
	}
	if (light->duration > 0)
		return 0;
	return orc_fail(err, ORC_EUSAGE, "not a duration: %s", text);
}

int light_parse(struct light *light, const char *text, struct orc_error *err)
{
	static const struct {
		const char *name;
		double from, to;
	} shows[] = {
		{ "sunset:", LIGHT_DAY, LIGHT_NIGHT },
		{ "sunrise:", LIGHT_NIGHT, LIGHT_DAY },
	};
	char *end;

	*light = (struct light){ .given = true };
	for (size_t i = 0; i < ARRAY_LENGTH(shows); i++) {
		size_t len = strlen(shows[i].name);

		if (strncmp(text, shows[i].name, len) != 0)
			continue;
		light->from = shows[i].from;
		light->to = shows[i].to;
		return parse_duration(light, text + len, err);
	}
	light->from = light->to = strtod(text, &end);
	/* Written so that a NaN is refused as well. */
	if (end == text || *end || !(light->from >= EV_MIN && light->from <= EV_MAX))
		return orc_fail(err, ORC_EUSAGE,
			"not a light: %s (EV, sunset:DURATION or sunrise:DURATION)", text);
	return 0;
}

double light_at(const struct light *light, int64_t passed)
{
	double x;

	if (!light->given)
		return LIGHT_NEUTRAL;
	if (passed <= 0 || !light->duration)
		return light->from;
	if (passed >= light->duration)
		return light->to;
	x = (double)passed / (double)light->duration;
	return light->from + (light->to - light->from) * x * x * (3 - 2 * x);
}
