/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pipes of a still image device: containers in and out of URBs, halts, unlinking. */
#include "simcam/usb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"

#define MAX_EVENTS 32 /* that wait on the interrupt pipe */

struct sim_packets {
	struct sim_packets *next;
	struct sim_buffer bytes;
	size_t at;
	bool zero_length; /* a zero-length packet ends it: its length is a multiple of a packet */
};

static struct sim_usb *usb_of(struct usb_device *device)
{
	return (struct sim_usb *)(void *)device;
}

static void urb_append(struct usb_urb **queue, struct usb_urb *urb)
{
	while (*queue)
		queue = &(*queue)->next;
	urb->next = NULL;
	*queue = urb;
}

static bool urb_remove(struct usb_urb **queue, const struct usb_urb *urb)
{
	for (; *queue; queue = &(*queue)->next) {
		if (*queue == urb) {
			*queue = urb->next;
			return true;
		}
	}
	return false;
}

static void packets_append(struct sim_packets **queue, struct sim_buffer *bytes)
{
	struct sim_packets *packets = orc_must(calloc(1, sizeof(*packets)));

	packets->bytes = *bytes;
	packets->zero_length = bytes->len % SIM_MAX_PACKET == 0;
	*bytes = (struct sim_buffer){ 0 };
	while (*queue)
		queue = &(*queue)->next;
	*queue = packets;
}

static void packets_pop(struct sim_packets **queue)
{
	struct sim_packets *packets = *queue;

	*queue = packets->next;
	sim_buffer_free(&packets->bytes);
	free(packets);
}

static void complete(struct sim_usb *usb, struct usb_urb **queue, int32_t status, size_t actual)
{
	struct usb_urb *urb = *queue;

	*queue = urb->next;
	usb_urb_complete(usb->connection, urb, status, actual);
}

/* Faults strike between two packets, wherever the count says. True: stop sending. */
static bool fault_strikes(struct sim_usb *usb)
{
	struct sim_faults *faults = usb->faults;

	if (!faults)
		return false;
	if (faults->unplug_after && usb->sent >= faults->unplug_after) {
		log_info("fault: the camera is switched off");
		faults->unplug_after = 0;
		usb->device.unplugged = true;
		return true;
	}
	/* Before a container, so that a host that clears the halt finds all of it. */
	if (faults->stall_after && usb->sent >= faults->stall_after && !usb->to_host->at) {
		log_info("fault: stall");
		faults->stall_after = 0;
		usb->halted_in = true;
		while (usb->in)
			complete(usb, &usb->in, USBIP_STATUS_PIPE, 0);
		return true;
	}
	if (faults->hang_after && usb->sent >= faults->hang_after) {
		log_info("fault: hang");
		faults->hang_after = 0;
		usb->hung = true;
		return true;
	}
	return false;
}

/*
 * One URB takes bytes of one container only: a short packet, or an empty one, ends the transfer. A
 * URB that has no room for the next packet gets what the host controller would say: overflow.
 */
static void fill_urb(struct sim_usb *usb, struct usb_urb **urbs, struct sim_packets **queue)
{
	struct sim_packets *packets = *queue;
	struct usb_urb *urb = *urbs;
	size_t left = packets->bytes.len - packets->at;
	size_t whole = urb->len - urb->len % SIM_MAX_PACKET;
	size_t now = left <= whole ? left : whole;

	if (left > whole && left - whole < SIM_MAX_PACKET && left <= urb->len)
		now = left;
	if (left > urb->len && urb->len % SIM_MAX_PACKET) {
		memcpy(urb->data, packets->bytes.data + packets->at, urb->len);
		packets->at += now;
		complete(usb, urbs, USBIP_STATUS_OVERFLOW, urb->len);
		return;
	}
	if (now)
		memcpy(urb->data, packets->bytes.data + packets->at, now);
	packets->at += now;
	usb->sent += now;
	if (packets->at == packets->bytes.len && !(packets->zero_length && now == urb->len))
		packets_pop(queue);
	complete(usb, urbs, USBIP_STATUS_OK, now);
}

