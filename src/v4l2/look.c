/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which v4l2loopback devices there are, and what they show. */
#include "v4l2/look.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/textfile.h"
#include "v4l2/request.h"

const struct loopback_places loopback_system = {
	.module = "/sys/module/v4l2loopback",
	.devices = "/sys/class/video4linux",
	.nodes = "/dev",
};

/* A file that other drivers' devices do not have. */
#define OWN_FILE "max_openers"

static int is_video(const struct dirent *entry)
{
	return strncmp(entry->d_name, "video", 5) == 0;
}

/* By what the device says of itself. */
static enum loopback_exclusive ask_device(const char *node)
{
	const unsigned int both = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_CAPTURE;
	cleanup_close int fd = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct v4l2_capability caps = { 0 };

	if (fd < 0 || v4l2_request(fd, VIDIOC_QUERYCAP, &caps) < 0)
		return EXCLUSIVE_UNKNOWN;
	return (caps.device_caps & both) == both ? EXCLUSIVE_NO : EXCLUSIVE_YES;
}

/* By what the module was loaded with: "Y,N,N…", a letter for each device in the order of its making. */
static enum loopback_exclusive ask_module(const struct loopback_places *places, size_t index)
{
	char path[PATH_MAX], text[64];

	path_print(path, sizeof(path), "%s/parameters/exclusive_caps", places->module);
	if (!file_read_line(path, text, sizeof(text)) || strlen(text) <= 2 * index)
		return EXCLUSIVE_UNKNOWN;
	return text[2 * index] == 'Y' || text[2 * index] == '1' ? EXCLUSIVE_YES : EXCLUSIVE_NO;
}

static void add(
	const struct loopback_places *places, struct loopback_module *module, const char *name)
{
	struct loopback_device *device = &module->devices[module->count];
	char path[PATH_MAX];

	path_print(path, sizeof(path), "%s/%s/" OWN_FILE, places->devices, name);
	if (access(path, F_OK) < 0)
		return;
	*device = (struct loopback_device){ 0 };
	path_print(device->node, sizeof(device->node), "%s/%s", places->nodes, name);
	path_print(path, sizeof(path), "%s/%s/name", places->devices, name);
	file_read_words(path, device->label, sizeof(device->label));
	device->writable = access(device->node, R_OK | W_OK) == 0;
	device->exclusive = ask_device(device->node);
	if (device->exclusive == EXCLUSIVE_UNKNOWN)
		device->exclusive = ask_module(places, module->count);
	module->count++;
}

int loopback_look(const struct loopback_places *places, struct loopback_module *module)
{
	struct dirent **entries = NULL;
	char path[PATH_MAX];
	int n, i;

	*module = (struct loopback_module){ .loaded = access(places->module, F_OK) == 0 };
	path_print(path, sizeof(path), "%s/version", places->module);
	if (!file_read_words(path, module->version, sizeof(module->version)))
		snprintf(module->version, sizeof(module->version), "0.12");
	n = module->loaded ? scandir(places->devices, &entries, is_video, alphasort) : 0;
	module->devices = calloc(n > 0 ? (size_t)n : 1, sizeof(*module->devices));
	for (i = 0; i < n; i++) {
		if (module->devices)
			add(places, module, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return module->devices ? 0 : ORC_ENOMEM;
}

void loopback_module_free(struct loopback_module *module)
{
	free(module->devices);
	*module = (struct loopback_module){ 0 };
}
