/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera's events as words and lines: what `wait` takes, and what it and `tether` print. */
#ifndef CMD_EVENTS_H
#define CMD_EVENTS_H

#include "camera/event.h"
#include "cmd/command.h"

/* Between two questions: a button is answered in time, and live view beside it hardly notices. */
#define EVENTS_POLL_MSEC 100
/* Where there is much to tell, for so long at once; others may want the camera. */
#define EVENTS_SLICE_MSEC 200

/* What a word of the command line means. */
struct event_wish {
	bool any, gone;
	enum camera_event_type type;
	const char *name; /* of the setting, as any brand has it; NULL: any */
};

/* "file", "property=iso", or gphoto2's "FILEADDED". ORC_EUSAGE lists the words. */
int event_wish_parse(struct event_wish *wish, const char *word, struct orc_error *err) must_check;
bool event_wish_matches(const struct event_wish *wish, const struct camera_event *event);
/* The camera went, and err says why; not: it could not be opened, or somebody else has it. */
bool event_is_gone(int ret);

/* To out, as json.h says, or as words. */
void event_print(struct call *call, bool json, const struct camera_event *event);
void event_print_gone(struct call *call, bool json, const struct orc_error *err);

#endif