static void pump(struct sim_usb *usb)
{
	while (usb->connection && !usb->hung && usb->in && usb->to_host && !fault_strikes(usb))
		fill_urb(usb, &usb->in, &usb->to_host);
	while (usb->connection && !usb->hung && usb->event && usb->events)
		fill_urb(usb, &usb->event, &usb->events);
}

void sim_usb_send(struct sim_usb *usb, struct sim_buffer *container)
{
	if (!usb->connection) {
		sim_buffer_free(container);
		return;
	}
	packets_append(&usb->to_host, container);
	pump(usb);
}

void sim_usb_send_event(struct sim_usb *usb, struct sim_buffer *container)
{
	size_t waiting = 0;

	for (const struct sim_packets *events = usb->events; events; events = events->next)
		waiting++;
	/* A host that never listens must not make the queue grow. */
	if (!usb->connection || waiting >= MAX_EVENTS) {
		sim_buffer_free(container);
		return;
	}
	packets_append(&usb->events, container);
	pump(usb);
}

bool sim_usb_sending(const struct sim_usb *usb)
{
	return usb->to_host && usb->to_host->at < usb->to_host->bytes.len;
}

/* Halts both bulk pipes, drops what was queued on them. */
static void stall(struct sim_usb *usb)
{
	usb->halted_in = usb->halted_out = true;
	sim_buffer_free(&usb->out);
	while (usb->to_host)
		packets_pop(&usb->to_host);
	while (usb->connection && usb->in)
		complete(usb, &usb->in, USBIP_STATUS_PIPE, 0);
}

void sim_usb_flush(struct sim_usb *usb)
{
	usb->halted_in = usb->halted_out = usb->halted_event = usb->hung = false;
	usb->cancelled = 0;
	sim_buffer_free(&usb->out);
	while (usb->to_host)
		packets_pop(&usb->to_host);
	while (usb->events)
		packets_pop(&usb->events);
}

/*
 * The host may cut a container into transfers as it likes, as long as every one but the last is of
 * whole packets. Anything else, or more bytes than announced, is a mismatch: stall.
 */
static int take_out(struct sim_usb *usb, const uint8_t *data, size_t len)
{
	uint32_t announced;
	int err = 0;

	if (usb->disk)
		return -1; /* a disk wants command blocks */
	if (!len && !usb->out.len)
		return 0; /* the zero-length packet behind a container of whole packets */
	if (!usb->out.len && len < SIM_CONTAINER_HEADER)
		return -1;
	sim_buffer_append(&usb->out, data, len);
	announced = get_le32(usb->out.data);
	if (announced < SIM_CONTAINER_HEADER || announced > SIM_MAX_CONTAINER ||
		usb->out.len > announced)
		return -1;
	if (usb->out.len == announced) {
		struct sim_buffer whole = usb->out;

		usb->out = (struct sim_buffer){ 0 };
		err = usb->owner_ops->container(usb->owner, whole.data, whole.len);
		sim_buffer_free(&whole);
		return err;
	}
	return len % SIM_MAX_PACKET || !len ? -1 : 0;
}

static void submit_out(struct sim_usb *usb, struct usb_urb *urb)
{
	struct usbip_connection *connection = usb->connection;
	uint8_t *data = urb->data;
	size_t len = urb->len;

	if (usb->halted_out) {
		usb_urb_complete(connection, urb, USBIP_STATUS_PIPE, 0);
		return;
	}
	if (usb->hung) /* swallowed, as a camera does whose buffer still has room */
		len = 0;
	else if (take_out(usb, data, len) < 0) {
		usb_urb_complete(connection, urb, USBIP_STATUS_PIPE, 0);
		stall(usb);
		return;
	}
	usb_urb_complete(connection, urb, USBIP_STATUS_OK, urb->len);
}

