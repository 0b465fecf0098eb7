/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor's checks of this machine against a made-up sysfs, proc and dev; versions; what a link allows. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "cmd/doctor.h"
#include "config.h"

#define NOBODY 65534

struct tree {
	char top[64];
	char paths[12][128];
	struct vhci vhci;
	struct holder_places holder;
	struct loopback_places loopback;
	struct doctor_places places;
	struct doctor doctor;
};

static const char *path_in(const struct tree *tree, const char *name, char buf[256])
{
	snprintf(buf, 256, "%s/%s", tree->top, name);
	return buf;
}

/* The folders above it are made. */
static void put(const struct tree *tree, const char *name, const char *text)
{
	char path[256], *slash;
	FILE *file;

	path_in(tree, name, path);
	for (slash = path + strlen(tree->top) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdir(path, 0755);
	}
	if (!text)
		return;
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void point(const struct tree *tree, const char *name, const char *target)
{
	char path[256];

	put(tree, name, NULL);
	assert_int_equal(symlink(target, path_in(tree, name, path)), 0);
}

static int set_up(void **state)
{
	static const char *const names[] = { "vhci_hcd", "records", "devices", "nodes",
		"os-release", "proc", "module", "video", "dev", "usbip-host", "modules",
		"release" };
	struct tree *tree = calloc(1, sizeof(*tree));

	strcpy(tree->top, "/tmp/test-doctor-XXXXXX");
	assert_non_null(mkdtemp(tree->top));
	assert_int_equal(chmod(tree->top, 0755), 0);
	/* No owner of the user's own is to be found. */
	setenv("XDG_RUNTIME_DIR", tree->top, 1);
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		snprintf(tree->paths[i], sizeof(tree->paths[i]), "%s/%s", tree->top, names[i]);
	tree->vhci = (struct vhci){ tree->paths[0], tree->paths[1], tree->paths[2], tree->paths[3],
		tree->paths[4] };
	tree->holder = (struct holder_places){ tree->paths[5], tree->paths[3] };
	tree->loopback = (struct loopback_places){ tree->paths[6], tree->paths[7], tree->paths[8] };
	tree->places = (struct doctor_places){ &tree->vhci, &tree->holder, &tree->loopback,
		tree->paths[9], tree->paths[10], tree->paths[11] };
	tree->doctor = (struct doctor){ .places = &tree->places,
		.timeout_msec = 1000,
		.deadline = deadline_never(),
		.key = "local",
		.link = { .fd = -1 } };
	put(tree, "release", "6.1.0-57-amd64\n");
	put(tree, "os-release", "ID=debian\n");
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;
	char command[128];

	doctor_free(&tree->doctor);
	snprintf(command, sizeof(command), "rm -rf '%s'", tree->top);
	assert_int_equal(system(command), 0);
	free(tree);
	return 0;
}

static int remove_file(const struct tree *tree, const char *name)
{
	char path[256];

	return unlink(path_in(tree, name, path));
}

/* A device with one interface of a class; number is that of its node. */
static void add_device(const struct tree *tree, const char *busid, const char *vendor,
	const char *number, const char *class)
{
	const struct {
		const char *file, *text;
	} files[] = { { "busnum", "1" }, { "devnum", number }, { "idVendor", vendor },
		{ "idProduct", "327f" }, { "bDeviceClass", "00" }, { "product", "Camera" } };
	char name[128];

	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		snprintf(name, sizeof(name), "devices/%s/%s", busid, files[i].file);
		put(tree, name, files[i].text);
	}
	snprintf(name, sizeof(name), "devices/%s:1.0/bInterfaceClass", busid);
	put(tree, name, class);
	snprintf(name, sizeof(name), "devices/%s:1.0/bInterfaceSubClass", busid);
	put(tree, name, "01");
	snprintf(name, sizeof(name), "nodes/001/%03d", atoi(number));
	put(tree, name, "");
}

/* What a check of that name finds, those before it having been made up to the first problem. */
static struct finding look(
	struct tree *tree, const struct doctor_check *checks, const char *name, bool each)
{
	struct finding finding = { 0 };

	doctor_free(&tree->doctor);
	for (; checks->name; checks++) {
		finding = (struct finding){ 0 };
		checks->look(&tree->doctor, &finding);
		if (strcmp(checks->name, name) == 0)
			return finding;
		if (!each && finding.state == FINDING_PROBLEM)
			fail_msg("%s: %s", checks->name, finding.found);
	}
	fail_msg("no check %s", name);
	return finding;
}

static struct finding look_local(struct tree *tree, const char *name)
{
	return look(tree, doctor_local_checks, name, false);
}

static struct finding look_host(struct tree *tree, const char *name)
{
	return look(tree, doctor_host_checks, name, true);
}

