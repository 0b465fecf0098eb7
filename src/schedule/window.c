/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows of the day and days of the week in which pictures are taken. */
#include "schedule/window.h"

#include <stdint.h>
#include <string.h>

#define NOON (12 * 3600)
/* Days around a moment whose windows can reach it: over midnight, and the sun's at odd longitudes. */
#define DAYS_AROUND 2
/* Then the sun has risen everywhere, and every day of the week has been. */
#define DAYS_AHEAD 370

static int fail(struct orc_error *err, const char *text, const char *why)
{
	orc_fail(err, ORC_EUSAGE, "%s", why);
	orc_what(err, "window '%s'", text);
	return orc_hint(err, "06:00-20:00, 20:00-06:00, sunrise+30m-sunset");
}

static bool ends_next_day(const struct point *from, const struct point *to)
{
	if (from->kind == POINT_CLOCK && to->kind == POINT_CLOCK)
		return to->seconds <= from->seconds;
	if (from->kind == POINT_CLOCK)
		return to->kind <= POINT_SUNRISE && from->seconds >= NOON;
	if (to->kind == POINT_CLOCK)
		return from->kind >= POINT_SUNSET && to->seconds < NOON;
	return to->kind < from->kind || (to->kind == from->kind && to->seconds <= from->seconds);
}

/* "A-B": a hyphen may also be in A or B, but only one has a point on both sides. */
static bool parse_window(const char *text, size_t len, struct window *window)
{
	size_t i;

	for (i = 1; i + 1 < len; i++)
		if (text[i] == '-' && point_parse(text, i, &window->from, NULL) == 0 &&
			point_parse(text + i + 1, len - i - 1, &window->to, NULL) == 0) {
			window->next_day = ends_next_day(&window->from, &window->to);
			return true;
		}
	return false;
}

int windows_add(struct windows *windows, const char *text, struct orc_error *err)
{
	const char *rest = text;
	struct window window;

	for (;;) {
		size_t len = strcspn(rest, ",");

		if (!parse_window(rest, len, &window))
			return fail(err, text, "not two times of the day with a hyphen between");
		if (window.from.kind == window.to.kind && window.from.seconds == window.to.seconds)
			return fail(err, text, "it begins when it ends");
		if (windows->count == WINDOWS_MAX)
			return fail(err, text, "too many windows");
		windows->items[windows->count++] = window;
		if (!rest[len])
			return 0;
		rest += len + 1;
	}
}

int windows_set_days(struct windows *windows, const char *text, struct orc_error *err)
{
	const char *rest = text;
	unsigned days = 0;

	for (;;) {
		size_t len = strcspn(rest, ","), first = strcspn(rest, "-,");
		int day = weekday_parse(rest, first), last = day;

		if (first < len)
			last = weekday_parse(rest + first + 1, len - first - 1);
		if (day < 0 || last < 0) {
			orc_fail(err, ORC_EUSAGE, "not days of the week");
			orc_what(err, "days '%s'", text);
			return orc_hint(err, "mon-fri, or sat,sun");
		}
		for (; day != last; day = (day + 1) % 7)
			days |= 1u << day;
		days |= 1u << last;
		if (!rest[len])
			break;
		rest += len + 1;
	}
	windows->days = days;
	return 0;
}

int windows_check(const struct windows *windows, struct orc_error *err)
{
	size_t i;

	for (i = 0; i < windows->count && !windows->has_place; i++)
		if (windows->items[i].from.kind != POINT_CLOCK ||
			windows->items[i].to.kind != POINT_CLOCK) {
			orc_fail(err, ORC_EUSAGE, "when the sun does that depends on the place");
			orc_what(err, "windows by the sun");
			return orc_hint(err, "--at LATITUDE,LONGITUDE");
		}
	return 0;
}

/* The i-th window of a day; false: it is closed on that day. */
static bool window_on(
	const struct windows *windows, size_t i, struct day day, nsec_t *from, nsec_t *to)
{
	const struct window *window = &windows->items[i];

	if (windows->days && !(windows->days & 1u << day_weekday(day)))
		return false;
	if (windows->count == 0) {
		*from = day_moment(day, 0, WHEN_FIRST);
		*to = day_moment(day_add(day, 1), 0, WHEN_FIRST);
		return true;
	}
	point_moment(&window->from, day, &windows->place, WHEN_FIRST, from);
	point_moment(&window->to, window->next_day ? day_add(day, 1) : day, &windows->place,
		WHEN_SECOND, to);
	return *to > *from;
}

static size_t window_count(const struct windows *windows)
{
	return windows->count ? windows->count : 1;
}

/* The first opening of a day that is after wall; INT64_MAX: none. */
static nsec_t opening_on(const struct windows *windows, struct day day, nsec_t wall)
{
	nsec_t best = INT64_MAX, from, to;
	size_t i;

	for (i = 0; i < window_count(windows); i++)
		if (window_on(windows, i, day, &from, &to) && from > wall && from < best)
			best = from;
	return best;
}

/* Widens span by the windows that touch it; true: it has grown. */
static bool widen(const struct windows *windows, struct day day, struct window_span *span)
{
	bool grown = false;
	nsec_t from, to;
	size_t i;

	for (i = 0; i < window_count(windows); i++) {
		if (!window_on(windows, i, day, &from, &to) || from > span->until ||
			to < span->from)
			continue;
		if (from < span->from) {
			span->from = from;
			grown = true;
		}
		if (to > span->until) {
			span->until = to;
			grown = true;
		}
	}
	return grown;
}

void windows_at(const struct windows *windows, nsec_t wall, struct window_span *span)
{
	struct day today = day_of(wall);
	nsec_t from, to;
	size_t i;
	int d;

	if (windows->count == 0 && windows->days == 0) {
		*span = (struct window_span){ true, INT64_MIN, INT64_MAX };
		return;
	}
	*span = (struct window_span){ false, wall, INT64_MAX };
	for (d = -DAYS_AROUND; d <= DAYS_AROUND && !span->open; d++)
		for (i = 0; i < window_count(windows) && !span->open; i++)
			if (window_on(windows, i, day_add(today, d), &from, &to) && from <= wall &&
				wall < to)
				*span = (struct window_span){ true, from, to };
	if (span->open) {
		bool grown = true;

		while (grown)
			for (grown = false, d = -DAYS_AROUND; d <= DAYS_AROUND; d++)
				grown |= widen(windows, day_add(today, d), span);
		return;
	}
	for (d = -DAYS_AROUND; d < DAYS_AHEAD && span->until == INT64_MAX; d++)
		span->until = opening_on(windows, day_add(today, d), wall);
	/* A later day's may come first, where the sun sets after midnight or windows overlap. */
	for (i = 0; span->until != INT64_MAX && i < DAYS_AROUND; i++, d++) {
		from = opening_on(windows, day_add(today, d), wall);
		if (from < span->until)
			span->until = from;
	}
}
