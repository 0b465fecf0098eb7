/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside vhci: small files of sysfs. */
#ifndef USBIP_VHCI_INTERNAL_H
#define USBIP_VHCI_INTERNAL_H

#include <limits.h>

#include "base/textfile.h"
#include "usbip/vhci.h"

/* A file of the first controller, which has those for all of them. */
#define VHCI_FILE(vhci, path, name)                                                                \
	path_print(path, sizeof(path), "%s.0/%s", (vhci)->controller, name)

/* 0, or errno. */
int vhci_write_text(const char *path, const char *text);

#endif
