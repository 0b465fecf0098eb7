/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A strict PTP responder: sessions, transactions, dispatch over a body's table of operations. */
#ifndef SIMCAM_PTP_H
#define SIMCAM_PTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simcam/buffer.h"

/* Source: ISO 15740 (PIMA 15740:2000), and annex D for the containers. */
enum ptp_container_type {
	PTP_COMMAND = 1,
	PTP_DATA = 2,
	PTP_RESPONSE = 3,
	PTP_EVENT = 4,
};

enum ptp_response {
	PTP_LATER = 0, /* an operation's: the answer comes by ptp_finish() */
	PTP_OK = 0x2001,
	PTP_GENERAL_ERROR = 0x2002,
	PTP_SESSION_NOT_OPEN = 0x2003,
	PTP_INVALID_TRANSACTION_ID = 0x2004,
	PTP_OPERATION_NOT_SUPPORTED = 0x2005,
	PTP_INVALID_STORAGE_ID = 0x2008,
	PTP_INVALID_OBJECT_HANDLE = 0x2009,
	PTP_PROPERTY_NOT_SUPPORTED = 0x200a,
	PTP_INVALID_FORMAT = 0x200b,
	PTP_STORE_FULL = 0x200c,
	PTP_OBJECT_WRITE_PROTECTED = 0x200d,
	PTP_STORE_READ_ONLY = 0x200e,
	PTP_ACCESS_DENIED = 0x200f,
	PTP_NO_THUMBNAIL = 0x2010,
	PTP_PARTIAL_DELETION = 0x2012,
	PTP_STORE_NOT_AVAILABLE = 0x2013,
	PTP_NO_VALID_OBJECT_INFO = 0x2015,
	PTP_DEVICE_BUSY = 0x2019,
	PTP_INVALID_PARENT = 0x201a,
	PTP_INVALID_PROPERTY_FORMAT = 0x201b,
	PTP_INVALID_PROPERTY_VALUE = 0x201c,
	PTP_INVALID_PARAMETER = 0x201d,
	PTP_SESSION_ALREADY_OPEN = 0x201e,
	PTP_TRANSACTION_CANCELLED = 0x201f,
};

#define PTP_MAX_PARAMS 5

/* One operation from its command to its response. */
struct ptp_transaction {
	uint16_t code;
	uint32_t id;
	uint32_t params[PTP_MAX_PARAMS]; /* those not sent are 0 */
	size_t num_params;
	struct sim_buffer data; /* from the host, or for it */
	uint32_t reply[PTP_MAX_PARAMS];
	size_t num_reply;
};

struct sim_camera;

enum ptp_operation_flag {
	PTP_SESSIONLESS = 1, /* allowed before OpenSession */
	PTP_SENDS = 2,       /* the host sends a data phase */
	PTP_GETS = 4,        /* the host gets a data phase, if the answer is OK */
	PTP_REMOTE = 8,      /* a body's own: wants its remote mode */
	PTP_WHEN_READY = 16, /* not while the body does something else */
};

/* A row of a body's table. run is called when the data phase from the host, if any, is in. NULL:
 * the body lists it and this one does not do it; OperationNotSupported. */
struct ptp_operation {
	uint16_t code;
	uint8_t flags, min_params;
	enum ptp_response (*run)(struct sim_camera *camera, struct ptp_transaction *t);
};

enum ptp_phase {
	PTP_IDLE,
	PTP_WANTS_DATA,
	PTP_RUNNING, /* the operation finishes later */
};

struct ptp {
	struct sim_camera *camera;
	uint32_t session; /* 0: none */
	uint32_t last_id; /* of the transaction before */
	enum ptp_phase phase;
	const struct ptp_operation *operation;
	enum ptp_response refused; /* WANTS_DATA: what it will be told, unless PTP_OK */
	bool data_unasked; /* refused, its direction not known: the host may send its data all the same */
	struct ptp_transaction now;
};

/* A whole container from the host; negative: stall the pipes. */
int ptp_container(struct ptp *ptp, const uint8_t *data, size_t len);
/* Ends an operation that returned PTP_LATER. */
void ptp_finish(struct ptp *ptp, enum ptp_response response);
void ptp_cancel(struct ptp *ptp);
/* Ends the session, if there is one. */
void ptp_end_session(struct ptp *ptp);
/* Ends the session, if there is one, and forgets the transaction. */
void ptp_reset(struct ptp *ptp);
/* An event on the interrupt pipe. */
void ptp_event(struct ptp *ptp, uint16_t code, uint32_t param);

/* For every body's table. */
enum ptp_response ptp_open_session(struct sim_camera *camera, struct ptp_transaction *t);
enum ptp_response ptp_close_session(struct sim_camera *camera, struct ptp_transaction *t);

#endif
