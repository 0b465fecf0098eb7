/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes times as users write them: places, moments, windows of the day, days, durations. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schedule/when.h"
#include "schedule/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SLACK (3 * INT64_C(86400) * NSEC_PER_SEC)

/* A line of the input, terminated, and the rest; NULL at its end. */
static char *next_line(char **rest)
{
	return strsep(rest, "\n");
}

static void need_reason(int ret, const struct orc_error *err)
{
	if (ret < 0 && (ret != ORC_EUSAGE || !err->why[0]))
		abort();
}

static void check_moment(const char *text, nsec_t now, const struct place *place)
{
	struct orc_error err = { 0 };
	char formatted[WALL_TEXT_SIZE];
	nsec_t wall, again;
	int ret = when_parse(text, now, place, WHEN_FIRST, &wall, &err);

	need_reason(ret, &err);
	if (ret < 0)
		return;
	/* The first and the last day are cut by the zone, and moved by what is added to the sun's. */
	if (wall < -SLACK || wall > WALL_MAX + SLACK)
		abort();
	/* What was taken can be written to a journal, and be read from it, to the millisecond. */
	if (wall < 0 || wall > WALL_MAX - SLACK)
		return;
	if (wall_parse(wall_format(wall, formatted), &again) < 0 ||
		llabs(again - wall) > NSEC_PER_MSEC)
		abort();
}

static void check_windows(const struct windows *windows, nsec_t now)
{
	struct window_span span;
	struct orc_error err = { 0 };
	int ret = windows_check(windows, &err);

	need_reason(ret, &err);
	if (ret < 0)
		return;
	for (int i = 0; i < 4; i++) {
		windows_at(windows, now, &span);
		if (span.from > now || span.until <= now)
			abort();
		if (span.until > WALL_MAX)
			break;
		now = span.until;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const nsec_t start = INT64_C(1700000000) * NSEC_PER_SEC;
	struct windows windows = { 0 };
	struct orc_error err = { 0 };
	struct place place;
	char *copy, *rest, *line;
	nsec_t now, nsec;
	int ret;

	if (size < 2 || size > 400)
		return 0;
	if (!getenv("FUZZ_TZ")) {
		setenv("FUZZ_TZ", "1", 1);
		setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
		tzset();
	}
	/* Eleven hours between two: the whole of eighty years. */
	now = start + (nsec_t)(data[0] << 8 | data[1]) * 40009 * NSEC_PER_SEC;
	copy = rest = strndup((const char *)data + 2, size - 2);
	if (!copy)
		abort();
	line = next_line(&rest);
	ret = place_parse(line, &place, &err);
	need_reason(ret, &err);
	windows.has_place = ret == 0;
	if (ret == 0)
		windows.place = place;
	line = next_line(&rest);
	if (line && duration_parse(line, &nsec) == 0 && nsec < 0)
		abort();
	if (line) {
		check_moment(line, now, NULL);
		check_moment(line, now, windows.has_place ? &place : NULL);
	}
	line = next_line(&rest);
	if (line && *line)
		need_reason(windows_set_days(&windows, line, &err), &err);
	while ((line = next_line(&rest))) {
		ret = windows_add(&windows, line, &err);
		need_reason(ret, &err);
	}
	if (windows.count > WINDOWS_MAX)
		abort();
	check_windows(&windows, now);
	free(copy);
	return 0;
}
