/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The USB/IP wire format, sans I/O: structs to bytes and back, for both ends. */
#ifndef USBIP_CODEC_H
#define USBIP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Source: Documentation/usb/usbip_protocol.rst and drivers/usb/usbip/usbip_common.h of Linux.
 * A connection carries either operations (device list, import) or, after a successful import,
 * URBs: a 48-byte header each, followed by a payload. Everything is big-endian but the eight
 * bytes of a control request's setup packet, which stay as USB has them.
 *
 * Encoders write exactly the named size. Decoders read exactly the named size, check every field
 * that has a limit, and return 0 or ORC_EPROTO; what they return holds no pointer into the input.
 */
#define USBIP_PORT    "3240"
#define USBIP_VERSION 0x0111

#define USBIP_OP_SIZE        8   /* version, code, status: heads every operation */
#define USBIP_DEVICE_SIZE    312 /* a device in a list or an import reply */
#define USBIP_INTERFACE_SIZE 4   /* behind a device in a list, one each */
#define USBIP_BUSID_SIZE     32  /* with its NUL */
#define USBIP_PATH_SIZE      256 /* with its NUL */
#define USBIP_HEADER_SIZE    48
#define USBIP_IMPORT_SIZE    (USBIP_OP_SIZE + USBIP_BUSID_SIZE) /* OP_REQ_IMPORT */
#define USBIP_SETUP_SIZE     8

/* Limits on what a peer may announce; each with room over anything real. */
#define USBIP_MAX_DEVICES    256                /* a box with 16 hubs of 16 ports */
#define USBIP_MAX_INTERFACES 32                 /* USB allows that many a configuration */
#define USBIP_MAX_TRANSFER   (16 * 1024 * 1024) /* usbfs's own default ceiling */

enum usbip_op_code {
	USBIP_OP_REQ_IMPORT = 0x8003,
	USBIP_OP_REP_IMPORT = 0x0003,
	USBIP_OP_REQ_DEVLIST = 0x8005,
	USBIP_OP_REP_DEVLIST = 0x0005,
};

/* Status of an operation's reply. */
enum usbip_op_status {
	USBIP_ST_OK = 0,
	USBIP_ST_NA = 1,       /* refused; old servers say it for every reason */
	USBIP_ST_DEV_BUSY = 2, /* another client has it */
	USBIP_ST_DEV_ERR = 3,
	USBIP_ST_NODEV = 4, /* no such busid, or not shared */
	USBIP_ST_ERROR = 5,
};

enum usbip_command {
	USBIP_CMD_SUBMIT = 1,
	USBIP_CMD_UNLINK = 2,
	USBIP_RET_SUBMIT = 3,
	USBIP_RET_UNLINK = 4,
};

/* enum usb_device_speed of Linux, as it travels. */
enum usbip_speed {
	USBIP_SPEED_UNKNOWN = 0,
	USBIP_SPEED_LOW = 1,
	USBIP_SPEED_FULL = 2,
	USBIP_SPEED_HIGH = 3,
	USBIP_SPEED_SUPER = 5,
};

/* URB status: Linux's errno values, negative, whatever the host's own numbers are. */
enum usbip_status {
	USBIP_STATUS_OK = 0,
	USBIP_STATUS_NODEV = -19,      /* device gone */
	USBIP_STATUS_PIPE = -32,       /* endpoint stalled */
	USBIP_STATUS_PROTO = -71,      /* bit error, no response in time */
	USBIP_STATUS_OVERFLOW = -75,   /* more came than was asked for */
	USBIP_STATUS_CONNRESET = -104, /* unlinked */
	USBIP_STATUS_SHUTDOWN = -108,  /* device or host controller going away */
	USBIP_STATUS_TIMEDOUT = -110,
	USBIP_STATUS_REMOTEIO = -121, /* short read where that was an error */
};

struct usbip_op {
	uint16_t version;
	uint16_t code;   /* enum usbip_op_code */
	uint32_t status; /* enum usbip_op_status */
};

