/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Discovery where it was not built. */
#include "usbip/discover.h"

const char *usbip_discover_library(void)
{
	return NULL;
}

int usbip_discover(bool (*cancelled)(void *data), void *data, struct usbip_found **found,
	size_t *count, struct orc_error *err)
{
	(void)cancelled;
	(void)data;
	*found = NULL;
	*count = 0;
	orc_fail(err, ORC_EREFUSED, "this opencamrc was built without mDNS");
	orc_what(err, "cannot look for servers on the network");
	return orc_hint(err, "name the server with -r");
}
