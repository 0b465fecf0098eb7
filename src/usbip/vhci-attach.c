/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attaching: hand a socket to the kernel, and stand by until its device can be used. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "usbip/vhci-internal.h"

#define POLL_MSEC   20
#define LOCK_MSEC   30000 /* another one that waits for a slow device, at most */
#define ATTACH_MSEC 60000 /* a server that keeps talking, and never says what it has */
#define DETACH_MSEC 5000
/* A device descriptor, and configurations: sysfs shows all that the device has sent. */
#define MAX_DESCRIPTORS 16384
/* Two root hubs a controller. */
#define MAX_HUBS 4

/* What one attach needs from its start to its end. */
struct attach {
	const struct vhci *vhci;
	const struct vhci_attach_options *options;
	struct usbip_link *link;
	struct vhci_port *port;
	nsec_t since_nsec; /* the kernel has the link */
	struct deadline deadline;
	bool shut;          /* the hubs are closed to drivers */
	bool others_decide; /* they were before */
	struct {
		char path[128], value[8];
	} hubs[MAX_HUBS];
	size_t hub_count;
};

static bool is_cancelled(const struct attach *a)
{
	return a->options->cancelled && a->options->cancelled(a->options->cancelled_data);
}

/* False when the caller wants to stop. */
static bool pause_a_little(const struct attach *a)
{
	clock_sleep_until(deadline_after_msec(POLL_MSEC));
	return !is_cancelled(a);
}

/*
 * The file to be written is the lock as well: two at a time would take the same port, and open the
 * hubs that the other one has shut. usbip(8) knows nothing of it.
 */
static int lock_controller(const struct attach *a, int *fd, struct orc_error *err)
{
	struct deadline deadline = deadline_after_msec(LOCK_MSEC);
	char path[PATH_MAX];

	*fd = open(VHCI_FILE(a->vhci, path, "attach"), O_WRONLY | O_CLOEXEC);
	if (*fd < 0) {
		orc_fail_errno(err, ORC_EFILE, errno);
		return orc_what(err, "cannot write %.150s", path);
	}
	while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return 0; /* a kernel without locks on sysfs: the risk is small */
		if (deadline_passed(deadline))
			return orc_fail(err, ORC_EBUSY, "another device is being attached");
		if (!pause_a_little(a))
			return orc_fail(err, ORC_ESIGNAL, "stopped");
	}
	return 0;
}

static int choose_port(struct attach *a, uint32_t speed, struct orc_error *err)
{
	cleanup_free struct vhci_port *ports = NULL;
	bool super_speed = speed >= USBIP_SPEED_SUPER;
	size_t count, matching = 0;
	int r = vhci_ports(a->vhci, &ports, &count, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) {
		if (ports[i].super_speed != super_speed)
			continue;
		matching++;
		if (ports[i].state != VHCI_FREE)
			continue;
		*a->port = ports[i];
		return 0;
	}
	if (matching == 0)
		return orc_fail(err, ORC_EREFUSED, "this kernel's driver takes no %s devices",
			super_speed ? "USB 3" : "USB 2");
	orc_fail(err, ORC_EBUSY, "all %zu ports for %s devices are taken", matching,
		super_speed ? "USB 3" : "USB 2");
	return orc_hint(err, "opencamrc ports lists them, opencamrc detach frees one");
}

/*
 * A root hub of Linux can be told to let no driver near what is plugged in until somebody
 * authorizes it. Shut for as long as it takes to see what the server presents; opened again then.
 */
static void shut_hubs(struct attach *a)
{
	char folder[128];
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s.%u", a->vhci->controller, a->port->controller);
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)) && a->hub_count < MAX_HUBS) {
		typeof(a->hubs[0]) *hub = &a->hubs[a->hub_count];

		if (strncmp(entry->d_name, "usb", 3) != 0 || strlen(entry->d_name) > 8)
			continue;
		snprintf(hub->path, sizeof(hub->path), "%.80s/%.8s/authorized_default", folder,
			entry->d_name);
		if (!file_read_line(hub->path, hub->value, sizeof(hub->value)))
			continue;
		if (strcmp(hub->value, "0") == 0)
			a->others_decide = true;
		else if (vhci_write_text(hub->path, "0") == 0)
			a->hub_count++;
	}
	if (dir)
		closedir(dir);
	a->shut = a->hub_count > 0 || a->others_decide;
}

