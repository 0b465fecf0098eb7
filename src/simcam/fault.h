/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things that go wrong on demand: what they are called, and what they do to a transaction. */
#ifndef SIMCAM_FAULT_H
#define SIMCAM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "simcam/buffer.h"

struct sim_camera;

enum sim_fault_kind {
	FAULT_NONE,
	FAULT_STALL,     /* the command is refused: both bulk pipes halt */
	FAULT_HANG,      /* nothing is answered until a cancel or a reset */
	FAULT_LATE,      /* the answer comes 2 s later */
	FAULT_TRUNCATED, /* data, or the response, ends before its announced length */
	FAULT_OVERSIZED, /* it goes on beyond that */
	FAULT_GARBAGE,   /* its bytes are noise */
	FAULT_BUSY,      /* DeviceBusy, and so for 3 s */
	FAULT_ID,        /* the response is another transaction's */
	FAULT_SESSION,   /* the session is over: 0x2003 until it is opened anew */
	FAULT_RESET,     /* off the bus, and back at once */
	FAULT_VANISH,    /* off the bus for 2 s */
};

#define SIM_FAULTS_MAX 8
#define SIM_LATE_MAX   4

/* Counts of bytes are those on the bulk IN pipe; 0 is never. */
struct sim_faults {
	uint64_t unplug_after; /* the camera is switched off */
	uint64_t stall_after;  /* the bulk IN pipe halts before the next container, once */
	uint64_t hang_after;   /* nothing more is answered until a reset, once */
	uint64_t busy;         /* the first so many shutter releases are refused: DeviceBusy */
	struct sim_fault {
		enum sim_fault_kind kind; /* NONE: free, or it has struck */
		uint64_t at;              /* the Nth transaction */
	} at[SIM_FAULTS_MAX];
	uint64_t transactions;   /* so far */
	enum sim_fault_kind now; /* what strikes the one under way */
	int64_t busy_until;      /* on the monotonic clock, in nanoseconds */
	uint32_t noise;          /* a generator's state */
	struct sim_buffer late[SIM_LATE_MAX];
	size_t late_count;
};

/* "hang-after=1000000", "busy=5", or "late@40": at the 40th transaction from now on. ORC_EUSAGE. */
int sim_fault_parse(struct sim_faults *faults, const char *text, struct orc_error *err) must_check;

enum sim_fault_verdict {
	FAULT_GOES_ON,   /* as always, though what is sent may suffer */
	FAULT_SWALLOWED, /* it never came */
	FAULT_REFUSED,   /* the pipes halt */
	FAULT_IS_BUSY,   /* the response is DeviceBusy */
};
/* For each command that comes. */
enum sim_fault_verdict sim_fault_command(struct sim_camera *camera);
/* For each container that goes to the host; true: it goes later, and was taken over. */
bool sim_fault_send(struct sim_camera *camera, struct sim_buffer *container);
/* The camera's switch. Off, it is gone from the bus; what the last fault has begun is over, and a fault that
 * has taken it away does not bring it back. */
void sim_power(struct sim_camera *camera, bool on);
/* Switched off, not only away from the bus for a while. */
bool sim_is_off(const struct sim_camera *camera);
/* The host has cancelled or reset: what is late never comes. */
void sim_fault_forget(struct sim_camera *camera);

#endif
