/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside vhci: small files of sysfs. */
#ifndef USBIP_VHCI_INTERNAL_H
#define USBIP_VHCI_INTERNAL_H

#include <limits.h>
#include <sys/types.h>

#include "usbip/vhci.h"

/* A file of the first controller, which has those for all of them. */
#define VHCI_FILE(vhci, path, name)                                                                \
	vhci_path(path, sizeof(path), "%s.0/%s", (vhci)->controller, name)

/* As snprintf(), for paths: returns path. */
const char *vhci_path(char *path, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* At most size bytes: how many, or -1 with errno. */
ssize_t vhci_read(const char *path, void *buf, size_t size);
/* The text without its line end, terminated; false, and empty, where it cannot be read. */
bool vhci_read_text(const char *path, char *buf, size_t size);
/* 0, or errno. */
int vhci_write_text(const char *path, const char *text);

#endif
