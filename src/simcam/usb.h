/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USB side of a still image device: descriptors, three pipes, containers in and out. */
#ifndef SIMCAM_USB_H
#define SIMCAM_USB_H

#include <stdbool.h>

#include "simcam/buffer.h"
#include "simcam/fault.h"
#include "usbip/server.h"

/* Source: USB Still Image Capture Device Definition 1.0; USB 2.0 chapter 9. */
#define SIM_EP_IN      0x81
#define SIM_EP_OUT     0x02
#define SIM_EP_EVENT   0x83
#define SIM_MAX_PACKET 512

/* A container header; the largest container taken is an uploaded file. */
#define SIM_CONTAINER_HEADER 12
#define SIM_MAX_CONTAINER    (64 * 1024 * 1024)

/* Whoever lives behind the pipes. `owner` below is handed to each. */
struct sim_usb_owner {
	/* A whole container came; its length field is right. Negative: stall. */
	int (*container)(void *owner, const uint8_t *data, size_t len);
	/* The class's Cancel Request for this transaction. */
	void (*cancel)(void *owner, uint32_t transaction);
	/* Whether a transaction is under way: Get Device Status says busy or OK. */
	bool (*busy)(void *owner);
	/* Device Reset Request, port reset, plugged in, client gone: back to the start. */
	void (*reset)(void *owner);
	void (*wake)(void *owner);
	void (*readable)(void *owner);
};

struct sim_packets; /* a container on its way to the host */

struct sim_usb {
	struct usb_device device;
	const struct sim_usb_owner *owner_ops;
	void *owner;
	struct sim_faults *faults;
	struct usbip_connection *connection;
	char manufacturer[32], product[32], serial[40];
	uint8_t configuration;
	bool halted_in, halted_out, halted_event;
	bool hung;
	bool disk;     /* set to mass storage: descriptors of a disk, and nothing behind them */
	uint64_t sent; /* bytes on bulk IN since the start */
	struct usb_urb *in, *event;  /* waiting, oldest first */
	struct sim_packets *to_host; /* oldest first */
	struct sim_packets *events;
	struct sim_buffer out; /* a container that is not complete yet */
	uint32_t cancelled;    /* Get Device Status tells of a cancelled transaction */
};

void sim_usb_init(struct sim_usb *usb, const char *busid, uint16_t vendor, uint16_t product);
/* From now on it is a disk, as a camera is that is not set to PTP. Before anybody imports it. */
void sim_usb_be_disk(struct sim_usb *usb);
void sim_usb_free(struct sim_usb *usb);
/* Queue a container for the host; the bytes are taken over, the buffer is emptied. */
void sim_usb_send(struct sim_usb *usb, struct sim_buffer *container);
void sim_usb_send_event(struct sim_usb *usb, struct sim_buffer *container);
/* Whether something sent has not been taken yet. */
bool sim_usb_sending(const struct sim_usb *usb);
/* Forgets what is queued, ends halts. */
void sim_usb_flush(struct sim_usb *usb);

/* usb-control.c: endpoint 0. Bytes of the answer, or negative: stall. */
int sim_usb_control(
	struct sim_usb *usb, const uint8_t setup[USBIP_SETUP_SIZE], uint8_t *data, size_t len);

#endif
