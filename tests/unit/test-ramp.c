/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated sunset through the ramp, and the sidecars that go with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schedule/ramp.h"
#include "schedule/sidecar.h"

#define SHUTTERS 52 /* 1/4000 to 30 s in thirds */
#define ISOS     19 /* 100 to 6400 */
#define PICTURES 700

static const char *const shutter_names[SHUTTERS] = { "30", "25", "20", "15", "13", "10", "8", "6",
	"5", "4", "3.2", "2.5", "2", "1.6", "1.3", "1", "0.8", "0.6", "0.5", "0.4", "0.3", "1/4",
	"1/5", "1/6", "1/8", "1/10", "1/13", "1/15", "1/20", "1/25", "1/30", "1/40", "1/50", "1/60",
	"1/80", "1/100", "1/125", "1/160", "1/200", "1/250", "1/320", "1/400", "1/500", "1/640",
	"1/800", "1/1000", "1/1250", "1/1600", "1/2000", "1/2500", "1/3200", "1/4000" };
static const char *const iso_names[ISOS] = { "100", "125", "160", "200", "250", "320", "400", "500",
	"640", "800", "1000", "1250", "1600", "2000", "2500", "3200", "4000", "5000", "6400" };

static double shutters[SHUTTERS], isos[ISOS], apertures[3] = { -5, -4, -3 };

static int fill_tables(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SHUTTERS; i++)
		shutters[i] = ramp_light(RAMP_SHUTTER, shutter_names[i]);
	for (i = 0; i < ISOS; i++)
		isos[i] = ramp_light(RAMP_ISO, iso_names[i]);
	return 0;
}

static struct ramp_plan make_plan(void)
{
	return (struct ramp_plan){
		.scales = {
			[RAMP_SHUTTER] = { shutters, SHUTTERS, -12, ramp_light(RAMP_SHUTTER, "8"), 0 },
			[RAMP_ISO] = { isos, ISOS, 0, 5, 0 },
			[RAMP_APERTURE] = { apertures, 3, -4, -3, 0 },
		},
		.day = 0,
		.night = -2,
		.day_ev = RAMP_DAY_EV,
		.night_ev = RAMP_NIGHT_EV,
	};
}

static void assert_light(enum ramp_setting setting, const char *value, double expected)
{
	double light = ramp_light(setting, value);

	if (!(fabs(light - expected) < 1e-9))
		fail_msg("%s is %g, not %g", value, light, expected);
}

static void printed_values_are_exact_stops(void **state)
{
	size_t i;

	(void)state;
	assert_light(RAMP_SHUTTER, "1/125", -7);
	assert_light(RAMP_SHUTTER, "1/60", -6);
	assert_light(RAMP_SHUTTER, "30", 5);
	assert_light(RAMP_SHUTTER, "0.7", -0.5);
	assert_light(RAMP_SHUTTER, "2\"5", 4 / 3.0);
	assert_light(RAMP_SHUTTER, "1.3s", 1 / 3.0);
	assert_light(RAMP_ISO, "1250", 11 / 3.0);
	assert_light(RAMP_APERTURE, "f/5.6", -5);
	assert_light(RAMP_APERTURE, "8", -6);
	assert_light(RAMP_APERTURE, "f/1.8", -5 / 3.0);
	assert_true(isnan(ramp_light(RAMP_ISO, "Auto")));
	assert_true(isnan(ramp_light(RAMP_SHUTTER, "bulb")));
	assert_true(isnan(ramp_light(RAMP_SHUTTER, "1/0")));
	assert_true(isnan(ramp_light(RAMP_SHUTTER, "")));
	for (i = 0; i + 1 < SHUTTERS; i++)
		assert_true(fabs(shutters[i] - shutters[i + 1] - 1 / 3.0) < 1e-9);
	for (i = 0; i + 1 < ISOS; i++)
		assert_true(fabs(isos[i + 1] - isos[i] - 1 / 3.0) < 1e-9);
}

