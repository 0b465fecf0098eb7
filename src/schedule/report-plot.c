/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A journal's lateness and brightness over time, as an SVG picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schedule/report.h"
#include "schedule/ramp.h"
#include "schedule/text.h"

/* All in pixels. */
#define WIDTH   960
#define LEFT    84
#define RIGHT   (WIDTH - 24)
#define TOP     92
#define PANEL   190
#define BETWEEN 44
#define BELOW   52

/* More dots than that run together: then each column is a stroke from its least to its most. */
#define DOTS_MAX 2500
/* Lateness is drawn by its magnitude; below that is nothing that matters. */
#define LATE_MIN 1e-4
#define GAPS_MAX 400 /* bands that can be told apart */

struct panel {
	const char *title, *class;
	double top;
	double lowest, highest;                            /* of the axis */
	double (*value)(const struct report_point *point); /* NAN: nothing to draw */
};

struct plot {
	FILE *file;
	const struct report *report;
	nsec_t from, until;
};

static const char head[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	"viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n"
	"<style>\n"
	".paper{fill:#fff} text{fill:#222} .soft{fill:#555} .frame{stroke:#888;fill:none}\n"
	".grid{stroke:#ddd} .gap{fill:#d33;fill-opacity:.25}\n"
	".late{fill:#06c;stroke:#06c} .bright{fill:#b60;stroke:#b60}\n"
	"@media (prefers-color-scheme:dark){\n"
	".paper{fill:#16181c} text{fill:#eee} .soft{fill:#aaa} .frame{stroke:#777}\n"
	".grid{stroke:#33373d} .gap{fill:#f66;fill-opacity:.3}\n"
	".late{fill:#6bf;stroke:#6bf} .bright{fill:#fb5;stroke:#fb5}}\n"
	"</style>\n"
	"<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n";

static const char *fixed(double value, char buf[static TEXT_FIXED_SIZE])
{
	return text_fixed(value, 1, buf);
}

/* With as many decimals as it has, two at most. */
static const char *plain(double value, char buf[static TEXT_FIXED_SIZE])
{
	char *end;

	text_fixed(value, 2, buf);
	for (end = buf + strlen(buf); end[-1] == '0'; end--)
		end[-1] = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
	return buf;
}

static double x_of(const struct plot *plot, nsec_t at)
{
	double part = (double)(at - plot->from) / (double)(plot->until - plot->from);

	return LEFT + fmax(0, fmin(1, part)) * (RIGHT - LEFT);
}

static double y_of(const struct panel *panel, double value)
{
	double part = (value - panel->lowest) / (panel->highest - panel->lowest);

	return panel->top + PANEL * (1 - fmax(0, fmin(1, part)));
}

static double late_of(const struct report_point *point)
{
	return log10(fmax(LATE_MIN, (double)point->late / (double)NSEC_PER_SEC));
}

static double bright_of(const struct report_point *point)
{
	return point->brightness > 0 ? log2(point->brightness / RAMP_GREY) : NAN;
}

static void write_text(struct plot *plot, double x, double y, const char *anchor, const char *class,
	const char *text)
{
	char a[TEXT_FIXED_SIZE], b[TEXT_FIXED_SIZE];

	fprintf(plot->file, "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">", fixed(x, a),
		fixed(y, b), anchor, class);
	text_xml(plot->file, text);
	fputs("</text>\n", plot->file);
}

static void write_line(struct plot *plot, double x1, double y1, double x2, double y2)
{
	char a[TEXT_FIXED_SIZE], b[TEXT_FIXED_SIZE], c[TEXT_FIXED_SIZE], d[TEXT_FIXED_SIZE];

	fprintf(plot->file, "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
		fixed(x1, a), fixed(y1, b), fixed(x2, c), fixed(y2, d));
}

/* "0.8 ms", "3.20 s". */
static const char *duration_text(nsec_t nsec, char *buf, size_t size)
{
	double seconds = (double)nsec / (double)NSEC_PER_SEC;
	char number[TEXT_FIXED_SIZE];

	if (fabs(seconds) < 1)
		snprintf(buf, size, "%s ms", text_fixed(seconds * 1000, 1, number));
	else
		snprintf(buf, size, "%s s", text_fixed(seconds, 2, number));
	return buf;
}

static void write_title(struct plot *plot)
{
	const struct report *report = plot->report;
	char p50[64], p95[64], max[64], every[TEXT_FIXED_SIZE], text[400];

	snprintf(text, sizeof(text), "%llu pictures of %llu slots, every %s s",
		(unsigned long long)report->taken, (unsigned long long)report->slots,
		plain((double)report->plan.every / (double)NSEC_PER_SEC, every));
	fputs("<g font-size=\"17\">\n", plot->file);
	write_text(plot, LEFT, 30, "start", "", text);
	fputs("</g>\n", plot->file);
	snprintf(text, sizeof(text),
		"lateness p50 %s, p95 %s, max %s; %llu missed, %llu failed, %llu broken off",
		duration_text(report->late_p50, p50, sizeof(p50)),
		duration_text(report->late_p95, p95, sizeof(p95)),
		duration_text(report->late_max, max, sizeof(max)),
		(unsigned long long)report->missed, (unsigned long long)report->failed,
		(unsigned long long)report->open);
	write_text(plot, LEFT, 50, "start", "soft", text);
}

/* The step that makes at most ten marks. */
static nsec_t mark_step(nsec_t span)
{
	static const int seconds[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
		7200, 10800, 21600, 43200, 86400, 172800, 604800 };
	size_t i;

	for (i = 0; i + 1 < ARRAY_LENGTH(seconds); i++)
		if (span / (seconds[i] * NSEC_PER_SEC) <= 10)
			return seconds[i] * NSEC_PER_SEC;
	/* Years, at some weeks a mark. */
	return (span / 10 / (seconds[i] * NSEC_PER_SEC) + 1) * (seconds[i] * NSEC_PER_SEC);
}

static void write_times(struct plot *plot, double bottom, bool labels)
{
	nsec_t step = mark_step(plot->until - plot->from), at;
	struct day day = day_of(plot->from);
	int last = -1;

	/* Marks lie on whole local hours and days; one more or less at a change of summer time. */
	at = day_moment(day, 0, WHEN_FIRST);
	if (at < plot->from)
		at += (plot->from - at + step - 1) / step * step;
	for (; at <= plot->until; at += step) {
		time_t seconds = (time_t)(at / NSEC_PER_SEC);
		char text[32];
		struct tm tm;

		localtime_r(&seconds, &tm);
		write_line(plot, x_of(plot, at), bottom - PANEL, x_of(plot, at), bottom);
		if (!labels)
			continue;
		strftime(text, sizeof(text), step < 60 * NSEC_PER_SEC ? "%H:%M:%S" : "%H:%M", &tm);
		if (step < 86400 * NSEC_PER_SEC)
			write_text(plot, x_of(plot, at), bottom + 18, "middle", "soft", text);
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
		if (tm.tm_mday != last)
			write_text(plot, x_of(plot, at),
				bottom + (step < 86400 * NSEC_PER_SEC ? 36 : 18), "middle", "soft",
				text);
		last = tm.tm_mday;
	}
}

static void write_gaps(struct plot *plot, const struct panel *panel)
{
	size_t i;

	for (i = 0; i < plot->report->gap_count && i < GAPS_MAX; i++) {
		const struct report_gap *gap = &plot->report->gaps[i];
		double from = x_of(plot, gap->from), until = x_of(plot, gap->until);
		char a[TEXT_FIXED_SIZE], b[TEXT_FIXED_SIZE];

		fprintf(plot->file,
			"<rect class=\"gap\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"><title>",
			fixed(from, a), (int)panel->top, fixed(fmax(1, until - from), b), PANEL);
		text_xml(plot->file, gap->why);
		fputs("</title></rect>\n", plot->file);
	}
}

static void write_dots(struct plot *plot, const struct panel *panel)
{
	char a[TEXT_FIXED_SIZE], b[TEXT_FIXED_SIZE];
	size_t i;

	for (i = 0; i < plot->report->point_count; i++) {
		const struct report_point *point = &plot->report->points[i];
		double value = panel->value(point);

		if (!isnan(value))
			fprintf(plot->file, "<circle cx=\"%s\" cy=\"%s\" r=\"1.4\"/>\n",
				fixed(x_of(plot, point->at), a), fixed(y_of(panel, value), b));
	}
}

static void write_columns(struct plot *plot, const struct panel *panel)
{
	double least[RIGHT - LEFT + 1], most[RIGHT - LEFT + 1];
	char a[TEXT_FIXED_SIZE], b[TEXT_FIXED_SIZE];
	size_t i;
	int x;

	for (x = 0; x <= RIGHT - LEFT; x++)
		least[x] = most[x] = NAN;
	for (i = 0; i < plot->report->point_count; i++) {
		const struct report_point *point = &plot->report->points[i];
		double value = panel->value(point);

		x = (int)(x_of(plot, point->at) - LEFT);
		least[x] = fmin(least[x], value);
		most[x] = fmax(most[x], value);
	}
	fputs("<path fill=\"none\" stroke-width=\"1.2\" d=\"", plot->file);
	for (x = 0; x <= RIGHT - LEFT; x++)
		if (!isnan(least[x]))
			fprintf(plot->file, "M%d %sV%s", x + LEFT,
				fixed(y_of(panel, least[x]) + 0.6, a),
				fixed(y_of(panel, most[x]) - 0.6, b));
	fputs("\"/>\n", plot->file);
}

/* Marks of the lateness: powers of ten. */
static void write_late_axis(struct plot *plot, const struct panel *panel)
{
	static const char *const names[] = { "0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s",
		"100 s", "1000 s" };
	size_t i;

	for (i = 0; i < ARRAY_LENGTH(names); i++) {
		double value = (double)i - 4;

		if (value > panel->highest + 0.01)
			break;
		write_line(plot, LEFT, y_of(panel, value), RIGHT, y_of(panel, value));
		write_text(plot, LEFT - 8, y_of(panel, value) + 4, "end", "soft", names[i]);
	}
}

static void write_bright_axis(struct plot *plot, const struct panel *panel)
{
	double span = panel->highest - panel->lowest;
	int step = span <= 8 ? 1 : span <= 16 ? 2 : 4, value;

	for (value = (int)panel->lowest; value <= (int)panel->highest; value++) {
		char text[32];

		if (value % step != 0)
			continue;
		snprintf(text, sizeof(text), value ? "%+d" : "%d", value);
		write_line(plot, LEFT, y_of(panel, value), RIGHT, y_of(panel, value));
		write_text(plot, LEFT - 8, y_of(panel, value) + 4, "end", "soft", text);
	}
}

static void write_panel(struct plot *plot, const struct panel *panel, bool last,
	void (*axis)(struct plot *plot, const struct panel *panel))
{
	fprintf(plot->file, "<g class=\"panel\">\n");
	write_times(plot, panel->top + PANEL, last);
	axis(plot, panel);
	write_gaps(plot, panel);
	fprintf(plot->file, "<g class=\"%s\">\n", panel->class);
	if (plot->report->point_count <= DOTS_MAX)
		write_dots(plot, panel);
	else
		write_columns(plot, panel);
	fputs("</g>\n", plot->file);
	fprintf(plot->file,
		"<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", LEFT,
		(int)panel->top, RIGHT - LEFT, PANEL);
	write_text(plot, LEFT, panel->top - 8, "start", "", panel->title);
	fputs("</g>\n", plot->file);
}

/* Widens the axis to whole units around all values; false: there are none. */
static bool find_range(const struct report *report, struct panel *panel)
{
	double least = NAN, most = NAN;
	size_t i;

	for (i = 0; i < report->point_count; i++) {
		double value = panel->value(&report->points[i]);

		least = fmin(least, value);
		most = fmax(most, value);
	}
	if (isnan(least))
		return false;
	panel->lowest = fmin(panel->lowest, floor(least));
	panel->highest = fmax(panel->highest, ceil(most));
	return true;
}

char *report_plot(const struct report *report, size_t *len)
{
	/* From 0.1 ms to 10 ms at least, and from a stop below grey to one above: small is small. */
	struct panel late = { "lateness of the release", "late", TOP, -4, -2, late_of };
	struct panel bright = { "brightness in stops, middle grey is 0", "bright",
		TOP + PANEL + BETWEEN, -1, 1, bright_of };
	struct plot plot = { .report = report, .from = report->first, .until = report->last };
	bool brightness = find_range(report, &bright);
	int height = TOP + PANEL + BELOW + (brightness ? PANEL + BETWEEN : 0);
	char *text = NULL;

	find_range(report, &late);
	late.highest = fmin(late.highest, 3);
	bright.lowest = fmax(bright.lowest, -16);
	bright.highest = fmin(bright.highest, 16);
	if (plot.until <= plot.from)
		plot.until = plot.from + NSEC_PER_SEC;
	plot.file = orc_must(open_memstream(&text, len));
	fprintf(plot.file, head, WIDTH, height, WIDTH, height, WIDTH, height);
	write_title(&plot);
	write_panel(&plot, &late, !brightness, write_late_axis);
	if (brightness)
		write_panel(&plot, &bright, true, write_bright_axis);
	fputs("</svg>\n", plot.file);
	if (fclose(plot.file) != 0)
		orc_must(NULL);
	return text;
}
