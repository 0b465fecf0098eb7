/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an EOS tells of its focus, as ptp2 puts it; inside this room. */
#ifndef CAMERA_FOCUS_TOLD_H
#define CAMERA_FOCUS_TOLD_H

enum focus_told {
	FOCUS_UNTOLD,    /* of something else, or of no focus point yet */
	FOCUS_SEARCHING, /* the lens moves */
	FOCUS_IDLE,      /* nothing moves: it has given up, if it was searching */
	FOCUS_FOUND,
	FOCUS_FAILED,
};

/*
 * The text of one of ptp2's events: the focus points, which 2.5.32 and later tell in other words than those before, or
 * the record of six bytes or more, of which the fifth says what came of it and the sixth that it searches.
 */
enum focus_told focus_told(const char *event);

#endif
