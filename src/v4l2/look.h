/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which v4l2loopback devices there are, and what they show; nothing is changed. */
#ifndef V4L2_LOOK_H
#define V4L2_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Where to look. Constant but in tests. */
struct loopback_places {
	const char *module;  /* of sysfs */
	const char *devices; /* videoN of sysfs */
	const char *nodes;
};
extern const struct loopback_places loopback_system;

enum loopback_exclusive { EXCLUSIVE_UNKNOWN, EXCLUSIVE_YES, EXCLUSIVE_NO };

struct loopback_device {
	char node[64]; /* "/dev/video9" */
	char label[64];
	/* Shows one side at a time: browsers take no device that shows both. */
	enum loopback_exclusive exclusive;
	bool writable; /* by this user */
};

struct loopback_module {
	bool loaded;
	char version[32]; /* "0.13.2"; of one before 0.13, which does not tell it, "0.12" */
	struct loopback_device *devices;
	size_t count;
};

/* ORC_ENOMEM; ORC_EREFUSED in a build without. To be freed with loopback_module_free(). */
int loopback_look(const struct loopback_places *places, struct loopback_module *module) must_check;
void loopback_module_free(struct loopback_module *module);

#endif
