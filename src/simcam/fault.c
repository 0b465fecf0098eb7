/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things that go wrong on demand: what they are called, and what they do to a transaction. */
#include "simcam/fault.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "simcam/camera.h"

#define LATE_NSEC   (2 * NSEC_PER_SEC)
#define BUSY_NSEC   (3 * NSEC_PER_SEC)
#define VANISH_NSEC (2 * NSEC_PER_SEC)
#define RESET_NSEC  (50 * NSEC_PER_MSEC)
/* Beyond the announced length: more than a packet, so that a host that looks at the length sees it. */
#define TOO_MUCH 700

static const struct {
	const char *name;
	enum sim_fault_kind kind;
} kinds[] = {
	{ "stall", FAULT_STALL },
	{ "hang", FAULT_HANG },
	{ "late", FAULT_LATE },
	{ "truncated", FAULT_TRUNCATED },
	{ "oversized", FAULT_OVERSIZED },
	{ "garbage", FAULT_GARBAGE },
	{ "busy", FAULT_BUSY },
	{ "id", FAULT_ID },
	{ "session", FAULT_SESSION },
	{ "reset", FAULT_RESET },
	{ "vanish", FAULT_VANISH },
};

static const char *name_of(enum sim_fault_kind kind)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "?";
}

static int parse_at(struct sim_faults *faults, const char *name, size_t len, uint64_t number,
	struct orc_error *err)
{
	struct sim_fault *fault = NULL;
	size_t i;

	if (number > UINT64_MAX - faults->transactions)
		return orc_fail(err, ORC_EUSAGE, "too many transactions: %s", name);
	for (i = 0; i < SIM_FAULTS_MAX && !fault; i++)
		if (faults->at[i].kind == FAULT_NONE)
			fault = &faults->at[i];
	if (!fault)
		return orc_fail(err, ORC_EUSAGE, "more than %d faults", SIM_FAULTS_MAX);
	for (i = 0; i < ARRAY_LENGTH(kinds); i++) {
		if (strlen(kinds[i].name) != len || strncmp(kinds[i].name, name, len) != 0)
			continue;
		*fault = (struct sim_fault){ kinds[i].kind, faults->transactions + number };
		return 0;
	}
	return orc_fail(err, ORC_EUSAGE, "no such fault: %s", name);
}

int sim_fault_parse(struct sim_faults *faults, const char *text, struct orc_error *err)
{
	size_t len = strcspn(text, "=@");
	unsigned long long number = 0;
	char *end = NULL;
	const struct {
		const char *name;
		uint64_t *count;
	} counts[] = {
		{ "unplug-after", &faults->unplug_after },
		{ "stall-after", &faults->stall_after },
		{ "hang-after", &faults->hang_after },
		{ "busy", &faults->busy },
	};

	errno = 0;
	if (text[len])
		number = strtoull(text + len + 1, &end, 10);
	if (!number || !isdigit((unsigned char)text[len + 1]) || *end || errno)
		return orc_fail(err, ORC_EUSAGE, "not a fault: %s", text);
	if (text[len] == '@')
		return parse_at(faults, text, len, number, err);
	for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
		if (strlen(counts[i].name) == len && !strncmp(text, counts[i].name, len)) {
			*counts[i].count = number;
			return 0;
		}
	}
	return orc_fail(err, ORC_EUSAGE, "no such fault: %s", text);
}

static void come_back(struct sim_camera *camera)
{
	camera->usb.device.unplugged = false;
}

void sim_power(struct sim_camera *camera, bool on)
{
	struct usb_device *device = &camera->usb.device;

	sim_never(camera, come_back);
	camera->faults.busy_until = 0;
	if (!on) {
		device->unplugged = true;
		camera->body->switched_off(camera);
	} else if (device->unplugged && camera->usb.connection) {
		/* Its client is not cut off yet: that is done between two calls. */
		sim_at(camera, clock_now_nsec() + RESET_NSEC, come_back);
	} else {
		device->unplugged = false;
	}
}

