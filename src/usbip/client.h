/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client of a USB/IP server: list what it shares, import a device, talk to its endpoints. */
#ifndef USBIP_CLIENT_H
#define USBIP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "usbip/address.h"
#include "usbip/codec.h"
#include "usbip/link.h"

/*
 * The devices that a server shares. On success *devices is an array of *count, to be free()d.
 * ORC_ENOCAMERA: not reachable, or what answers there is not a USB/IP server.
 */
int usbip_client_list(const struct usbip_address *address, struct deadline deadline,
	struct usbip_device_info **devices, size_t *count, struct orc_error *err) must_check;

/* The one of them with that busid, or NULL. */
const struct usbip_device_info *usbip_client_find(
	const struct usbip_device_info *devices, size_t count, const char *busid);

/* Room for what usbip_client_hand_over() writes, its NUL included. */
#define USBIP_HANDOVER_SIZE 160

struct usbip_client; /* one imported device; used by one thread at a time */

/* A server resets a device after its last client for 1 to 3 s: patience that is enough for that. */
#define USBIP_PATIENCE_MSEC 3000

/* Zero-initialised means the defaults. */
struct usbip_client_options {
	/*
	 * A link that shows no sign of life for so long is lost, and a transfer that stands still for
	 * so long is given up. 0: 5000.
	 */
	int64_t progress_msec;
	bool no_read_ahead; /* one URB at a time, each waited for, as the kernel's client does */
	/*
	 * What to import where the address names no busid: sets the index of one of the server's
	 * devices, or returns ORC_ENOCAMERA or ORC_EUSAGE with the reason. NULL: a busid is needed.
	 */
	int (*choose)(const struct usbip_device_info *devices, size_t count, size_t *index,
		struct orc_error *err);
	/*
	 * Asked when it is known which device it is, before it is imported: host and port are in
	 * numbers, as connected to. A negative value ends it. NULL: nobody is asked.
	 */
	int (*claim)(void *data, const struct usbip_address *device, struct orc_error *err);
	void *claim_data;
	/*
	 * For so long a device that the server does not show, or refuses, is asked for again: it
	 * resets a device that was given back for 1 to 3 s. 0: not at all.
	 */
	int64_t patience_msec;
	/* Waits in between, false to give up (ORC_ESIGNAL). NULL: sleeps. */
	bool (*pause)(void *data, struct deadline until);
	void *pause_data;
	uint16_t local_port; /* see usbip_link_connect_from() */
};

/* What the client counted since it was opened. */
struct usbip_client_stats {
	uint64_t bytes_in, bytes_out; /* on the link, headers included */
	uint64_t urbs;                /* submitted */
	uint64_t waits;               /* times it had to wait for the network: round trips */
	uint64_t unlinks, pings;
};

/*
 * Connects and imports address->busid, in two round trips; or asks for the list, and imports what
 * options->choose picks, in three. ORC_EBUSY: another client has it (ST_DEV_BUSY, or ST_NA of a
 * busid that the list shows); ORC_ENOCAMERA: no such busid, not reachable; both with the reason
 * and the remedy in err.
 */
int usbip_client_open(struct usbip_client **client, const struct usbip_address *address,
	const struct usbip_client_options *options, struct deadline deadline,
	struct orc_error *err) must_check;
/* Closes the link, by which the server cancels what is posted: see usbip_link_close(). NULL is
 * allowed. */
void usbip_client_close(struct usbip_client *client);

/*
 * Hands a device over from the program to a driver that it loads, which has a copy of this code for
 * itself; the device has just been imported, and nothing was asked of it yet. hand_over() frees the client
 * and writes a text that names the open descriptor; take_over() makes a client of that text, once. The
 * link that hand_over() returns is for the caller to close if nobody takes over.
 * take_over(): ORC_EUSAGE where the text is not one that hand_over() has made, or its descriptor is closed;
 * ORC_ENOMEM.
 */
