/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bracket: the same picture with several values of one setting, worked out before the first. */
#include "cmd/bracket.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "camera/names.h"
#include "camera/choice.h"

/* What is left of rounding where stops are whole steps. */
#define STEP_SLACK 0.05
/* A printed compensation is cut to a tenth: 0.6 and 0.7 are both two thirds, but 0.6 is no half. */
#define STOP_SLACK 0.08
/* More than that no body has, in either direction. */
#define STOPS_MAX 20

static char *copy(const char *text, size_t len)
{
	return orc_must(strndup(text, len));
}

static void add(struct bracket *bracket, char *word, double stops)
{
	size_t count = ++bracket->count;

	bracket->words = orc_must(realloc(bracket->words, count * sizeof(*bracket->words)));
	bracket->words[count - 1] = word;
	if (bracket->name)
		return;
	bracket->stops = orc_must(realloc(bracket->stops, count * sizeof(*bracket->stops)));
	bracket->stops[count - 1] = stops;
}

static int misread(const char *text, struct orc_error *err)
{
	orc_fail(err, ORC_EUSAGE, "--bracket: '%.80s' is no bracket", text);
	return orc_hint(err, "-2,0,+2 or 3x1 are, in stops, and iso=100,400,1600");
}

/* Thirds are printed as 0.3 and 0.6 or 0.7: taken for what they mean, so that no rounding adds up. */
static double whole_thirds(double stops)
{
	double thirds = round(stops * 3), halves = round(stops * 2);

	if (fabs(stops * 3 - thirds) < 0.25 && fabs(stops * 2 - halves) > 0.05)
		return thirds / 3;
	return stops;
}

/* "1", "-2/3", "+0.3": stops. */
static bool read_stops(const char *word, double *stops)
{
	size_t len = strlen(word);

	if (!len || !isdigit((unsigned char)word[len - 1]) || strchr("fF", word[0]) ||
		!choice_number(word, stops) || fabs(*stops) > STOPS_MAX)
		return false;
	*stops = whole_thirds(*stops);
	return true;
}

/* Thirds as they are written, not as they are counted: -2/3 and not -0.666667. */
static char *word_of(double stops)
{
	double thirds = stops * 3;
	char buf[32];

	if (fabs(thirds - round(thirds)) < 0.05 && fabs(stops - round(stops)) > 0.01)
		snprintf(buf, sizeof(buf), "%+d/3", (int)round(thirds));
	else
		snprintf(buf, sizeof(buf), stops == 0 ? "0" : "%+g", stops);
	return copy(buf, strlen(buf));
}

/* "3x1": as many before as behind. */
static int parse_count(
	struct bracket *bracket, const char *text, const char *cross, struct orc_error *err)
{
	double number, step;
	cleanup_free char *before = copy(text, (size_t)(cross - text));
	long i, count;

	if (!isdigit((unsigned char)text[0]) || !choice_number(before, &number) ||
		number != floor(number) || !read_stops(cross + 1, &step) || step <= 0)
		return misread(text, err);
	if (number < 2 || number > BRACKET_MAX)
		return orc_fail(err, ORC_EUSAGE, "--bracket: 2 to %d shots", BRACKET_MAX);
	count = (long)number;
	for (i = 0; i < count; i++) {
		double stops = step * ((double)i - (double)(count - 1) / 2);

		add(bracket, word_of(stops), stops);
	}
	return 0;
}

int bracket_parse(struct bracket *bracket, const char *text, struct orc_error *err)
{
	const char *equals = strchr(text, '='), *cross, *word = equals ? equals + 1 : text, *end;

	*bracket = (struct bracket){ 0 };
	cross = equals ? NULL : strpbrk(text, "xX*");
	if (cross)
		return parse_count(bracket, text, cross, err);
	if (equals == text)
		return misread(text, err);
	if (equals)
		bracket->name = copy(text, (size_t)(equals - text));
	for (;; word = end + 1) {
		double stops = 0;
		char *own;

		end = strchrnul(word, ',');
		own = copy(word, (size_t)(end - word));
		if (!*own || (!bracket->name && !read_stops(own, &stops))) {
			free(own);
			return misread(text, err);
		}
		add(bracket, own, stops);
		if (bracket->count > BRACKET_MAX)
			return orc_fail(
				err, ORC_EUSAGE, "--bracket: %d shots at most", BRACKET_MAX);
		if (!*end)
			return 0;
	}
}

void bracket_free(struct bracket *bracket)
{
	for (size_t i = 0; i < bracket->count; i++) {
		free(bracket->words[i]);
		if (bracket->values)
			free(bracket->values[i]);
	}
	free(bracket->name);
	free(bracket->words);
	free(bracket->stops);
	free(bracket->values);
	*bracket = (struct bracket){ 0 };
}

/* A place on the dial. */
struct speed {
	double stops; /* log2 of the seconds, from the printed number */
	const char *choice;
};

static int compare(const void *a, const void *b)
{
	const struct speed *x = a, *y = b;

	return x->stops < y->stops ? -1 : x->stops > y->stops;
}

/* Short to long, without bulb, auto and what else is no number. */
static struct speed *sort_speeds(const struct setting *setting, size_t *count)
{
	struct speed *speeds = orc_must(calloc(setting->choice_count + 1, sizeof(*speeds)));
	double seconds;

