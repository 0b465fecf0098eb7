/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user wrote against what a setting takes: values and names, without a camera. */
#include "camera/choice.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "camera/names.h"

/* Longer names have no near ones; also what the distance's row has room for. */
#define NAME_MAX_LEN 63

/* A decimal number with a point or a comma; NULL where there is none, else where it ends. */
static const char *decimal(const char *text, double *number)
{
	double scale = 1;
	const char *p = text;

	*number = 0;
	for (; isdigit((unsigned char)*p); p++)
		*number = *number * 10 + (*p - '0');
	if ((*p == '.' || *p == ',') && isdigit((unsigned char)p[1]))
		for (p++; isdigit((unsigned char)*p); p++)
			*number += (*p - '0') * (scale /= 10);
	return p == text ? NULL : p;
}

bool choice_number(const char *text, double *number)
{
	const char *p = text;
	double sign = 1, below;

	if ((*p == 'f' || *p == 'F') && p[1] == '/')
		p += 2;
	if (*p == '+' || *p == '-')
		sign = *p++ == '-' ? -1 : 1;
	p = decimal(p, number);
	if (!p)
		return false;
	if (*p == '/') {
		p = decimal(p + 1, &below);
		if (!p || below == 0)
			return false;
		*number /= below;
	}
	*number *= sign;
	while (*p == ' ')
		p++;
	/* More digits than a number has. */
	if (!isfinite(*number))
		return false;
	return !*p || strcmp(p, "s") == 0 || strcmp(p, "\"") == 0 || strcmp(p, "mm") == 0 ||
		strcmp(p, "K") == 0;
}

static bool same_number(const char *a, const char *b)
{
	/* "0.0167" is meant to be 1/60; neighbouring choices are a quarter apart. */
	const double tolerance = 0.005;
	double x, y;

	if (!choice_number(a, &x) || !choice_number(b, &y))
		return false;
	/* Somebody who writes ISO 401 has mistyped: whole numbers are not rounded. */
	if (x == floor(x) && y == floor(y))
		return x == y;
	return fabs(x - y) <= tolerance * fmax(fabs(x), fabs(y));
}

/* The choices in one text, cut where there are too many. */
static void list_choices(const struct setting *setting, char *buf, size_t size)
{
	size_t i, len = 0;
	int n;

	buf[0] = '\0';
	for (i = 0; i < setting->choice_count; i++) {
		n = snprintf(buf + len, size - len, "%s%s", i ? ", " : "", setting->choices[i]);
		if (n < 0 || (size_t)n + 12 >= size - len)
			break;
		len += (size_t)n;
	}
	if (i < setting->choice_count)
		snprintf(buf + len, size - len, ", ...");
}

static int bad_value(const struct setting *setting, const char *text, struct orc_error *err)
{
	char choices[sizeof(err->hint) - 8];

	orc_fail(err, ORC_EUSAGE, "it does not take '%.100s'", text);
	orc_what(err, "cannot set %.100s", setting->name);
	list_choices(setting, choices, sizeof(choices));
	if (choices[0])
		orc_hint(err, "one of %s", choices);
	return ORC_EUSAGE;
}

/* The index of the choice that is meant, or -1. */
static long find_choice(const struct setting *setting, const char *text)
{
	char *end;
	long index;
	size_t i;

	for (i = 0; i < setting->choice_count; i++)
		if (strcmp(setting->choices[i], text) == 0)
			return (long)i;
	for (i = 0; i < setting->choice_count; i++)
		if (strcasecmp(setting->choices[i], text) == 0)
			return (long)i;
	for (i = 0; i < setting->choice_count; i++)
		if (name_same_value(setting->name, setting->choices[i], text))
			return (long)i;
	if (text[0] == '@' && isdigit((unsigned char)text[1])) {
		index = strtol(text + 1, &end, 10);
		return *end || (unsigned long)index >= setting->choice_count ? -1 : index;
	}
	for (i = 0; i < setting->choice_count; i++)
		if (same_number(setting->choices[i], text))
			return (long)i;
	return -1;
}

static int check_choice(const struct setting *setting, const char *text, struct choice_value *value,
	struct orc_error *err)
{
	long index = find_choice(setting, text);

	if (index < 0)
		return bad_value(setting, text, err);
	value->text = setting->choices[index];
	return 0;
}

static int check_toggle(const struct setting *setting, const char *text, struct choice_value *value,
	struct orc_error *err)
{
	static const struct {
		const char *text;
		int value;
	} words[] = {
		{ "on", 1 },
		{ "off", 0 },
		{ "1", 1 },
		{ "0", 0 },
		{ "2", 2 },
		{ "yes", 1 },
		{ "no", 0 },
		{ "true", 1 },
		{ "false", 0 },
		{ "t", 1 },
		{ "f", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(words); i++) {
		if (strcasecmp(words[i].text, text) != 0)
			continue;
		value->integer = words[i].value;
		return 0;
	}
	bad_value(setting, text, err);
	orc_hint(err, "on or off");
	return ORC_EUSAGE;
}

static int check_range(const struct setting *setting, const char *text, struct choice_value *value,
	struct orc_error *err)
{
	double number;

