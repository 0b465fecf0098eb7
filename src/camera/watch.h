/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moment of release and the time of transactions, as seen in what the driver writes and reads; inside this room. */
#ifndef CAMERA_WATCH_H
#define CAMERA_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

/*
 * libgphoto2 makes a release of many transactions in one call and tells of none. What it moves
 * passes by us, though (gp_log_data() in camera.c), in the thread that makes the call: so a thread
 * watches its own camera, and asking costs no round trip. Not with PTP/IP, which has no port.
 */
/* PTP's codes of some responses. */
#define WATCH_OK           0x2001
#define WATCH_NO_SESSION   0x2003
#define WATCH_OUT_OF_STEP  0x2004
#define WATCH_NO_OPERATION 0x2005
#define WATCH_NO_PROPERTY  0x200a
#define WATCH_DEVICE_BUSY  0x2019
/* Of operations. */
#define WATCH_GET_PARTIAL_OBJECT    0x101b
#define WATCH_EOS_TRANSFER_COMPLETE 0x9117

struct watch {
	nsec_t read_nsec; /* the last answer before the release */
	nsec_t sent_nsec, answered_nsec;
	uint32_t id;       /* of the transaction that released */
	uint16_t response; /* to it; 0: none yet */
	bool to_memory;    /* it told a Nikon to keep the picture in its memory */
};

/* From here on, in this thread; NULL ends it. What `watch` holds is the last release's. */
void watch_start(struct watch *watch);
/* The body has taken it: a second one would be another picture, whatever it answers to what comes next. */
bool watch_released(const struct watch *watch);

/* What the transactions of this thread took, from the end of the one before to the end of each. */
struct watch_meter {
	size_t transactions;
	nsec_t shortest_nsec; /* 0: there was none */
	uint64_t most_bytes;  /* that one of them brought … */
	nsec_t most_nsec;     /* … in so long */
	nsec_t since_nsec;    /* the end of the one before */
	uint64_t bytes;       /* of the one under way */
};

/* From here on, as watch_start(). */
void watch_meter(struct watch_meter *meter);
/* Bytes that were written to the camera, or read from it. */
void watch_bytes(bool written, const char *data, unsigned len);
/* The transaction that this thread has begun last, and what the camera answered to it. */
struct watch_transaction {
	uint16_t code; /* the operation's; 0: there was none */
	uint32_t id;
	bool answered;
	uint32_t answered_id;
	uint16_t response; /* PTP's code: 0x2001 is OK */
};
struct watch_transaction watch_transaction(void);
/* What was answered so far is no news. */
void watch_forget(void);
/*
 * Somebody below was out of memory, in this thread; false: nobody was so far. The PTP driver makes all kinds
 * of errors of that, and transactions that do not fit.
 */
void watch_exhausted(bool is_exhausted);
bool watch_is_exhausted(void);

#endif