	*count = 0;
	for (size_t i = 0; i < setting->choice_count; i++)
		if (choice_number(setting->choices[i], &seconds) && seconds > 0)
			speeds[(*count)++] = (struct speed){ log2(seconds), setting->choices[i] };
	qsort(speeds, *count, sizeof(*speeds), compare);
	return speeds;
}

/* Steps a stop: 3, 2 or 1; 0 where the dial is not regular. */
static int steps_of(const struct speed *speeds, size_t count)
{
	double span = count > 1 ? speeds[count - 1].stops - speeds[0].stops : 0;
	int steps = span > 0 ? (int)lround((double)(count - 1) / span) : 0;

	if (steps < 1 || steps > 3)
		return 0;
	for (size_t i = 1; i < count; i++)
		/* 0.3 s stands where 0.354 would be, next to 1/4. */
		if (fabs((speeds[i].stops - speeds[i - 1].stops) * steps - 1) > 0.55)
			return 0;
	return steps;
}

/* The shots that cannot be had, in one line. */
static int refuse(const struct setting *setting, const char *missing, const char *first,
	const char *last, struct orc_error *err)
{
	orc_fail(err, ORC_EREFUSED, "there is no %.100s", missing);
	orc_what(err, "cannot bracket %.60s from %.40s", setting->name, setting->value);
	if (first)
		orc_hint(err, "the body has %.40s to %.40s", first, last);
	return ORC_EREFUSED;
}

static void name_missing(char *buf, size_t size, const char *word)
{
	size_t len = strlen(buf);

	snprintf(buf + len, size - len, "%s%s", len ? ", " : "", word);
}

static int fail_steps(const struct setting *setting, const struct bracket *bracket, size_t shot,
	int steps, struct orc_error *err)
{
	orc_fail(err, ORC_EREFUSED, "%s stops is not a whole number of its steps, 1/%d stop",
		bracket->words[shot], steps);
	return orc_what(err, "cannot bracket %.60s", setting->name);
}

static int plan_speeds(
	struct bracket *bracket, const struct setting *setting, struct orc_error *err)
{
	cleanup_free struct speed *speeds = NULL;
	char missing[100] = "";
	size_t count, now;
	int steps;

	speeds = sort_speeds(setting, &count);
	steps = steps_of(speeds, count);
	for (now = 0; now < count && strcmp(speeds[now].choice, setting->value) != 0; now++)
		;
	if (!steps || now == count) {
		orc_fail(err, ORC_EREFUSED,
			steps ? "it is %.60s, from which no stops can be counted"
			      : "its choices are in no regular steps",
			setting->value);
		orc_what(err, "cannot bracket %.60s", setting->name);
		return orc_hint(err, "--bracket %s=VALUE,VALUE,… names them", setting->name);
	}
	for (size_t i = 0; i < bracket->count; i++) {
		double wanted = bracket->stops[i] * steps, at = (double)now + round(wanted);

		if (fabs(wanted - round(wanted)) > STEP_SLACK)
			return fail_steps(setting, bracket, i, steps, err);
		if (at < 0 || at >= (double)count)
			name_missing(missing, sizeof(missing), bracket->words[i]);
		else
			bracket->values[i] = orc_must(strdup(speeds[(size_t)at].choice));
	}
	if (missing[0])
		return refuse(setting, missing, speeds[0].choice, speeds[count - 1].choice, err);
	return 0;
}

static const char *nearest_stops(const struct setting *setting, double wanted)
{
	const char *best = NULL;
	double number, off = STOP_SLACK;

	for (size_t i = 0; i < setting->choice_count; i++) {
		if (!choice_number(setting->choices[i], &number) || fabs(number - wanted) >= off)
			continue;
		off = fabs(number - wanted);
		best = setting->choices[i];
	}
	return best;
}

static int plan_compensation(
	struct bracket *bracket, const struct setting *setting, struct orc_error *err)
{
	char missing[100] = "";
	double now;

	if (!choice_number(setting->value, &now))
		return refuse(setting, "number to count from", NULL, NULL, err);
	for (size_t i = 0; i < bracket->count; i++) {
		const char *choice = nearest_stops(setting, whole_thirds(now) + bracket->stops[i]);

		if (choice)
			bracket->values[i] = orc_must(strdup(choice));
		else
			name_missing(missing, sizeof(missing), bracket->words[i]);
	}
	if (missing[0])
		return refuse(setting, missing, setting->choice_count ? setting->choices[0] : NULL,
			setting->choice_count ? setting->choices[setting->choice_count - 1] : NULL,
			err);
	return 0;
}

static int plan_values(
	struct bracket *bracket, const struct setting *setting, struct orc_error *err)
{
	struct choice_value value;
	int ret;

	for (size_t i = 0; i < bracket->count; i++) {
		ret = choice_check(setting, bracket->words[i], &value, err);
		if (ret < 0)
			return ret;
		bracket->values[i] =
			orc_must(strdup(setting->choice_count ? value.text : bracket->words[i]));
	}
	return 0;
}

int bracket_plan(struct bracket *bracket, const struct setting *setting, struct orc_error *err)
{
	bracket->values = orc_must(calloc(bracket->count, sizeof(*bracket->values)));
	if (bracket->name)
		return plan_values(bracket, setting, err);
	if (setting->readonly) {
		orc_fail(err, ORC_EREFUSED, "it is read-only");
		return orc_what(err, "cannot bracket %.60s", setting->name);
	}
	if (name_is(setting->name, NAME_SHUTTER))
		return plan_speeds(bracket, setting, err);
	return plan_compensation(bracket, setting, err);
}
