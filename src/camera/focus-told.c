/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an EOS tells of its focus, as ptp2 puts it. */
#include "camera/focus-told.h"

#include <stdio.h>
#include <string.h>

enum { FOUND = 1, FAILED = 2 };

static enum focus_told read_record(const char *hex)
{
	unsigned outcome, searching;

	if (sscanf(hex, "%*8[0-9a-f]%2x%2x", &outcome, &searching) != 2)
		return FOCUS_UNTOLD;
	if (outcome == FOUND)
		return FOCUS_FOUND;
	if (outcome == FAILED)
		return FOCUS_FAILED;
	return searching ? FOCUS_SEARCHING : FOCUS_IDLE;
}

enum focus_told focus_told(const char *event)
{
	static const char record[] = "Focus Info ", points[] = "Focus Points ",
			  points_before[] = "FocusInfo ";

	if (strncmp(event, record, strlen(record)) == 0)
		return read_record(event + strlen(record));
	if (strncmp(event, points, strlen(points)) == 0)
		return strcmp(event + strlen(points), "{}") == 0 ? FOCUS_UNTOLD : FOCUS_FOUND;
	if (strncmp(event, points_before, strlen(points_before)) == 0)
		return strstr(event, "select={}") ? FOCUS_UNTOLD : FOCUS_FOUND;
	return FOCUS_UNTOLD;
}
