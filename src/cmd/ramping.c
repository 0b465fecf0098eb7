/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An exposure ramp and a camera: its choices read, each picture measured, the next one set. */
#include "cmd/ramping.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/files.h"
#include "base/outfile.h"
#include "camera/names.h"
#include "camera/settings.h"
#include "cmd/exposure-mode.h"
#include "jpeg/brightness.h"

#define NIGHT_DEFAULT (-1.0)
/* Of the period: the rest is for saving and fetching the picture, and for setting the next. */
#define SHUTTER_PART  0.75
#define ISO_DARKEST   0.0 /* 100 */
#define ISO_BRIGHTEST 4.0 /* 1600 */
/* Printed values lie as near to what is meant; more is another step. */
#define SAME_STOPS 0.15

static const struct {
	const char *name, *what;
} known[RAMP_SETTINGS] = {
	[RAMP_SHUTTER] = { NAME_SHUTTER, "shutter speed" },
	[RAMP_ISO] = { NAME_ISO, "ISO" },
	[RAMP_APERTURE] = { NAME_APERTURE, "aperture" },
};

static int refuse(struct orc_error *err, const char *why, const char *what)
{
	orc_fail(err, ORC_EREFUSED, "%s%s", why, what);
	return orc_what(err, "cannot ramp the exposure");
}

static bool can_be_set(const struct setting *setting)
{
	return !setting->readonly && setting->choice_count > 0 &&
		(setting->type == SETTING_RADIO || setting->type == SETTING_MENU);
}

/* Takes the setting's choices over, and which of them is set. */
static void take_choices(struct ramping_scale *scale, enum ramp_setting which,
	struct setting *setting, size_t *current)
{
	scale->name = steal_pointer(&setting->name);
	scale->choices = steal_pointer(&setting->choices);
	scale->count = setting->choice_count;
	setting->choice_count = 0;
	scale->light = orc_must(calloc(scale->count, sizeof(*scale->light)));
	*current = scale->count;
	for (size_t i = 0; i < scale->count; i++) {
		scale->light[i] = ramp_light(which, scale->choices[i]);
		if (strcmp(scale->choices[i], setting->value) == 0)
			*current = i;
	}
}

static int read_scale(struct ramping *ramping, struct camera *camera, enum ramp_setting which,
	struct orc_error *err)
{
	struct setting setting = { 0 };
	struct orc_error own;
	int ret = camera_setting_get(camera, known[which].name, &setting, &own);

	if (ret == 0 && can_be_set(&setting))
		take_choices(&ramping->scales[which], which, &setting, &ramping->set[which]);
	setting_free(&setting);
	if (ret < 0 && ret != ORC_EREFUSED) {
		*err = own;
		return ret;
	}
	if (ramping->scales[which].name)
		return 0;
	/* Without a limit of its own a ramp can do with what there is. */
	if (which == RAMP_SHUTTER || ramping->limits[which].given)
		return refuse(err, "the body does not let one set its ", known[which].what);
	return 0;
}

/* The shutter has to be closed, and the picture here, when the next one is due. */
static int bound_shutter(struct ramping_limit *limit, nsec_t every, struct orc_error *err)
{
	double longest = (double)every / (double)NSEC_PER_SEC * SHUTTER_PART;
	double bound = log2(longest);

	if (!limit->given)
		*limit = (struct ramping_limit){ false, -INFINITY, bound };
	if (limit->brightest == INFINITY)
		limit->brightest = bound;
	if (limit->brightest <= bound + 0.01)
		return 0;
	orc_fail(err, ORC_EUSAGE, "too long for a picture every %.3g s",
		(double)every / (double)NSEC_PER_SEC);
	orc_what(err, "--ramp-shutter");
	return orc_hint(err, "%.3g s at most", longest);
}

/*
 * What the first picture is taken with: what is set, or what is allowed and next to it. Auto says
 * nothing about the light; then it is the darkest.
 */