/* Normal deviates of a small generator of its own: the same on every machine. */
static double noise(uint32_t *seed)
{
	double sum = -6;
	int i;

	for (i = 0; i < 12; i++) {
		*seed = *seed * 1664525 + 1013904223;
		sum += (double)(*seed >> 8) / (1 << 24);
	}
	return sum;
}

static double light_of(const size_t choices[RAMP_SETTINGS])
{
	return shutters[choices[RAMP_SHUTTER]] + isos[choices[RAMP_ISO]] +
		apertures[choices[RAMP_APERTURE]];
}

static double target_of(double ev)
{
	double dark = (RAMP_DAY_EV - ev) / (RAMP_DAY_EV - RAMP_NIGHT_EV);

	return -2 * fmax(0, fmin(1, dark));
}

/* From 12 to -2 EV, slow at both ends, as twilight is; or the other way. */
static double scene_at(int picture, bool sunrise)
{
	double part = (double)picture / (PICTURES - 1);

	if (sunrise)
		part = 1 - part;
	return 12 - 14 * (0.5 - 0.5 * cos(part * M_PI));
}

struct outcome {
	double worst;        /* stops off the target, after the start */
	double worst_offset; /* stops off it with the sidecar's offset */
	int against;         /* changes against the way the light goes */
	int changes;
	size_t last[RAMP_SETTINGS];
};

/* A third of a stop's noise would be a flicker; 0.05 stops is what shutters and clouds make. */
static void run(const struct ramp_plan *plan, const size_t first[RAMP_SETTINGS], bool sunrise,
	double sigma, struct outcome *outcome)
{
	struct ramp_picture picture = { 0 };
	struct ramp_advice advice;
	struct orc_error err;
	struct ramp *ramp;
	uint32_t seed = 1;
	int i;

	*outcome = (struct outcome){ 0 };
	assert_int_equal(ramp_new(&ramp, plan, &err), 0);
	memcpy(picture.choices, first, sizeof(picture.choices));
	for (i = 0; i < PICTURES; i++) {
		double ev = scene_at(i, sunrise), light = light_of(picture.choices);
		double off = ev + light - target_of(ev);

		if (i >= 10 && fabs(off) > outcome->worst)
			outcome->worst = fabs(off);
		picture.at = (nsec_t)(i + 1) * 8 * NSEC_PER_SEC;
		picture.brightness = RAMP_GREY * exp2(ev + light + sigma * noise(&seed));
		ramp_step(ramp, &picture, &advice);
		if (i >= 10 && fabs(off + advice.offset) > outcome->worst_offset)
			outcome->worst_offset = fabs(off + advice.offset);
		assert_false(advice.limit);
		if (advice.changed && i >= 10) {
			double step = light_of(advice.choices) - light;

			outcome->changes++;
			outcome->against += sunrise ? step > 0 : step < 0;
		}
		memcpy(picture.choices, advice.choices, sizeof(picture.choices));
	}
	memcpy(outcome->last, picture.choices, sizeof(outcome->last));
	ramp_destroy(ramp);
}

static const size_t by_day[RAMP_SETTINGS] = { 43, 0, 1 }; /* 1/640 f/4: 12 EV is 1.33 too dark */

static void a_sunset_of_14_stops_stays_within_a_third(void **state)
{
	struct ramp_plan plan = make_plan();
	struct outcome outcome;

	(void)state;
	run(&plan, by_day, false, 0.05, &outcome);
	print_message(
		"sunset: %.3f stops off at most, %.3f with the sidecar, %d changes, %d back\n",
		outcome.worst, outcome.worst_offset, outcome.changes, outcome.against);
	assert_true(outcome.worst <= 1 / 3.0);
	assert_true(outcome.worst_offset <= 0.12);
	assert_int_equal(outcome.against, 0);
	/* 12 stops in thirds, for the target gives way by two. */
	assert_true(outcome.changes >= 34 && outcome.changes <= 38);
	/* Shutter first, up to 8 s; then ISO; the aperture was not needed. */
	assert_string_equal(shutter_names[outcome.last[RAMP_SHUTTER]], "8");
	assert_true(outcome.last[RAMP_ISO] > 0);
	assert_int_equal(outcome.last[RAMP_APERTURE], 1);
}

