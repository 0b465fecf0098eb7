/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A camera, or a link, that does not answer: what is tried, rung by rung, until it does. */
#ifndef CMD_RECOVERY_H
#define CMD_RECOVERY_H

#include "cmd/command.h"

/*
 * For commands that go on by themselves: a live view, an interval, a tether. The rungs: ask again; cancel
 * what is under way and reset the device; connect and import again, with pauses that double (a server
 * that still counts us as busy gets some seconds, a camera that is off may come back after hours);
 * the user's program (--on-lost); give up.
 *
 * The loop: on an error of the camera's call recovery_step(), and try again where it returns 0;
 * on success recovery_done(). What is tried again is the caller's to decide: a shot that may have been
 * taken is not released again.
 */
struct recovery_options {
	nsec_t give_up_nsec; /* after so long without success; 0: never */
	const char
		*on_lost; /* a program, run by the shell once a loss is a minute old; NULL: none */
	/* Each rung as it is taken: its name, the time lost so far, why. May be NULL. */
	void (*tell)(void *data, const char *rung, nsec_t lost_nsec, const char *why);
	void *tell_data;
};

struct recovery {
	struct recovery_options options;
	nsec_t since_nsec; /* of the loss; 0: all is well */
	unsigned rung, tries;
	int64_t pause_msec;
	bool on_lost_run;
	uint64_t losses;  /* that ended well */
	nsec_t lost_nsec; /* time lost in all of them */
};

/* Can trying again mend it: no usage error, no refusal, no full disk, no signal. */
bool recovery_is_for(int error);
/*
 * Takes the next rung for an error that recovery_is_for(), and waits as long as that wants. 0: try
 * again, and ask call_camera() for the camera anew. Negative: given up (the error itself, with
 * what was tried as its hint), or ORC_ESIGNAL.
 */
int recovery_step(struct recovery *recovery, struct call *call, struct orc_error *err) must_check;
/* It works: tells how long it did not, where it did not. True where there was a loss. */
bool recovery_done(struct recovery *recovery, struct call *call);

#endif
