/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doctor: the way to a server, and to the camera that it shares. */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/doctor.h"
#include "iolib/known.h"
#include "usbip/client.h"
#include "usbip/ops.h"
#include "usbip/resolve.h"

/* USB 2.0, 9.4.3. */
enum { USB_READ = 0x80, USB_GET_DESCRIPTOR = 6, USB_CONFIGURATION = 0x0200 };

/* Once: the connection is for the check that asks for the list. */
static int connect_link(struct doctor *doctor, struct orc_error *err)
{
	nsec_t start = clock_now_nsec();
	int ret;

	if (doctor->link.fd >= 0)
		return 0;
	ret = usbip_link_connect(&doctor->link, &doctor->server, doctor_soon(doctor), err);
	if (ret < 0)
		return ret;
	doctor->connect_nsec = clock_now_nsec() - start;
	if (!usbip_link_peer(&doctor->link, &doctor->peer))
		doctor->peer.host[0] = '\0';
	return 0;
}

static void tell_addresses(
	const struct doctor *doctor, const struct addrinfo *list, struct finding *finding)
{
	const struct addrinfo *at;
	char numbers[128];
	size_t more = 0;

	if (getnameinfo(list->ai_addr, list->ai_addrlen, numbers, sizeof(numbers), NULL, 0,
		    NI_NUMERICHOST) != 0)
		numbers[0] = '\0';
	for (at = list->ai_next; at; at = at->ai_next)
		more++;
	if (strcmp(numbers, doctor->server.host) == 0)
		finding_ok(finding, "%s is an address: nothing to look up", numbers);
	else if (more > 0)
		finding_ok(finding, "%s is %s, and %zu more", doctor->server.host, numbers, more);
	else
		finding_ok(finding, "%s is %s", doctor->server.host, numbers);
}

/* A link may know names that the resolver does not: whether it gets there is what counts. */
static void look_name(struct doctor *doctor, struct finding *finding)
{
	struct orc_error err = { 0 }, other = { 0 };
	struct addrinfo *list;

	/* ssh looks it up by itself, and connects once it is written to. */
	if (doctor->server.ssh)
		return;
	if (usbip_resolve(&doctor->server, doctor_soon(doctor), &list, &err) == 0) {
		tell_addresses(doctor, list, finding);
		freeaddrinfo(list);
	} else if (connect_link(doctor, &other) == 0) {
		finding_ok(finding, "%s is found by what connects to it", doctor->server.host);
	} else {
		finding_error(finding, &err);
	}
}

static const struct {
	int errnum;
	const char *remedy;
} remedies[] = {
	{ ECONNREFUSED,
		"start it there: sudo usbipd -D, on OpenWrt /etc/init.d/usbipd start; or is it "
		"another port? HOST:PORT" },
	{ ETIMEDOUT, "is the box up? its firewall must let TCP port 3240 through" },
};

static void look_port(struct doctor *doctor, struct finding *finding)
{
	struct orc_error err = { 0 };
	char time[16];
	size_t i;

	if (doctor->server.ssh)
		return;
	if (connect_link(doctor, &err) == 0) {
		finding_ok(finding, "port %s takes connections, within %s", doctor->server.port,
			doctor_time(doctor->connect_nsec, time));
		return;
	}
	finding_error(finding, &err);
	for (i = 0; i < ARRAY_LENGTH(remedies); i++)
		if (remedies[i].errnum == err.errnum)
			finding_remedy(finding, "%s", remedies[i].remedy);
}

static void look_usbipd(struct doctor *doctor, struct finding *finding)
{
	struct orc_error err = { 0 };
	nsec_t start = clock_now_nsec();
	char time[16];
	int ret;

	ret = connect_link(doctor, &err);
	if (ret == 0)
		ret = usbip_ops_list(&doctor->link, NULL, &doctor->server, doctor_soon(doctor),
			&doctor->devices, &doctor->device_count, &err);
	usbip_link_close(&doctor->link);
	if (ret < 0) {
		finding_error(finding, &err);
		if (!finding->remedy[0])
			finding_remedy(finding, "is it usbipd that listens on port %s there?",
				doctor->server.port);
		return;
	}
	finding_ok(finding, "it answers within %s, and shares %zu device%s",
		doctor_time(clock_now_nsec() - start, time), doctor->device_count,
		doctor->device_count == 1 ? "" : "s");
}