static void expect(const struct finding *finding, enum finding_state state, const char *found,
	const char *remedy)
{
	if (finding->state != state || !strstr(finding->found, found) ||
		!strstr(finding->remedy, remedy))
		fail_msg("state %d: \"%s\" (%s)", finding->state, finding->found, finding->remedy);
}

static void a_machine_without_a_camera_has_none(void **state)
{
	struct tree *tree = *state;
	struct finding finding = look_local(tree, "usb");

	expect(&finding, FINDING_NOTE, "nothing on this machine's USB", "cable");
	/* A hub, a keyboard and a printer of a camera's maker are none. */
	add_device(tree, "1-2", "04a9", "5", "07");
	add_device(tree, "1-3", "046d", "6", "03");
	finding = look_local(tree, "usb");
	expect(&finding, FINDING_NOTE, "nothing", "");
	/* Nor is there anything else to be said of it. */
	for (size_t i = 1; doctor_local_checks[i].name; i++) {
		finding = (struct finding){ 0 };
		doctor_local_checks[i].look(&tree->doctor, &finding);
		assert_int_equal(finding.state, FINDING_NONE);
	}
}

static void a_camera_is_found_among_others_and_all_is_well(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

	add_device(tree, "1-1", "0781", "3", "08");
	add_device(tree, "1-4.2", "04a9", "12", "06");
	put(tree, "devices/usb1/busnum", "1");
	finding = look_local(tree, "usb");
	expect(&finding, FINDING_OK, "usb:001,012: Camera (04a9:327f)", "");
	finding = look_local(tree, "mode");
	expect(&finding, FINDING_OK, "PTP", "");
	finding = look_local(tree, "permission");
	expect(&finding, FINDING_OK, "nodes/001/012 may be read", "");
	put(tree, "proc/17/fd/", NULL);
	finding = look_local(tree, "holder");
	expect(&finding, FINDING_OK, "no program", "");
}

static void a_port_that_is_named_is_the_one(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

	add_device(tree, "1-1", "04a9", "3", "06");
	add_device(tree, "1-2", "04b0", "4", "06");
	strcpy(tree->doctor.key, "usb:001,004");
	finding = look_local(tree, "usb");
	expect(&finding, FINDING_OK, "usb:001,004: Camera (04b0:327f)", "");
	strcpy(tree->doctor.key, "usb:001,009");
	finding = look_local(tree, "usb");
	expect(&finding, FINDING_PROBLEM, "no device on usb:001,009", "opencamrc list");
	assert_int_equal(finding.status, 3);
}

static void a_camera_set_to_mass_storage_is_told(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

	add_device(tree, "1-1", "04a9", "3", "08");
	finding = look_local(tree, "mode");
	expect(&finding, FINDING_PROBLEM, "mass storage", "PTP");
	assert_int_equal(finding.status, 3);
	/* With a camera beside it, it is a card reader. */
	add_device(tree, "1-2", "04a9", "4", "06");
	finding = look_local(tree, "mode");
	expect(&finding, FINDING_OK, "PTP", "");
}

static void a_camera_bound_to_usbip_host_is_for_others(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

	add_device(tree, "1-1", "04a9", "3", "06");
	point(tree, "devices/1-1/driver", "../../bus/usb/drivers/usb");
	finding = look_local(tree, "driver");
	assert_int_equal(finding.state, FINDING_NONE);
	add_device(tree, "1-2", "04a9", "4", "06");
	point(tree, "devices/1-2/driver", "../../bus/usb/drivers/usbip-host");
	strcpy(tree->doctor.key, "usb:001,004");
	finding = look_local(tree, "driver");
	expect(&finding, FINDING_PROBLEM, "usbip-host", "usbip unbind -b 1-2");
	assert_int_equal(finding.status, 4);
}

static void who_holds_it_is_named_with_the_way_to_make_it_let_go(void **state)
{
	struct tree *tree = *state;
	struct finding finding;
	char node[256];

	add_device(tree, "1-1", "04a9", "3", "06");
	put(tree, "proc/4711/comm", "gvfsd-gphoto2\n");
	put(tree, "proc/4711/fd/", NULL);
	point(tree, "proc/4711/fd/9", path_in(tree, "nodes/001/003", node));
	finding = look_local(tree, "holder");
	expect(&finding, FINDING_PROBLEM, "gvfsd-gphoto2 (process 4711) has it",
		"gio mount -s gphoto2");
	assert_int_equal(finding.status, 4);
	put(tree, "proc/4711/comm", "dark\033table\n");
	finding = look_local(tree, "holder");
	expect(&finding, FINDING_PROBLEM, "dark?table (process 4711)", "end that program");
}

