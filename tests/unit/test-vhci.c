/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's virtual host controller, played by files: what is read of it, and what it is told. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "usbip/vhci.h"

#define HEADER "hub port sta spd dev      sockfd local_busid\n"

/* As Linux 6.1 writes it. */
static const char status_text[] = HEADER "hs  0000 006 003 00010002 000003 3-1\n"
					 "hs  0001 004 000 00000000 000000 0-0\n"
					 "hs  0002 005 003 00010005 000000 0-0\n"
					 "ss  0003 004 000 00000000 000000 0-0\n";

struct tree {
	char top[64];
	char controller[96], records[96], devices[96], os_release[96];
	struct vhci vhci;
};

static void put(const struct tree *tree, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void folder(const struct tree *tree, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void got(const struct tree *tree, const char *name, char *text, size_t size)
{
	char path[256];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", tree->top, name);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(text, 1, size - 1, file);
	text[len] = '\0';
	fclose(file);
}

static int set_up(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	strcpy(tree->top, "/tmp/test-vhci-XXXXXX");
	assert_non_null(mkdtemp(tree->top));
	snprintf(tree->controller, sizeof(tree->controller), "%s/vhci_hcd", tree->top);
	snprintf(tree->records, sizeof(tree->records), "%s/records", tree->top);
	snprintf(tree->devices, sizeof(tree->devices), "%s/devices", tree->top);
	snprintf(tree->os_release, sizeof(tree->os_release), "%s/os-release", tree->top);
	tree->vhci = (struct vhci){ tree->controller, tree->records, tree->devices, tree->top,
		tree->os_release };
	folder(tree, "vhci_hcd.0");
	folder(tree, "devices");
	put(tree, "vhci_hcd.0/status", status_text);
	put(tree, "vhci_hcd.0/attach", "");
	put(tree, "vhci_hcd.0/detach", "");
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", tree->top);
	assert_int_equal(system(command), 0);
	free(tree);
	return 0;
}

static void the_status_is_understood(void **state)
{
	struct vhci_port ports[8];

	(void)state;
	assert_int_equal(vhci_parse_status(status_text, ports, 8), 4);
	assert_int_equal(ports[0].number, 0);
	assert_int_equal(ports[0].state, VHCI_USED);
	assert_int_equal(ports[0].speed, USBIP_SPEED_HIGH);
	assert_int_equal(ports[0].devid, 0x10002);
	assert_string_equal(ports[0].device, "3-1");
	assert_false(ports[0].super_speed);
	assert_int_equal(ports[1].state, VHCI_FREE);
	assert_string_equal(ports[1].device, "");
	assert_int_equal(ports[2].state, VHCI_CONNECTING);
	assert_string_equal(ports[2].device, "");
	assert_true(ports[3].super_speed);
	assert_int_equal(ports[3].number, 3);
	assert_int_equal(vhci_parse_status(status_text, ports, 2), 2);
}

static void the_status_before_linux_4_13_is_understood(void **state)
{
	static const char text[] = "port sta spd dev      socket           local_busid\n"
				   "0000 004 000 00000000 0000000000000000 0-0\n"
				   "0001 006 002 00020003 ffff88003d8f5b00 1-2.3\n";
	struct vhci_port ports[8];

	(void)state;
	assert_int_equal(vhci_parse_status(text, ports, 8), 2);
	assert_int_equal(ports[1].number, 1);
	assert_int_equal(ports[1].devid, 0x20003);
	assert_string_equal(ports[1].device, "1-2.3");
	assert_false(ports[1].super_speed);
}

static void a_status_of_another_kind_is_refused(void **state)
{
	static const char *const texts[] = { "", "hub port", "hello\nworld\n",
		HEADER "hs  0000 004\n", HEADER "hs  zero 004 000 00000000 000000 0-0\n" };
	struct vhci_port ports[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		assert_int_equal(vhci_parse_status(texts[i], ports, 8), ORC_EPROTO);
	assert_int_equal(vhci_parse_status(HEADER, ports, 8), 0);
}

/* Every cut of it: an answer or an error, and never a read past the end. */
static void a_status_cut_short_does_no_harm(void **state)
{
	struct vhci_port ports[8];

	(void)state;
	for (size_t len = 0; len < sizeof(status_text); len++) {
		char *exact = strndup(status_text, len);
		int count = vhci_parse_status(exact, ports, 8);

		assert_true(count == ORC_EPROTO || (count >= 0 && count <= 4));
		free(exact);
	}
}

static void the_ports_of_all_controllers_are_listed(void **state)
{
	struct tree *tree = *state;
	struct orc_error err = { 0 };
	struct vhci_port *ports;
	size_t count;

	put(tree, "vhci_hcd.0/status.1", HEADER "hs  0004 006 003 00010009 000005 5-1\n");
	assert_int_equal(vhci_ports(&tree->vhci, &ports, &count, &err), 0);
	assert_int_equal(count, 5);
	assert_int_equal(ports[4].number, 4);
	assert_int_equal(ports[4].controller, 1);
	assert_int_equal(ports[0].controller, 0);
	free(ports);
	assert_int_equal(vhci_port_state(&tree->vhci, 4), VHCI_USED);
	assert_int_equal(vhci_port_state(&tree->vhci, 77), 0);
	tree->vhci.controller = "/nonexistent/vhci_hcd";
	assert_int_equal(vhci_ports(&tree->vhci, &ports, &count, &err), 0);
	assert_int_equal(count, 0);
	assert_false(vhci_loaded(&tree->vhci));
	free(ports);
}

static void records_are_those_of_usbip(void **state)
{
	struct tree *tree = *state;
	struct usbip_address address, back;
	struct orc_error err = { 0 };
	char text[128];

	assert_int_equal(usbip_address_parse(&address, "[fe80::1%eth0]:3241/1-1.2", &err), 0);
	assert_int_equal(vhci_record_write(&tree->vhci, 7, &address, &err), 0);
	got(tree, "records/port7", text, sizeof(text));
	assert_string_equal(text, "fe80::1%eth0 3241 1-1.2\n");
	assert_int_equal(vhci_record_read(&tree->vhci, 7, &back), 0);
	assert_true(vhci_record_matches(&back, &address));
	address.busid[0] = '\0';
	assert_true(vhci_record_matches(&back, &address));
	strcpy(address.busid, "1-1");
	assert_false(vhci_record_matches(&back, &address));
	vhci_record_remove(&tree->vhci, 7);
	assert_int_equal(vhci_record_read(&tree->vhci, 7, &back), ORC_ENOCAMERA);
	/* The folder went with its last file. */
	assert_int_not_equal(access(tree->records, F_OK), 0);
}

static void broken_records_are_none(void **state)
{
	static const char *const texts[] = { "", "\n", "host\n", "host 3240\n",
		"host 3240 1-1 more\n", "host 32403240 1-1\n" };
	struct tree *tree = *state;
	struct usbip_address address;

	folder(tree, "records");
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		put(tree, "records/port0", texts[i]);
		assert_int_equal(vhci_record_read(&tree->vhci, 0, &address), ORC_ENOCAMERA);
		assert_string_equal(address.host, "");
	}
}

static void add_device(const struct tree *tree)
{
	folder(tree, "devices/3-1");
	put(tree, "devices/3-1/busnum", "3\n");
	put(tree, "devices/3-1/devnum", "12\n");
	put(tree, "devices/3-1/idVendor", "04a9\n");
	put(tree, "devices/3-1/idProduct", "327f\n");
	put(tree, "devices/3-1/product", "Canon \033[31mEOS\n");
}

static void a_record_of_ssh_says_so(void **state)
{
	static const struct {
		const char *address, *line;
	} cases[] = {
		{ "ssh://router/1-1", "ssh://router 3240 1-1\n" },
		{ "ssh://me@[fe80::1%eth0]:2222:3241/1-1.2",
			"ssh://me@[fe80::1%eth0]:2222 3241 1-1.2\n" },
	};
	struct tree *tree = *state;
	struct usbip_address address, back;
	struct orc_error err = { 0 };
	char text[128], again[USBIP_ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		assert_int_equal(usbip_address_parse(&address, cases[i].address, &err), 0);
		assert_int_equal(vhci_record_write(&tree->vhci, 7, &address, &err), 0);
		got(tree, "records/port7", text, sizeof(text));
		assert_string_equal(text, cases[i].line);
		assert_int_equal(vhci_record_read(&tree->vhci, 7, &back), 0);
		assert_string_equal(
			usbip_address_format(&back, again, sizeof(again)), cases[i].address);
		assert_true(vhci_record_matches(&back, &address));
		address.ssh = false;
		assert_false(vhci_record_matches(&back, &address));
	}
	put(tree, "records/port7", "ssh://-oProxyCommand=x 3240 1-1\n");
	assert_int_equal(vhci_record_read(&tree->vhci, 7, &back), ORC_ENOCAMERA);
}

static void an_attached_device_is_found_by_its_address(void **state)
{
	struct tree *tree = *state;
	struct usbip_address wanted = { .host = "router", .port = "3240" }, record;
	struct vhci_device device;
	struct vhci_port port;

	folder(tree, "records");
	put(tree, "records/port0", "Router 3240 1-1\n");
	assert_int_equal(vhci_find(&tree->vhci, &wanted, &port, &device, &record), ORC_ENOCAMERA);
	add_device(tree);
	assert_int_equal(vhci_find(&tree->vhci, &wanted, &port, &device, &record), 0);
	assert_int_equal(port.number, 0);
	assert_int_equal(device.bus, 3);
	assert_int_equal(device.number, 12);
	assert_int_equal(device.vendor, 0x04a9);
	/* The device's own words do not colour a terminal. */
	assert_string_equal(device.name, "Canon ?[31mEOS");
	strcpy(wanted.busid, "1-2");
	assert_int_equal(vhci_find(&tree->vhci, &wanted, &port, &device, &record), ORC_ENOCAMERA);
}

static int attach(struct tree *tree, uint32_t speed, struct orc_error *err)
{
	const struct usbip_device_info info = { .busnum = 1, .devnum = 5, .speed = speed };
	const struct usbip_address address = { .host = "router", .port = "3240", .busid = "1-1" };
	const struct vhci_attach_options options = { .silent_msec = 1000 };
	struct usbip_link link = { .fd = 9 };
	struct vhci_device device;
	struct vhci_port port;

	return vhci_attach(&tree->vhci, &link, &info, &address, &options, &port, &device, err);
}

/* These files do not react: the port stays free, which means that the kernel has let go of it. */
static void the_kernel_is_told_port_socket_device_and_speed(void **state)
{
	struct tree *tree = *state;
	struct orc_error err = { 0 };
	char text[64];

	assert_int_equal(attach(tree, USBIP_SPEED_HIGH, &err), ORC_ELOST);
	got(tree, "vhci_hcd.0/attach", text, sizeof(text));
	assert_string_equal(text, "1 9 65541 3");
	assert_int_not_equal(access(tree->records, F_OK), 0);
	put(tree, "vhci_hcd.0/attach", "");
	assert_int_equal(attach(tree, USBIP_SPEED_SUPER + 1, &err), ORC_ELOST);
	got(tree, "vhci_hcd.0/attach", text, sizeof(text));
	assert_string_equal(text, "3 9 65541 5");
}

/*
 * A kernel that reacts: its status is a pipe, answered by what it has been told so far. That of a second
 * controller, which has no ports, tells when the first has been read.
 */
struct kernel {
	struct tree *tree;
	pthread_t thread;
	atomic_bool over;
};

static bool was_told(const struct tree *tree, const char *name)
{
	char text[64];

	got(tree, name, text, sizeof(text));
	return text[0] != '\0';
}

static const char *first_controller(const struct tree *tree)
{
	bool attached = was_told(tree, "vhci_hcd.0/attach") && !was_told(tree, "vhci_hcd.0/detach");

	return attached ? HEADER "hs  0000 006 003 00010005 000009 3-1\n"
			: HEADER "hs  0000 004 000 00000000 000000 0-0\n";
}

#define KERNEL_FILES 2

static const char *kernel_file(const struct tree *tree, size_t i, char *path, size_t size)
{
	snprintf(path, size, "%s.0/%s", tree->controller, i ? "status.1" : "status");
	return path;
}

static void *play_kernel(void *data)
{
	struct kernel *kernel = data;
	char path[256];

	for (size_t i = 0; !kernel->over; i = (i + 1) % KERNEL_FILES) {
		/* Waits for a reader. */
		int fd = open(kernel_file(kernel->tree, i, path, sizeof(path)), O_WRONLY);

		dprintf(fd, "%s", i ? HEADER : first_controller(kernel->tree));
		close(fd);
	}
	return NULL;
}

static void kernel_start(struct kernel *kernel, struct tree *tree)
{
	char path[256];

	kernel->tree = tree;
	kernel->over = false;
	for (size_t i = 0; i < KERNEL_FILES; i++) {
		unlink(kernel_file(tree, i, path, sizeof(path)));
		assert_int_equal(mkfifo(path, 0600), 0);
	}
	assert_int_equal(pthread_create(&kernel->thread, NULL, play_kernel, kernel), 0);
}

static void kernel_stop(struct kernel *kernel)
{
	int pipes[KERNEL_FILES];

	kernel->over = true;
	/* A reader for whatever it is about to answer, now and until it is gone. */
	for (size_t i = 0; i < KERNEL_FILES; i++) {
		char path[256];

		pipes[i] = open(kernel_file(kernel->tree, i, path, sizeof(path)), O_RDWR);
		assert_true(pipes[i] >= 0);
	}
	pthread_join(kernel->thread, NULL);
	for (size_t i = 0; i < KERNEL_FILES; i++)
		close(pipes[i]);
}

static size_t judged;

static int allow_all(const uint8_t *descriptors, size_t len, struct orc_error *err)
{
	(void)descriptors;
	(void)err;
	judged = len;
	return 0;
}

static int attach_judged(struct tree *tree, struct orc_error *err)
{
	const struct usbip_device_info info = { .busnum = 1, .devnum = 5, .speed = 3 };
	const struct usbip_address address = { .host = "router", .port = "3240", .busid = "1-1" };
	const struct vhci_attach_options options = { .silent_msec = 1000, .allow = allow_all };
	struct usbip_link link = { .fd = 9 };
	struct vhci_device device;
	struct vhci_port port;

	judged = 0;
	put(tree, "vhci_hcd.0/attach", "");
	put(tree, "vhci_hcd.0/detach", "");
	return vhci_attach(&tree->vhci, &link, &info, &address, &options, &port, &device, err);
}

static void a_device_is_attached_once_all_of_its_descriptors_were_judged(void **state)
{
	struct tree *tree = *state;
	struct orc_error err = { 0 };
	struct kernel kernel;
	char text[20001];

	add_device(tree);
	put(tree, "devices/3-1/bConfigurationValue", "1\n");
	folder(tree, "003");
	put(tree, "003/012", "");
	kernel_start(&kernel, tree);
	put(tree, "devices/3-1/descriptors", "the device's own");
	assert_int_equal(attach_judged(tree, &err), 0);
	assert_int_equal(judged, 16);
	assert_false(was_told(tree, "vhci_hcd.0/detach"));
	assert_true(was_told(tree, "records/port0"));
	/* What a keyboard could hide behind: more than is looked at. */
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put(tree, "devices/3-1/descriptors", text);
	assert_int_equal(attach_judged(tree, &err), ORC_EREFUSED);
	assert_int_equal(judged, 0);
	got(tree, "vhci_hcd.0/detach", text, sizeof(text));
	assert_string_equal(text, "0");
	kernel_stop(&kernel);
}

static void all_ports_taken_is_busy(void **state)
{
	struct tree *tree = *state;
	struct orc_error err = { 0 };
	char text[64];

	put(tree, "vhci_hcd.0/status",
		HEADER "hs  0000 006 003 00010002 000003 3-1\n"
		       "ss  0001 004 000 00000000 000000 0-0\n");
	assert_int_equal(attach(tree, USBIP_SPEED_HIGH, &err), ORC_EBUSY);
	assert_string_equal(err.why, "all 1 ports for USB 2 devices are taken");
	got(tree, "vhci_hcd.0/attach", text, sizeof(text));
	assert_string_equal(text, "");
}

static void detaching_a_free_port_is_an_error(void **state)
{
	struct tree *tree = *state;
	struct orc_error err = { 0 };
	char text[64];

	assert_int_equal(vhci_detach(&tree->vhci, 1, &err), ORC_ENOCAMERA);
	assert_int_equal(vhci_detach(&tree->vhci, 99, &err), ORC_ENOCAMERA);
	got(tree, "vhci_hcd.0/detach", text, sizeof(text));
	assert_string_equal(text, "");
}

static void the_package_depends_on_the_system(void **state)
{
	(void)state;
	assert_non_null(strstr(vhci_package("NAME=\"OpenWrt\"\nID=\"openwrt\"\nID_LIKE=\"lede "
					    "openwrt\"\n"),
		"kmod-usbip-client"));
	assert_non_null(strstr(
		vhci_package("ID=debian\nVERSION_ID=\"12\"\n"), "Debian has it in its kernel"));
	assert_non_null(strstr(
		vhci_package("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), "linux-modules-extra"));
	assert_non_null(strstr(vhci_package("ID=debianish\n"), "CONFIG_USBIP_VHCI_HCD"));
	assert_non_null(strstr(vhci_package(""), "CONFIG_USBIP_VHCI_HCD"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_is_understood),
		cmocka_unit_test(the_status_before_linux_4_13_is_understood),
		cmocka_unit_test(a_status_of_another_kind_is_refused),
		cmocka_unit_test(a_status_cut_short_does_no_harm),
		cmocka_unit_test_setup_teardown(
			the_ports_of_all_controllers_are_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(records_are_those_of_usbip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_record_of_ssh_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_records_are_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_attached_device_is_found_by_its_address, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_kernel_is_told_port_socket_device_and_speed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_device_is_attached_once_all_of_its_descriptors_were_judged, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(all_ports_taken_is_busy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			detaching_a_free_port_is_an_error, set_up, tear_down),
		cmocka_unit_test(the_package_depends_on_the_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