struct usbip_interface {
	uint8_t class, subclass, protocol;
};

/* A shared device, as a server describes it. A server may leave the configuration and the
 * interfaces at 0 for a device that is bound to usbip-host. */
struct usbip_device_info {
	char path[USBIP_PATH_SIZE];   /* sysfs path at the server; always terminated */
	char busid[USBIP_BUSID_SIZE]; /* "1-1.2"; always terminated */
	uint32_t busnum, devnum;
	uint32_t speed; /* enum usbip_speed */
	uint16_t vendor, product, bcd_device;
	uint8_t class, subclass, protocol;
	uint8_t configuration_value, num_configurations, num_interfaces;
	/* Only in a device list; num_interfaces of them, at most USBIP_MAX_INTERFACES. */
	struct usbip_interface interfaces[USBIP_MAX_INTERFACES];
};

/* The header of a URB message; which fields count depends on the command. */
struct usbip_header {
	uint32_t command; /* enum usbip_command */
	uint32_t seqnum;
	uint32_t devid; /* usbip_devid(); 0 in replies */
	bool in;        /* direction; 0 in replies of the kernel */
	uint32_t ep;    /* endpoint number, 0 to 15 */
	/* CMD_SUBMIT */
	uint32_t transfer_flags;
	uint32_t transfer_buffer_length;
	uint32_t interval;
	uint8_t setup[USBIP_SETUP_SIZE];
	/* RET_SUBMIT; status also RET_UNLINK */
	int32_t status; /* enum usbip_status */
	uint32_t actual_length;
	/* both SUBMITs; only isochronous transfers use them */
	uint32_t start_frame;
	uint32_t number_of_packets; /* 0 or 0xffffffff: not isochronous */
	uint32_t error_count;
	/* CMD_UNLINK */
	uint32_t unlink_seqnum;
};

void usbip_encode_op(uint8_t out[USBIP_OP_SIZE], const struct usbip_op *op);
int usbip_decode_op(const uint8_t in[USBIP_OP_SIZE], struct usbip_op *op) must_check;

/* Without the interfaces. A decoded path or busid that is not terminated is ORC_EPROTO. */
void usbip_encode_device(uint8_t out[USBIP_DEVICE_SIZE], const struct usbip_device_info *device);
int usbip_decode_device(
	const uint8_t in[USBIP_DEVICE_SIZE], struct usbip_device_info *device) must_check;

/* What URB messages, and the kernel at attaching, call the device: busnum << 16 | devnum. */
uint32_t usbip_devid(const struct usbip_device_info *device);

void usbip_encode_interface(uint8_t out[USBIP_INTERFACE_SIZE], const struct usbip_interface *i);
void usbip_decode_interface(const uint8_t in[USBIP_INTERFACE_SIZE], struct usbip_interface *i);

/* The whole OP_REQ_IMPORT; busid is shorter than USBIP_BUSID_SIZE. */
void usbip_encode_import(uint8_t out[USBIP_IMPORT_SIZE], const char *busid);

/* Decoding checks the command, the endpoint, and the lengths against USBIP_MAX_TRANSFER;
 * isochronous transfers are ORC_EPROTO: no camera has them. */
void usbip_encode_header(uint8_t out[USBIP_HEADER_SIZE], const struct usbip_header *header);
int usbip_decode_header(
	const uint8_t in[USBIP_HEADER_SIZE], struct usbip_header *header) must_check;

/*
 * The control request that usbip-host obeys itself, besides handing it to the device: SET_FEATURE with
 * PORT_RESET, a class request to a hub's port (USB 2.0, 11.24.2; stub_rx.c, is_reset_device_cmd()).
 */
#define USBIP_RESET_TYPE    0x23
#define USBIP_RESET_REQUEST 3
#define USBIP_RESET_VALUE   4

/* "the endpoint is stalled", "the device is gone"…: for messages. */
const char *usbip_status_text(int32_t status);

#endif
