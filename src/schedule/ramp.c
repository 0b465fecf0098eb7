/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exposure ramping: from a picture's brightness to the next picture's settings, from day to night. */
#include "schedule/ramp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schedule/text.h"

/* Below and above there is no telling how dark or bright it is. */
#define BLACK 0.0005
#define WHITE 0.95
#define BLIND 2.0 /* stops to go then */

/* Level and trend of Holt's double smoothing, a picture. */
#define LEVEL_GAIN 0.45
#define TREND_GAIN 0.06
/* Trend that no sky has, stops a picture: what is more is a lamp or a cloud. */
#define TREND_MAX 0.25
#define GAP       10 /* usual distances, after which the past says nothing */
/* Stops that a limit on speed may have saved up. */
#define BUDGET_MAX 1.0

/* A rung higher than that is made up of smaller ones where the shutter can: a third, and what is half. */
#define RUNG_MAX 0.51

struct rung {
	size_t choices[RAMP_SETTINGS];
	double light;
};

struct ramp {
	struct ramp_plan plan;
	double light[RAMP_SETTINGS][RAMP_CHOICES_MAX];
	bool used[RAMP_SETTINGS];
	struct rung *ladder; /* from dark to bright */
	size_t rungs, room;

	size_t pictures;     /* since the filter started */
	double recent[3];    /* the scene's light in the last pictures */
	double level, trend; /* EV100; stops a picture */
	nsec_t last, usual;  /* time of the last picture; usual distance */
	double budget;       /* stops that may be gone now */
};

static int fail(struct orc_error *err, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "exposure ramp");
	return ORC_EUSAGE;
}

/* The third or half stop that a rounded number means; thirds where it could be either. */
static double exact(double stops)
{
	double third = round(stops * 3) / 3, half = round(stops * 2) / 2;

	return fabs(half - stops) + 0.01 < fabs(third - stops) ? half : third;
}

/* "1/125", "30", "2\"5", "0\"3", "1.3s". */
static bool parse_seconds(const char *text, double *seconds)
{
	double divisor;

	if (!text_number(&text, seconds))
		return false;
	if (*text == '/') {
		text++;
		if (!text_number(&text, &divisor) || divisor <= 0)
			return false;
		*seconds /= divisor;
	} else if (*text == '"' || *text == '\'') {
		double tenths = 0;

		text++;
		if (*text && (!text_number(&text, &tenths) || tenths < 0 || tenths > 9))
			return false;
		*seconds += tenths / 10;
	}
	if (*text == 's')
		text++;
	return !*text;
}

double ramp_light(enum ramp_setting setting, const char *value)
{
	double number;

	if (setting == RAMP_SHUTTER)
		return parse_seconds(value, &number) && number > 0 ? exact(log2(number)) : NAN;
	if (setting == RAMP_APERTURE && (value[0] == 'f' || value[0] == 'F'))
		value += value[1] == '/' ? 2 : 1;
	if (!text_number(&value, &number) || *value || number <= 0)
		return NAN;
	return setting == RAMP_ISO ? exact(log2(number / 100)) : -exact(2 * log2(number));
}

/* The choice whose light is next above `light`, within the limits; count: none. */
static size_t next_choice(const struct ramp_scale *scale, double light)
{
	size_t i, best = scale->count;

	for (i = 0; i < scale->count; i++)
		if (scale->light[i] > light + 0.01 && scale->light[i] >= scale->darkest - 0.01 &&
			scale->light[i] <= scale->brightest + 0.01 &&
			(best == scale->count || scale->light[i] < scale->light[best]))
			best = i;
	return best;
}

static void add_rung(struct ramp *ramp, const struct rung *rung)
{
	if (ramp->rungs == ramp->room) {
		ramp->room = ramp->room ? 2 * ramp->room : RAMP_CHOICES_MAX;
		ramp->ladder = orc_must(realloc(ramp->ladder, ramp->room * sizeof(*ramp->ladder)));
	}
	ramp->ladder[ramp->rungs++] = *rung;
}

/*
 * Many bodies have ISO in whole stops. What lies between the last rung and `rung`, which is a step of
 * another setting above, is filled with the same step and a shorter shutter, in its order.
 */
