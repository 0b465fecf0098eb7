/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interval --report: what a journal adds up to. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/interval-run.h"
#include "cmd/json.h"
#include "cmd/table.h"
#include "schedule/report.h"

static void put_seconds(struct json_object *object, const char *key, nsec_t nsec, bool known)
{
	if (known)
		json_put_number(object, key, (double)nsec / (double)NSEC_PER_SEC, 6);
	else
		json_put_null(object, key);
}

static void print_json(const struct report *report, struct call *call)
{
	cleanup_json struct json_object *object = json_new();
	struct json_object *gaps = orc_must(json_object_new_array());
	bool late = report->point_count > 0;
	const struct {
		const char *key;
		uint64_t count;
	} counts[] = {
		{ "slots", report->slots },
		{ "taken", report->taken },
		{ "missed", report->missed },
		{ "failed", report->failed },
		{ "open", report->open },
		{ "unexplained", report->unexplained },
		{ "repeated", report->repeated },
		{ "files", report->files },
		{ "bytes", report->bytes },
		{ "resumes", report->resumes },
		{ "recoveries", report->recoveries },
		{ "clock_steps", report->steps },
		{ "damaged_lines", report->damage.lines },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(counts); i++)
		json_put_count(object, counts[i].key, counts[i].count);
	put_seconds(object, "every", report->plan.every, true);
	interval_put_time(object, "first", report->first);
	interval_put_time(object, "last", report->last);
	put_seconds(object, "lost", report->lost, true);
	put_seconds(object, "late_p50", report->late_p50, late);
	put_seconds(object, "late_p95", report->late_p95, late);
	put_seconds(object, "late_max", report->late_max, late);
	json_put_bool(object, "running", report->running);
	json_put_string(object, "end", report->ended ? report->why : NULL);
	json_put_count(object, "gap_count", report->gap_count + report->gaps_more);
	for (size_t i = 0; i < report->gap_count; i++) {
		const struct report_gap *gap = &report->gaps[i];
		struct json_object *item = json_new();

		json_put_count(item, "first", gap->first);
		json_put_count(item, "last", gap->last);
		interval_put_time(item, "from", gap->from);
		interval_put_time(item, "until", gap->until);
		json_put_string(item, "why", gap->why);
		json_object_array_add(gaps, item);
	}
	json_object_object_add(object, "gaps", gaps);
	json_print(call->io, object);
}

static void print_gaps(const struct report *report, struct call *call)
{
	char from[WALL_TEXT_SIZE], until[WALL_TEXT_SIZE];

	for (size_t i = 0; i < report->gap_count; i++) {
		const struct report_gap *gap = &report->gaps[i];

		io_printf(call->io, "no picture  %llu to %llu, %s to %s: %s\n",
			(unsigned long long)gap->first, (unsigned long long)gap->last,
			wall_format(gap->from, from), wall_format(gap->until, until), gap->why);
	}
	if (report->gaps_more)
		io_printf(call->io, "no picture  %llu more gaps\n",
			(unsigned long long)report->gaps_more);
}

static void print_text(const struct report *report, struct call *call)
{
	char first[WALL_TEXT_SIZE], last[WALL_TEXT_SIZE], bytes[FORMAT_BYTES_SIZE];
	double msec = (double)NSEC_PER_MSEC;

	io_printf(call->io, "slots       %llu, every %g s\n", (unsigned long long)report->slots,
		(double)report->plan.every / (double)NSEC_PER_SEC);
	if (report->slots > 0)
		io_printf(call->io, "from        %s to %s\n", wall_format(report->first, first),
			wall_format(report->last, last));
	io_printf(call->io, "taken       %llu, missed %llu, failed %llu, open %llu\n",
		(unsigned long long)report->taken, (unsigned long long)report->missed,
		(unsigned long long)report->failed, (unsigned long long)report->open);
	if (report->unexplained || report->repeated)
		io_printf(call->io, "wrong       unexplained %llu, repeated %llu\n",
			(unsigned long long)report->unexplained,
			(unsigned long long)report->repeated);
	io_printf(call->io, "files       %llu, %s\n", (unsigned long long)report->files,
		format_bytes(report->bytes, bytes, sizeof(bytes)));
	if (report->point_count > 0)
		io_printf(call->io, "lateness    p50 %.3f ms, p95 %.3f ms, max %.3f ms\n",
			(double)report->late_p50 / msec, (double)report->late_p95 / msec,
			(double)report->late_max / msec);
	io_printf(call->io, "recoveries  %llu, %.1f s lost; resumptions %llu; clock steps %llu\n",
		(unsigned long long)report->recoveries, (double)report->lost / (double)NSEC_PER_SEC,
		(unsigned long long)report->resumes, (unsigned long long)report->steps);
	if (report->damage.lines)
		io_printf(call->io, "damaged     lines: %llu, the first is line %llu\n",
			(unsigned long long)report->damage.lines,
			(unsigned long long)report->damage.first);
	print_gaps(report, call);
	io_printf(call->io, "end         %s\n",
		report->ended             ? report->why
			: report->running ? "a slot is open: it runs, or was cut short"
					  : "none: it runs, or was cut short");
}

static int draw(const struct report *report, const struct interval_options *options,
	struct call *call, struct orc_error *err)
{
	cleanup_outfile struct outfile out = { .fd = -1 };
	cleanup_free char *svg = NULL;
	size_t len;
	int ret;

	ret = outfile_open(&out, call->io->cwd, options->svg, OUTFILE_REPLACE, false, err);
	if (ret < 0)
		return ret;
	svg = report_plot(report, &len);
	if (io_write_all(out.fd, svg, len) < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot write %s", options->svg);
	}
	return outfile_commit(&out, 0, err);
}

int interval_report(
	const struct interval_options *options, struct call *call, struct orc_error *err)
{
	cleanup_close int fd = io_open(call->io, options->report, err);
	cleanup(report_free) struct report report = { 0 };
	int ret;

	if (fd < 0)
		return fd;
	ret = report_read(&report, fd, err);
	if (ret < 0)
		return ret;
	if (call->globals.json)
		print_json(&report, call);
	else
		print_text(&report, call);
	return options->svg ? draw(&report, options, call, err) : 0;
}