	if (choice_number(text, &number) && number >= setting->minimum - 1e-6 &&
		number <= setting->maximum + 1e-6) {
		value->number = (float)number;
		return 0;
	}
	bad_value(setting, text, err);
	orc_hint(err, "a number from %g to %g in steps of %g", (double)setting->minimum,
		(double)setting->maximum, (double)setting->step);
	return ORC_EUSAGE;
}

/* YYYY-MM-DD[ HH:MM[:SS]] in local time; false where it is not, or no such time. */
static bool read_date(const char *text, time_t *when)
{
	struct tm tm = { .tm_isdst = -1 };
	int n, used = 0, day;

	n = sscanf(text, "%4d-%2d-%2d%n%*1[T ]%2d:%2d%n:%2d%n", &tm.tm_year, &tm.tm_mon,
		&tm.tm_mday, &used, &tm.tm_hour, &tm.tm_min, &used, &tm.tm_sec, &used);
	if ((n != 3 && n < 5) || text[used])
		return false;
	if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_hour < 0 ||
		tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 ||
		tm.tm_sec > 59)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	day = tm.tm_mday;
	*when = mktime(&tm);
	/* Of the 31st of February it makes a day in March. */
	return tm.tm_mday == day;
}

static int check_date(const struct setting *setting, const char *text, struct choice_value *value,
	struct orc_error *err)
{
	char *end;
	long long seconds;
	time_t when;

	errno = 0;
	seconds = strtoll(text, &end, 10);
	if (strcasecmp(text, "now") == 0)
		seconds = time(NULL);
	else if (read_date(text, &when))
		seconds = when;
	else if (!*text || *end || errno)
		seconds = -1;
	if (seconds >= 0 && seconds <= INT_MAX) {
		value->integer = (int)seconds;
		return 0;
	}
	bad_value(setting, text, err);
	orc_hint(err, "now, seconds since 1970, or YYYY-MM-DD HH:MM:SS");
	return ORC_EUSAGE;
}

int choice_check(const struct setting *setting, const char *text, struct choice_value *value,
	struct orc_error *err)
{
	*value = (struct choice_value){ .text = text };
	if (setting->readonly) {
		orc_fail(err, ORC_EREFUSED, "it is read-only");
		return orc_what(err, "cannot set %.100s", setting->name);
	}
	switch (setting->type) {
	case SETTING_RADIO:
	case SETTING_MENU:
		/* A driver that lists no choices takes anything, and says so itself if not. */
		return setting->choice_count ? check_choice(setting, text, value, err) : 0;
	case SETTING_TOGGLE:
		return check_toggle(setting, text, value, err);
	case SETTING_RANGE:
		return check_range(setting, text, value, err);
	case SETTING_DATE:
		return check_date(setting, text, value, err);
	case SETTING_TEXT:
		return 0;
	case SETTING_BUTTON:
		break;
	}
	orc_fail(err, ORC_EUSAGE, "it is a button, and takes no value");
	return orc_what(err, "cannot set %.100s", setting->name);
}

/* Levenshtein's distance, letters in either case being the same. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1];
	size_t len = strlen(b), i, j, diagonal, above;

	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (j = 0; j < len; j++) {
			above = row[j + 1];
			row[j + 1] = diagonal +
				(tolower((unsigned char)a[i]) != tolower((unsigned char)b[j]));
			if (above + 1 < row[j + 1])
				row[j + 1] = above + 1;
			if (row[j] + 1 < row[j + 1])
				row[j + 1] = row[j] + 1;
			diagonal = above;
		}
	}
	return row[len];
}

/* "ios" for "iso": letters that changed places, which the distance counts twice. */
static bool same_letters(const char *a, const char *b)
{
	int count[UCHAR_MAX + 1] = { 0 };
	size_t i;

	for (; *a && *b; a++, b++) {
		count[tolower((unsigned char)*a)]++;
		count[tolower((unsigned char)*b)]--;
	}
	for (i = 0; i < ARRAY_LENGTH(count); i++)
		if (count[i])
			return false;
	return !*a && !*b;
}

/* The smaller the nearer; SIZE_MAX: not near at all. */
static size_t nearness(const char *candidate, const char *name)
{
	size_t len = strlen(name), d;

	if (strlen(candidate) > NAME_MAX_LEN || len > NAME_MAX_LEN || len < 2)
		return SIZE_MAX;
	d = distance(name, candidate);
	if (d <= 1 + len / 4)
		return d;
	if (same_letters(candidate, name))
		return 1;
	/* "shutter" for "shutterspeed". */
	if (len >= 3 && strcasestr(candidate, name))
		return NAME_MAX_LEN + strlen(candidate);
	return SIZE_MAX;
}

const char *choice_nearest(
	const char *const *names, size_t count, const char *name, char *buf, size_t size)
{
	enum { SHOWN = 3 };
	const char *best[SHOWN] = { 0 };
	size_t near[SHOWN], i, k, n, len = 0;

	for (k = 0; k < SHOWN; k++)
		near[k] = SIZE_MAX;
	for (i = 0; i < count; i++) {
		n = nearness(names[i], name);
		for (k = 0; k < SHOWN && near[k] <= n; k++)
			;
		if (k == SHOWN)
			continue;
		memmove(&near[k + 1], &near[k], (SHOWN - 1 - k) * sizeof(near[0]));
		memmove(&best[k + 1], &best[k], (SHOWN - 1 - k) * sizeof(best[0]));
		near[k] = n;
		best[k] = names[i];
	}
	buf[0] = '\0';
	for (k = 0; k < SHOWN && best[k] && len + 1 < size; k++)
		len += (size_t)snprintf(
			buf + len, size - len, "%s%s", k ? ", " : "did you mean ", best[k]);
	if (best[0] && len + 1 < size)
		snprintf(buf + len, size - len, "?");
	return buf;
}