struct usbip_link usbip_client_hand_over(
	struct usbip_client *client, char text[USBIP_HANDOVER_SIZE]);
int usbip_client_take_over(struct usbip_client **client, const char *text,
	const struct usbip_client_options *options, struct orc_error *err) must_check;

const struct usbip_device_info *usbip_client_device(const struct usbip_client *client);
const struct usbip_client_stats *usbip_client_stats(const struct usbip_client *client);
/* The last failure in words; valid until the next call. */
const struct orc_error *usbip_client_error(const struct usbip_client *client);

/*
 * Tells what the endpoint addresses (with the direction bit 0x80) and packet sizes are, once the
 * caller has read the descriptors. An endpoint not declared has maxpacket 512. From then on
 * bulk_read() reads ahead on ep_in whenever something was written to ep_out.
 */
void usbip_client_set_endpoint(struct usbip_client *client, uint8_t ep, uint16_t maxpacket);
void usbip_client_set_read_ahead(struct usbip_client *client, uint8_t ep_in, uint8_t ep_out);

/*
 * A control transfer on endpoint 0, waited for. data is read or written as bmRequestType says.
 * Returns the bytes moved, ORC_ESTALL where the device refused, ORC_ETIMEOUT, ORC_ELOST, ORC_EPROTO.
 */
ssize_t usbip_client_control(struct usbip_client *client, uint8_t request_type, uint8_t request,
	uint16_t value, uint16_t index, void *data, uint16_t len,
	struct deadline deadline) must_check;

/* One of several control transfers. */
struct usbip_control {
	uint8_t request_type, request;
	uint16_t value, index;
	void *data;
	uint16_t len;
	ssize_t result; /* as usbip_client_control() returns it */
};
#define USBIP_CONTROLS_MAX 4

/*
 * At most USBIP_CONTROLS_MAX control transfers in one round trip: the device gets them one after
 * the other, whatever becomes of those before. 0 once each has its result; else why not all have.
 */
int usbip_client_controls(struct usbip_client *client, struct usbip_control *controls, size_t count,
	struct deadline deadline) must_check;

/*
 * Queues a bulk OUT transfer and returns len without waiting for its completion (bounded: waits
 * while more than 1 MiB is under way). An error of an earlier write is returned by the next call
 * on this client (a stall as ORC_EPROTO by a call that is no write, since it is not that call's
 * endpoint; clear_halt() and reset() forget it). A stalled endpoint then refuses writes with
 * ORC_ESTALL until it is cleared. len 0 sends a zero-length packet. The data is copied or sent before it returns.
 */
ssize_t usbip_client_bulk_write(struct usbip_client *client, uint8_t ep, const void *data,
	size_t len, struct deadline deadline) must_check;

/*
 * Reads as a USB host does: until len bytes are there or a short packet ends the transfer. 0 is a
 * zero-length packet. What was read ahead and not taken stays for the next call. On ORC_ETIMEOUT
 * nothing is lost: data that comes later is there for the next call. Data that came before an error
 * is read first, as if it ended short; the error is the next call's.
 */
ssize_t usbip_client_bulk_read(struct usbip_client *client, uint8_t ep, void *buf, size_t len,
	struct deadline deadline) must_check;

/* One interrupt IN transfer; ORC_ETIMEOUT leaves its URB posted for the next call. */
ssize_t usbip_client_interrupt_read(struct usbip_client *client, uint8_t ep, void *buf, size_t len,
	struct deadline deadline) must_check;

/* CLEAR_FEATURE(ENDPOINT_HALT); drops what was read ahead from that endpoint, cancels its URBs. */
int usbip_client_clear_halt(
	struct usbip_client *client, uint8_t ep, struct deadline deadline) must_check;
/* Cancels everything and resets the port (SET_FEATURE PORT_RESET, as usbip-host understands it). */
int usbip_client_reset(struct usbip_client *client, struct deadline deadline) must_check;

#endif