static void a_sunrise_goes_the_same_way_back(void **state)
{
	struct ramp_plan plan = make_plan();
	size_t by_night[RAMP_SETTINGS] = { 6, 3, 1 };
	struct outcome outcome;

	(void)state;
	run(&plan, by_night, true, 0.05, &outcome);
	assert_true(outcome.worst <= 1 / 3.0);
	assert_int_equal(outcome.against, 0);
	assert_int_equal(outcome.last[RAMP_ISO], 0);
	assert_true(outcome.last[RAMP_SHUTTER] > 38);
}

/* More steps, since less is left to the target; and a shutter that must be short. */
static void iso_and_then_the_aperture_follow_at_the_limits(void **state)
{
	struct ramp_plan plan = make_plan();
	struct outcome outcome;

	(void)state;
	plan.scales[RAMP_SHUTTER].brightest = 0;
	plan.scales[RAMP_ISO].brightest = 4;
	run(&plan, by_day, false, 0.02, &outcome);
	assert_string_equal(shutter_names[outcome.last[RAMP_SHUTTER]], "1");
	assert_string_equal(iso_names[outcome.last[RAMP_ISO]], "1600");
	assert_int_equal(outcome.last[RAMP_APERTURE], 1);
}

/* Whole stops of ISO from a short shutter on: the shutter takes what is in between. */
static void a_body_with_whole_stops_of_iso_keeps_to_thirds(void **state)
{
	struct ramp_plan plan = make_plan();
	double whole[ISOS];
	struct outcome outcome;
	size_t i;

	(void)state;
	for (i = 0; i < ISOS; i++)
		whole[i] = i % 3 ? NAN : isos[i];
	plan.scales[RAMP_SHUTTER].brightest = -1;
	plan.scales[RAMP_ISO] = (struct ramp_scale){ whole, ISOS, 0, 6, 0 };
	plan.night = -2;
	run(&plan, by_day, false, 0.02, &outcome);
	assert_true(outcome.worst <= 1 / 3.0);
	assert_int_equal(outcome.against, 0);
	assert_int_equal(outcome.last[RAMP_ISO] % 3, 0);
	assert_true(outcome.last[RAMP_ISO] >= 9);
}

static void step_once(struct ramp *ramp, struct ramp_picture *picture, double ev, double seconds,
	struct ramp_advice *advice)
{
	picture->at += (nsec_t)(seconds * 1e9);
	picture->brightness = fmin(1, RAMP_GREY * exp2(ev + light_of(picture->choices)));
	ramp_step(ramp, picture, advice);
	memcpy(picture->choices, advice->choices, sizeof(picture->choices));
}

static struct ramp *make_ramp(const struct ramp_plan *plan)
{
	struct orc_error err;
	struct ramp *ramp;

	assert_int_equal(ramp_new(&ramp, plan, &err), 0);
	return ramp;
}

static void a_constant_scene_changes_nothing(void **state)
{
	struct ramp_plan plan = make_plan();
	struct ramp_picture picture = { .choices = { 38, 0, 1 } };
	struct ramp *ramp = make_ramp(&plan);
	struct ramp_advice advice;
	uint32_t seed = 7;
	int i, changes = 0;

	(void)state;
	/* Between two thirds, where a controller without hysteresis would go to and fro. */
	for (i = 0; i < 500; i++) {
		step_once(ramp, &picture, 11.5 + 0.05 * noise(&seed), 5, &advice);
		changes += i > 5 && advice.changed;
	}
	assert_int_equal(changes, 0);
	ramp_destroy(ramp);
}