static void choose_first(struct ramping *ramping, enum ramp_setting which)
{
	const struct ramping_scale *scale = &ramping->scales[which];
	const struct ramping_limit *limit = &ramping->limits[which];
	size_t current = ramping->set[which], best = scale->count;
	double light = current < scale->count ? scale->light[current] : NAN;
	double wanted = isnan(light) ? limit->darkest : light;

	for (size_t i = 0; i < scale->count; i++) {
		double here = scale->light[i];

		if (isnan(here) || here < limit->darkest - 0.01 || here > limit->brightest + 0.01)
			continue;
		/* Against no bound at all nothing is nearest: the darkest is. */
		if (best == scale->count ||
			(isinf(wanted) ? here < scale->light[best]
				       : fabs(here - wanted) < fabs(scale->light[best] - wanted)))
			best = i;
	}
	ramping->next[which] = best;
}

static int plan(struct ramping *ramping, struct orc_error *err)
{
	struct ramp_plan plan = {
		.day = ramping->target,
		.night = ramping->target + (ramping->night_given ? ramping->night : NIGHT_DEFAULT),
		.day_ev = RAMP_DAY_EV,
		.night_ev = RAMP_NIGHT_EV,
		.stops_a_minute = ramping->speed,
	};

	for (int which = 0; which < RAMP_SETTINGS; which++) {
		const struct ramping_scale *scale = &ramping->scales[which];
		const struct ramping_limit *limit = &ramping->limits[which];

		if (!scale->name)
			continue;
		plan.scales[which] = (struct ramp_scale){ scale->light, scale->count,
			limit->darkest, limit->brightest, ramping->set[which] };
		choose_first(ramping, (enum ramp_setting)which);
		if (ramping->next[which] < scale->count)
			continue;
		orc_fail(
			err, ORC_EUSAGE, "the body has no %s within the limits", known[which].what);
		return orc_what(err, "cannot ramp the exposure");
	}
	return ramp_new(&ramping->ramp, &plan, err);
}

int ramping_begin(struct ramping *ramping, struct call *call, struct camera *camera, nsec_t every,
	struct orc_error *err)
{
	int ret;

	if (!ramping->wanted)
		return 0;
	if (!ramping->limits[RAMP_ISO].given)
		ramping->limits[RAMP_ISO] =
			(struct ramping_limit){ false, ISO_DARKEST, ISO_BRIGHTEST };
	ret = bound_shutter(&ramping->limits[RAMP_SHUTTER], every, err);
	if (ret < 0)
		return ret;
	switch (exposure_mode(camera)) {
	case DECIDES_BODY:
		refuse(err, "the body decides on the exposure itself", "");
		return orc_hint(err, "turn the dial to M, or --set mode=M");
	case DECIDES_BULB:
		return refuse(err, "the body is set to bulb", "");
	case DECIDES_USER:
	case DECIDES_NOBODY:
		break;
	}
	for (int which = 0; which < RAMP_SETTINGS && ret == 0; which++)
		if (which != RAMP_APERTURE || ramping->limits[which].given)
			ret = read_scale(ramping, camera, (enum ramp_setting)which, err);
	if (ret == 0)
		ret = plan(ramping, err);
	if (ret == 0 && !ramping->scales[RAMP_ISO].name)
		call_warn(call, "the body does not let one set its ISO: the shutter alone follows");
	return ret;
}

int ramping_set(struct ramping *ramping, struct camera *camera, struct orc_error *err)
{
	struct setting_change changes[RAMP_SETTINGS];
	int which[RAMP_SETTINGS];
	size_t count = 0, done = 0;
	int ret;

	if (!ramping->ramp)
		return 0;
	for (int i = 0; i < RAMP_SETTINGS; i++) {
		const struct ramping_scale *scale = &ramping->scales[i];

		if (!scale->name || ramping->next[i] == ramping->set[i])
			continue;
		which[count] = i;
		changes[count++] =
			(struct setting_change){ scale->name, scale->choices[ramping->next[i]] };
	}
	if (count == 0)
		return 0;
	ret = camera_settings_set(camera, changes, count, &done, err);
	for (size_t i = 0; i < done; i++)
		ramping->set[which[i]] = ramping->next[which[i]];
	return ret == ORC_EPARTIAL ? ORC_EREFUSED : ret;
}

