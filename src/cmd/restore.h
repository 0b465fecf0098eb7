/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings as they were before, put back at the end whatever happened. */
#ifndef CMD_RESTORE_H
#define CMD_RESTORE_H

#include "camera/settings.h"
#include "cmd/command.h"

/* Zero-initialised: nothing is to be put back. */
struct restore {
	struct setting_change *kept; /* in the order in which they were changed; texts are owned */
	size_t count;
};

/*
 * Remembers a setting, which is to be changed, as it is now; a second time changes nothing.
 * ORC_EREFUSED where it could not be set to that again.
 */
int restore_keep(
	struct restore *restore, const struct setting *setting, struct orc_error *err) must_check;
/*
 * Puts back the last changed first, and forgets them. A signal does not keep it from that; a lost
 * camera is opened anew once. What cannot be put back is told on err, each with its value: the
 * result is the first error.
 */
int restore_put_back(struct restore *restore, struct call *call, struct orc_error *err) must_check;
/* The camera to put in order: as it is open, or opened anew; also after a signal as far as it goes. */
int restore_camera(struct call *call, struct camera **camera, struct orc_error *err) must_check;
void restore_free(struct restore *restore);

#endif