static void a_headlight_changes_nothing(void **state)
{
	struct ramp_plan plan = make_plan();
	struct ramp_picture picture = { .choices = { 6, 3, 1 } };
	struct ramp *ramp = make_ramp(&plan);
	struct ramp_advice advice;
	size_t before[RAMP_SETTINGS];
	int i;

	(void)state;
	for (i = 0; i < 30; i++)
		step_once(ramp, &picture, -2, 10, &advice);
	memcpy(before, picture.choices, sizeof(before));
	step_once(ramp, &picture, 1, 10, &advice);
	for (i = 0; i < 10; i++) {
		assert_false(advice.changed);
		step_once(ramp, &picture, -2, 10, &advice);
	}
	assert_memory_equal(before, picture.choices, sizeof(before));
	ramp_destroy(ramp);
}

static void speed_is_bounded(void **state)
{
	struct ramp_plan plan = make_plan();
	struct ramp_picture picture = { .choices = { 38, 0, 1 } };
	struct ramp_advice advice;
	struct ramp *ramp;
	double start;
	int i;

	(void)state;
	plan.stops_a_minute = 0.5;
	ramp = make_ramp(&plan);
	for (i = 0; i < 20; i++)
		step_once(ramp, &picture, 11.5, 6, &advice);
	start = light_of(picture.choices);
	/* A curtain: three stops in a moment. Two minutes later one of saved-up budget and one more. */
	for (i = 0; i < 20; i++)
		step_once(ramp, &picture, 8.5, 6, &advice);
	assert_true(light_of(picture.choices) - start <= 2.01);
	assert_true(light_of(picture.choices) - start >= 1.6);
	for (i = 0; i < 60; i++)
		step_once(ramp, &picture, 8.5, 6, &advice);
	assert_true(fabs(light_of(picture.choices) + 8.5 - target_of(8.5)) < 1 / 3.0);
	ramp_destroy(ramp);
}

static void black_and_white_pictures_are_left_quickly(void **state)
{
	struct ramp_plan plan = make_plan();
	struct ramp_picture picture = { .choices = { 0, 18, 2 } };
	struct ramp *ramp = make_ramp(&plan);
	struct ramp_advice advice;
	int i;

	(void)state;
	/* Set for the night, at noon. */
	for (i = 0; i < 40; i++)
		step_once(ramp, &picture, 11, 10, &advice);
	assert_true(fabs(light_of(picture.choices) + 11) < 1 / 3.0);
	/* A night's darkness behind a gap: the camera slept. */
	step_once(ramp, &picture, -2, 8 * 3600, &advice);
	for (i = 0; i < 40; i++)
		step_once(ramp, &picture, -2, 10, &advice);
	assert_true(fabs(light_of(picture.choices) - 2 - target_of(-2)) < 1 / 3.0);
	ramp_destroy(ramp);
}

static void limits_are_told_and_kept(void **state)
{
	struct ramp_plan plan = make_plan();
	struct ramp_picture picture = { .choices = { 6, 3, 1 } };
	struct ramp *ramp = make_ramp(&plan);
	struct ramp_advice advice;
	struct orc_error err;
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		step_once(ramp, &picture, -8, 10, &advice);
	assert_true(advice.limit);
	assert_string_equal(shutter_names[picture.choices[RAMP_SHUTTER]], "8");
	assert_string_equal(iso_names[picture.choices[RAMP_ISO]], "3200");
	assert_int_equal(picture.choices[RAMP_APERTURE], 2);
	assert_true(fabs(advice.offset - 1) < 0.1);
	ramp_destroy(ramp);
	plan.scales[RAMP_SHUTTER].darkest = 20;
	assert_int_equal(ramp_new(&ramp, &plan, &err), ORC_EUSAGE);
	plan = (struct ramp_plan){ .night = -1 };
	assert_int_equal(ramp_new(&ramp, &plan, &err), ORC_EUSAGE);
}