/* The kernel of this machine, or an opencamrc on it, has the camera: no server need list it then. */
static bool is_had_here(const struct doctor *doctor, struct finding *finding)
{
	struct usbip_address record;
	struct vhci_device device;
	struct vhci_port port;
	pid_t pid;

	if (vhci_find(doctor->places->vhci, &doctor->server, &port, &device, &record) == 0) {
		finding_ok(finding,
			"attached to this machine by its kernel, as usb:%03u,%03u (port %u)",
			device.bus, device.number, port.number);
		return true;
	}
	if (!doctor_owner(doctor, &pid))
		return false;
	finding_ok(finding, "an opencamrc on this machine has it (process %ld)", (long)pid);
	return true;
}

/* The only camera, or what may be one that is set to be a disk; NULL with the reason in err. */
static const struct usbip_device_info *choose(struct doctor *doctor, struct orc_error *err)
{
	const struct usbip_device_info *devices = doctor->devices;
	size_t i;

	if (known_pick(devices, doctor->device_count, &i, err) == 0)
		return &devices[i];
	for (i = 0; err->code == ORC_ENOCAMERA && i < doctor->device_count; i++)
		if (known_disk(&devices[i]))
			return &devices[i];
	return NULL;
}

static void tell_device(const struct usbip_device_info *device, struct finding *finding)
{
	char name[128];

	doctor_device_name(device, NULL, name, sizeof(name));
	if (known_device(device) != KNOWN_OTHER || known_disk(device)) {
		finding_ok(finding, "%s: %s", device->busid, name);
		return;
	}
	/* It has been named, and some old ones do not. */
	finding_note(
		finding, "%s: %s, which does not show itself as a camera", device->busid, name);
	finding_remedy(finding, "opencamrc list -r HOST shows those that do");
}

static void look_shared(struct doctor *doctor, struct finding *finding)
{
	const char *busid = doctor->server.busid;
	struct orc_error err = { 0 };

	if (busid[0])
		doctor->device = usbip_client_find(doctor->devices, doctor->device_count, busid);
	else
		doctor->device = choose(doctor, &err);
	if (is_had_here(doctor, finding))
		return;
	if (doctor->device) {
		tell_device(doctor->device, finding);
	} else if (busid[0]) {
		/* usbipd says which it is only to who asks for it: the next checks do. */
		finding_note(finding, "%s is not in the list: in use, or not shared", busid);
	} else {
		finding_error(finding, &err);
		if (err.code == ORC_ENOCAMERA)
			finding_remedy(finding,
				"another client may have it; else switch it on, and there: usbip "
				"list -l, then sudo usbip bind -b BUSID");
	}
}

/*
 * usbip-host does not tell of interfaces: a disk that it shares looks like a camera, until its driver
 * fails. What the device itself says is asked for only then, for that takes an import, after which the
 * server resets it.
 */
static void look_descriptor(struct doctor *doctor, struct finding *finding)
{
	const struct usbip_client_options options = {
		.choose = known_pick,
		.patience_msec = USBIP_PATIENCE_MSEC,
	};
	struct usbip_client *client = NULL;
	struct orc_error err = { 0 };
	uint8_t bytes[512];
	ssize_t len;

	if (doctor->device && doctor->device->num_interfaces > 0)
		return;
	if (usbip_client_open(&client, &doctor->server, &options, doctor_soon(doctor), &err) < 0)
		return;
	doctor->imported = *usbip_client_device(client);
	len = usbip_client_control(client, USB_READ, USB_GET_DESCRIPTOR, USB_CONFIGURATION, 0,
		bytes, sizeof(bytes), doctor_soon(doctor));
	usbip_client_close(client);
	if (len <= 0)
		return;
	doctor->imported.num_interfaces = (uint8_t)known_interfaces(
		bytes, (size_t)len, doctor->imported.interfaces, USBIP_MAX_INTERFACES);
	doctor->device = &doctor->imported;
	doctor_look_mode(doctor, finding);
}

const struct doctor_check doctor_failed_checks[] = {
	{ "mode", look_descriptor },
	{ NULL, NULL },
};

const struct doctor_check doctor_link_checks[] = {
	{ "name", look_name },
	{ "port", look_port },
	{ "usbipd", look_usbipd },
	{ "shared", look_shared },
	{ "mode", doctor_look_mode },
	{ NULL, NULL },
};
