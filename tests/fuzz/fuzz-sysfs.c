/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what is read of the kernel's small files: ports, devices with words of their own, records. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usbip/sysfs.h"
#include "usbip/vhci.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PORTS_MAX 30

/* The input's parts, with a zero byte between two, go into these. */
static const char *const files[] = { "port7", "1-1/busnum", "1-1/devnum", "1-1/idVendor",
	"1-1/idProduct", "1-1/bDeviceClass", "1-1/manufacturer", "1-1/product",
	"1-1:1.0/bInterfaceClass" };
static const char *const folders[] = { "1-1", "1-1:1.0" };
static char top[64];

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

static void remove_tree(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		unlink(path_of(files[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
		rmdir(path_of(folders[i]));
	rmdir(top);
}

static void make_tree(void)
{
	const char *memory = "/dev/shm";

	snprintf(top, sizeof(top), "%s/fuzz-sysfs-XXXXXX",
		access(memory, W_OK) == 0 ? memory : "/tmp");
	if (!mkdtemp(top))
		abort();
	for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
		if (mkdir(path_of(folders[i]), 0700) < 0)
			abort();
	atexit(remove_tree);
}

/* File i with these bytes; most inputs change but one of the files. */
static void put(size_t i, const uint8_t *data, size_t len)
{
	static struct {
		int fd;
		size_t len;
		uint8_t bytes[4096];
	} had[ARRAY_LENGTH(files)];

	if (had[i].fd == 0) {
		had[i].fd = open(path_of(files[i]), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (had[i].fd <= 0)
			abort();
	}
	if (len == had[i].len && memcmp(data, had[i].bytes, len) == 0)
		return;
	if (pwrite(had[i].fd, data, len, 0) != (ssize_t)len ||
		(len < had[i].len && ftruncate(had[i].fd, (off_t)len) < 0))
		abort();
	had[i].len = len;
	memcpy(had[i].bytes, data, len);
}

static void check_ports(const uint8_t *data, size_t len)
{
	struct vhci_port ports[PORTS_MAX];
	char *text = strndup((const char *)data, len);
	int count;

	if (!text)
		abort();
	count = vhci_parse_status(text, ports, PORTS_MAX);
	if (count > PORTS_MAX || (count < 0 && count != ORC_EPROTO))
		abort();
	for (int i = 0; i < count; i++)
		if (strlen(ports[i].device) >= sizeof(ports[i].device))
			abort();
	free(text);
}

static void check_plain(const char *text, size_t size)
{
	if (strlen(text) >= size)
		abort();
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

static void check_device(void)
{
	struct sysfs_device device;

	if (sysfs_device_read(top, "1-1", &device) < 0)
		return;
	check_plain(device.maker, sizeof(device.maker));
	check_plain(device.product, sizeof(device.product));
	if (device.info.busnum > 999 || device.info.devnum > 127 || device.info.num_interfaces != 1)
		abort();
}

static void check_record(void)
{
	const struct vhci vhci = { .records = top };
	char text[USBIP_ADDRESS_TEXT_SIZE];
	struct usbip_address address;

	if (vhci_record_read(&vhci, 7, &address) < 0)
		return;
	usbip_address_format(&address, text, sizeof(text));
	check_plain(text, sizeof(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end;
	size_t len;

	if (size > 4096)
		return 0;
	if (!top[0])
		make_tree();
	check_ports(data, size);
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		end = size > 0 ? memchr(data, 0, size) : NULL;
		len = end ? (size_t)(end - data) : size;
		put(i, data, len);
		len += end != NULL;
		data += len;
		size -= len;
	}
	check_device();
	check_record();
	return 0;
}