static void fill_gap(struct ramp *ramp, struct rung rung)
{
	const struct ramp_scale *shutter = &ramp->plan.scales[RAMP_SHUTTER];
	double below = ramp->ladder[ramp->rungs - 1].light, above = rung.light, longest, light;
	size_t choice;

	if (above - below <= RUNG_MAX || !ramp->used[RAMP_SHUTTER])
		return;
	longest = shutter->light[rung.choices[RAMP_SHUTTER]];
	light = longest - (above - below);
	for (;;) {
		choice = next_choice(shutter, light);
		if (choice == shutter->count || shutter->light[choice] > longest - 0.01)
			return;
		light = shutter->light[choice];
		rung.choices[RAMP_SHUTTER] = choice;
		rung.light = above - (longest - light);
		add_rung(ramp, &rung);
	}
}

static int build_ladder(struct ramp *ramp, struct orc_error *err)
{
	struct rung rung = { 0 };
	size_t s, choice;

	for (s = 0; s < RAMP_SETTINGS; s++) {
		const struct ramp_scale *scale = &ramp->plan.scales[s];

		ramp->used[s] = scale->count > 0;
		if (!ramp->used[s])
			continue;
		if (scale->count > RAMP_CHOICES_MAX)
			return fail(err, "the camera has too many choices");
		rung.choices[s] = next_choice(scale, -INFINITY);
		if (rung.choices[s] == scale->count)
			return fail(err, "the limits leave a setting without a choice");
		rung.light += scale->light[rung.choices[s]];
	}
	add_rung(ramp, &rung);
	for (s = 0; s < RAMP_SETTINGS; s++) {
		const struct ramp_scale *scale = &ramp->plan.scales[s];

		while (ramp->used[s]) {
			double light = scale->light[rung.choices[s]];

			choice = next_choice(scale, light);
			if (choice == scale->count)
				break;
			rung.light += scale->light[choice] - light;
			rung.choices[s] = choice;
			if (s != RAMP_SHUTTER)
				fill_gap(ramp, rung);
			add_rung(ramp, &rung);
		}
	}
	if (ramp->rungs < 2)
		return fail(err, "there is nothing to change within the limits");
	return 0;
}

int ramp_new(struct ramp **ramp, const struct ramp_plan *plan, struct orc_error *err)
{
	struct ramp *made = orc_must(calloc(1, sizeof(*made)));
	size_t s, i;
	int ret;

	made->plan = *plan;
	if (made->plan.hysteresis <= 0)
		made->plan.hysteresis = RAMP_HYSTERESIS;
	ret = build_ladder(made, err);
	if (ret < 0) {
		ramp_destroy(made);
		return ret;
	}
	/* The caller's tables are his own from here on. */
	for (s = 0; s < RAMP_SETTINGS; s++) {
		struct ramp_scale *scale = &made->plan.scales[s];

		for (i = 0; i < scale->count; i++)
			made->light[s][i] = scale->light[i];
		scale->light = made->light[s];
	}
	*ramp = made;
	return 0;
}

void ramp_destroy(struct ramp *ramp)
{
	if (!ramp)
		return;
	free(ramp->ladder);
	free(ramp);
}

/* Light of the settings that a picture was taken with. */
static double picture_light(const struct ramp *ramp, const size_t choices[RAMP_SETTINGS])
{
	double light = 0;
	size_t s;

	for (s = 0; s < RAMP_SETTINGS; s++)
		if (ramp->used[s] && choices[s] < ramp->plan.scales[s].count &&
			!isnan(ramp->light[s][choices[s]]))
			light += ramp->light[s][choices[s]];
	return light;
}

/* Target brightness in stops against grey, for a scene as bright as that. */
static double target_at(const struct ramp_plan *plan, double ev)
{
	double span = plan->day_ev - plan->night_ev;
	double dark = span > 0 ? (plan->day_ev - ev) / span : 0;

	return plan->day + (plan->night - plan->day) * fmax(0, fmin(1, dark));
}