bool sim_is_off(const struct sim_camera *camera)
{
	return camera->usb.device.unplugged && !sim_pending(camera, come_back);
}

static void send_late(struct sim_camera *camera)
{
	struct sim_faults *faults = &camera->faults;

	for (size_t i = 0; i < faults->late_count; i++)
		sim_usb_send(&camera->usb, &faults->late[i]);
	faults->late_count = 0;
}

static enum sim_fault_kind next(struct sim_faults *faults)
{
	enum sim_fault_kind kind = FAULT_NONE;

	faults->transactions++;
	for (size_t i = 0; i < SIM_FAULTS_MAX; i++) {
		if (faults->at[i].kind == FAULT_NONE || faults->at[i].at != faults->transactions)
			continue;
		kind = faults->at[i].kind;
		faults->at[i].kind = FAULT_NONE;
	}
	return kind;
}

static void leave_bus(struct sim_camera *camera, nsec_t nsec)
{
	camera->usb.device.unplugged = true;
	sim_at(camera, clock_now_nsec() + nsec, come_back);
}

enum sim_fault_verdict sim_fault_command(struct sim_camera *camera)
{
	struct sim_faults *faults = &camera->faults;

	faults->now = next(faults);
	if (faults->now != FAULT_NONE)
		log_info("fault: %s", name_of(faults->now));
	switch (faults->now) {
	case FAULT_STALL:
		return FAULT_REFUSED;
	case FAULT_HANG:
		camera->usb.hung = true;
		return FAULT_SWALLOWED;
	case FAULT_RESET:
		leave_bus(camera, RESET_NSEC);
		return FAULT_SWALLOWED;
	case FAULT_VANISH:
		leave_bus(camera, VANISH_NSEC);
		return FAULT_SWALLOWED;
	case FAULT_SESSION:
		ptp_end_session(&camera->ptp);
		return FAULT_GOES_ON;
	case FAULT_BUSY:
		faults->busy_until = clock_now_nsec() + BUSY_NSEC;
		break;
	default:
		break;
	}
	return faults->busy_until > clock_now_nsec() ? FAULT_IS_BUSY : FAULT_GOES_ON;
}

static uint8_t noise(struct sim_faults *faults)
{
	faults->noise = faults->noise * 1664525 + 1013904223;
	return (uint8_t)(faults->noise >> 24);
}

bool sim_fault_send(struct sim_camera *camera, struct sim_buffer *container)
{
	struct sim_faults *faults = &camera->faults;
	static const uint8_t nothing[TOO_MUCH];
	bool response = get_le16(container->data + 4) == PTP_RESPONSE;

	switch (faults->now) {
	case FAULT_LATE:
		if (faults->late_count == SIM_LATE_MAX)
			return false;
		faults->late[faults->late_count++] = *container;
		*container = (struct sim_buffer){ 0 };
		sim_at(camera, clock_now_nsec() + LATE_NSEC, send_late);
		return true;
	case FAULT_TRUNCATED:
		container->len -= container->len / 3;
		break;
	case FAULT_OVERSIZED:
		sim_buffer_append(container, nothing, sizeof(nothing));
		break;
	case FAULT_GARBAGE:
		for (size_t i = 0; i < container->len; i++)
			container->data[i] = noise(faults);
		break;
	case FAULT_ID:
		if (!response)
			return false;
		put_le32(container->data + 8, get_le32(container->data + 8) + 7);
		break;
	default:
		return false;
	}
	/* One container of a transaction is enough. */
	faults->now = FAULT_NONE;
	return false;
}

void sim_fault_forget(struct sim_camera *camera)
{
	struct sim_faults *faults = &camera->faults;

	for (size_t i = 0; i < faults->late_count; i++)
		sim_buffer_free(&faults->late[i]);
	faults->late_count = 0;
	faults->now = FAULT_NONE;
	sim_never(camera, send_late);
}