static void open_hubs(struct attach *a)
{
	while (a->hub_count > 0) {
		a->hub_count--;
		if (vhci_write_text(a->hubs[a->hub_count].path, a->hubs[a->hub_count].value))
			log_warning("cannot write %s", a->hubs[a->hub_count].path);
	}
}

/* How long the server has been silent; 0 where that cannot be told. */
static int64_t silent_msec(const struct attach *a)
{
	int64_t since_msec = (clock_now_nsec() - a->since_nsec) / NSEC_PER_MSEC;
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(a->link->fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		return 0;
	return info.tcpi_last_data_recv < since_msec ? info.tcpi_last_data_recv : since_msec;
}

/* Brings a->port up to date; an error once there is nothing more to wait for. */
static int still_coming(struct attach *a, struct orc_error *err)
{
	cleanup_free struct vhci_port *ports = NULL;
	unsigned int number = a->port->number;
	size_t count;
	int r = vhci_ports(a->vhci, &ports, &count, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		if (ports[i].number == number)
			*a->port = ports[i];
	if (a->port->state == VHCI_FREE || a->port->state == VHCI_ERROR)
		return orc_fail(err, ORC_ELOST,
			"the connection to the server broke while the device was being set up");
	if (silent_msec(a) >= a->options->silent_msec)
		return orc_fail(err, ORC_ETIMEOUT,
			"the server has stopped answering while the device was being set up");
	if (deadline_passed(a->deadline))
		return orc_fail(err, ORC_ETIMEOUT, "the kernel cannot set the device up");
	return 0;
}

/* Waits until `done` is true of the device. */
static int wait_for_device(
	struct attach *a, bool (*done)(const struct attach *a), struct orc_error *err)
{
	for (;;) {
		int r = still_coming(a, err);

		if (r < 0)
			return r;
		if (a->port->device[0] && done(a))
			return 0;
		if (!pause_a_little(a))
			return orc_fail(err, ORC_ESIGNAL, "stopped");
	}
}

static const char *device_file(const struct attach *a, const char *file, char *path, size_t size)
{
	return path_print(path, size, "%s/%s/%s", a->vhci->devices, a->port->device, file);
}

/* The file of the descriptors comes last: with it the device is whole. */
static bool is_registered(const struct attach *a)
{
	char path[PATH_MAX];
	struct vhci_device device;

	return vhci_device_read(a->vhci, a->port->device, &device) == 0 &&
		access(device_file(a, "descriptors", path, sizeof(path)), R_OK) == 0;
}

/* Configured, and its node there for whoever may open it. */
static bool is_usable(const struct attach *a)
{
	char path[PATH_MAX], text[8];
	struct vhci_device device;
	int fd;

	if (!file_read_line(device_file(a, "bConfigurationValue", path, sizeof(path)), text,
		    sizeof(text)) ||
		text[strspn(text, " ")] == '\0' ||
		vhci_device_read(a->vhci, a->port->device, &device) < 0)
		return false;
	path_print(path, sizeof(path), "%s/%03u/%03u", a->vhci->nodes, device.bus, device.number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Lets the kernel's drivers have the device if it is of the kind that was asked for. */
static int judge(struct attach *a, struct orc_error *err)
{
	cleanup_free uint8_t *descriptors = malloc(MAX_DESCRIPTORS);
	char path[PATH_MAX];
	ssize_t len;
	int errnum, r;

	if (!descriptors)
		return orc_fail(err, ORC_ENOMEM, "out of memory");
	len = file_read(
		device_file(a, "descriptors", path, sizeof(path)), descriptors, MAX_DESCRIPTORS);
	if (len < 0)
		return orc_fail_errno(err, ORC_ELOST, errno);
	/* What lies behind is not seen here, but is by the kernel's drivers. */
	if (len == MAX_DESCRIPTORS)
		return orc_fail(err, ORC_EREFUSED,
			"its descriptors are longer than those of any camera, %d bytes and more",
			MAX_DESCRIPTORS);
	r = a->options->allow(descriptors, (size_t)len, err);
	if (r < 0 || !a->shut || a->others_decide)
		return r;
	errnum = vhci_write_text(device_file(a, "authorized", path, sizeof(path)), "1");
	return errnum ? orc_fail_errno(err, ORC_EFILE, errnum) : 0;
}

/* Makes the deadline short where the kernel's answer hangs on somebody who may never give it. */
static int wait_until_usable(struct attach *a, struct orc_error *err)
{
	int r;

	/* From here on the device talks to nobody that is to be waited for. */
	a->deadline = deadline_min(a->deadline, deadline_after_msec(a->options->silent_msec));
	r = wait_for_device(a, is_usable, err);
	if (r == ORC_ETIMEOUT && a->others_decide) {
		orc_fail(err, ORC_EREFUSED, "this machine's own rules do not authorize it");
		return orc_hint(err, "is USBGuard at work?");
	}
	return r;
}

static int hand_over(
	struct attach *a, int fd, const struct usbip_device_info *device, struct orc_error *err)
{
	/* The kernel knows no higher speed of a virtual port than that. */
	uint32_t speed = device->speed < USBIP_SPEED_SUPER ? device->speed : USBIP_SPEED_SUPER;
	char line[80];

	snprintf(line, sizeof(line), "%u %d %u %u", a->port->number, a->link->fd,
		usbip_devid(device), speed);
	log_debug("attach: %s", line);
	a->since_nsec = clock_now_nsec();
	if (write(fd, line, strlen(line)) >= 0)
		return 0;
	if (errno == EBUSY)
		return orc_fail(
			err, ORC_EBUSY, "another program has just taken port %u", a->port->number);
	return orc_fail_errno(err, ORC_EREFUSED, errno);
}

static int attach_locked(struct attach *a, int fd, const struct usbip_device_info *device,
	const struct usbip_address *address, struct vhci_device *attached, struct orc_error *err)
{
	int r = choose_port(a, device->speed, err);

	if (r < 0)
		return r;
	if (a->options->allow)
		shut_hubs(a);
	r = hand_over(a, fd, device, err);
	if (r < 0)
		return r;
	r = vhci_record_write(a->vhci, a->port->number, address, err);
	if (r == 0)
		r = wait_for_device(a, is_registered, err);
	if (r == 0) {
		open_hubs(a);
		r = a->options->allow ? judge(a, err) : 0;
	}
	if (r == 0)
		r = wait_until_usable(a, err);
	if (r == 0 && vhci_device_read(a->vhci, a->port->device, attached) < 0)
		r = orc_fail(err, ORC_ELOST, "the device has gone");
	/* With the hubs shut, where they are: nothing slips in behind the last look. */
	if (r < 0)
		(void)!vhci_detach(a->vhci, a->port->number, NULL);
	return r;
}

int vhci_attach(const struct vhci *vhci, struct usbip_link *link,
	const struct usbip_device_info *device, const struct usbip_address *address,
	const struct vhci_attach_options *options, struct vhci_port *port,
	struct vhci_device *attached, struct orc_error *err)
{
	struct attach a = {
		.vhci = vhci,
		.options = options,
		.link = link,
		.port = port,
		.deadline = deadline_after_msec(ATTACH_MSEC),
	};
	cleanup_close int fd = -1;
	int r = lock_controller(&a, &fd, err);

	if (r == 0)
		r = attach_locked(&a, fd, device, address, attached, err);
	open_hubs(&a);
	return r;
}

int vhci_detach(const struct vhci *vhci, unsigned int port, struct orc_error *err)
{
	struct deadline deadline = deadline_after_msec(DETACH_MSEC);
	uint32_t state = vhci_port_state(vhci, port);
	char path[PATH_MAX], text[16];
	int errnum;

	/* First, so that whoever sees the device go knows that it was meant to. */
	vhci_record_remove(vhci, port);
	if (state == VHCI_FREE || state == 0)
		return orc_fail(err, ORC_ENOCAMERA, "nothing is attached to port %u", port);
	snprintf(text, sizeof(text), "%u", port);
	errnum = vhci_write_text(VHCI_FILE(vhci, path, "detach"), text);
	/* EINVAL: it has gone by itself in between. */
	if (errnum && errnum != EINVAL) {
		orc_fail_errno(err, ORC_EFILE, errnum);
		return orc_what(err, "cannot detach port %u", port);
	}
	while (vhci_port_state(vhci, port) != VHCI_FREE) {
		if (deadline_passed(deadline))
			return orc_fail(err, ORC_ETIMEOUT, "port %u does not become free", port);
		clock_sleep_until(deadline_after_msec(POLL_MSEC));
	}
	return 0;
}
