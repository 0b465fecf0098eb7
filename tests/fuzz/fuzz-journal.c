/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the journal's reader: whatever it holds, it adds up or is refused with a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schedule/report.h"
#include "memory-file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_report(const struct report *report, bool draw)
{
	size_t len, i;
	char *text;

	if (report->slots !=
		report->taken + report->missed + report->failed + report->open +
			report->unexplained)
		abort();
	for (i = 0; i < report->gap_count; i++)
		if (report->gaps[i].last < report->gaps[i].first ||
			report->gaps[i].last >= report->slots)
			abort();
	/* Drawing takes as long as all the rest. */
	if (!draw)
		return;
	text = report_plot(report, &len);
	if (strlen(text) != len)
		abort();
	free(text);
}

static void check_state(const struct journal_state *state)
{
	struct grid_plan plan = { .every = state->plan.every, .count = 1000, .align = 0 };
	struct moment now = { state->last_time, NSEC_PER_SEC };
	struct grid_turn turn;
	struct orc_error err;
	struct grid grid;
	int turns;

	if (!state->any)
		return;
	plan.count += state->mark.last.number;
	if (grid_resume(&grid, &plan, &state->mark, now, &err) < 0)
		return;
	for (turns = 0; turns < 4; turns++)
		if (grid_turn(&grid, now, &turn) == GRID_SHOOT &&
			turn.slot.number <= state->mark.last.number)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal_state state;
	struct report report;
	struct orc_error err = { 0 };
	int file = memory_file(data, size);

	if (report_read(&report, file, &err) == 0)
		check_report(&report, size % 4 == 0);
	else if (!err.why[0])
		abort();
	report_free(&report);
	if (journal_state_read(&state, file, NULL, NULL, &err) == 0) {
		check_state(&state);
		journal_state_free(&state);
	}
	return 0;
}
