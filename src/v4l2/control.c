/* SPDX-License-Identifier: GPL-2.0-or-later */
/* v4l2loopback's control node, which makes devices. */
#include "v4l2/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "v4l2/request.h"

#define CONTROL_NODE  "/dev/v4l2loopback"
#define MODULE_FOLDER "/sys/module/v4l2loopback"

/* From v4l2loopback.h, 0.13 to 0.15: what a device is to be like; 0 leaves it to the module. */
struct config {
	int32_t output_number, unused;
	char card_label[32];
	uint32_t min_width, max_width, min_height, max_height;
	int32_t max_buffers, max_openers, debug, announce_all_caps;
};

/* The same request's number up to 0.14, and from 0.15 on. */
#define CONTROL_ADD_OLD 0x4c80
#define CONTROL_ADD     _IOW('~', 1, struct config)

/* What helps where there is no device `number` (negative: any). */
static void hint(int number, struct orc_error *err)
{
	const char *verb = "install v4l2loopback-dkms, then:";
	char what[32] = "";

	if (number >= 0)
		snprintf(what, sizeof(what), " video_nr=%d", number);
	if (access(MODULE_FOLDER, F_OK) == 0)
		verb = "v4l2loopback has other devices; end their users, then: sudo modprobe -r "
		       "v4l2loopback;";
	orc_hint(err, "%s sudo modprobe v4l2loopback exclusive_caps=1 card_label=Camera%s", verb,
		what);
}

static int fail_open(int number, struct orc_error *err)
{
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO) {
		if (access(MODULE_FOLDER, F_OK) == 0)
			orc_fail(err, ORC_ENOCAMERA,
				"v4l2loopback before 0.13 makes its devices only when it is "
				"loaded");
		else
			orc_fail(err, ORC_ENOCAMERA, "v4l2loopback is not loaded");
		hint(number, err);
		return ORC_ENOCAMERA;
	}
	orc_fail_errno(err, ORC_EREFUSED, errno);
	return orc_hint(err, "sudo v4l2loopback-ctl add -x 1%s", number < 0 ? "" : " /dev/videoN");
}

int control_make(int number, struct orc_error *err)
{
	struct config config = {
		.output_number = number,
		.unused = number,
		.card_label = "Camera",
		.announce_all_caps = 0,
	};
	cleanup_close int fd = open(CONTROL_NODE, O_RDWR | O_CLOEXEC);
	int made;

	if (fd < 0)
		return fail_open(number, err);
	made = v4l2_request(fd, CONTROL_ADD, &config);
	if (made < 0 && (errno == ENOTTY || errno == ENOSYS || errno == EINVAL))
		made = v4l2_request(fd, CONTROL_ADD_OLD, &config);
	if (made >= 0)
		return made;
	return orc_fail_errno(err, ORC_EREFUSED, errno);
}
