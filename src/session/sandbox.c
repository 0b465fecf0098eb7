/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the process that holds a camera gives up before it hears the first byte of it. */
#include "session/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/files.h"
#include "session/errand.h"
#include "session/place.h"
#include "session/sandbox-internal.h"
#include "usbip/address.h"
#include "usbip/link.h"

int sandbox_check(struct orc_error *err)
{
#ifdef SYS_socketcall
	/* A filter does not see which socket it is that such a call asks for. */
	return orc_fail(err, ORC_EREFUSED, "there is none for this architecture");
#endif
	if (sandbox_landlock_version() > 0)
		return 0;
	if (errno == EOPNOTSUPP)
		return orc_fail(err, ORC_EREFUSED,
			"this kernel has Landlock switched off (lsm= of its command line)");
	return orc_fail(err, ORC_EREFUSED, "this kernel has no Landlock (Linux 5.13)");
}

int sandbox_enter(const char *key, struct orc_error *err)
{
	bool local = !usbip_port_address(key);
	int ret = sandbox_check(err);

	if (ret < 0)
		return ret;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || sandbox_landlock_enter(local) < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "Landlock");
	}
	if (sandbox_seccomp_enter(local) < 0) {
		orc_fail_errno(err, ORC_EREFUSED, errno);
		return orc_what(err, "seccomp");
	}
	files_keep(errand_file);
	usbip_link_connect_by(errand_connect);
	place_ask_by(errand_holder);
	return 0;
}

const char *sandbox_version(void)
{
	static char text[64];
	int landlock = sandbox_landlock_version();

	if (landlock > 0)
		snprintf(text, sizeof(text), "Landlock %d, libseccomp %s", landlock,
			sandbox_seccomp_version());
	else
		snprintf(text, sizeof(text), "no Landlock in this kernel, libseccomp %s",
			sandbox_seccomp_version());
	return text;
}