static void a_sidecar_is_named_after_its_picture(void **state)
{
	static const char *const names[][2] = { { "a/IMG_1.CR2", "a/IMG_1.xmp" }, { "x", "x.xmp" },
		{ "a.b/c", "a.b/c.xmp" }, { "a/.cr2", "a/.cr2.xmp" }, { "a.b.jpg", "a.b.xmp" } };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LENGTH(names); i++) {
		char *path = sidecar_path(names[i][0]);

		assert_string_equal(path, names[i][1]);
		free(path);
	}
}

static void a_sidecar_is_read_by_exiftool(void **state)
{
	struct sidecar sidecar = { "<\"a\"&'b'>\xff\x01.CR2", -0.337 };
	char path[] = "/tmp/test-sidecar.XXXXXX", command[256], line[256] = "";
	int fd = mkstemp(path);
	FILE *pipe;
	size_t len;
	char *text;

	(void)state;
	text = sidecar_text(&sidecar, &len);
	assert_int_equal(strlen(text), len);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	free(text);
	snprintf(command, sizeof(command),
		"command -v exiftool > /dev/null || { echo none; exit 0; }; "
		"exiftool -s3 -Exposure2012 -RawFileName %s 2>&1 | tr '\\n' ';'",
		path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	if (!fgets(line, sizeof(line), pipe))
		line[0] = '\0';
	pclose(pipe);
	unlink(path);
	if (strcmp(line, "none\n") == 0)
		skip();
	assert_string_equal(line, "-0.34;<\"a\"&'b'>??.CR2;");
	sidecar.offset = NAN;
	text = sidecar_text(&sidecar, &len);
	assert_non_null(strstr(text, "Exposure2012=\"+0.00\""));
	free(text);
	sidecar.offset = 9;
	text = sidecar_text(&sidecar, &len);
	assert_non_null(strstr(text, "Exposure2012=\"+5.00\""));
	free(text);
}

static void a_sidecar_is_known_by_its_shot(void **state)
{
	struct sidecar raw = { "a&b.CR2", 0.5 }, jpeg = { "a&b.JPG", 0.5 },
		       other = { "a&b.CR2", 0.7 };
	struct sidecar longer = { "a&bc.CR2", 0.5 }, bare = { "a&b", 0.5 };
	size_t len;
	char *text = sidecar_text(&raw, &len), *bare_text;

	(void)state;
	assert_true(sidecar_is_of(text, len, &raw));
	assert_true(sidecar_is_of(text, len, &jpeg));
	assert_true(sidecar_is_of(text, len, &bare));
	assert_false(sidecar_is_of(text, len, &other));
	assert_false(sidecar_is_of(text, len, &longer));
	for (size_t cut = 0; cut < len; cut++)
		assert_false(sidecar_is_of(text, cut, &raw));
	text[len - 20]++;
	assert_false(sidecar_is_of(text, len, &raw));
	free(text);
	bare_text = sidecar_text(&bare, &len);
	assert_true(sidecar_is_of(bare_text, len, &raw));
	free(bare_text);
	text = sidecar_text(&longer, &len);
	assert_false(sidecar_is_of(text, len, &raw));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed_values_are_exact_stops),
		cmocka_unit_test(a_sunset_of_14_stops_stays_within_a_third),
		cmocka_unit_test(a_sunrise_goes_the_same_way_back),
		cmocka_unit_test(iso_and_then_the_aperture_follow_at_the_limits),
		cmocka_unit_test(a_body_with_whole_stops_of_iso_keeps_to_thirds),
		cmocka_unit_test(a_constant_scene_changes_nothing),
		cmocka_unit_test(a_headlight_changes_nothing),
		cmocka_unit_test(speed_is_bounded),
		cmocka_unit_test(black_and_white_pictures_are_left_quickly),
		cmocka_unit_test(limits_are_told_and_kept),
		cmocka_unit_test(a_sidecar_is_named_after_its_picture),
		cmocka_unit_test(a_sidecar_is_read_by_exiftool),
		cmocka_unit_test(a_sidecar_is_known_by_its_shot),
	};

	return cmocka_run_group_tests(tests, fill_tables, NULL);
}
