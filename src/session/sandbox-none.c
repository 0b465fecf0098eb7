/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sandbox where it was not built: there is none, and whoever asks for one is told so. */
#include "session/sandbox.h"

#include <stddef.h>

int sandbox_check(struct orc_error *err)
{
	return orc_fail(err, ORC_EREFUSED, "this opencamrc was built without");
}

int sandbox_enter(const char *key, struct orc_error *err)
{
	(void)key;
	return sandbox_check(err);
}

const char *sandbox_version(void)
{
	return NULL;
}
