/* SPDX-License-Identifier: GPL-2.0-or-later */
/* v4l2loopback where it was not built: none can be opened, so nothing else is ever called. */
#include "v4l2/loopback.h"
#include "v4l2/look.h"

const struct loopback_places loopback_system = { "", "", "" };

int loopback_look(const struct loopback_places *places, struct loopback_module *module)
{
	(void)places;
	*module = (struct loopback_module){ 0 };
	return ORC_EREFUSED;
}

void loopback_module_free(struct loopback_module *module)
{
	(void)module;
}

int loopback_open(struct loopback **loopback, int cwd, const char *path, struct orc_error *err)
{
	(void)cwd;
	*loopback = NULL;
	orc_fail(err, ORC_EREFUSED, "this opencamrc was built without v4l2loopback");
	orc_what(err, "cannot open %.120s", path);
	return orc_hint(err,
		"pipe the frames into: ffmpeg -f mjpeg -i - -pix_fmt yuv420p -f v4l2 "
		"DEVICE");
}

void loopback_close(struct loopback *loopback)
{
	(void)loopback;
}

const char *loopback_path(const struct loopback *loopback)
{
	(void)loopback;
	return "";
}

bool loopback_kept_format(const struct loopback *loopback, struct loopback_format *format)
{
	(void)loopback;
	(void)format;
	return false;
}

int loopback_start(
	struct loopback *loopback, const struct loopback_format *format, struct orc_error *err)
{
	(void)loopback;
	(void)format;
	return orc_fail(err, ORC_EREFUSED, "there is no device");
}

int loopback_write(
	struct loopback *loopback, const uint8_t *frame, size_t len, struct orc_error *err)
{
	(void)loopback;
	(void)frame;
	(void)len;
	return orc_fail(err, ORC_EREFUSED, "there is no device");
}

bool loopback_watched(struct loopback *loopback)
{
	(void)loopback;
	return false;
}