static int measure_here(const struct ramping_picture *picture, double *brightness)
{
	cleanup_close int fd = files_open(picture->cwd, picture->path, O_RDONLY | O_CLOEXEC, 0);

	return fd < 0 ? ORC_EFILE : brightness_file(fd, brightness);
}

/* Without a copy on the disk. */
static int measure_there(struct camera *camera, const struct camera_file *file, double *brightness,
	struct orc_error *err)
{
	cleanup_close int fd = memfd_create("thumbnail", MFD_CLOEXEC);
	uint64_t written;
	int ret;

	if (fd < 0)
		return ORC_EFILE;
	ret = camera_file_get(camera, file->folder, file->name, FILE_THUMBNAIL, fd, &written, err);
	return ret < 0 ? ret : brightness_file(fd, brightness);
}

static int measure(struct camera *camera, const struct ramping_picture *picture, double *brightness,
	struct orc_error *err)
{
	int ret = ORC_EPROTO;

	orc_fail(err, ORC_EREFUSED, "there is no thumbnail in it that can be read");
	if (picture->path)
		ret = measure_here(picture, brightness);
	if (ret < 0 && camera && picture->file)
		ret = measure_there(camera, picture->file, brightness, err);
	if (ret == 0)
		return 0;
	orc_what(err, "cannot measure %s", picture->path ? picture->path : picture->file->name);
	/* A camera that is lost stays that; else it is the picture. */
	return err->code;
}

/* What the picture itself says that it was taken with: somebody may have turned a dial. */
static void believe(struct ramping *ramping, enum ramp_setting which, double light)
{
	const struct ramping_scale *scale = &ramping->scales[which];
	size_t set = ramping->set[which], best = set;

	if (!scale->name || !isfinite(light))
		return;
	for (size_t i = 0; i < scale->count; i++)
		if (!isnan(scale->light[i]) &&
			(best >= scale->count || isnan(scale->light[best]) ||
				fabs(scale->light[i] - light) < fabs(scale->light[best] - light)))
			best = i;
	if (best < scale->count && fabs(scale->light[best] - light) < SAME_STOPS)
		ramping->set[which] = best;
}

int ramping_take(struct ramping *ramping, struct call *call, struct camera *camera,
	const struct ramping_picture *picture, struct journal_exposure *exposure,
	struct orc_error *err)
{
	struct ramp_picture taken = { .at = picture->at };
	struct ramp_advice advice;
	int ret;

	if (!ramping->ramp)
		return 0;
	ret = measure(camera, picture, &taken.brightness, err);
	if (ret < 0)
		return ret;
	believe(ramping, RAMP_SHUTTER, log2(exposure->shutter));
	believe(ramping, RAMP_ISO, log2(exposure->iso / 100));
	believe(ramping, RAMP_APERTURE, -2 * log2(exposure->aperture));
	memcpy(taken.choices, ramping->set, sizeof(taken.choices));
	ramp_step(ramping->ramp, &taken, &advice);
	memcpy(ramping->next, advice.choices, sizeof(ramping->next));
	exposure->brightness = taken.brightness;
	exposure->offset = advice.offset;
	if (advice.limit != ramping->at_limit)
		call_warn(call, "%s",
			advice.limit ? "the exposure is at the ramp's limit"
				     : "the exposure is within the ramp's limits again");
	ramping->at_limit = advice.limit;
	return 0;
}

void ramping_free(struct ramping *ramping)
{
	ramp_destroy(ramping->ramp);
	for (int which = 0; which < RAMP_SETTINGS; which++) {
		struct ramping_scale *scale = &ramping->scales[which];

		for (size_t i = 0; i < scale->count; i++)
			free(scale->choices[i]);
		free(scale->choices);
		free(scale->light);
		free(scale->name);
	}
	*ramping = (struct ramping){ 0 };
}
