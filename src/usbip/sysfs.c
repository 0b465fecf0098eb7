/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The USB devices of this machine, as its kernel shows them. */
#include "usbip/sysfs.h"

#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/textfile.h"

#define CLASS_HUB 9

static bool read_number(const char *devices, const char *name, const char *file, int base,
	unsigned long maximum, unsigned long *number)
{
	char path[PATH_MAX], text[32], *end;

	path_print(path, sizeof(path), "%s/%s/%s", devices, name, file);
	if (!file_read_line(path, text, sizeof(text)))
		return false;
	/* Linux pads some of them. */
	*number = strtoul(text, &end, base);
	return end != text && *end == '\0' && *number <= maximum;
}

/* 0 where it is not told. */
static uint8_t read_byte(const char *devices, const char *name, const char *file)
{
	unsigned long number;

	return read_number(devices, name, file, 16, UINT8_MAX, &number) ? (uint8_t)number : 0;
}

/* What a link leads to; false where it is none. */
static bool read_link(const char *path, char target[PATH_MAX])
{
	ssize_t len = readlink(path, target, PATH_MAX - 1);

	target[len > 0 ? len : 0] = '\0';
	return len >= 0;
}

/* The last part of what the link of that name leads to, cut to `size`; empty where there is none. */
static void read_driver(const char *devices, const char *name, char *driver, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;

	driver[0] = '\0';
	if (!read_link(path_print(path, sizeof(path), "%s/%s/driver", devices, name), target))
		return;
	last = strrchr(target, '/');
	path_print(driver, size, "%s", last ? last + 1 : target);
}

static bool is_interface_of(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 && entry[len] == ':';
}

static void read_interface(const char *devices, const char *name, struct sysfs_device *device)
{
	struct usbip_device_info *info = &device->info;

	if (info->num_interfaces == USBIP_MAX_INTERFACES)
		return;
	info->interfaces[info->num_interfaces++] = (struct usbip_interface){
		.class = read_byte(devices, name, "bInterfaceClass"),
		.subclass = read_byte(devices, name, "bInterfaceSubClass"),
		.protocol = read_byte(devices, name, "bInterfaceProtocol"),
	};
	if (!device->interface_driver[0])
		read_driver(
			devices, name, device->interface_driver, sizeof(device->interface_driver));
}

static void read_interfaces(const char *devices, const char *name, struct sysfs_device *device)
{
	DIR *dir = opendir(devices);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_interface_of(entry->d_name, name))
			read_interface(devices, entry->d_name, device);
	if (dir)
		closedir(dir);
}

/* A device of another machine hangs below the virtual host controller. */
static bool is_imported(const char *devices, const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];

	return read_link(path_print(path, sizeof(path), "%s/%s", devices, name), target) &&
		strstr(target, "/vhci_hcd") != NULL;
}

static void read_text(
	const char *devices, const char *name, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];

	file_read_words(
		path_print(path, sizeof(path), "%s/%s/%s", devices, name, file), text, size);
}

int sysfs_device_read(const char *devices, const char *name, struct sysfs_device *device)
{
	struct usbip_device_info *info = &device->info;
	unsigned long bus, number, vendor, product;

	*device = (struct sysfs_device){ 0 };
	if (strlen(name) >= sizeof(info->busid) ||
		!read_number(devices, name, "busnum", 10, 999, &bus) ||
		!read_number(devices, name, "devnum", 10, 127, &number) ||
		!read_number(devices, name, "idVendor", 16, UINT16_MAX, &vendor) ||
		!read_number(devices, name, "idProduct", 16, UINT16_MAX, &product))
		return ORC_ENOCAMERA;
	snprintf(info->busid, sizeof(info->busid), "%s", name);
	info->busnum = (uint32_t)bus;
	info->devnum = (uint32_t)number;
	info->vendor = (uint16_t)vendor;
	info->product = (uint16_t)product;
	info->class = read_byte(devices, name, "bDeviceClass");
	info->subclass = read_byte(devices, name, "bDeviceSubClass");
	info->protocol = read_byte(devices, name, "bDeviceProtocol");
	read_text(devices, name, "manufacturer", device->maker, sizeof(device->maker));
	read_text(devices, name, "product", device->product, sizeof(device->product));
	read_driver(devices, name, device->driver, sizeof(device->driver));
	read_interfaces(devices, name, device);
	device->imported = is_imported(devices, name);
	return 0;
}

/* Neither an interface nor a root hub ("usb1"). */
static int is_device(const struct dirent *entry)
{
	return entry->d_name[0] >= '0' && entry->d_name[0] <= '9' && !strchr(entry->d_name, ':');
}

int sysfs_devices(const char *devices, struct sysfs_device **list, size_t *count)
{
	struct dirent **entries = NULL;
	int n = scandir(devices, &entries, is_device, alphasort);

	*count = 0;
	*list = calloc(n > 0 ? (size_t)n : 1, sizeof(**list));
	for (int i = 0; i < n; i++) {
		struct sysfs_device *device = *list ? *list + *count : NULL;

		if (device && sysfs_device_read(devices, entries[i]->d_name, device) == 0 &&
			device->info.class != CLASS_HUB)
			++*count;
		free(entries[i]);
	}
	free(entries);
	return *list ? 0 : ORC_ENOMEM;
}
