/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moment of release, as it is seen in what the driver writes and reads; inside this room. */
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
#define WATCH_NO_SESSION   0x2003
#define WATCH_OUT_OF_STEP  0x2004
#define WATCH_NO_OPERATION 0x2005
#define WATCH_NO_PROPERTY  0x200a
#define WATCH_DEVICE_BUSY  0x2019

struct watch {
	nsec_t read_nsec; /* the last answer before the release */
	nsec_t sent_nsec, answered_nsec;
	uint32_t id;       /* of the transaction that released */
	uint16_t response; /* to it; 0: none yet */
};

/* From here on, in this thread; NULL ends it. What `watch` holds is the last release's. */
void watch_start(struct watch *watch);
/* Bytes that were written to the camera, or read from it. */
void watch_bytes(bool written, const char *data, unsigned len);
/* The transaction that this thread has begun last, and what the camera answered to it. */
struct watch_transaction {
	uint32_t id;
	bool answered;
	uint32_t answered_id;
	uint16_t response; /* PTP's code: 0x2001 is OK */
};
struct watch_transaction watch_transaction(void);
/* What was answered so far is no news. */
void watch_forget(void);

#endif
