/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: versions with known faults. */
#include <stdlib.h>
#include <string.h>

#include "cmd/doctor.h"

static const struct doctor_fault faults[] = {
	{ "libgphoto2", "2.5.32", "2.5.33",
		"it lists the card's first folder anew for every file, so captures and downloads "
		"get slow, most of all with a Nikon",
		"update libgphoto2 to 2.5.34 or later",
		"gphoto/libgphoto2#1177; ptp_list_folder() of 2.5.31, 2.5.32 and 2.5.34" },
	{ "libgphoto2", "2.5.32", "2.5.32", "a capture may crash it",
		"update libgphoto2 to 2.5.34 or later", "libgphoto2's NEWS of 2.5.33" },
	{ "libgphoto2", "2.5.33", "2.5.33", "it cannot set the white balance of some Canon EOS",
		"update libgphoto2 to 2.5.34 or later", "gphoto/libgphoto2#1250" },
	{ "libgphoto2", "2.5.28", "2.5.28", "the live view of a Fujifilm may crash it",
		"update libgphoto2 to 2.5.29 or later", "libgphoto2's NEWS of 2.5.29" },
	{ "libgphoto2", "2.5", "2.5.25", "an Olympus OM-D takes 65 s more after each capture",
		"update libgphoto2 to 2.5.26 or later", "libgphoto2's NEWS of 2.5.26" },
	{ "usbip-host", "0", NULL,
		"as a server it may lose a camera, until it is restarted, when a client cancels "
		"what it asked for",
		"opencamrc cancels nothing that works; other clients do: see dmesg",
		"stub_recv_cmd_unlink() in drivers/usb/usbip/stub_rx.c, seen with 6.1" },
	{ "vhci-hcd", "0", "5.3",
		"it cuts what is read into pieces of 16 KiB, each of which waits for the network",
		"use the camera with -r instead of attach, or Linux 5.4 or later",
		"Linux ea44d190764b, \"usbip: Implement SG support to vhci-hcd and stub driver\"" },
	{ "v4l2loopback", "0.12", "0.12",
		"with exclusive_caps it takes no writer after one that ended as ffmpeg does",
		"liveview --v4l2 puts that right by itself; for others update to 0.13",
		"vidioc_streamon() of 0.12.7; put_right() in src/v4l2/loopback.c" },
};

int doctor_compare_versions(const char *version, const char *with)
{
	char *end_a, *end_b;
	long a, b;

	for (;;) {
		a = strtol(version, &end_a, 10);
		b = strtol(with, &end_b, 10);
		if (end_b == with)
			return 0;
		if (end_a == version)
			a = 0;
		if (a != b)
			return a < b ? -1 : 1;
		version = *end_a == '.' ? end_a + 1 : end_a + strlen(end_a);
		with = *end_b == '.' ? end_b + 1 : end_b + strlen(end_b);
	}
}

const struct doctor_fault *doctor_next_fault(
	const struct doctor_fault *fault, const char *component, const char *version)
{
	for (fault = fault ? fault + 1 : faults; fault < faults + ARRAY_LENGTH(faults); fault++)
		if (strcmp(fault->component, component) == 0 &&
			doctor_compare_versions(version, fault->first) >= 0 &&
			(!fault->last || doctor_compare_versions(version, fault->last) <= 0))
			return fault;
	return NULL;
}
