/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server's loop and its connections share; nothing for embedders. */
#ifndef USBIP_SERVER_INTERNAL_H
#define USBIP_SERVER_INTERNAL_H

#include "usbip/server.h"

/* The limits that server.h promises. */
#define SERVER_MAX_CONNECTIONS 64
#define SERVER_MAX_URBS        256
#ifndef SERVER_MAX_POSTED /* the fuzz harness has less, which takes less time */
#define SERVER_MAX_POSTED (64 * 1024 * 1024)
#endif
/* Nothing more is read from a client that lets so much lie unread: bounds the replies. */
#define SERVER_MAX_QUEUED (4 * 1024 * 1024)
/* List and import take one round trip; a client that takes longer only holds a slot. */
#define SERVER_OP_MSEC 10000

/* Bytes on their way to a client. */
struct server_reply {
	struct server_reply *next;
	size_t len, sent;
	size_t charged; /* what the connection's account gets back when it is gone */
	uint8_t bytes[];
};

/* A transfer, its buffer and its reply in one: the data stands behind room for the header. */
struct server_urb {
	struct usb_urb urb; /* first: the device's pointer is ours */
	struct server_urb *newer;
	struct server_reply *reply;
	bool in;
};

enum connection_phase {
	CONNECTION_OP,      /* an operation's eight bytes */
	CONNECTION_BUSID,   /* the rest of an import request */
	CONNECTION_HEADER,  /* imported: a URB message's header */
	CONNECTION_PAYLOAD, /* what an OUT transfer carries */
	CONNECTION_FLUSH,   /* all is said; closed when it has been sent */
};

struct usbip_connection {
	struct usbip_connection *next;
	struct usbip_server *server;
	int fd;
	bool dead; /* to be destroyed by the loop, not while a device is at work */
	char peer[64];
	enum connection_phase phase;
	struct deadline deadline;  /* of the phases without a device */
	struct usb_device *device; /* imported, or NULL */
	uint32_t devid;
	uint8_t head[USBIP_HEADER_SIZE]; /* what the phase reads, but payload */
	size_t got;
	struct server_urb *arriving; /* its payload is being read */
	struct server_urb *urbs;     /* held by the device, oldest first */
	size_t urb_count;
	struct server_reply *replies, **replies_end;
	size_t queued;  /* bytes in replies */
	size_t charged; /* buffers of URBs and of replies */
};

struct usbip_server {
	int fd;
	char address[80];
	bool quiet, plain_list;
	struct deadline accept_again; /* passed, but when descriptors ran out */
	struct usb_device *devices, **devices_end;
	struct usbip_connection *connections;
	size_t device_count, connection_count;
};

/* Takes the descriptor, which must be non-blocking, in any case; NULL when out of memory. */
struct usbip_connection *server_connection_new(
	struct usbip_server *server, int fd, const char *peer);
/* Takes every URB back from the device, tells it that the client is gone, closes. */
void server_connection_destroy(struct usbip_connection *connection);
/* What poll() is to wait for. */
short server_connection_events(const struct usbip_connection *connection);
/* Reads and acts on what is there, but not for ever: others wait. */
void server_connection_readable(struct usbip_connection *connection);
/* Sends what fits. */
void server_connection_flush(struct usbip_connection *connection);
/* The client broke a rule: one line in the log, and the end. */
void server_connection_cut(struct usbip_connection *connection, const char *why);

/* A listed device, or NULL. */
struct usb_device *server_find(const struct usbip_server *server, const char *busid);
bool server_is_imported(const struct usbip_server *server, const struct usb_device *device);

#endif
