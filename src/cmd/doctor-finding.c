/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What doctor's checks find, and what they share. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/doctor.h"
#include "iolib/known.h"
#include "session/place.h"

const struct doctor_places doctor_system = {
	.vhci = &vhci_system,
	.holder = &holder_system,
	.loopback = &loopback_system,
	.usbip_host = "/sys/bus/usb/drivers/usbip-host",
	.modules = "/lib/modules",
	.release = "/proc/sys/kernel/osrelease",
};

__attribute__((format(printf, 3, 0))) static void put(
	struct finding *finding, enum finding_state state, const char *format, va_list ap)
{
	finding->state = state;
	vsnprintf(finding->found, sizeof(finding->found), format, ap);
}

void finding_ok(struct finding *finding, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put(finding, FINDING_OK, format, ap);
	va_end(ap);
}

void finding_note(struct finding *finding, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put(finding, FINDING_NOTE, format, ap);
	va_end(ap);
}

void finding_problem(struct finding *finding, enum orc_err code, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put(finding, FINDING_PROBLEM, format, ap);
	va_end(ap);
	finding->status = orc_exit_status(code, 0);
}

void finding_error(struct finding *finding, const struct orc_error *err)
{
	struct orc_error bare = *err;
	char line[sizeof(finding->found)];

	bare.hint[0] = '\0';
	finding_problem(finding, err->code, "%s", orc_error_line(&bare, line, sizeof(line)));
	finding_remedy(finding, "%s", err->hint);
}

void finding_remedy(struct finding *finding, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(finding->remedy, sizeof(finding->remedy), format, ap);
	va_end(ap);
}

void doctor_free(struct doctor *doctor)
{
	usbip_link_close(&doctor->link);
	free(doctor->devices);
	free(doctor->local);
	doctor->devices = NULL;
	doctor->local = NULL;
	doctor->device = NULL;
	doctor->local_device = NULL;
}

struct deadline doctor_soon(const struct doctor *doctor)
{
	return deadline_min(doctor->deadline, deadline_after_msec(doctor->timeout_msec));
}

static bool is_owned(const char *key, pid_t *pid)
{
	struct orc_error err = { 0 };
	cleanup_close int fd = place_connect(key, &err);

	return fd >= 0 && place_is_own(fd, pid);
}

bool doctor_owner(const struct doctor *doctor, pid_t *pid)
{
	struct usbip_address numeric = doctor->peer;
	char key[CAMERA_KEY_SIZE], text[USBIP_ADDRESS_TEXT_SIZE];

	if (is_owned(doctor->key, pid))
		return true;
	if (doctor->local_device) {
		snprintf(key, sizeof(key), "usb:%03u,%03u", doctor->device->busnum,
			doctor->device->devnum);
		return is_owned(key, pid);
	}
	if (!numeric.host[0])
		return false;
	/* As its owner calls itself. */
	memcpy(numeric.busid, doctor->device ? doctor->device->busid : doctor->server.busid,
		sizeof(numeric.busid));
	snprintf(key, sizeof(key), "usbip:%s", usbip_address_format(&numeric, text, sizeof(text)));
	return is_owned(key, pid);
}

const char *doctor_device_name(const struct usbip_device_info *device,
	const struct sysfs_device *local, char *buf, size_t size)
{
	const char *name = known_maker(device->vendor);

	if (local && local->product[0])
		name = local->product;
	if (name)
		snprintf(buf, size, "%s (%04x:%04x)", name, device->vendor, device->product);
	else
		snprintf(buf, size, "%04x:%04x", device->vendor, device->product);
	return buf;
}

const char *doctor_time(nsec_t nsec, char buf[16])
{
	double msec = (double)nsec / (double)NSEC_PER_MSEC;

	if (msec >= 1000)
		snprintf(buf, 16, "%.1f s", msec / 1000);
	else
		snprintf(buf, 16, "%.*f ms", msec < 1 ? 2 : msec < 10, msec);
	return buf;
}

void doctor_look_mode(struct doctor *doctor, struct finding *finding)
{
	const struct usbip_device_info *device = doctor->device;

	if (device && known_device(device) == KNOWN_CAMERA)
		finding_ok(finding, "set to pictures (PTP)");
	/* usbip-host tells of no interface, and old cameras have one of their maker's own kind. */
	if (!device || !known_disk(device))
		return;
	finding_problem(finding, ORC_ENOCAMERA,
		"it shows itself as a disk: its USB connection is set to mass storage");
	finding_remedy(finding,
		"set it to PTP or \"PC remote\" in the camera's menu, and plug it in "
		"again");
}
