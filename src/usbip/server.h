/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A USB/IP server: exports USB devices made of a table of operations to whoever imports them. */
#ifndef USBIP_SERVER_H
#define USBIP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "usbip/codec.h"

/*
 * One thread, one poll() loop: every operation below is called from usbip_server_run(). A device
 * never blocks; what takes time it finishes later, from `wake` or from a descriptor of its own.
 */

/* A transfer that a client submitted. Owned by the server; valid until it is completed. */
struct usb_urb {
	uint32_t seqnum;
	uint8_t ep; /* address with the direction bit 0x80; 0x00 and 0x80 are control */
	uint8_t setup[USBIP_SETUP_SIZE]; /* control only */
	uint8_t *data;                   /* OUT: what came; IN: to be filled by the device */
	size_t len;                      /* OUT: bytes at data; IN: room at data */
	struct usb_urb *next;            /* for the device's own queue while it holds the urb */
};

struct usbip_connection; /* the client that has the device imported */

/* A device: the embedder's table and state. All operations are required unless said. */
struct usb_device;
struct usb_device_ops {
	/* A client imported the device: it is as if just plugged in. */
	void (*attach)(struct usb_device *device, struct usbip_connection *connection);
	/* A transfer. The device completes it, now or later, once, with usb_urb_complete(). */
	void (*submit)(struct usb_device *device, struct usb_urb *urb);
	/* Take the urb back: remove it from every queue and do not complete it any more. Return
	 * false if it is not held (it was completed already). Data not yet given out is kept for
	 * the next urb. */
	bool (*unlink)(struct usb_device *device, struct usb_urb *urb);
	/* A port reset, or: the client is gone. Every urb was unlinked before. Optional. */
	void (*reset)(struct usb_device *device);
	void (*detach)(struct usb_device *device);
	/* The time asked for with `wake_at` has come. Optional. */
	void (*wake)(struct usb_device *device);
	/* `fd` (>= 0) is readable: a worker thread has finished something. Optional. */
	void (*readable)(struct usb_device *device);
};

struct usb_device {
	const struct usb_device_ops *ops;
	struct usbip_device_info info; /* as listed; busid unique in the server */
	struct deadline wake_at;       /* deadline_never() when nothing is due */
	int fd;                        /* -1: none */
	bool unplugged;                /* set by the device: not listed, and a client is cut off */
	struct usb_device *next;       /* the server's list */
};

/* status is an enum usbip_status; actual at most urb->len. The urb is gone afterwards. */
void usb_urb_complete(
	struct usbip_connection *connection, struct usb_urb *urb, int32_t status, size_t actual);

struct usbip_server_options {
	const char *listen; /* "127.0.0.1:0", "[::1]:3240"; port 0 takes any free one */
	bool quiet;
	bool plain_list; /* list devices as usbip-host does: no configuration, no interfaces */
};

struct usbip_server;
/* Binds and listens. ORC_EUSAGE for a bad address, ORC_EFILE for one that cannot be bound. */
int usbip_server_new(struct usbip_server **server, const struct usbip_server_options *options,
	struct orc_error *err) must_check;
void usbip_server_destroy(struct usbip_server *server);
/* The bound address as ADDR:PORT. */
const char *usbip_server_address(const struct usbip_server *server);
/* The device is the caller's, and outlives the server. */
void usbip_server_add(struct usbip_server *server, struct usb_device *device);
/*
 * Serves until stop_fd (>= 0) is readable. A device that is imported is refused to others
 * (ST_DEV_BUSY); a client that is gone frees it at once. At most 64 connections, 256 URBs and
 * 64 MiB of posted buffers a client: over that the connection is closed. A client that sends
 * nonsense is cut off, with a line in the log; the others are not disturbed.
 */
int usbip_server_run(struct usbip_server *server, int stop_fd, struct orc_error *err) must_check;

#endif