static void usb_submit(struct usb_device *device, struct usb_urb *urb)
{
	struct sim_usb *usb = usb_of(device);
	int answer;

	if ((urb->ep & 0x7f) && !usb->configuration) { /* pipes exist once a configuration is set */
		usb_urb_complete(usb->connection, urb, USBIP_STATUS_PIPE, 0);
		return;
	}
	switch (urb->ep) {
	case 0x00:
	case 0x80:
		answer = sim_usb_control(usb, urb->setup, urb->data, urb->len);
		if (answer < 0)
			usb_urb_complete(usb->connection, urb, USBIP_STATUS_PIPE, 0);
		else
			usb_urb_complete(usb->connection, urb, USBIP_STATUS_OK,
				urb->ep ? (size_t)answer : urb->len);
		pump(usb);
		return;
	case SIM_EP_OUT:
		submit_out(usb, urb);
		return;
	case SIM_EP_IN:
	case SIM_EP_EVENT:
		if (urb->ep == SIM_EP_IN ? usb->halted_in : usb->halted_event) {
			usb_urb_complete(usb->connection, urb, USBIP_STATUS_PIPE, 0);
			return;
		}
		urb_append(urb->ep == SIM_EP_IN ? &usb->in : &usb->event, urb);
		pump(usb);
		return;
	default:
		usb_urb_complete(usb->connection, urb, USBIP_STATUS_PIPE, 0);
	}
}

static bool usb_unlink(struct usb_device *device, struct usb_urb *urb)
{
	struct sim_usb *usb = usb_of(device);

	return urb_remove(&usb->in, urb) || urb_remove(&usb->event, urb);
}

static void start_over(struct sim_usb *usb)
{
	sim_usb_flush(usb);
	usb->configuration = 0;
	usb->owner_ops->reset(usb->owner);
}

static void usb_attach(struct usb_device *device, struct usbip_connection *connection)
{
	struct sim_usb *usb = usb_of(device);

	usb->connection = connection;
	usb->in = usb->event = NULL;
	start_over(usb);
}

static void usb_reset(struct usb_device *device)
{
	start_over(usb_of(device));
}

static void usb_detach(struct usb_device *device)
{
	struct sim_usb *usb = usb_of(device);

	usb->connection = NULL;
	usb->in = usb->event = NULL;
	start_over(usb);
}

static void usb_wake(struct usb_device *device)
{
	struct sim_usb *usb = usb_of(device);

	usb->owner_ops->wake(usb->owner);
}

static void usb_readable(struct usb_device *device)
{
	struct sim_usb *usb = usb_of(device);

	usb->owner_ops->readable(usb->owner);
}

static const struct usb_device_ops ops = {
	.attach = usb_attach,
	.submit = usb_submit,
	.unlink = usb_unlink,
	.reset = usb_reset,
	.detach = usb_detach,
	.wake = usb_wake,
	.readable = usb_readable,
};

void sim_usb_init(struct sim_usb *usb, const char *busid, uint16_t vendor, uint16_t product)
{
	struct usbip_device_info *info = &usb->device.info;

	*usb = (struct sim_usb){ .device = { .ops = &ops, .wake_at = deadline_never(), .fd = -1 } };
	snprintf(info->busid, sizeof(info->busid), "%s", busid);
	snprintf(info->path, sizeof(info->path), "/sys/devices/simulated/usb1/%s", busid);
	info->busnum = 1;
	info->devnum = 2;
	info->speed = USBIP_SPEED_HIGH;
	info->vendor = vendor;
	info->product = product;
	info->bcd_device = 0x0002;
	info->configuration_value = 1;
	info->num_configurations = 1;
	info->num_interfaces = 1;
	info->interfaces[0] = (struct usbip_interface){ 6, 1, 1 };
}

void sim_usb_be_disk(struct sim_usb *usb)
{
	usb->disk = true;
	usb->device.info.interfaces[0] = (struct usbip_interface){ 8, 6, 80 };
}

void sim_usb_free(struct sim_usb *usb)
{
	sim_usb_flush(usb);
}