static double median(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

static void start_filter(struct ramp *ramp, double ev)
{
	ramp->pictures = 1;
	ramp->recent[0] = ramp->recent[1] = ramp->recent[2] = ev;
	ramp->level = ev;
	ramp->trend = 0;
	ramp->budget = BUDGET_MAX;
}

/*
 * Takes a picture's measure of the scene into level and trend. The median is one picture behind where
 * the light changes steadily, which the trend makes good.
 */
static void filter(struct ramp *ramp, double ev, nsec_t at)
{
	double predicted, middle;
	nsec_t passed = at - ramp->last;

	if (ramp->pictures == 0 || passed <= 0 || (ramp->usual > 0 && passed > GAP * ramp->usual)) {
		start_filter(ramp, ev);
		ramp->last = at;
		return;
	}
	ramp->usual = ramp->usual ? ramp->usual + (passed - ramp->usual) / 8 : passed;
	ramp->last = at;
	if (ramp->plan.stops_a_minute > 0) {
		ramp->budget += ramp->plan.stops_a_minute * (double)passed / (60e9);
		ramp->budget = fmin(ramp->budget, BUDGET_MAX);
	}
	ramp->recent[2] = ramp->recent[1];
	ramp->recent[1] = ramp->recent[0];
	ramp->recent[0] = ev;
	ramp->pictures++;
	middle = median(ramp->recent[0], ramp->recent[1], ramp->recent[2]) + ramp->trend;
	predicted = ramp->level + ramp->trend;
	ramp->level = predicted + LEVEL_GAIN * (middle - predicted);
	ramp->trend += TREND_GAIN * LEVEL_GAIN * (middle - predicted);
	ramp->trend = fmax(-TREND_MAX, fmin(TREND_MAX, ramp->trend));
}

/* The rung whose light is nearest. */
static size_t nearest_rung(const struct ramp *ramp, double light)
{
	size_t i, best = 0;

	for (i = 1; i < ramp->rungs; i++)
		if (fabs(ramp->ladder[i].light - light) < fabs(ramp->ladder[best].light - light))
			best = i;
	return best;
}

/* As far towards `wanted` as the bound on speed lets one go from `light`. */
static double hold_speed(struct ramp *ramp, double light, double wanted)
{
	if (ramp->plan.stops_a_minute <= 0)
		return wanted;
	return fmax(light - ramp->budget, fmin(light + ramp->budget, wanted));
}

void ramp_step(struct ramp *ramp, const struct ramp_picture *picture, struct ramp_advice *advice)
{
	double light = picture_light(ramp, picture->choices);
	double ev, wanted, held, ahead;
	const struct rung *rung;

	memcpy(advice->choices, picture->choices, sizeof(advice->choices));
	if (picture->brightness < BLACK || isnan(picture->brightness))
		ev = -light - BLIND;
	else if (picture->brightness > WHITE)
		ev = -light + BLIND;
	else
		ev = log2(picture->brightness / RAMP_GREY) - light;
	filter(ramp, ev, picture->at);
	ahead = ramp->level + ramp->trend;
	advice->ev = ramp->level;
	advice->target = target_at(&ramp->plan, ramp->level);
	advice->offset = advice->target - (ramp->level + light);
	wanted = target_at(&ramp->plan, ahead) - ahead;
	advice->limit = wanted < ramp->ladder[0].light - 1.0 / 3 ||
		wanted > ramp->ladder[ramp->rungs - 1].light + 1.0 / 3;
	advice->changed = false;
	if (fabs(wanted - light) <= ramp->plan.hysteresis)
		return;
	held = hold_speed(ramp, light, wanted);
	rung = &ramp->ladder[nearest_rung(ramp, held)];
	/* A rung may be farther than it is allowed to go, or where it is. */
	if (ramp->plan.stops_a_minute > 0 && fabs(rung->light - light) > ramp->budget + 0.01)
		return;
	if (fabs(rung->light - wanted) >= fabs(light - wanted) - 0.01)
		return;
	ramp->budget -= fabs(rung->light - light);
	memcpy(advice->choices, rung->choices, sizeof(advice->choices));
	advice->changed = true;
}
