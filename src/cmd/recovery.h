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
 * taken is not released again. The first opening is not for it: nothing is lost yet.
 */
enum recovery_rung {
	RECOVERY_ASK,       /* once more, for a camera that says that it is busy */
	RECOVERY_RESET,     /* what it was about was cancelled, or the device reset */
	RECOVERY_RECONNECT, /* connected to and imported anew, again and again */
	RECOVERY_ON_LOST,   /* the user's program was run; then that again */
	RECOVERY_BACK,      /* all is well again */
	RECOVERY_GIVE_UP,
};

/* As a word for a journal: "ask", "reset", "reconnect", "on-lost", "back", "give-up". */
const char *recovery_rung_name(enum recovery_rung rung);

/* What most commands want where nothing is said: time enough for a router to boot, and to spare. */
#define RECOVERY_DEFAULT_NSEC (5 * 60 * NSEC_PER_SEC)

struct recovery_options {
	/* After so long without success; 0: never; negative: at once. */
	nsec_t give_up_nsec;
	/*
	 * A command line for the shell, run with ACTION=lost and ARGUMENT=the camera's port once a loss
	 * is a minute old, or half of give_up_nsec; and each time when it is twice as old as then.
	 * It has a minute. NULL: none.
	 */
	const char *on_lost;
	/*
	 * Each rung as it is taken for the first time in a loss, with the time lost so far, and why.
	 * NULL: told on err, in words.
	 */
	void (*tell)(void *data, enum recovery_rung rung, nsec_t lost_nsec, const char *why);
	void *tell_data;
};

/* Zero-initialised but for the options; nothing in it is to be freed. */
struct recovery {
	struct recovery_options options;
	/* When what may fail was begun: a loss counts from there. 0: from when it was noticed. */
	nsec_t begun_nsec;
	nsec_t since_nsec;                           /* of the loss; 0: all is well */
	nsec_t noticed_nsec;                         /* which is what give_up_nsec counts from */
	unsigned told;                               /* a bit for each rung of this loss that was */
	unsigned asked, reset, reconnected, on_lost; /* how often in this loss */
	int64_t pause_msec;
	nsec_t next_on_lost_nsec; /* how old the loss is then */
	bool gave_up;
	uint64_t losses;  /* that ended well */
	nsec_t lost_nsec; /* time lost in all of them */
	nsec_t last_nsec; /* in the last of them */
};

/* For a table of options. */
#define RECOVERY_POPT_OPTIONS(recover, on_lost)                                                    \
	{ "recover", 0, POPT_ARG_STRING, NULL, recover,                                            \
		"look so long for a camera that is lost: forever, 0 to end at once (default 5m)",  \
		"DURATION" },                                                                      \
	{                                                                                          \
		"on-lost", 0, POPT_ARG_STRING, NULL, on_lost,                                      \
			"run COMMAND when it is lost for a minute, or half of --recover",          \
			"COMMAND"                                                                  \
	}

/* --recover's value: a duration, "forever", or 0 for "at once". ORC_EUSAGE. */
int recovery_parse(
	struct recovery_options *options, struct call *call, struct orc_error *err) must_check;

/* Can trying again mend it: no usage error, no refusal, no full disk, no signal. */
bool recovery_is_for(int error);
/*
 * Takes the next rung for the error in err (which is left alone where recovery_is_for() says no: its
 * code is returned), and waits as long as that wants. 0: try again, and ask call_camera() for the
 * camera anew. Negative: given up (ORC_ELOST, with what was tried as its hint), or ORC_ESIGNAL.
 */
int recovery_step(struct recovery *recovery, struct call *call, struct orc_error *err) must_check;
/* It works: tells how long it did not, where it did not. True where there was a loss. */
bool recovery_done(struct recovery *recovery, struct call *call);

#endif
