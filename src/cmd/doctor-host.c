/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: this machine's libraries, and what its kernel has. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/textfile.h"
#include "camera/drivers.h"
#include "cmd/doctor.h"
#include "session/sandbox.h"

#define LOAD_LOOPBACK "sudo modprobe v4l2loopback exclusive_caps=1 card_label=Camera video_nr=9"

/* A version that is well, or what is wrong with it. */
static void tell_faults(
	struct finding *finding, const char *component, const char *version, const char *well)
{
	const struct doctor_fault *fault = doctor_next_fault(NULL, component, version);
	char symptoms[sizeof(finding->found) - 64];
	size_t len = 0;

	if (!fault) {
		finding_ok(finding, "%s", well);
		return;
	}
	finding_remedy(finding, "%s", fault->remedy);
	for (; fault && len < sizeof(symptoms);
		fault = doctor_next_fault(fault, component, version))
		len += (size_t)snprintf(symptoms + len, sizeof(symptoms) - len, "%s%s",
			len ? "; " : "", fault->symptom);
	finding_note(finding, "%.60s: %s", well, symptoms);
}

static void look_port_driver(struct doctor *doctor, struct finding *finding)
{
	cleanup_free char *folder = NULL;
	struct orc_error err = { 0 };

	(void)doctor;
	if (camera_drivers_own_folder(&folder, &err) == 0)
		finding_ok(finding, "usbip.so is in %s", folder);
	else
		finding_error(finding, &err);
}

static void look_libgphoto2(struct doctor *doctor, struct finding *finding)
{
	const char *version = camera_library_version();

	(void)doctor;
	tell_faults(finding, "libgphoto2", version, version);
	if (finding->state == FINDING_OK)
		finding_ok(finding, "%s, of which no fault is known here", version);
}

static void read_release(const struct doctor *doctor, char *release, size_t size)
{
	file_read_words(doctor->places->release, release, size);
}

static bool is_listed(const char *path, const char *file)
{
	FILE *list = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (list && !found && getline(&line, &size, list) >= 0) {
		line[strcspn(line, ":\n")] = '\0';
		found = strstr(line, file) != NULL;
	}
	free(line);
	if (list)
		fclose(list);
	return found;
}

/* Could modprobe load it? In a folder of folders with lists of them, or (OpenWrt) a flat one. */
static bool has_module(const struct doctor *doctor, const char *name)
{
	static const char *const lists[] = { "modules.dep", "modules.builtin" };
	char release[128], path[PATH_MAX], file[64];

	read_release(doctor, release, sizeof(release));
	snprintf(file, sizeof(file), "/%s.ko", name);
	path_print(path, sizeof(path), "%s/%s%s", doctor->places->modules, release, file);
	if (access(path, F_OK) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
		path_print(
			path, sizeof(path), "%s/%s/%s", doctor->places->modules, release, lists[i]);
		if (is_listed(path, file))
			return true;
	}
	return false;
}

/* Only where this machine itself shares devices. */
static void look_usbip_host(struct doctor *doctor, struct finding *finding)
{
	char release[128], well[160];

	if (access(doctor->places->usbip_host, F_OK) < 0)
		return;
	read_release(doctor, release, sizeof(release));
	snprintf(well, sizeof(well), "loaded, Linux %.100s", release);
	tell_faults(finding, "usbip-host", release, well);
}

static void look_vhci(struct doctor *doctor, struct finding *finding)
{
	cleanup_free struct vhci_port *ports = NULL;
	char release[128], text[4096], well[160];
	size_t count, used = 0, i;
	struct orc_error err = { 0 };

	if (!vhci_loaded(doctor->places->vhci)) {
		if (has_module(doctor, "vhci-hcd")) {
			finding_ok(finding, "not loaded; opencamrc attach loads it");
			return;
		}
		finding_note(finding,
			"this kernel has no vhci-hcd: attach does not work, all "
			"else does");
		file_read(doctor->places->vhci->os_release, memset(text, 0, sizeof(text)),
			sizeof(text) - 1);
		finding_remedy(finding, "%s", vhci_package(text));
		return;
	}
	if (vhci_ports(doctor->places->vhci, &ports, &count, &err) < 0) {
		finding_error(finding, &err);
		finding->state = FINDING_NOTE;
		return;
	}
	for (i = 0; i < count; i++)
		used += ports[i].state != VHCI_FREE;
	read_release(doctor, release, sizeof(release));
	snprintf(well, sizeof(well), "loaded, %zu of %zu ports in use", used, count);
	tell_faults(finding, "vhci-hcd", release, well);
}

static void tell_no_loopback(struct doctor *doctor, struct finding *finding)
{
	finding_note(finding, "not loaded: a webcam (liveview --v4l2) needs it, nothing else does");
	finding_remedy(finding, "%s" LOAD_LOOPBACK,
		has_module(doctor, "v4l2loopback") ? "" : "sudo apt install v4l2loopback-dkms; ");
}

/* The first device with which something is wrong. */
static bool tell_bad_device(const struct loopback_module *module, struct finding *finding)
{
	const struct loopback_device *device;

	for (device = module->devices; device < module->devices + module->count; device++) {
		if (device->exclusive == EXCLUSIVE_NO) {
			finding_note(finding,
				"%s shows both its sides at once, which browsers do not take for a "
				"webcam",
				device->node);
			finding_remedy(finding, "sudo modprobe -r v4l2loopback; " LOAD_LOOPBACK);
			return true;
		}
		if (!device->writable) {
			finding_note(finding, "%s may not be written by you", device->node);
			finding_remedy(finding, "sudo usermod -aG video $USER, then log in again");
			return true;
		}
	}
	return false;
}

static void look_loopback(struct doctor *doctor, struct finding *finding)
{
	struct loopback_module module;
	char well[160];

	if (loopback_look(doctor->places->loopback, &module) < 0)
		return;
	if (!module.loaded) {
		tell_no_loopback(doctor, finding);
	} else if (module.count == 0) {
		finding_note(finding, "%s is loaded, and has no device", module.version);
		finding_remedy(finding, "opencamrc liveview --v4l2 new makes one, from 0.13 on");
	} else if (!tell_bad_device(&module, finding)) {
		snprintf(well, sizeof(well), "%.20s, %s", module.version, module.devices[0].node);
		tell_faults(finding, "v4l2loopback", module.version, well);
	}
	loopback_module_free(&module);
}

static void look_sandbox(struct doctor *doctor, struct finding *finding)
{
	struct orc_error err = { 0 };

	(void)doctor;
	if (sandbox_check(&err) == 0)
		finding_ok(finding, "%s", sandbox_version());
	else
		finding_note(finding, "%s: `sandbox = yes` works only with it", err.why);
}

const struct doctor_check doctor_host_checks[] = {
	{ "port driver", look_port_driver },
	{ "libgphoto2", look_libgphoto2 },
	{ "usbip-host", look_usbip_host },
	{ "vhci-hcd", look_vhci },
	{ "v4l2loopback", look_loopback },
	{ "sandbox", look_sandbox },
	{ NULL, NULL },
};
