/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: a camera on this machine's own USB, before anybody opens it. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/textfile.h"
#include "cmd/doctor.h"
#include "iolib/known.h"

static bool is_named(const struct doctor *doctor, const struct usbip_device_info *device)
{
	char port[32];

	snprintf(port, sizeof(port), "usb:%03u,%03u", device->busnum, device->devnum);
	return strcmp(doctor->key, port) == 0;
}

static bool is_any(const struct doctor *doctor)
{
	return strncmp(doctor->key, "usb:", 4) != 0 || !doctor->key[4];
}

/* The one that is named; else a camera, else what may be one in a disk's clothes. */
static const struct sysfs_device *choose(const struct doctor *doctor)
{
	const struct sysfs_device *disk = NULL, *at;
	bool any = is_any(doctor);

	for (at = doctor->local; at < doctor->local + doctor->local_count; at++) {
		if (any ? known_camera(&at->info) : is_named(doctor, &at->info))
			return at;
		if (any && !disk && known_disk(&at->info))
			disk = at;
	}
	return disk;
}

/* Where any camera will do, it is for whoever opens one to say that there is none at all. */
static void tell_none(const struct doctor *doctor, struct finding *finding)
{
	if (is_any(doctor)) {
		finding_note(finding, "nothing on this machine's USB shows itself as a camera");
		finding_remedy(finding, "switch it on, try another cable");
		return;
	}
	finding_problem(finding, ORC_ENOCAMERA, "there is no device on %s", doctor->key);
	finding_remedy(finding,
		"opencamrc list shows where cameras are: after plugging in it is "
		"another number");
}

static void look_usb(struct doctor *doctor, struct finding *finding)
{
	char name[192];

	if (sysfs_devices(doctor->places->vhci->devices, &doctor->local, &doctor->local_count) == 0)
		doctor->local_device = choose(doctor);
	if (!doctor->local_device) {
		tell_none(doctor, finding);
		return;
	}
	doctor->device = &doctor->local_device->info;
	doctor_device_name(doctor->device, doctor->local_device, name, sizeof(name));
	finding_ok(finding, "usb:%03u,%03u: %s%s", doctor->device->busnum, doctor->device->devnum,
		name, doctor->local_device->imported ? ", of another machine" : "");
}

static void look_driver(struct doctor *doctor, struct finding *finding)
{
	const struct sysfs_device *local = doctor->local_device;

	if (!local || strcmp(local->driver, "usbip-host") != 0)
		return;
	finding_problem(finding, ORC_EBUSY,
		"it is bound to usbip-host: shared with others, and not to be used here");
	finding_remedy(finding, "use it as they do, with -r localhost; or sudo usbip unbind -b %s",
		local->info.busid);
}

static const char *node_path(const struct doctor *doctor, char *path, size_t size)
{
	return path_print(path, size, "%s/%03u/%03u", doctor->places->vhci->nodes,
		doctor->device->busnum, doctor->device->devnum);
}

static void look_permission(struct doctor *doctor, struct finding *finding)
{
	const struct group *group = NULL;
	char path[PATH_MAX];
	struct stat status;

	if (!doctor->local_device)
		return;
	node_path(doctor, path, sizeof(path));
	if (access(path, R_OK | W_OK) == 0) {
		finding_ok(finding, "%s may be read and written", path);
		return;
	}
	finding_problem(finding, errno == ENOENT ? ORC_ENOCAMERA : ORC_EREFUSED, "%s: %s", path,
		strerror(errno));
	if (stat(path, &status) == 0 && status.st_gid != 0 && status.st_mode & S_IWGRP)
		group = getgrgid(status.st_gid);
	if (group)
		finding_remedy(
			finding, "sudo usermod -aG %s $USER, then log in again", group->gr_name);
	else
		finding_remedy(finding,
			"udev must let you: its rules are in the package "
			"libgphoto2-6; then plug the camera in again");
}

static void look_holder(struct doctor *doctor, struct finding *finding)
{
	struct camera_holder holder;
	char port[32];
	pid_t owner;

	if (!doctor->local_device)
		return;
	snprintf(port, sizeof(port), "usb:%03u,%03u", doctor->device->busnum,
		doctor->device->devnum);
	if (camera_holder_find(doctor->places->holder, port, &holder) < 0) {
		finding_ok(finding, "no program that can be seen has it open");
		return;
	}
	if (doctor_owner(doctor, &owner) && owner == holder.pid) {
		finding_ok(
			finding, "an opencamrc on this machine has it (process %ld)", (long)owner);
		return;
	}
	finding_problem(finding, ORC_EBUSY, "%s has it", holder.name);
	finding_remedy(finding, "%s", holder.remedy);
}

const struct doctor_check doctor_local_checks[] = {
	{ "usb", look_usb },
	{ "mode", doctor_look_mode },
	{ "driver", look_driver },
	{ "permission", look_permission },
	{ "holder", look_holder },
	{ NULL, NULL },
};
