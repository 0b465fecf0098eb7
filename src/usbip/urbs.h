/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the client: the URBs under way, and the one place that sends, receives and waits. */
#ifndef USBIP_URBS_H
#define USBIP_URBS_H

#include "usbip/client.h"
#include "usbip/link.h"

/*
 * What one URB carries. The server's kernel allocates a URB's buffer in one piece; 16 KiB is what
 * a small router can still find after weeks, and what Linux's own client (usbfs) uses.
 */
#define URB_SIZE 16384

/* Requests under way at most: 72 reads, 64 writes, cancels of both, and room. A power of two. */
#define URB_TABLE_SIZE 512

/* A transfer, from submission until its data is taken. */
struct urb {
	struct urb *next; /* in its stream's queue, or in the pool */
	uint32_t seqnum;
	uint8_t ep; /* with the direction bit */
	bool done;
	bool unlinking; /* its CMD_UNLINK was sent */
	bool abandoned; /* nobody waits: freed when done */
	int32_t status; /* enum usbip_status, when done */
	size_t len;     /* asked for */
	size_t actual;  /* moved, when done */
	size_t taken;   /* of these, given to the reader */
	size_t room;    /* of data */
	uint8_t data[]; /* IN: what comes */
};

/* The IN URBs of an endpoint, in the order of submission, which is the order of their data. */
struct stream {
	struct urb *head, **tail;
	unsigned int length;    /* of the queue, done ones included */
	unsigned int posted;    /* not done, not being cancelled */
	unsigned int ahead;     /* how many to have posted when a request goes out */
	unsigned int burst;     /* URBs that the transfer being read has filled */
	unsigned int most;      /* that one of the latest transfers took … */
	unsigned int transfers; /* … since so many of them */
	bool owed;              /* nothing was posted behind the last write */
	uint64_t received;      /* bytes that have come */
};

enum slot_kind {
	SLOT_FREE,
	SLOT_SUBMIT,
	SLOT_UNLINK,
};

/* A request that the server owes an answer. */
struct slot {
	enum slot_kind kind;
	uint32_t seqnum;
	struct urb *urb;        /* SLOT_SUBMIT */
	uint32_t target_seqnum; /* SLOT_UNLINK */
};

struct usbip_client {
	struct usbip_link link;
	struct usbip_device_info device;
	struct usbip_client_options options;
	struct usbip_client_stats stats;
	struct orc_error error;
	int fatal;              /* the link's end; every later call returns it */
	int write_error;        /* an earlier write's, for the next call */
	int halted_out;         /* the OUT endpoint that stalled and was not cleared; 0: none */
	uint16_t maxpacket[32]; /* by endpoint_index() */
	uint8_t read_ahead_in, read_ahead_out;
	struct stream streams[16]; /* IN endpoints by number */
	/* Requests */
	struct slot table[URB_TABLE_SIZE]; /* by seqnum modulo size */
	uint32_t last_seqnum;
	size_t out_bytes; /* of bulk OUT URBs under way */
	unsigned int out_count;
	/* URBs kept for the next transfers: those with URB_SIZE of room, and those without, for writes. */
	struct urb_pool {
		struct urb *first;
		unsigned int count;
	} pool, bare;
	/* To be sent */
	uint8_t *tx;
	size_t tx_room, tx_len, tx_sent;
	/* Received and not yet understood; rx_urb's payload is being received while it is set. */
	struct urb *rx_urb;
	size_t rx_left;
	size_t rx_pos, rx_end;
	uint8_t rx[65536];
	/* Liveness: time spent waiting since the last byte came; half of the limit when a ping goes out. */
	nsec_t silent_nsec;
	bool pinged;
	bool waited; /* this call has been counted in stats.waits */
	/* The last deadline that had passed, and when that was seen first. */
	struct deadline over;
	nsec_t over_seen_nsec;
};

/* Each of these returns 0 or a negative enum orc_err that is also in client->error. */

/* To be called first by every call: 0, the link's end, or an earlier write's error (once). */
int urbs_begin(struct usbip_client *client) must_check;
/* Just the latter part: an error of an earlier write that has come meanwhile. */
int urbs_take_write_error(struct usbip_client *client) must_check;
/* Such an error as a call that is no write reports it: a stall is not one of its own endpoint. */
int urbs_other_write_error(struct usbip_client *client, int r) must_check;
/* A URB from the pool with room for len bytes; NULL when out of memory (client->error says so). */
struct urb *urbs_get(struct usbip_client *client, uint8_t ep, size_t len);
void urbs_put(struct usbip_client *client, struct urb *urb);
/* Queues the URB for sending; payload is copied. The URB belongs to the table until it is done. */
int urbs_submit(struct usbip_client *client, struct urb *urb, const uint8_t *setup,
	const void *payload) must_check;
/*
 * Only for a transfer that failed. Linux's server (stub_rx.c, stub_recv_cmd_unlink(), seen with 6.1)
 * looks at a request once more after it has asked for its cancellation; where the request was answered
 * in between, that memory is free: its thread dies, and the device is lost until the box restarts.
 * One in some thousand cancels hit that in a guest.
 */
int urbs_unlink(struct usbip_client *client, struct urb *urb) must_check;
/* Sends what fits, without waiting. */
int urbs_flush(struct usbip_client *client) must_check;
/*
 * Sends, receives, and returns 0 as soon as something came in or went out. ORC_ETIMEOUT when the
 * deadline has passed with nothing new, ORC_ELOST when the link has shown no life for too long.
 */
int urbs_wait(struct usbip_client *client, struct deadline deadline) must_check;
/* Cancels what is under way on ep (-1: on all endpoints) and waits until none of it is left. */
int urbs_cancel(struct usbip_client *client, int ep, struct deadline deadline) must_check;
/* The error that a URB's status stands for; 0 for none. A device that is gone ends the link. */
int urbs_status(struct usbip_client *client, const struct urb *urb) must_check;
void urbs_free(struct usbip_client *client);

static inline unsigned int endpoint_index(uint8_t ep)
{
	return (ep & 0x0fu) | (ep & 0x80u) >> 3;
}

/* stream.c: posts read-ahead URBs behind a write, see there. */
int stream_after_write(struct usbip_client *client, uint8_t ep) must_check;
void stream_init(struct stream *stream);
/* Drops what was read and not taken. Its posted URBs must be gone. */
void stream_drop(struct usbip_client *client, struct stream *stream);

#endif