static int look_as_nobody(struct tree *tree)
{
	struct finding finding;
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (geteuid() == 0 && setuid(NOBODY) < 0)
			_exit(99);
		finding = look_local(tree, "permission");
		_exit(finding.state == FINDING_PROBLEM &&
					strstr(finding.found, "Permission denied") &&
					finding.remedy[0]
				? finding.status
				: 98);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void a_node_that_may_not_be_opened_is_told(void **state)
{
	struct tree *tree = *state;
	struct finding finding;
	char node[256];

	add_device(tree, "1-1", "04a9", "3", "06");
	path_in(tree, "nodes/001/003", node);
	assert_int_equal(chmod(node, 0), 0);
	assert_int_equal(look_as_nobody(tree), 1);
	assert_int_equal(unlink(node), 0);
	finding = look_local(tree, "permission");
	expect(&finding, FINDING_PROBLEM, "No such file", "udev");
	assert_int_equal(finding.status, 3);
}

static void the_virtual_host_controller_is_loaded_or_can_be_or_is_not_there(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

#ifndef HAVE_ATTACH
	skip();
#endif
	finding = look_host(tree, "vhci-hcd");
	expect(&finding, FINDING_NOTE, "no vhci-hcd", "linux-image");
	put(tree, "modules/6.1.0-57-amd64/modules.dep",
		"kernel/fs/ext4.ko:\nkernel/drivers/usb/usbip/vhci-hcd.ko: kernel/usbip-core.ko\n");
	finding = look_host(tree, "vhci-hcd");
	expect(&finding, FINDING_OK, "attach loads it", "");
	put(tree, "vhci_hcd.0/status",
		"hub port sta spd dev      sockfd local_busid\n"
		"hs  0000 006 003 00010002 000003 3-1\n"
		"ss  0001 004 000 00000000 000000 0-0\n");
	finding = look_host(tree, "vhci-hcd");
	expect(&finding, FINDING_OK, "1 of 2 ports in use", "");
	put(tree, "release", "4.19.0-27-armmp\n");
	finding = look_host(tree, "vhci-hcd");
	expect(&finding, FINDING_NOTE, "16 KiB", "5.4");
	put(tree, "vhci_hcd.0/status", "something else\n");
	finding = look_host(tree, "vhci-hcd");
	expect(&finding, FINDING_NOTE, "not known", "");
}

static void a_module_in_a_flat_folder_counts(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

	put(tree, "modules/6.1.0-57-amd64/vhci-hcd.ko", "");
	finding = look_host(tree, "vhci-hcd");
	expect(&finding, FINDING_OK, "attach loads it", "");
}

static void a_machine_that_shares_devices_is_told_of_its_kernels_fault(void **state)
{
	struct tree *tree = *state;
	struct finding finding = look_host(tree, "usbip-host");

	assert_int_equal(finding.state, FINDING_NONE);
	put(tree, "usbip-host/bind", "");
	finding = look_host(tree, "usbip-host");
	expect(&finding, FINDING_NOTE, "Linux 6.1.0-57-amd64", "dmesg");
}

static void a_webcams_module_and_its_devices_are_looked_at(void **state)
{
	struct tree *tree = *state;
	struct finding finding;

#ifndef HAVE_WEBCAM
	skip();
#endif
	finding = look_host(tree, "v4l2loopback");
	expect(&finding, FINDING_NOTE, "not loaded",
		"apt install v4l2loopback-dkms; sudo modprobe");
	put(tree, "modules/6.1.0-57-amd64/modules.dep", "updates/dkms/v4l2loopback.ko.xz: x.ko\n");
	finding = look_host(tree, "v4l2loopback");
	expect(&finding, FINDING_NOTE, "not loaded", "exclusive_caps=1");
	assert_null(strstr(finding.remedy, "apt"));
	put(tree, "module/version", "0.13.2\n");
	put(tree, "video/video0/name", "A real one\n");
	finding = look_host(tree, "v4l2loopback");
	expect(&finding, FINDING_NOTE, "no device", "--v4l2 new");
	put(tree, "video/video9/max_openers", "10\n");
	put(tree, "video/video9/name", "Camera\n");
	put(tree, "dev/video9", "");
	put(tree, "module/parameters/exclusive_caps", "N,N,N,N\n");
	finding = look_host(tree, "v4l2loopback");
	expect(&finding, FINDING_NOTE, "/dev/video9 shows both", "exclusive_caps=1");
	put(tree, "module/parameters/exclusive_caps", "Y,N,N,N\n");
	finding = look_host(tree, "v4l2loopback");
	expect(&finding, FINDING_OK, "0.13.2, ", "");
	assert_int_equal(remove_file(tree, "module/version"), 0);
	finding = look_host(tree, "v4l2loopback");
	expect(&finding, FINDING_NOTE, "takes no writer", "0.13");
}

static void versions_are_compared_by_number(void **state)
{
	(void)state;
	assert_true(doctor_compare_versions("2.5.9", "2.5.30") < 0);
	assert_true(doctor_compare_versions("2.5.30", "2.5.9") > 0);
	assert_int_equal(doctor_compare_versions("2.5.30", "2.5.30"), 0);
	assert_int_equal(doctor_compare_versions("5.3.18-lts", "5.3"), 0);
	assert_true(doctor_compare_versions("5.4", "5.3") > 0);
	assert_true(doctor_compare_versions("5.4", "5.4.1") < 0);
	assert_true(doctor_compare_versions("6.1.0-57-amd64", "5.3") > 0);
	assert_true(doctor_compare_versions("", "1") < 0);
	assert_int_equal(doctor_compare_versions("6.1-rc3", "6.1"), 0);
}

static size_t count_faults(const char *component, const char *version)
{
	const struct doctor_fault *fault = NULL;
	size_t count = 0;

	while ((fault = doctor_next_fault(fault, component, version))) {
		assert_non_null(fault->source);
		assert_non_null(fault->remedy);
		count++;
	}
	return count;
}

static void known_faults_are_those_of_the_version(void **state)
{
	(void)state;
	assert_int_equal(count_faults("libgphoto2", "2.5.30"), 0);
	assert_int_equal(count_faults("libgphoto2", "2.5.31"), 0);
	assert_int_equal(count_faults("libgphoto2", "2.5.32"), 2);
	assert_int_equal(count_faults("libgphoto2", "2.5.33"), 2);
	assert_int_equal(count_faults("libgphoto2", "2.5.33.1"), 2);
	assert_int_equal(count_faults("libgphoto2", "2.5.34"), 0);
	assert_int_equal(count_faults("libgphoto2", "2.5.28"), 1);
	assert_int_equal(count_faults("libgphoto3", "2.5.32"), 0);
	assert_int_equal(count_faults("vhci-hcd", "5.4.0"), 0);
	assert_int_equal(count_faults("usbip-host", "6.1.0"), 1);
}

#define assert_near(a, b) assert_true((a) > (b)*0.999 && (a) < (b)*1.001)

static void what_a_link_allows_follows_from_round_trips_and_rate(void **state)
{
	struct doctor_speed speed = {
		.round_trip_nsec = 10 * NSEC_PER_MSEC,
		.frame_bytes = 60000,
		.transactions = 3,
	};

	(void)state;
	assert_near(doctor_frames_per_sec(&speed), 1000.0 / 30);
	assert_true(doctor_waits_for_round_trips(&speed));
	speed.bytes_per_sec = 6e6;
	assert_near(doctor_frames_per_sec(&speed), 25.0);
	speed.bytes_per_sec = 6e5;
	assert_near(doctor_frames_per_sec(&speed), 1000.0 / 130);
	assert_false(doctor_waits_for_round_trips(&speed));
	assert_near(doctor_rate(10 * NSEC_PER_MSEC, 60000, 110 * NSEC_PER_MSEC), 6e5);
	/* What is left is noise, or nothing. */
	assert_true(doctor_rate(10 * NSEC_PER_MSEC, 60000, 10 * NSEC_PER_MSEC + 1) == 0);
	assert_true(doctor_rate(10 * NSEC_PER_MSEC, 60000, 9 * NSEC_PER_MSEC) == 0);
	assert_true(doctor_rate(0, 60000, 0) == 0);
	assert_true(doctor_frames_per_sec(&(struct doctor_speed){ 0 }) == 0);
}

static void a_time_has_two_digits(void **state)
{
	char buf[16];

	(void)state;
	assert_string_equal(doctor_time(70000, buf), "0.07 ms");
	assert_string_equal(doctor_time(3140000, buf), "3.1 ms");
	assert_string_equal(doctor_time(24400000, buf), "24 ms");
	assert_string_equal(doctor_time(2460000000, buf), "2.5 s");
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(a_machine_without_a_camera_has_none),
		WITH_TREE(a_camera_is_found_among_others_and_all_is_well),
		WITH_TREE(a_port_that_is_named_is_the_one),
		WITH_TREE(a_camera_set_to_mass_storage_is_told),
		WITH_TREE(a_camera_bound_to_usbip_host_is_for_others),
		WITH_TREE(who_holds_it_is_named_with_the_way_to_make_it_let_go),
		WITH_TREE(a_node_that_may_not_be_opened_is_told),
		WITH_TREE(the_virtual_host_controller_is_loaded_or_can_be_or_is_not_there),
		WITH_TREE(a_module_in_a_flat_folder_counts),
		WITH_TREE(a_machine_that_shares_devices_is_told_of_its_kernels_fault),
		WITH_TREE(a_webcams_module_and_its_devices_are_looked_at),
		cmocka_unit_test(versions_are_compared_by_number),
		cmocka_unit_test(known_faults_are_those_of_the_version),
		cmocka_unit_test(what_a_link_allows_follows_from_round_trips_and_rate),
		cmocka_unit_test(a_time_has_two_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
